"""The appraisal as one object: an `Engine` that fills and records, and everything that is read of cards and results.

Assembled once per process, in one place for the web, the scheduler, the command line and rehearsals. Every reading call asks the
viewer's rights itself; writing ones are the engine's.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from workflows.appraisal.cards.lines import Lines
from workflows.appraisal.cards.recount import recount
from workflows.appraisal.cards.review import check_scorecards, publish_scorecards
from workflows.appraisal.cards.source import fill_scorecard
from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.cards.value import Stored
from workflows.appraisal.results import access
from workflows.appraisal.results.bonus_source import fill_bonus
from workflows.appraisal.results.reading import Summary, Version
from workflows.appraisal.results.recorder import record_result
from workflows.appraisal.results.sheet import bonus_workbook
from workflows.appraisal.results.views import bonus, check, cycle, desk, months, page, public
from workflows.appraisal.results.year_source import fill_year
from workflows.definition.model import Field
from workflows.engine.engine import Engine
from workflows.engine.scene import Recorder, Source
from workflows.scoring.score import CardScore
from workflows.settings import Settings

PersonId = uuid.UUID


class Appraisal:
    """`engine`: with its sources and recorders; `store`: published scorecards. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.store = ScorecardStore()
        self.engine = Engine(settings, self._sources(), self.store.positions, self._recorders(), self._figures)
        company = self.engine.company
        self.around = Surroundings(self.store, company.organisations, company.calendars, self.engine.processes)

    def _sources(self) -> dict[str, Source]:
        """What fills forms, by the names of the language."""
        return {
            "scorecard": lambda session, request: fill_scorecard(self.around, session, request),
            "year": lambda session, request: fill_year(self.around, session, request),
            "bonus": lambda session, request: fill_bonus(self.around, session, request),
            "scorecards": lambda session, request: check_scorecards(self.around, session, request),
        }

    def _figures(self, session: Session) -> dict[str, str]:
        """Which figures may start a process, with their units."""
        return {name: figure.unit for name, figure in self.store.catalogue(session).items()}

    def _recorders(self) -> dict[str, Recorder]:
        """What keeps results, by the names of the language."""
        return {
            "result": lambda session, request: record_result(self.around, session, request),
            "scorecards": lambda session, request: publish_scorecards(self.around, session, request),
        }

    # -- results ------------------------------------------------------------------------------------------------------

    def result_page(
        self, session: Session, viewer: PersonId, subject: PersonId, period: str, now: datetime
    ) -> page.ResultPage:
        """A person's result of a month, with everything its page shows; before publication its steps. Raises `NotFound`."""
        return page.result_page(session, self.around, self.engine.scene(session, now), viewer, subject, period)

    def year_versions(self, session: Session, viewer: PersonId, subject: PersonId, year: str) -> tuple[Version, ...]:
        """Every version of a person's result of a year, oldest first, with its months in `detail`. Raises `NotFound`."""
        return months.year_versions(session, self.engine.organisation(session), viewer, subject, year)

    def public_list(self, session: Session, viewer: PersonId, now: datetime) -> tuple[public.PublicRow, ...]:
        """公示: results on public view now, for the viewer's department."""
        return public.public_list(session, self.engine.organisation(session), viewer, now)

    def recount(
        self, session: Session, asked: Field, value: Stored, said: Lines, claimed: Lines, period: str, now: datetime
    ) -> CardScore:
        """What a stored card would come to with these lines of the field `asked`; see `cards.recount`. Raises `InvalidInput`."""
        grades = self.store.grades(session, period)
        return recount(session, self.store, asked, value, said, claimed, now, grades)

    def months_of(self, session: Session, viewer: PersonId, subject: PersonId) -> tuple[Summary, ...]:
        """A person's published months, newest first. Raises `NotFound` for who may not read them."""
        return months.months_of(session, self.engine.organisation(session), viewer, subject)

    def years_of(self, session: Session, viewer: PersonId, subject: PersonId) -> tuple[Summary, ...]:
        """A person's published years, newest first. Raises `NotFound` for who may not read them."""
        return months.years_of(session, self.engine.organisation(session), viewer, subject)

    def trend(self, session: Session, viewer: PersonId, subject: PersonId, until: str, count: int = 12) -> months.Trend:
        """`count` months up to `until`, with their mean. Raises `NotFound` for who may not read them."""
        return months.trend(session, self.engine.organisation(session), viewer, subject, until, count)

    def by_check_code(self, session: Session, viewer: PersonId, code: str) -> check.Checked:
        """What bears a printed check code. Raises `NotAllowed`, `InvalidInput`, `NotFound`."""
        return check.by_check_code(session, self.engine.organisation(session), viewer, code)

    # -- the way there ------------------------------------------------------------------------------------------------

    def cycles(self, session: Session, viewer: PersonId, now: datetime) -> tuple[cycle.Cycle, ...]:
        """The months' cycles, newest first. Raises `NotAllowed` for who is neither of human resources nor an auditor."""
        return cycle.cycles(session, self.around, self.engine.scene(session, now), viewer)

    def cycle_board(self, session: Session, viewer: PersonId, period: str, now: datetime) -> cycle.Board:
        """Everything about a month's cycle. Raises `NotAllowed`, `NotFound`."""
        return cycle.cycle_board(session, self.around, self.engine.scene(session, now), viewer, period)

    def desk(self, session: Session, viewer: PersonId, now: datetime) -> desk.Desk:
        """Whom the viewer has to score, and whom they have scored this month."""
        return desk.desk(session, self.around, self.engine.scene(session, now), viewer)

    # -- bonuses ------------------------------------------------------------------------------------------------------

    def bonus_list(self, session: Session, viewer: PersonId, period: str) -> bonus.BonusList:
        """The month's bonuses. Raises `NotAllowed` for who is neither of human resources nor an auditor."""
        return bonus.bonus_list(session, self.around, viewer, period)

    def bonus_workbook(self, session: Session, viewer: PersonId, period: str, language: str) -> bytes:
        """The same as an XLSX file for finance, in `language`. Raises `NotAllowed`."""
        return bonus_workbook(self.bonus_list(session, viewer, period), language)

    # -- reading is noted ---------------------------------------------------------------------------------------------

    def log_reading(
        self,
        session: Session,
        viewer: PersonId,
        subject: PersonId,
        case: uuid.UUID | None,
        now: datetime,
        reason: str | None = None,
    ) -> bool:
        """Note that somebody read another's result; False for one's own. Called by the door that showed it."""
        return access.log_reading(session, viewer, subject, case, now, reason)
