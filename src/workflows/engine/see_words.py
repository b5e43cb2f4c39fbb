"""The language's words for people as conditions on `Case`, asked about one person: for lists, where no case is in hand."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Text, and_, cast, false, or_, true

from workflows.definition.model import People, Word
from workflows.engine.people import Situation, meets
from workflows.engine.scene import Scene
from workflows.engine.tables import Case

PersonId = uuid.UUID


def meant(people: People, scene: Scene, person: PersonId) -> ColumnElement[bool]:
    """Cases in which the person is one of these people. Words that only the case itself can answer (`parent`, `did`, `holder`)
    never hold: a list may show less than can be opened, never more."""
    return or_(false(), *(c for word in people.words if (c := _since(word, scene, person)) is not None))


def _since(word: Word, scene: Scene, person: PersonId) -> ColumnElement[bool] | None:
    found = None if word.parent else _plain_word(word, scene, person)
    if found is None or word.since is None:
        return found
    return and_(found, Case.entries[word.since].as_string().is_not(None))


def _plain_word(word: Word, scene: Scene, person: PersonId) -> ColumnElement[bool] | None:
    match word.kind:
        case "starter":
            return Case.starter_id == person
        case "subject":
            return Case.subject_id == person
        case "participants":
            return or_(Case.starter_id == person, Case.subject_id == person)
        case "manager_of" | "managers_of":
            return _managed(word, scene, person)
        case "team_of":
            manager = scene.organisation.manager_of(person)
            return None if manager is None else _about(word, (manager,))
        case "field":
            return cast(Case.data[str(word.arg)], Text).contains(str(person))
        case "did" | "holder":
            return None  # by a task: `my_cases`
    is_one = meets(People((word,)), person, Situation(scene.organisation, scorecards=scene.scorecards))
    return true() if is_one else None


def _managed(word: Word, scene: Scene, person: PersonId) -> ColumnElement[bool] | None:
    team = scene.organisation.team_of(person) if word.kind == "managers_of" else scene.organisation.reports_of(person)
    return _about(word, team) if team else None


def _about(word: Word, people: tuple[PersonId, ...]) -> ColumnElement[bool] | None:
    """Cases in which the word inside (`starter`, `subject`, a person field) means one of these people."""
    return or_(false(), *_of_one(word.arg.words, people)) if isinstance(word.arg, People) else None


def _of_one(words: Iterable[Word], people: tuple[PersonId, ...]) -> Iterable[ColumnElement[bool]]:
    for word in words:
        if word.kind == "starter":
            yield Case.starter_id.in_(people)
        if word.kind == "subject":
            yield Case.subject_id.in_(people)
        if word.kind == "field":
            yield Case.data[str(word.arg)].as_string().in_([str(person) for person in people])
