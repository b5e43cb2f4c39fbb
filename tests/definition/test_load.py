"""A definition becomes the values of the model."""

from pathlib import Path

import pytest

from workflows.definition.load import load_file, load_folder, load_text
from workflows.definition.model import Anchor, Duration, Fallback, Join, People, Process, Way, Word
from workflows.document.problems import DefinitionErrors
from workflows.errors import Text

WHOLE = """
# A word before.
process: everything
title: {zh: 样样都有, en: A bit of everything}
purpose: {zh: 把语言的每个角落用一遍, en: Every corner of the language}
source: ours
family: marketing
also: [全部, 样例]
number: YY
name: "{theme} / {subject}"
key: [subject, month]
see: [subject, {managers_of: subject}, auditors]
forbids: [delegate, take_back]
start: {by: [{position: supervisor}, spawn], form: [theme, subject, month, begins_on, kind, budget, owner], to: preparing}
schedule:
  - {every: week, day: mon, at: "09:00", each: employees, set: {theme: '"周报"', subject: each, month: this_month, begins_on: this_day, kind: '"small"', budget: 0, owner: each}}
parameters:
  limit: {type: money, value: 100000, zh: 上限, en: Limit}
fields:
  theme: {type: text, required: true, max_length: 60, zh: 主题, en: Theme, help: {zh: 一句话, en: One sentence}}
  subject: {type: person, required: true, zh: 当事人, en: Subject}
  owner: {type: person, required: true, people: {unit: operations}, zh: 负责人, en: Owner}
  month: {type: month, required: true, zh: 月份, en: Month}
  begins_on: {type: date, required: true, min: 2026-01-01, zh: 开始日期, en: Begins on}
  kind: {type: choice, required: true, zh: 种类, en: Kind, choices: {small: {zh: 小, en: Small}, big: {zh: 大, en: Big}}}
  budget: {type: money, required: true, min: 0, unit: 元, zh: 预算, en: Budget, see: [starter, {everyone: {from: running}}, {unit: finance, from: preparing}]}
  share: {type: percent, formula: budget * 100 / limit, places: 1, zh: 占比, en: Share}
  text: {type: long_text, zh: 文案, en: Copy}
  picture: {type: files, required: true, zh: 图片, en: Picture}
  ready: {type: boolean, default: false, zh: 就绪, en: Ready}
  faults: {type: integer, filled: true, zh: 差错, en: Faults}
  log:
    type: table
    zh: 记录
    en: Log
    columns:
      what: {type: text, required: true, zh: 内容, en: What}
      cost: {type: money, zh: 费用, en: Cost}
  answers: {type: table, zh: 答复, en: Answers, columns: {mark: {type: rating, required: true, min: 0, max: 10, zh: 评分, en: Mark}}}
  result: {type: decimal, places: 2, default: 0, zh: 结果, en: Result}
rules:
  - {must: 'begins_on > begins_on - 1d', zh: 总是成立, en: Always true}
states:
  preparing:
    title: {zh: 准备, en: Preparing}
    verb: {zh: 准备, en: Prepare}
    tasks:
      copy:
        title: {zh: 文案, en: Copy}
        for: [{position: writer}, {lead_of: operations}]
        not: [subject, {did: approving}]
        edit: [text]
        due: begins_on - 5wd
        remind: [due - 2wd, {when: due + 1d, to: [holder, {manager_of: holder}]}]
        escalate: [{when: due + 1wd, to: {manager_of: {manager_of: starter}}}, {when: due + 24h, to: {person: wang}}]
        if_nobody: {position: supervisor}
        if_left: {skip: ready}
      design: {title: {zh: 设计, en: Design}, for: {field: owner}, edit: [picture], if: 'kind == "big"'}
    actions:
      ready: {to: approving, title: {zh: 好了, en: Ready}, when: 60%, order: [copy, design]}
  approving:
    title: {zh: 审批, en: Approving}
    ask: {zh: 可以吗, en: "May it be?"}
    list: [theme, budget]
    facts: [budget, kind]
    similar: {same: [kind]}
    checks:
      - {that: budget <= limit, zh: 不超上限, en: Within the limit, else: block}
      - {that: is_set(text), zh: 有文案, en: There is copy}
    task: {for: {manager_of: starter}, due: 2wd, fill: scorecard}
    actions:
      approve: [{to: running, when: budget <= limit}, {to: spawning, else: true}]
      second: {to: running, title: {zh: 会签, en: Co-sign}, people: 2, kind: approve, set: {ready: true, result: budget}, notify: starter}
      send_back: {to: preparing, tasks: choose, children: cancel}
      replan: {to: start, title: {zh: 重来, en: Again}, kind: send_back}
      note: {stay: true, title: {zh: 记一笔, en: Note}, form: [what, cost], append: log, reason: required}
  running:
    title: {zh: 进行, en: Running}
    task: {each: {unit: operations}, into: answers, edit: [mark], anonymous: true, at_least: 4}
    actions:
      submit: {to: done, when: all}
    after:
      begins_on + 30d: done
      end_of(begins_on): {to: [{to: spawning, when: ready}, {to: done, else: true}], set: {result: 1}, tell: {parent: late}}
      "workday(3, next(month)) + 2h": {to: done, when: {all_ended: part}}
      scoring_deadline(previous(month)): done
  spawning:
    title: {zh: 分派, en: Spawning}
    enter: {set: {ready: true}, tell: {children: go}}
    spawn:
      - {process: part, each: log, set: {theme: each.what}, if: is_set(each.cost), wait: {in: half}, then: done}
      - {process: part, each: [{unit: operations}, subject], set: {subject: each}, wait: end, then: done}
      - {process: part}
    on_signal: {stop: {to: done, set: {result: 2}}, go_on: running}
  done: {title: {zh: 完成, en: Done}, end: completed, return: {result: result}, notify: [starter, {did: approving}]}
anytime:
  stop: {title: {zh: 停止, en: Stop}, by: starter, in: [running], until: entered(running) + 5wd, once: true, to: done}
  remark: {title: {zh: 备注, en: Remark}, by: participants, stay: true, form: [text]}
alerts:
  - {when: begins_on, unless: running, to: [starter, {manager_of: starter}], zh: 没有按时开始, en: Not begun in time}
figures:
  held: {count: running, when: "elapsed(preparing, running) <= 24h and on_time(preparing)", for: {did: approving}, month: running}
"""


