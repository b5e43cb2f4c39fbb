"""The engine's refusals, said to people: who was faster, what changed, who may."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from workflows.definition.model import Field
from workflows.engine.rows import TaskRow
from workflows.engine.running import Running
from workflows.errors import Conflict, InvalidInput, NotAllowed, Replayed, Stale, Text, WorkflowsError, WrongState

SUBMIT = Text("提交", "Submit")


def task_is_gone(run: Running, task: TaskRow) -> WorkflowsError:
    """Why a task that was open when the form was drawn is not open now."""
    decided = task if task.done and task.completed_by else _who_closed(run, task)
    if decided is None or decided.anonymous:
        title = run.state.title
        return WrongState(
            f"这件待办已经结束：事项现在处于“{title.zh}”。", f"This task is over: the case now stands at “{title.en}”."
        )
    state = run.published.machine.states.get(decided.state)
    action = state.actions.get(decided.action or "") if state is not None else None
    verb = action.title if action is not None else Text("处理", "Done")
    who, at = run.scene.organisation.name_of(decided.completed_by), decided.completed_at or run.now
    clock = at.astimezone(run.scene.calendar.zone)
    return Conflict(
        f"{who} {clock:%m-%d %H:%M} 已“{verb.zh}”这件事，你的提交没有生效。",
        f"{who} took “{verb.en}” on this at {clock:%Y-%m-%d %H:%M}; your submission had no effect.",
        who=who, action=decided.action, when=at,
    )  # fmt: skip


def _who_closed(run: Running, task: TaskRow) -> TaskRow | None:
    """The task whose action closed this one: of the same visit, done at the same time."""
    same = (t for t in run.tasks if t.visit == task.visit and t.done and t.completed_by is not None)
    return next((t for t in same if t.completed_at == task.completed_at), None)


def held_by(run: Running, task: TaskRow) -> Conflict:
    """Somebody else has claimed it."""
    who, at = run.scene.organisation.name_of(task.holder_id), task.claimed_at or task.opened_at
    return Conflict(f"{who} 已领取这件待办。", f"{who} has claimed this task.", who=who, action="claim", when=at)


def not_yours() -> NotAllowed:
    """No right to this task."""
    return NotAllowed("这件待办不归你办。", "This task is not yours to do.")


def not_for_deputies(names: Iterable[str]) -> NotAllowed:
    """The actor stands in for these people, but not here."""
    who = list(names)
    zh, en = "、".join(who), ", ".join(who)
    return NotAllowed(f"这件事只能由{zh}本人办，你不能代办。", f"Only {en} may do this; nobody stands in here.")


def not_for_you(title: Text) -> NotAllowed:
    """No right to an action or a start."""
    return NotAllowed(f"你无权执行“{title.zh}”。", f"“{title.en}” is not yours to do.")


def replayed() -> Replayed:
    """One key, two contents."""
    return Replayed(
        "这份表单已经提交过，内容与这次不同。请刷新后重新填写。",
        "This form was handed in before with other content. Draw it anew.",
    )


def stale(fields: Iterable[Field]) -> Stale:
    """Fields that the form shows have changed since it was drawn."""
    titles = list(fields)
    zh, en = "、".join(f.title.zh for f in titles), ", ".join(f.title.en for f in titles)
    return Stale(
        f"你打开表单以后，这些内容有了变化：{zh}。请看过再提交。",
        f"Since you opened the form this has changed: {en}. Look at it, then submit.",
    )


def no_action(run: Running, action: str) -> WrongState:
    """The state has no such action; an anytime action is called by its title."""
    known, title = run.process.anytime.get(action), run.state.title
    asked = known.action.title if known is not None else Text(action, action)
    return WrongState(
        f"事项现在处于“{title.zh}”，不能执行“{asked.zh}”。",
        f"The case stands at “{title.en}”, where “{asked.en}” cannot be done.",
    )


def over() -> WrongState:
    """The case has ended."""
    return WrongState("这件事已经结束。", "This case has ended.")


def too_late(title: Text, until: datetime, run: Running) -> WrongState:
    """The window of an anytime action is closed."""
    clock = until.astimezone(run.scene.calendar.zone)
    return WrongState(
        f"“{title.zh}”的期限已过（截至 {clock:%Y-%m-%d %H:%M}）。",
        f"The time for “{title.en}” is over (until {clock:%Y-%m-%d %H:%M}).",
    )


def only_once(run: Running, title: Text, by: uuid.UUID, at: datetime, actor: uuid.UUID) -> WrongState:
    """An action that can be taken once was taken by somebody at some time (of today: the clock alone)."""
    zone, name = run.scene.calendar.zone, run.scene.organisation.name_of(by)
    clock = at.astimezone(zone)
    when = f"{clock:%H:%M}" if clock.date() == run.now.astimezone(zone).date() else f"{clock:%Y-%m-%d %H:%M}"
    who = Text("你", "You have") if by == actor else Text(name, f"{name} has")
    return WrongState(
        f"{who.zh} {when} 已经“{title.zh}”了，这只能做一次。",
        f"{who.en} taken “{title.en}” already, at {when}; it can be done once.",
    )


def reason_missing() -> InvalidInput:
    """The action wants a reason."""
    return InvalidInput(fields={"reason": [Text("请写明理由。", "Give a reason.")]})


def blocked(titles: Iterable[Text]) -> InvalidInput:
    """Checks that must pass do not."""
    found = list(titles)
    zh, en = "；".join(t.zh for t in found), "; ".join(t.en for t in found)
    return InvalidInput(f"核对没有通过：{zh}。", f"Checks have not passed: {en}.", fields={"": found})


def claim_first(holder: str) -> NotAllowed:
    """Only who holds a task can give it back."""
    return NotAllowed(f"这件待办在 {holder} 手里。", f"This task is in the hands of {holder}.")


def too_long(field: str, most: int) -> InvalidInput:
    """A text longer than is kept."""
    return InvalidInput(fields={field: [Text(f"最多 {most} 个字。", f"At most {most} characters.")]})


def choose_parts() -> InvalidInput:
    """A send-back that reopens only some parts wants to know which."""
    return InvalidInput(fields={"parts": [Text("请选择要重做的部分。", "Choose the parts that are to be done again.")]})


def released_already(fields: Iterable[str]) -> InvalidInput:
    """Somebody has agreed to what stands here; another person agrees to the same, or sends it back."""
    sentence = Text(
        "前一位同意的是原来的内容，不能再改。", "Somebody has agreed to this as it was; it cannot be changed any more."
    )
    return InvalidInput(fields={field: [sentence] for field in fields})


def forbidden(title: Text) -> NotAllowed:
    """The definition does without this operation."""
    return NotAllowed(f"流程“{title.zh}”不允许这样做。", f"The process “{title.en}” does without this.")
