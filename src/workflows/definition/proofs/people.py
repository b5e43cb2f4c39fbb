"""For each possible starter and subject, every task on every way has somebody left after `not`.

Who did an earlier state is not known beforehand: everyone who could have done it is tried. A task that comes back goes to whoever
did it before, so each task counts one person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workflows.definition.model import Path, Process, State, Task
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import graph_of
from workflows.definition.proofs.guessing import Outcome, alike, outcomes
from workflows.definition.proofs.scenes import Scenes
from workflows.definition.proofs.staff import Candidates, Guess, Scene, Staff, tasks_in
from workflows.definition.proofs.words import all_people, words
from workflows.document.problems import nearest
from workflows.errors import Text

SHOWN = 5
"""Cases named in a message."""


def findings(family: Family, staff: Staff) -> Mapping[str, Sequence[Finding]]:
    """For every process what the organisation cannot staff."""
    candidates = Candidates(staff)
    scenes = Scenes(family, candidates)
    return {process.key: list(_of_process(process, scenes, candidates)) for process in family}


def _of_process(process: Process, scenes: Scenes, candidates: Candidates) -> Iterator[Finding]:
    strange = list(_strange_keys(process, candidates.staff))
    yield from strange
    if strange:
        return
    if "person" in process.start.kinds and not candidates.anyone(process.start.by, Scene(process)):
        yield Finding(process, ("start", "by"), Text("没有人可以发起它。", "Nobody can start it."))
    for state, task in tasks_in(process, graph_of(process).reached()):
        yield from _task(process, state, task, scenes.of(process), candidates)


def _strange_keys(process: Process, staff: Staff) -> Iterator[Finding]:
    """Positions and units that the organisation does not have."""
    for path, people in all_people(process):
        for word in words(people):
            known = (
                staff.positions
                if word.kind == "position"
                else staff.units
                if word.kind in ("unit", "lead_of")
                else None
            )
            if known is not None and isinstance(word.arg, str) and word.arg not in known:
                what = Text("岗位", "position") if word.kind == "position" else Text("部门", "unit")
                text = Text(f"组织里没有{what.zh}“{word.arg}”。", f"The organisation has no {what.en} `{word.arg}`.")
                yield Finding(process, path, text, nearest=nearest(word.arg, known))


def _task(
    process: Process, state: State, task: Task, scenes: Sequence[Scene], candidates: Candidates
) -> Iterator[Finding]:
    """One finding for a task, with the names of those cases in which nobody is left."""
    if task.if_nobody is not None and task.if_nobody.skip is not None:
        return
    needed = max((action.people for action in state.actions.values()), default=1)
    failing = [
        (scene, guess, cases)
        for scene, cases in alike(task, scenes)
        if (guess := _failing(task, scene, candidates, needed)) is not None
    ]
    if not failing:
        return
    shown = [case_said(scene, guess, candidates.staff) for scene, guess, _ in failing[:SHOWN]]
    all_of = sum(cases for *_, cases in failing)
    more = all_of - len(shown)
    title = task.title or state.title
    zh = "；".join(text.zh for text in shown) + (f"；等 {all_of} 种情形" if more else "")
    en = "; ".join(text.en for text in shown) + (f"; and {more} more" if more else "")
    wanted = (
        Text("没有人可办", "has nobody left to do it")
        if needed == 1
        else Text(f"不足 {needed} 人", f"has fewer than {needed} people")
    )
    text = Text(f"“{title.zh}”{wanted.zh}：{zh}。", f"The task “{title.en}” {wanted.en}: {en}.")
    yield Finding(process, _path(process, task), text, graph_of(process).way_to(state.key))


def _path(process: Process, task: Task) -> Path:
    path = (*task.path, "not")
    return path if path in process.lines else task.path


def _failing(task: Task, scene: Scene, candidates: Candidates, needed: int) -> Guess | None:
    """Unknown persons with whom too few are left for the task; None where there are always enough."""
    found = (one for one in outcomes(task, scene, candidates, needed) if not _enough(one, needed))
    first = next(found, None)
    return first.guess if first is not None else None


def _enough(outcome: Outcome, needed: int) -> bool:
    return len(outcome.left) >= needed or bool(outcome.instead - outcome.excluded)


def case_said(scene: Scene, guess: Guess, staff: Staff) -> Text:
    """Who is who in a case: its starter, who stands in its fields, who did what before."""
    zh, en = [], []
    if scene.starter is not None:
        zh.append(f"发起人 {staff.name_of(scene.starter)}")
        en.append(f"starter {staff.name_of(scene.starter)}")
    for name, person in scene.fields:
        zh.append(f"{scene.process.fields[name].title.zh} {staff.name_of(person)}")
        en.append(f"{scene.process.fields[name].title.en} {staff.name_of(person)}")
    for unknown, person in guess.items():
        known = unknown.scene.process
        if unknown.kind == "did":
            title = known.states[unknown.name].title
            zh.append(f"办“{title.zh}”的是 {staff.name_of(person)}")
            en.append(f"“{title.en}” done by {staff.name_of(person)}")
        else:
            title = known.fields[unknown.name].title
            zh.append(f"{title.zh} {staff.name_of(person)}")
            en.append(f"{title.en} {staff.name_of(person)}")
    return Text("，".join(zh) or "任何情形", ", ".join(en) or "in any case")