@pytest.fixture(scope="module")
def process() -> Process:
    return load_text(WHOLE, "everything.yaml")[0]


def test_the_process_itself(process: Process) -> None:
    assert process.title == Text("样样都有", "A bit of everything")
    assert process.name == ("{theme}", " / ", "{subject}")
    assert process.key_fields == ("subject", "month")
    assert process.forbids == {"delegate", "take_back"}
    assert process.see == People((Word("subject"), Word("managers_of", People((Word("subject"),))), Word("auditors")))
    assert process.start.kinds == {"person", "spawn", "schedule"}
    assert process.start.by == People((Word("position", "supervisor"),))
    assert (process.start.to, process.number, process.family) == ("preparing", "YY", "marketing")
    assert process.text == WHOLE.lstrip("\n")
    assert len(process.digest) == 64


def test_places(process: Process) -> None:
    line, column = process.place(("states", "running", "actions", "submit"))
    assert WHOLE.splitlines()[line - 1][column - 1 :].startswith("submit: {to: done")
    assert process.place(("states", "running", "nowhere", "at all")) == process.place(("states", "running"))
    assert process.line(()) == 3


def test_fields(process: Process) -> None:
    fields = process.fields
    assert fields["kind"].choices[1].title == Text("大", "Big")
    assert [column.name for column in fields["log"].columns] == ["what", "cost"]
    assert fields["budget"].unit == Text("元", "元")
    assert fields["budget"].see == People(
        (Word("starter"), Word("everyone", since="running"), Word("unit", "finance", since="preparing"))
    )
    assert fields["share"].formula is not None
    assert fields["share"].formula.names == {"budget", "limit"}
    assert (fields["ready"].default, fields["begins_on"].min, fields["text"].required) == ("false", "2026-01-01", False)
    assert fields["owner"].people == People((Word("unit", "operations"),))
    assert process.parameters["limit"].value == "100000"


def test_parts_and_people(process: Process) -> None:
    copy, design = process.states["preparing"].tasks
    assert copy.who == People((Word("position", "writer"), Word("lead_of", "operations")))
    assert copy.exclude == People((Word("subject"), Word("did", "approving")))
    assert copy.due is not None
    assert (copy.due.anchor, copy.due.offsets) == (Anchor("field", ("begins_on",)), (Duration(-5, "wd"),))
    assert copy.remind[0].to == People((Word("holder"),))
    assert copy.remind[1].to == People((Word("holder"), Word("manager_of", People((Word("holder"),)))))
    assert copy.escalate[0].to.words[0] == Word("manager_of", People((Word("manager_of", People((Word("starter"),))),)))
    assert (copy.if_nobody, copy.if_left) == (
        Fallback(People((Word("position", "supervisor"),))),
        Fallback(skip="ready"),
    )
    assert design.condition is not None
    assert design.condition.source == 'kind == "big"'


def test_actions(process: Process) -> None:
    ready = process.states["preparing"].actions["ready"]
    assert ready.join == Join("share", 60, ("copy", "design"))
    assert (ready.kind, ready.reason) == ("other", "optional")
    actions = process.states["approving"].actions
    assert [(way.to, way.condition is None) for way in actions["approve"].ways] == [
        ("running", False),
        ("spawning", True),
    ]
    assert (actions["approve"].title, actions["approve"].kind) == (Text("通过", "Approve"), "approve")
    assert (actions["second"].people, actions["second"].kind, set(actions["second"].effects.assign)) == (
        2,
        "approve",
        {"ready", "result"},
    )
    assert (actions["send_back"].reason, actions["send_back"].choose_parts, actions["send_back"].children) == (
        "required",
        True,
        "cancel",
    )
    assert (actions["replan"].ways, actions["replan"].reason) == ((Way("start"),), "required")
    note = process.states["approving"].actions["note"]
    assert (note.stay, note.append, note.form, note.reason, note.ways) == (
        True,
        "log",
        ("what", "cost"),
        "required",
        (),
    )
    assert process.states["running"].actions["submit"].join == Join("all")


