"""Who is meant: the language's words for people, asked of one case and the organisation of the moment.

Words that name a group (`position`, `unit`, …) stay groups: a task is offered to whoever is in them when they look. Words that
depend on the case (`starter`, `manager_of`, `field`, `did`) become persons when the task opens.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.definition.model import People, Word
from workflows.engine.rows import TaskRow
from workflows.org.organisation import Organisation

PersonId = uuid.UUID

GROUPS = frozenset({"position", "unit", "lead_of", "auditors", "administrators", "everyone", "employees"})
"""Words that are a queue of their own."""
_QUEUES = GROUPS - {"employees"}
"""Those of them that rest on the organisation alone: who is appraised hangs on the scorecards."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A case as words for people see it.

    `tasks`: all tasks of the case; `holders`: whom `holder` means (a task's holder, else all it is offered to);
    `scorecards`: positions that have one (None: every appraised position); `parent`: the same of the parent case.
    """

    organisation: Organisation
    starter: PersonId | None = None
    subject: PersonId | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    entries: Mapping[str, Any] = field(default_factory=dict)
    tasks: Sequence[TaskRow] = ()
    holders: tuple[PersonId, ...] = ()
    scorecards: Collection[str] | None = None
    parent: Callable[[], Situation | None] = lambda: None


def resolve(people: People, situation: Situation, *, ever: bool = False) -> tuple[PersonId, ...]:
    """Everyone meant, each once, in the order of the words; only people who still work here.

    `ever`: `did` means all who ever did it (for exclusions), else who did it last.
    """
    if len(people.words) == 1 and _is_queue(people.words[0]):
        return situation.organisation.people_of(_queue_of(people.words[0]))
    found = (person for word in people.words for person in _of(word, situation, ever))
    active = situation.organisation.people
    return tuple(dict.fromkeys(p for p in found if p in active and active[p].active))


def who_left(people: People, situation: Situation) -> tuple[PersonId, ...]:
    """Whom the words of the case name though they no longer work here, each once; `{manager_of: starter}` names the starter too."""
    found = (person for word in people.words for person in _mentioned(word, situation))
    known = situation.organisation.people
    return tuple(dict.fromkeys(p for p in found if p in known and not known[p].active))


def _mentioned(word: Word, situation: Situation) -> Iterable[PersonId]:
    asked = situation.parent() if word.parent else situation
    inner = word.arg.words if isinstance(word.arg, People) and asked is not None else ()
    return [*_of(word, situation, False), *(person for one in inner if asked for person in _mentioned(one, asked))]


def resolve_all(people: People, situation: Situation) -> frozenset[PersonId]:
    """Everyone meant, whoever left included: for exclusions and rights to see."""
    return frozenset(person for word in people.words for person in _of(word, situation, True))


def meets(people: People, person: PersonId, situation: Situation, *, ever: bool = False) -> bool:
    """Whether `person` is one of those whom `resolve` gives, without listing a whole group for it."""
    member = situation.organisation.people.get(person)
    return member is not None and member.active and any(_is(word, person, situation, ever) for word in people.words)


def names_subject(people: People) -> bool:
    """Whether `subject` itself is one of the words: what is theirs nobody does in their place."""
    return any(word.kind == "subject" or (word.kind == "field" and word.arg == "subject") for word in people.words)


def queue_key(people: People, situation: Situation) -> str:
    """The queue of a task for `people`: canonical words, sorted, joined by `|`; words of the case as `person:<hex>`."""
    words: set[str] = set()
    for word in people.words:
        if word.kind in GROUPS and not word.parent:
            words.add(f"{word.kind}:{word.arg}" if isinstance(word.arg, str) else word.kind)
        else:
            words.update(f"person:{person.hex}" for person in resolve(People((word,)), situation))
    return "|".join(sorted(words))


def of_queue(key: str, situation: Situation) -> tuple[PersonId, ...]:
    """Who is offered what lies in a queue, now."""
    found = (person for word in key.split("|") if word for person in _in_queue_word(word, situation))
    return tuple(dict.fromkeys(found))


def is_offered(key: str, person: PersonId, situation: Situation) -> bool:
    """Whether what lies in a queue is offered to `person`, now."""
    words = key.split("|") if key else ()
    known = situation.organisation
    return any(
        known.offers(word, person) if word.partition(":")[0] in _QUEUES else person in _in_queue_word(word, situation)
        for word in words
    )


def keys_of(
    person: PersonId, organisation: Organisation, keys: Iterable[str], scorecards: Collection[str] | None
) -> list[str]:
    """Those of `keys` whose tasks are offered to `person`."""
    mine = {*organisation.queues_of(person), f"person:{person.hex}"}
    if person in employees(organisation, scorecards):
        mine.add("employees")
    return [key for key in keys if not mine.isdisjoint(key.split("|"))]


def employees(organisation: Organisation, scorecards: Collection[str] | None) -> tuple[PersonId, ...]:
    """Everyone active whose appraised position has a scorecard (language.md §4)."""
    if scorecards is not None:
        return organisation.employees(scorecards)
    return tuple(p for p in organisation.active if organisation.people[p].appraised_position)


def _is_queue(word: Word) -> bool:
    """Whether a word is a group that the organisation keeps, whatever the case."""
    return word.kind in _QUEUES and word.since is None and not word.parent and not isinstance(word.arg, People)


def _queue_of(word: Word) -> str:
    return word.kind if word.arg is None else f"{word.kind}:{word.arg}"


def _is(word: Word, person: PersonId, situation: Situation, ever: bool) -> bool:
    if _is_queue(word):
        return situation.organisation.offers(_queue_of(word), person)
    return person in _of(word, situation, ever)


def _in_queue_word(word: str, situation: Situation) -> tuple[PersonId, ...]:
    if word.startswith("person:"):
        person = uuid.UUID(hex=word.removeprefix("person:"))
        member = situation.organisation.people.get(person)
        return (person,) if member is not None and member.active else ()
    if word == "employees":
        return employees(situation.organisation, situation.scorecards)
    return situation.organisation.people_of(word)


def _of(word: Word, situation: Situation, ever: bool) -> Iterable[PersonId]:
    if word.since is not None and word.since not in situation.entries:
        return ()
    asked = situation.parent() if word.parent else situation
    if asked is None:
        return ()
    return _plain(word, asked) if word.arg is None else _named(word, asked, ever)


def _inner(arg: Any, situation: Situation, ever: bool) -> Iterable[PersonId]:
    return [p for word in arg.words for p in _of(word, situation, ever)] if isinstance(arg, People) else ()


def _did(state: str, situation: Situation, ever: bool) -> Iterable[PersonId]:
    done = [task for task in situation.tasks if task.state == state and task.done]
    if not ever and done:
        last = max(task.visit for task in done)
        done = [task for task in done if task.visit == last]
    named = ((task.completed_by, task.on_behalf_of) if ever else (task.completed_by,) for task in done)
    return [person for pair in named for person in pair if person is not None]


def _participants(situation: Situation) -> Iterable[PersonId]:
    named = (
        p
        for task in situation.tasks
        for p in (task.completed_by, task.holder_id if task.open else None, task.on_behalf_of)
    )
    return [p for p in (situation.starter, situation.subject, *named) if p is not None]


def _field(name: str, situation: Situation) -> Iterable[PersonId]:
    value = situation.data.get(name)
    return [
        uuid.UUID(person)
        for person in (value if isinstance(value, list) else [value])
        if isinstance(person, str) and person
    ]


def _one(person: PersonId | None) -> tuple[PersonId, ...]:
    return () if person is None else (person,)


def _lead(arg: Any, s: Situation, ever: bool) -> Iterable[PersonId]:
    if isinstance(arg, str):
        return _one(s.organisation.lead_of(arg))
    units = [s.organisation.people[p].unit for p in _inner(arg, s, ever) if p in s.organisation.people]
    return [lead for unit in units if unit for lead in _one(s.organisation.lead_of(unit))]


def _plain(word: Word, s: Situation) -> Iterable[PersonId]:
    """Words that need nothing with them."""
    match word.kind:
        case "starter":
            return _one(s.starter)
        case "subject":
            return _one(s.subject)
        case "holder":
            return s.holders
        case "participants":
            return _participants(s)
        case "employees":
            return employees(s.organisation, s.scorecards)
    return _in_queue_word(word.kind, s)  # auditors, administrators, everyone


def _named(word: Word, s: Situation, ever: bool) -> Iterable[PersonId]:
    """Words with a name or other people in them."""
    arg: Any = word.arg
    match word.kind:
        case "position" | "unit":
            return s.organisation.people_of(f"{word.kind}:{arg}")
        case "lead_of":
            return _lead(arg, s, ever)
        case "manager_of":
            return [m for p in _inner(arg, s, ever) for m in _one(s.organisation.manager_of(p))]
        case "managers_of":
            return [m for p in _inner(arg, s, ever) for m in s.organisation.managers_of(p)]
        case "team_of":
            return [r for p in _inner(arg, s, ever) for r in s.organisation.reports_of(p)]
        case "field":
            return _field(arg, s)
        case "did":
            return _did(arg, s, ever)
    return _inner_person(arg, s)


def _inner_person(arg: Any, situation: Situation) -> Iterable[PersonId]:
    """A person named by login in the definition."""
    return [m.id for m in situation.organisation.people.values() if m.login == arg]
