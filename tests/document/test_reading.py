"""YAML is read strictly: what an author sees is what the program takes."""

from pathlib import Path

import pytest
import yaml

from workflows.definition.load import files_of
from workflows.document.problems import DefinitionErrors
from workflows.document.reading import read_documents
from workflows.settings import project_folder


def plain(text: str) -> object:
    return read_documents(text, "a.yaml")[0].root.plain()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True), ("false", False), ("12", 12), ("-3", -3), ("0", 0),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("True", "True"), ("NULL", "NULL"), ("~", "~"),
        ("12:30", "12:30"), ("12:30:00", "12:30:00"), ("1.50", "1.50"), ("1e3", "1e3"), ("0x10", "0x10"), ("012", "012"),
        ("2026-11-20", "2026-11-20"), (".inf", ".inf"), ("1_000", "1_000"), ('"12"', "12"), ("'true'", "true"), ("=", "="),
        ("<<", "<<"), ('""', ""),
    ],
)  # fmt: skip
def test_only_truth_values_and_whole_numbers_are_resolved(written: str, read: object) -> None:
    found = plain(f"key: {written}\nother: 1")
    assert found == {"key": read, "other": 1}
    assert type(found["key"]) is type(read)  # type: ignore[index]


def test_null_is_nothing() -> None:
    assert plain("a: null\nb:\nc: 1") == {"a": None, "b": None, "c": 1}


def test_keys_are_text_whatever_they_look_like() -> None:
    assert plain("on: 1\nno: 2\n2wd: 3\n7: 4") == {"on": 1, "no": 2, "2wd": 3, "7": 4}


def test_every_node_knows_its_place() -> None:
    root = read_documents("a:\n  - b\n  - {c: d}\n", "a.yaml")[0].root
    assert [(node.path, node.line, node.column) for node in root.walk()] == [
        ((), 1, 1),
        (("a",), 2, 3),
        (("a", 0), 2, 5),
        (("a", 1), 3, 5),
        (("a", 1, "c"), 3, 9),
    ]


def test_several_documents_keep_their_own_text() -> None:
    text = "# first\na: 1\n---\nb: 2\n---\nc: 3\n"
    assert [document.text for document in read_documents(text, "a.yaml")] == ["# first\na: 1\n", "b: 2\n", "c: 3\n"]
    assert [document.root.line for document in read_documents(text, "a.yaml")] == [2, 4, 6]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "`a` is written twice, first in line 1"),
        ("a: &x 1\n", 1, "Anchors"),
        ("a: *x\n", 1, "Anchors"),
        ("a: !!int 1\n", 1, "Tags"),
        ("a: !secret 1\n", 1, "Tags"),
        ("&x a: 1\n", 1, "Anchors"),
        ("a:\n- b\n c: d\n", 3, "not YAML"),
        ("a: [1, 2\n", 2, "not YAML"),
        ("a: \x07\n", 1, "not YAML"),
        ("[a, b]: 1\n", 1, "A key must be text"),
        ("a: {en: May it be?}\n", 1, "ends in ? needs quotes"),
        ("a: {due: workday(5, period)}\n", 1, "put the whole value in quotes"),
        ("a: " + "[" * 30 + "]" * 30 + "\n", 1, "levels deep"),
        ("a: " + "x" * 300_000, 1, "larger than"),
    ],
)
def test_refused(text: str, line: int, sentence: str) -> None:
    with pytest.raises(DefinitionErrors) as refused:
        read_documents(text, "a.yaml")
    first = refused.value.errors[0]
    assert sentence in first.en
    assert (first.file, first.line) == ("a.yaml", line)
    assert first.zh


def test_aliases_that_would_explode_are_not_even_followed() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{last}, *{last}]\n" for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(DefinitionErrors, match="Anchors"):
        read_documents(bomb, "a.yaml")


SHIPPED = files_of(project_folder("definitions"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_both_parsers_read_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """libyaml is taken where it is there; a machine without it reads the same documents at the same places."""
    text = file.read_text(encoding="utf-8")
    found = read_documents(text, file.name)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert read_documents(text, file.name) == found
