"""The data people of the sample company: they upload a month's figures on the first and third working days of the next.

What the processes count themselves is not uploaded; what is still missing on the third day is, but for the few that never come.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy.orm import Session

from workflows.appraisal.figures.collecting import used_figures
from workflows.appraisal.figures.intake.standards import counted_names
from workflows.appraisal.figures.lookup import measured, parameters
from workflows.appraisal.figures.store import FigureInput, Key, add_batch, record, standing_values
from workflows.appraisal.figures.tables import Source
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database, canonical_json
from workflows.definition.periods import containing
from workflows.engine.scene import Scene
from workflows.rehearsal.figures import Drawn, SampleFigures
from workflows.scoring.model import Scorecard

PersonId = uuid.UUID
Known = Mapping[PersonId, Mapping[str, Drawn]]

UPLOADED_ON = (1, 3)
"""The working days of a month on which figures of the month before are uploaded: most of them, then what came late."""
_AT = (time(10, 30), time(11, 0))
UPLOADERS = ("hezhipeng", "machen")
"""Who uploads; nobody their own figures."""
_WHY = "本系统在月中才开始统计，这里是各平台后台的全月数。"
"""Why a number that was counted here is replaced."""


class FiguresDesk:
    """Errands of a rehearsal that begins in the month `first` (`2026-09`). `unfinished`: a month of which some figures never come."""

    def __init__(
        self,
        database: Database,
        appraisal: Appraisal,
        sample: SampleFigures,
        seed: int,
        first: str,
        unfinished: str | None = None,
    ) -> None:
        self._database = database
        self._appraisal = appraisal
        self._sample = sample
        self._seed = seed
        self._first = first
        self._unfinished = unfinished
        self._done: set[datetime] = set()

    def next_moment(self, after: datetime) -> datetime:
        """The next first or third working day of a month, after `after`."""
        with self._database.read() as session:
            return min(moment for moment in self._moments(session, after) if moment > after)

    def until(self, now: datetime) -> None:
        """Upload what is due by `now`, each once."""
        with self._database.read() as session:
            due = [moment for moment in self._moments(session, now) if moment <= now and moment not in self._done]
        for moment in due:
            self._done.add(moment)
            self._upload(moment)

    def _moments(self, session: Session, around: datetime) -> list[datetime]:
        calendar = self._appraisal.engine.calendar(session)
        this = containing(calendar.day_of(around), "month")
        days = [(str(month), day, at) for month in (this, this.next) for day, at in zip(UPLOADED_ON, _AT, strict=True)]
        return [calendar.at(calendar.workday(day, month), at) for month, day, at in days]

    def _upload(self, now: datetime) -> None:
        with self._database.write() as session:
            scene = self._appraisal.engine.scene(session, now)
            month = str(containing(scene.today, "month").previous)
            if month < self._first:
                return
            last = scene.today == scene.calendar.workday(UPLOADED_ON[-1], scene.today)
            inputs = self._inputs(session, scene, month, last)
            for login in UPLOADERS:
                self._record(session, scene, login, inputs.get(login, []), month, now)

    def _record(
        self, session: Session, scene: Scene, login: str, inputs: list[FigureInput], month: str, now: datetime
    ) -> None:
        if not inputs:
            return
        actor = scene.organisation.by_login(login).id
        rows = [[chr(0).join(map(str, one.key)), str(one.value)] for one in inputs]
        digest = hashlib.sha256(canonical_json(rows).encode()).hexdigest()
        batch = add_batch(session, f"{month}.xlsx", digest, len(inputs), actor, now)
        standing = standing_values(session, [one.key for one in inputs])
        reasoned = [replace(one, reason=_WHY) if one.key in standing else one for one in inputs]
        record(session, reasoned, source=Source.UPLOAD, actor=actor, now=now, batch=batch)

    # -- what is missing ----------------------------------------------------------------------------------------------

    def _inputs(self, session: Session, scene: Scene, month: str, last: bool) -> dict[str, list[FigureInput]]:
        """What each uploader hands in."""
        cards = self._cards(session, scene, month)
        counted = counted_names(scene, month)
        # What processes saw of a month that had begun before them is not the whole of it: it gives way to the other systems' numbers.
        known = self._known(session, scene, month, cards, {Source.SYSTEM} if not counted else set())
        place = _months_between(self._first, month)
        found: dict[str, list[FigureInput]] = {login: [] for login in UPLOADERS}
        found[UPLOADERS[0]] += self._of_company(known, month, cards, last)
        base = self._appraisal.store.grades(session, month).bonus_rule.base
        for person, card in cards.items():
            login = scene.organisation.person(person).login
            wanted = {base, *card.parameters, *used_figures(card.figures, month)} - self._sample.of_company - counted
            wanted = wanted if last else wanted - self._sample.late
            position = scene.organisation.people[person].appraised_position
            wanted |= {name for name, positions in self._sample.watched.items() if position in positions and not last}
            if month == self._unfinished:
                wanted -= self._sample.unscored.get(login, frozenset())
            drawn = self._sample.of_person(login, month, sorted(wanted), known[person], self._seed, place)
            uploader = UPLOADERS[1] if login == UPLOADERS[0] else UPLOADERS[0]
            found[uploader] += [FigureInput(Key(person, None, month, name), value) for name, value in drawn.items()]
        return found

    def _of_company(
        self, known: Known, month: str, cards: Mapping[PersonId, Scorecard], last: bool
    ) -> list[FigureInput]:
        asked = {name for person, card in cards.items() for name in card.figures if name not in known[person]}
        wanted = asked & self._sample.of_company
        drawn = self._sample.of_everybody(month, sorted(wanted if last else wanted - self._sample.late), self._seed)
        return [FigureInput(Key(None, None, month, name), value) for name, value in drawn.items()]

    def _cards(self, session: Session, scene: Scene, month: str) -> dict[PersonId, Scorecard]:
        """The card of everybody who is appraised."""
        found: dict[PersonId, Scorecard] = {}
        for person in scene.organisation.active:
            position = scene.organisation.people[person].appraised_position
            version = self._appraisal.store.version_for(session, position, month) if position is not None else None
            if version is not None:
                found[person] = version.card
        return found

    def _known(
        self,
        session: Session,
        scene: Scene,
        month: str,
        cards: Mapping[PersonId, Scorecard],
        distrusted: Collection[str],
    ) -> Known:
        """What is there already, by person: figures and parameters. `distrusted`: sources whose numbers do not count."""
        store, organisation = self._appraisal.store, scene.organisation
        base = store.grades(session, month).bonus_rule.base
        names = sorted({base} | {name for card in cards.values() for name in used_figures(card.figures, month)})
        asked = sorted({name for card in cards.values() for name in card.parameters})
        figures = measured(session, organisation, list(cards), month, names, store.catalogue(session))
        texts = parameters(session, organisation, list(cards), month, asked)
        return {
            person: {**{name: one.value for name, one in figures[person].items() if one.source not in distrusted}, **texts[person]}
            for person in cards
        }  # fmt: skip


def _months_between(first: str, month: str) -> int:
    (year, number), (later, other) = (map(int, text.split("-")) for text in (first, month))
    return (later - year) * 12 + other - number
