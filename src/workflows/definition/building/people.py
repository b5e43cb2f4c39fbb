"""Words for people: from YAML to `People`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from workflows.definition.building.context import PERSON_TYPES, Context
from workflows.definition.language.words import PLAIN_WORDS
from workflows.definition.model import NOBODY, Fallback, People, Word
from workflows.document.reading import Node

_WITH_PEOPLE = ("manager_of", "managers_of", "team_of")
_WITH_KEY = ("position", "unit", "lead_of", "person")


def people_of(
    node: Node | None, context: Context, *, holder: bool = False, since: bool = False, each: Collection[str] = ()
) -> People:
    """The union of the words of a node.

    `holder`: whether there is a holder to speak of; `since`: whether `from` may stand; `each`: what else `field` may name.
    """
    if node is None:
        return NOBODY
    if each:
        context = replace(context, field_types={**context.field_types, **dict.fromkeys(each, "person")})
    return People(tuple(_word(element, context, holder=holder, since=since) for element in node.elements()))


def fallback_of(node: Node | None, context: Context, actions: Node | None) -> Fallback | None:
    """A rule for a special situation: `{skip: ACTION}` of this state, or people."""
    if node is None:
        return None
    skip = node.get("skip")
    if skip is None:
        return Fallback(people_of(node, context, holder=True))
    known = [key for key, _ in actions.items()] if actions else []
    if skip.text not in known:
        context.problems.at(
            skip,
            f"这一步没有“{skip.text}”这个操作；有：{'、'.join(known) or '无'}。",
            f"This state has no action `{skip.text}`; it has: {', '.join(known) or 'none'}.",
        )
    return Fallback(skip=skip.text)


def _word(node: Node, context: Context, *, holder: bool, since: bool) -> Word:
    if node.kind == "text":
        return _plain(node.text, node, context, holder=holder)
    entries = dict(node.items())
    from_ = entries.pop("from", None)
    kind, value = next(iter(entries.items()), ("everyone", node))
    if kind in PLAIN_WORDS:
        from_ = value.get("from")
        word = _plain(kind, node, context, holder=holder)
    else:
        word = _with_argument(kind, value, context, holder=holder)
    if from_ is not None and not since:
        context.problems.at(node, "from 只能写在 see 里。", "`from` can only stand in `see`.")
    return replace(word, since=context.state(from_)) if from_ is not None else word


def _plain(word: str, node: Node, context: Context, *, holder: bool) -> Word:
    if word == "holder" and not holder:
        context.problems.at(node, "这里没有办理人（holder）可言。", "There is no holder here to speak of.")
    if word == "subject":
        _need_subject(node, context)
    return Word(word)


def _need_subject(node: Node, context: Context) -> None:
    """`subject` is the person in the field of that name, so that everybody sees where it comes from."""
    if context.field_types.get("subject") != "person":
        context.problems.at(
            node,
            "用到 subject（当事人）时，fields 里要有 subject: {type: person, …}。",
            "A process that speaks of the subject declares the field `subject: {type: person, …}`.",
        )


def _with_argument(kind: str, value: Node, context: Context, *, holder: bool) -> Word:
    if kind in _WITH_KEY:
        return Word(kind, value.text)
    if kind == "field":
        return Word(kind, context.field(value, PERSON_TYPES))
    if kind == "did":
        return Word(kind, context.state(value))
    if kind == "parent":
        return _of_parent(value, context)
    return Word(kind, People((_word(value, context, holder=holder, since=False),)))


def _of_parent(node: Node, context: Context) -> Word:
    """A word asked of the parent case: its states and fields are another definition's, checked where both are known."""
    if node.kind == "text":
        return Word(node.text, parent=True)
    kind, value = next(iter(node.items()))
    if kind in _WITH_PEOPLE:
        return Word(kind, People((_of_parent(value, context),)), parent=True)
    if kind == "parent":
        context.problems.at(node, "parent 不能套 parent。", "`parent` cannot stand within `parent`.")
    return Word(kind, value.text, parent=True)
