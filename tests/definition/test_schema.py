"""The editors' schema and the loader are of one mind: they are printed and checked from the same tables."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from workflows.definition.language import PROCESS
from workflows.definition.load import files_of
from workflows.definition.schema import json_schema
from workflows.document.checking import check
from workflows.document.problems import DefinitionErrors, Problems
from workflows.document.reading import Node, read_documents
from workflows.settings import project_folder

SHIPPED = files_of(project_folder("definitions"))
REFUSED = sorted((Path(__file__).parent / "refused").glob("*.yaml"))
VALIDATOR = Draft202012Validator(json_schema())


def documents(file: Path) -> list[Any]:
    return [document.root.plain() for document in read_documents(file.read_text(encoding="utf-8"), file.name)]


def loader_accepts(value: object) -> bool:
    problems = Problems("mutated")
    check(PROCESS, node_of(value), problems)
    return not problems.found


def node_of(value: object) -> Node:
    if isinstance(value, dict):
        return Node({key: node_of(item) for key, item in value.items()}, 1, 1, (), dict.fromkeys(value, (1, 1)))
    if isinstance(value, list):
        return Node([node_of(item) for item in value], 1, 1)
    return Node(value, 1, 1)  # type: ignore[arg-type]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json.loads(json.dumps(json_schema())) == json_schema()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_definition_validates(file: Path) -> None:
    for document in documents(file):
        assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.stem)
def test_what_the_loader_refuses_for_its_shape_the_schema_refuses_too(file: Path) -> None:
    try:
        found = documents(file)
    except DefinitionErrors:
        return  # not even YAML: no schema is asked
    assert [VALIDATOR.is_valid(document) for document in found] == [loader_accepts(document) for document in found]


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in below for inner in places(item, (*path, key)))]


STRANGE: list[Any] = [
    None,
    True,
    3,
    -1,
    "",
    "x",
    "due - 2wd",
    [],
    ["x"],
    {},
    {"to": "x"},
    {"zh": "甲", "en": "A"},
    "甲" * 200,
    "starter",
]
EVERYTHING = [document for file in SHIPPED for document in documents(file)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_they_agree_about_any_slip(data: st.DataObject) -> None:
    """Something is left out, misnamed or replaced anywhere in a real definition: both accept it or both refuse it."""
    document = copy.deepcopy(data.draw(st.sampled_from(EVERYTHING)))
    path = data.draw(st.sampled_from([place for place in places(document) if place]))
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    slip = data.draw(st.sampled_from(["leave out", "misname", "replace"]))
    if slip == "misname" and isinstance(holder, dict):
        holder[data.draw(st.sampled_from(["extra", "title", "to", "Großes", ""]))] = holder.pop(path[-1])
    elif slip == "leave out":
        del holder[path[-1]]
    else:
        holder[path[-1]] = data.draw(st.sampled_from(STRANGE))
    assert VALIDATOR.is_valid(document) == loader_accepts(document)
