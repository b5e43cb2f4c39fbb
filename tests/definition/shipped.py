"""The program's own processes, and those that tests write: read once by each process of the tests. They are values, nobody changes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from workflows.definition.load import load_folder, load_text
from workflows.definition.model import Process
from workflows.settings import project_folder


@cache
def shipped() -> dict[str, Process]:
    """What lies in `definitions`, by key, family by family."""
    return {process.key: process for process in load_folder(project_folder("definitions"))}


@cache
def in_folder(folder: Path) -> tuple[Process, ...]:
    """The processes of a folder of the tests."""
    return tuple(load_folder(folder))


@cache
def in_text(text: str) -> tuple[Process, ...]:
    """The processes of a text, which errors call `test.yaml`."""
    return tuple(load_text(text, "test.yaml"))
