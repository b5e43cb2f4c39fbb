"""The pages of daily work, in the order in which they are registered."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from workflows.web import audit, case, diagrams, files, search, start, tasks, team, work

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    work.blueprint,
    tasks.blueprint,
    case.blueprint,
    diagrams.blueprint,
    files.blueprint,
    start.blueprint,
    search.blueprint,
    audit.blueprint,
    team.blueprint,
)
