"""Both languages are complete, every visible text fits its place, and no two things side by side are called the same.

That `zh` and `en` are there and not too long is in the shape of the language already (the loader refuses the rest); here the
texts are compared with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflows.definition.model import Path, Process
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.errors import Text


def find(process: Process, family: Family) -> Iterator[Finding]:
    """Titles that cannot be told apart."""
    states = [((*state.path, "title"), state.title) for state in process.states.values()]
    yield from _twice(process, states)
    yield from _twice(process, [(("fields", name), field.title) for name, field in process.fields.items()])
    for state in process.states.values():
        yield from _twice(process, [((*action.path,), action.title) for action in state.actions.values()])
        yield from _twice(process, [((*task.path, "title"), task.title) for task in state.tasks if task.title])
    for name, field in process.fields.items():
        yield from _twice(process, [(("fields", name, "choices", c.key), c.title) for c in field.choices])
        yield from _twice(process, [(("fields", name, "columns", c.name), c.title) for c in field.columns])
    for other in family:
        if other is not process and other.title.zh == process.title.zh:
            text = Text(
                f"流程“{other.key}”也叫“{process.title.zh}”。", f"The process `{other.key}` has the same title."
            )
            yield Finding(process, ("title",), text)


def _twice(process: Process, titles: Iterable[tuple[Path, Text]]) -> Iterator[Finding]:
    for language in ("zh", "en"):
        seen: dict[str, Path] = {}
        for path, title in titles:
            said = title.text(language)
            if said in seen:
                other = seen[said][-1] if seen[said][-1] != "title" else seen[said][-2]
                text = Text(f"“{said}”与“{other}”同名，分不清。", f'"{said}" is also the title of `{other}`.')
                yield Finding(process, path, text)
            seen.setdefault(said, path)
