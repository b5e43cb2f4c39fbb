"""What every task of a process is reminded of is said once, and each task can say otherwise."""

from __future__ import annotations

from workflows.definition.load import load_text
from workflows.definition.model import Task

PROCESS = """
process: sample
title: {zh: 样例, en: Sample}
source: ours
name: "{note}"
start: {by: everyone, form: [note]}
fields:
  note: {type: text, required: true, zh: 说明, en: Note}
  marks: {type: table, zh: 评分, en: Marks, columns: {mark: {type: rating, zh: 分, en: Mark}}}
every_task: {remind: due, escalate: {when: due + 1wd, to: {manager_of: holder}}}
states:
  doing:
    title: {zh: 办理, en: Doing}
    task: {for: starter, due: 5wd%s}
    actions: {submit: asking}
  asking:
    title: {zh: 征求意见, en: Asking}
    task: {each: everyone, into: marks, edit: [mark], anonymous: true, due: 5wd}
    actions: {submit: {to: checking, when: all}}
  checking:
    title: {zh: 核对, en: Checking}
    task: {for: {manager_of: starter}}
    actions: {approve: filing}
  filing:
    title: {zh: 归档, en: Filing}
    task: {for: starter, due: 2wd}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def task_of(state: str, own: str = "") -> Task:
    (process,) = load_text(PROCESS % own, "sample.yaml")
    return process.states[state].tasks[0]


def said(task: Task) -> tuple[list[str], list[str]]:
    return [one.when.source for one in task.remind], [one.when.source for one in task.escalate]


def test_a_task_that_says_nothing_has_what_every_task_has() -> None:
    task = task_of("doing")
    assert said(task) == (["due"], ["due + 1wd"])
    assert task.remind[0].to.words[0].kind == "holder"


def test_a_task_has_its_own_instead() -> None:
    assert said(task_of("doing", ", remind: [due - 2wd, due]")) == (["due - 2wd", "due"], ["due + 1wd"])
    assert said(task_of("doing", ", escalate: {when: due + 4h, to: administrators}")) == (["due"], ["due + 4h"])


def test_a_task_can_do_without() -> None:
    assert said(task_of("doing", ", escalate: none")) == (["due"], [])
    assert said(task_of("doing", ", remind: none")) == ([], ["due + 1wd"])


def test_an_anonymous_task_is_brought_before_nobody() -> None:
    assert said(task_of("asking")) == (["due"], [])


def test_a_task_that_is_never_due_has_none() -> None:
    assert said(task_of("checking")) == ([], [])
