"""`docs/definitions.md` holds: its examples are loaded, its tables are those of the language."""

from __future__ import annotations

import re

import pytest

from document.manual import key_tables, page, records, yaml_of
from workflows.definition.language import PROCESS
from workflows.definition.load import load_text
from workflows.definition.model import Process
from workflows.definition.moment_text import FUNCTIONS as MOMENTS
from workflows.definition.periods import PERIOD_WORDS
from workflows.definition.prove import PROOFS, errors_of, prove
from workflows.definition.titles import ACTION_TITLES, FAMILIES, OPERATIONS
from workflows.expression import FUNCTIONS

PAGE = page("definitions")
EXAMPLES = yaml_of(PAGE)
TABLES = [set(table) for table in key_tables(PAGE)]
WHOLE = [example for example in EXAMPLES if example.startswith("process:")]
PIECES = [example for example in EXAMPLES if not example.startswith("process:")]

TOP = """
process: piece
title: {zh: 片段, en: Piece}
source: ours
name: "{shop}"
"""
START = "start: {by: starter, form: [shop]}\n"
PARAMETERS = "parameters: {limit: {type: money, value: 100000, zh: 限额, en: Limit}, trial: {type: duration, value: 7d, zh: 试用期, en: Trial}}\n"
FIELDS = """
fields:
  shop: {type: text, required: true, zh: 店铺, en: Shop}
  note: {type: long_text, zh: 说明, en: Note}
  page: {type: url, zh: 页面, en: Page}
  budget: {type: money, required: true, default: 0, zh: 预算, en: Budget}
  goes_live_on: {type: date, zh: 上线日期, en: Goes live on}
  ends_on: {type: date, zh: 结束日期, en: Ends on}
  month: {type: month, zh: 月份, en: Month}
  week: {type: week, zh: 周, en: Week}
  owner: {type: person, zh: 负责人, en: Owner}
  urgent: {type: boolean, default: false, zh: 加急, en: Urgent}
  kind: {type: choice, zh: 种类, en: Kind, choices: {small: {zh: 小, en: Small}, medium: {zh: 中, en: Medium}, big: {zh: 大, en: Big}}}
  log: {type: table, zh: 记录, en: Log, columns: {what: {type: text, zh: 内容, en: What}, cost: {type: money, zh: 费用, en: Cost}}}
  shops: {type: table, zh: 店铺, en: Shops, columns: {lead: {type: person, zh: 负责人, en: Lead}, sales: {type: money, zh: 销售额, en: Sales}}}
  attended: {type: people, zh: 到场, en: Attended}
  marks: {type: table, zh: 评分, en: Marks, columns: {mark: {type: rating, zh: 分, en: Mark}, why: {type: text, zh: 为什么, en: Why}}}
"""
ENDS = """
  director: {title: {zh: 总监, en: Director}, task: {for: starter}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""
DOING = "  doing:\n    title: {zh: 办理, en: Doing}\n"
TASK = "    task: {for: {position: operations_specialist}, due: 2wd}\n"
ACTIONS = "    actions: {submit: done}\n"


def indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line if line.strip() else line for line in text.splitlines(keepends=True))


def completed(piece: str) -> str:
    """The piece in its place of an otherwise plain process; its first line says which place that is."""
    place, _, body = piece.partition("\n")
    match place.removeprefix("# "):
        case "top":
            others = [
                part for part in (START, PARAMETERS) if not re.search(rf"^{part.split(':')[0]}:", body, re.MULTILINE)
            ]
            return "".join([TOP, *others, body, FIELDS, "states:\n", DOING, TASK, ACTIONS, ENDS])
        case "fields":
            return "".join([TOP, START, PARAMETERS, FIELDS, indented(body, 2), "states:\n", DOING, TASK, ACTIONS, ENDS])
        case "states":
            return "".join([TOP, START, PARAMETERS, FIELDS, "states:\n", indented(body, 2), ENDS])
        case "task":
            return "".join(
                [TOP, START, PARAMETERS, FIELDS, "states:\n", DOING, "    task:\n", indented(body, 6), ACTIONS, ENDS]
            )
        case "actions":
            return "".join(
                [TOP, START, PARAMETERS, FIELDS, "states:\n", DOING, TASK, "    actions:\n", indented(body, 6), ENDS]
            )
    raise AssertionError(f"an example says in its first line where it belongs, not {place!r}")


@pytest.mark.parametrize("example", WHOLE, ids=lambda example: example.split("\n")[0])
def test_whole_examples_are_proved(example: str) -> None:
    assert errors_of(prove(load_text(example, "definitions.md"))) is None


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: " ".join(piece.split()[:4]))
def test_pieces_are_loaded(piece: str) -> None:
    (process,) = load_text(completed(piece), "definitions.md")
    assert isinstance(process, Process)


LANGUAGE = records(PROCESS)
BILINGUAL = {"zh", "en"}
IN_PROSE = {"since", "wait", "similar", "all_ended", "enter", "people_word", "fallback", "column"}
"""Small records that sentences explain rather than tables; their keys are looked for in the text."""


@pytest.mark.parametrize("name", sorted(name for name, record in LANGUAGE.items() if set(record.keys()) != BILINGUAL))
def test_every_key_is_explained(name: str) -> None:
    keys = set(LANGUAGE[name].keys())
    if name in IN_PROSE:
        assert all(re.search(rf"`[^`]*\b{key}\b[^`]*`", PAGE) for key in keys)
    else:
        assert keys in TABLES


def test_no_table_explains_what_is_not_there() -> None:
    known = [set(record.keys()) for record in LANGUAGE.values()]
    assert all(table in known for table in TABLES)


@pytest.mark.parametrize(
    "word",
    [
        *FUNCTIONS,
        *MOMENTS,
        *FAMILIES,
        *OPERATIONS,
        *PERIOD_WORDS,
        *ACTION_TITLES,
        *(proof.key for proof in PROOFS),
        "figures",
        "people",
    ],
)
def test_every_word_of_the_language_is_there(word: str) -> None:
    assert re.search(rf"`[^`]*\b{word}\b[^`]*`", PAGE)
