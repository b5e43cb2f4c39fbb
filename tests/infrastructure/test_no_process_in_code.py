"""The program knows no process: behaviour comes from definitions, so that a company can change them without touching code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from workflows.definition.load import load_folder
from workflows.settings import project_folder

SOURCE = Path(__file__).parents[2] / "src" / "workflows"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def spoken(file: Path) -> Iterator[tuple[int, str]]:
    """Every text in a program's code but its docstrings, with its line; names of variables and arguments too."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, DOCUMENTED)]
    docs = {id(first.value) for first, *_ in bodies if isinstance(first, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def test_no_process_is_named_in_the_code() -> None:
    keys = {process.key for process in load_folder(project_folder("definitions"))}
    named = [
        f"{file.relative_to(SOURCE)}:{line}: {text}"
        for file in sorted(SOURCE.rglob("*.py"))
        for line, text in spoken(file)
        if text in keys
    ]
    assert named == []