def test_checks_show_both_sides_of_a_comparison(process: Process) -> None:
    within, written = process.states["approving"].checks
    assert (str(within.measured), str(within.limit), within.otherwise) == ("budget", "limit", "block")
    assert (written.measured, written.limit, written.otherwise) == (None, None, "warn")


def test_timers(process: Process) -> None:
    thirty, end, third, deadline = process.states["running"].after
    assert thirty.when.offsets == (Duration(30, "d"),)
    assert end.when.anchor == Anchor("end_of", ("begins_on",))
    assert [way.to for way in end.ways] == ["spawning", "done"]
    assert end.effects.tell == {"parent": "late"}
    assert third.when.anchor == Anchor("workday", (3, ("next", ("field", "month"))))
    assert third.ways[0].condition is not None
    assert third.ways[0].condition.all_ended == "part"
    assert deadline.when.anchor == Anchor("deadline", ("scoring_deadline", ("previous", ("field", "month"))))


def test_spawns_and_signals(process: Process) -> None:
    spawning = process.states["spawning"]
    rows, people, one = spawning.spawns
    assert (rows.rows, rows.wait_in, rows.ways, str(rows.condition)) == (
        "log",
        "half",
        (Way("done"),),
        "is_set(each.cost)",
    )
    assert (people.each, people.wait_in, people.ways) == (
        People((Word("unit", "operations"), Word("subject"))),
        None,
        (Way("done"),),
    )
    assert (one.each, one.rows, one.ways) == (People(), None, ())
    assert [reaction.signal for reaction in spawning.signals] == ["stop", "go_on"]
    assert (set(spawning.enter.assign), spawning.enter.tell) == ({"ready"}, {"children": "go"})
    assert {name: str(value) for name, value in process.states["done"].enter.returns.items()} == {"result": "result"}


def test_anytime_alerts_and_schedules(process: Process) -> None:
    stop, remark = process.anytime["stop"], process.anytime["remark"]
    assert (stop.once, stop.states, stop.until and stop.until.anchor) == (
        True,
        ("running",),
        Anchor("entered", ("running",)),
    )
    assert remark.states == ("preparing", "approving", "running", "spawning")
    assert remark.action.stay
    assert process.alerts[0].unless == "running"
    (weekly,) = process.schedules
    assert (weekly.every, weekly.day, weekly.at, weekly.each) == ("week", "mon", "09:00", People((Word("employees"),)))
    assert weekly.assign["month"] == "this_month"


def test_anonymous_answers(process: Process) -> None:
    (task,) = process.states["running"].tasks
    assert (task.anonymous, task.at_least, task.into, task.edit) == (True, 4, "answers", ("mark",))
    assert not task.who
    assert task.each


def test_many_errors_at_once() -> None:
    text = WHOLE.replace("to: preparing}", "to: prepraing}").replace("every: week", "every: fortnight")
    with pytest.raises(DefinitionErrors) as refused:
        load_text(text, "everything.yaml")
    assert [error.nearest for error in refused.value.errors] == [None]
    text = WHOLE.replace("to: preparing}", "to: prepraing}").replace("{to: start,", "{to: strat,")
    with pytest.raises(DefinitionErrors) as refused:
        load_text(text, "everything.yaml")
    assert [error.nearest for error in refused.value.errors] == ["preparing", "start"]
    assert refused.value.errors[0].path == "start.to"


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a definition", encoding="utf-8")
    assert [process.key for process in load_folder(tmp_path)] == ["everything"]
    (tmp_path / "c.yml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(DefinitionErrors, match="defined twice"):
        load_folder(tmp_path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DefinitionErrors, match="There are no definitions"):
        load_folder(tmp_path)
    with pytest.raises(DefinitionErrors, match="cannot be read"):
        load_file(tmp_path / "missing.yaml")
    (tmp_path / "gbk.yaml").write_bytes("流程".encode("gbk"))
    with pytest.raises(DefinitionErrors, match="not UTF-8"):
        load_file(tmp_path / "gbk.yaml")
    (tmp_path / "empty.yaml").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(DefinitionErrors, match="no process"):
        load_file(tmp_path / "empty.yaml")


def test_a_byte_order_mark_is_no_character(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("\ufeff" + WHOLE, encoding="utf-8")
    assert load_file(tmp_path / "a.yaml")[0].key == "everything"


def test_figures_are_kept_as_written(process: Process) -> None:
    assert process.figures[0].settings["when"] == "elapsed(preparing, running) <= 24h and on_time(preparing)"
