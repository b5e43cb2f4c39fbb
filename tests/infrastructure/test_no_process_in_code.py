"""The program knows no process: behaviour comes from definitions, so that a company can change them without touching code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from definition.shipped import shipped

SOURCE = Path(__file__).parents[2] / "src" / "workflows"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
WORD = re.compile(r"[a-z][a-z0-9_]*")


def words(code: str) -> Iterator[tuple[int, str]]:
    """Every word of what a program could look up: texts without a space (sentences are for people), but no docstrings and names
    of templates; and constants, which are names in capitals."""
    tree = ast.parse(code)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, DOCUMENTED)]
    docs = {id(first.value) for first, *_ in bodies if isinstance(first, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            said = "" if " " in node.value or node.value.endswith(".html") else node.value
            yield from ((node.lineno, word) for word in WORD.findall(said))
        if isinstance(node, ast.Name) and node.id.isupper():
            yield node.lineno, node.id.lower()


def test_no_process_is_named_in_the_code() -> None:
    keys = set(shipped())
    named = [
        f"{file.relative_to(SOURCE)}:{line}: {word}"
        for file in sorted(SOURCE.rglob("*.py"))
        for line, word in words(file.read_text(encoding="utf-8"))
        if word in keys
    ]
    assert named == []


@pytest.mark.parametrize(
    "code", ['KEY = "appeal"', 'url = "/start/appeal?new"', 'f"process:appeal/{x}"', "APPEAL = 1", '{"appeal": 2}']
)
def test_a_key_is_found_wherever_it_could_be_looked_up(code: str) -> None:
    assert "appeal" in {word for _, word in words(code)}


def test_sentences_and_names_of_things_are_no_keys() -> None:
    code = '"""An appeal."""\nsay("What is wrong goes through an appeal.")\nrender("result/appeal.html")\n'
    assert "appeal" not in {word for _, word in words(code)}
