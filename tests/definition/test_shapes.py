"""What is said when something of the wrong shape stands in a definition."""

from __future__ import annotations

import pytest

from workflows.definition.load import load_text
from workflows.document.problems import DefinitionErrors

PLAIN = """
process: plain
title: {zh: 样例, en: Sample}
source: ours
name: "{shop}"
number: YL
key: [shop]
also: [样例]
start: {by: starter, form: [shop]}
fields:
  shop: {type: text, required: true, zh: 店铺, en: Shop}
states:
  doing:
    title: {zh: 办理, en: Doing}
    task: {for: {position: specialist}, due: 2wd}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


@pytest.mark.parametrize(
    ("said", "instead", "sentence"),
    [
        ("{zh: 样例, en: Sample}", "样例", "This should be the title of a process (a mapping), not text."),
        ("{zh: 样例, en: Sample}", "{zh: 样例, en: 5}", "This should be English text, not a whole number."),
        ("source: ours", "source: [ours]", "This should be a source, not a list."),
        ("source: ours", 'source: " "', "This cannot be empty."),
        ("source: ours", "source:", "Nothing is written for `source`."),
        ("source: ours\n", "", "`source` is missing from a process."),
        ("number: YL", "number: yl", "`yl` is not a prefix in capitals."),
        ("key: [shop]", "key: shop", "This should be a list […], not text."),
        ("key: [shop]", "key: []", "The list cannot be empty."),
        ("key: [shop]", "key: [a, b, c, d, e, f]", "At most 5 items."),
        ("required: true", "required: 1", "Only true or false can stand here."),
        ("type: text,", "type: string,", "`string` is not a field type; known: text, long_text"),
        ("type: text,", "type: [text],", "This should be a field type, not a list."),
        ("type: text,", "type: text, max_length: many,", "This should be a whole number, not text."),
        ("type: text,", "type: text, max_length: 0,", "This should be between 1 and 100000."),
        ("  shop: {type", "  Shop: {type", "`Shop` cannot be the name of a field."),
        ("actions: {submit: done}", "actions: {}", "There should be 1 to 20 entries."),
        ("actions: {submit: done}", "actions: done", "This should be a mapping, not text."),
        ("{submit: done}", "{submit: {title: {zh: 好, en: Good}}}", "An action needs one of to, stay."),
        ("{submit: done}", "{submit: {to: done, stay: true}}", "`to` and `stay` exclude each other."),
        ("{submit: done}", "{submit: {to: done, stay: false}}", "Only true can stand here."),
        ("{submit: done}", "{submit: {to: done, append: shop}}", "`append` cannot stand without form."),
        ("{submit: done}", "{submit: true}", "This should be an action, not true or false."),
        ("due: 2wd", "due: 2", "This should be a moment, not a whole number."),
        ("due: 2wd", "at_least: 3", "`at_least` cannot stand without anonymous."),
        (
            "{position: specialist}",
            "{position: specialist, unit: finance}",
            "`position` and `unit` exclude each other.",
        ),
        ("{position: specialist}", "{}", "A word for people needs one of position, unit"),
        ("{position: specialist}", "5", "This should be a word for people, not a whole number."),
    ],
)
def test_misfits_are_explained(said: str, instead: str, sentence: str) -> None:
    assert load_text(PLAIN, "plain.yaml")
    with pytest.raises(DefinitionErrors) as refused:
        load_text(PLAIN.replace(said, instead, 1), "plain.yaml")
    assert any(sentence in error.en for error in refused.value.errors), str(refused.value)
    assert all(error.line and error.column and error.zh for error in refused.value.errors)


def test_lines_of_a_message_each_have_their_place() -> None:
    with pytest.raises(DefinitionErrors) as refused:
        load_text(PLAIN.replace("YL", "yl").replace("type: text", "type: txt"), "plain.yaml")
    assert str(refused.value).splitlines() == [
        "plain.yaml:6:9: `yl` is not a prefix in capitals.",
        f"plain.yaml:11:16: {refused.value.errors[1].en}",
    ]
    assert refused.value.errors[1].nearest == "text"
    assert (refused.value.place, refused.value.line, refused.value.path) == ("", 6, "number")
