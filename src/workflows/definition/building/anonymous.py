"""What may stand beside an anonymous task (language.md §4): nothing that would tell who answered."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition.building.context import Context
from workflows.definition.model import Action, Task
from workflows.document.reading import Node


def check_anonymous(node: Node, tasks: tuple[Task, ...], actions: Mapping[str, Action], context: Context) -> None:
    """Refuse what goes into the history beside an anonymous answer. `node`: the state."""
    asked = [task for task in tasks if task.anonymous]
    if not asked:
        return
    for task in asked:
        _refuse_fields(_part(node, task), task, context)
    given = node.get("actions")
    for name, entry in given.items() if given else ():
        _refuse_words(actions[name], entry, context)
    if given is not None and len(actions) > 1:
        context.problems.at(
            given,
            "匿名的步骤只能有一个操作：按哪个按钮也会透露是谁。",
            "A state with an anonymous task has one action: which button was pressed would tell who.",
        )


def _part(node: Node, task: Task) -> Node | None:
    parts = node.get("tasks")
    return parts.get(task.part) if parts is not None else node.get("task")


def _refuse_fields(node: Node | None, task: Task, context: Context) -> None:
    """Only columns of the table: other fields would change in the person's own event."""
    edit, fill = (node.get("edit"), node.get("fill")) if node is not None else (None, None)
    columns = context.columns.get(task.into or "", {})
    for element in edit.elements() if edit else ():
        if element.text not in columns:
            context.problems.at(
                element,
                f"匿名答复只能填“{task.into}”的列，“{element.text}”不是。",
                f"An anonymous answer fills in columns of `{task.into}` alone; `{element.text}` is none.",
            )
    for column in sorted(context.answerers.get(task.into or "", ())):
        context.problems.at(
            node or Node("", 1, 1, ()),
            f"匿名答复的表格里不能有作答人（{column}）。",
            f"The table of anonymous answers cannot say who answered (`{column}`).",
        )
    if fill is not None:
        context.problems.at(fill, "匿名的待办不能由程序填入。", "Nothing is filled in for an anonymous task.")


def _refuse_words(action: Action, node: Node, context: Context) -> None:
    if action.reason == "required":
        context.problems.at(
            node,
            f"匿名的步骤不能要理由，“{action.name}”却要。",
            f"A state with an anonymous task asks for no reason, but `{action.name}` does.",
        )
    if (form := node.get("form")) is not None:
        context.problems.at(
            form, "匿名的步骤里操作不能另有表单。", "An action beside an anonymous task has no form of its own."
        )
