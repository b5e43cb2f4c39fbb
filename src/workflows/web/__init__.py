"""The screens: pages for people, in both languages, with and without JavaScript (screens.md)."""

from __future__ import annotations

from flask import Blueprint

from workflows.settings import Settings
from workflows.web import drafts, health, me, shell, signin


def blueprints(settings: Settings) -> list[Blueprint]:
    """Every page there is, in the order in which they are registered."""
    del settings
    return [shell.blueprint, signin.blueprint, me.blueprint, drafts.blueprint, health.blueprint]
