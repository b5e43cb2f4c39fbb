"""Words for people: from YAML to `People`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain, takewhile

from workflows.definition.building.context import PERSON_TYPES, Context
from workflows.definition.language.words import PLAIN_WORDS
from workflows.definition.model import NOBODY, Fallback, People, Word
from workflows.document.problems import nearest
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
    words = (_words(element, context, holder=holder, since=since) for element in node.elements())
    return People(tuple(chain.from_iterable(words)))


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


def refuse_unused_people(context: Context) -> None:
    """A list that has a name and is used nowhere was meant otherwise."""
    for name, node in context.people.items():
        if name not in context.spoken_of:
            context.problems.at(node, f"“{name}”起了名却没有用到。", f"`{name}` has a name and is used nowhere.")


def _words(node: Node, context: Context, *, holder: bool, since: bool) -> Iterator[Word]:
    """The word of a node, or all those of the list that it names."""
    if node.kind == "text":
        yield _plain(node.text, node, context, holder=holder)
        return
    entries = dict(node.items())
    from_ = entries.pop("from", None)
    kind, value = next(iter(entries.items()), ("everyone", node))
    if kind in PLAIN_WORDS:
        from_ = value.get("from")
        words: Iterator[Word] = iter((_plain(kind, node, context, holder=holder),))
    elif kind == "people":
        words = _named(value, context, holder=holder, since=since)
    else:
        words = iter((_with_argument(kind, value, context, holder=holder),))
    if from_ is not None and not since:
        context.problems.at(node, "from 只能写在 see 里。", "`from` can only stand in `see`.")
    state = context.state(from_) if from_ is not None else None
    for word in words:
        yield replace(word, since=state) if state is not None else word


def _named(node: Node, context: Context, *, holder: bool, since: bool) -> Iterator[Word]:
    """Those of a list under `people`; it may name lists that stand above it, so that none contains itself."""
    if node.text not in context.people:
        near = nearest(node.text, context.people)
        zh, en = (
            (f"上面没有叫“{node.text}”的组合。", f"No list above this one is called `{node.text}`.")
            if node.path[0] == "people"
            else (f"people 里没有“{node.text}”。", f"There is no `{node.text}` under `people`.")
        )
        context.problems.at(node, zh, en, nearest=near)
        return
    context.spoken_of.add(node.text)
    above = dict(takewhile(lambda entry: entry[0] != node.text, context.people.items()))
    for element in context.people[node.text].elements():
        yield from _words(element, replace(context, people=above), holder=holder, since=since)


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
    return Word(kind, People(tuple(_words(value, context, holder=holder, since=False))))


def _of_parent(node: Node, context: Context) -> Word:
    """A word asked of the parent case: its states and fields are another definition's, checked where both are known."""
    if node.kind == "text":
        return Word(node.text, parent=True)
    kind, value = next(iter(node.items()))
    if kind in _WITH_PEOPLE:
        return Word(kind, People((_of_parent(value, context),)), parent=True)
    if kind in ("parent", "people"):
        context.problems.at(node, f"parent 不能套 {kind}。", f"`{kind}` cannot stand within `parent`.")
    return Word(kind, value.text, parent=True)
