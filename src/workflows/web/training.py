"""培训: the year's plans, trainings to come and held, who came and what it brought, and how newcomers and careers go (A六)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.errors import NotFound
from workflows.http import AUDITOR, HR, MANAGER, allow, visit
from workflows.org.organisation import PersonId
from workflows.reports.training import Growth, TrainingYear, training_year
from workflows.reports.training_cases import Plan, Training
from workflows.web.casework import who
from workflows.web.components import Chip, Tab, Tone, Who
from workflows.web.language import _, language
from workflows.web.numbers import number
from workflows.web.reader import words

MOST_NAMES: Final = 40
"""Names in a list of people; how many more there are is said."""
WIDE: Final = 120
"""The width of a bar in its own units."""

blueprint = Blueprint("training", __name__)


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A training as a line. `came`, `passed`: of `WIDE`, for the bar; both 0 where nothing is known."""

    topic: str
    href: str
    day: str
    meta: str
    people: str
    passed: str
    mark: str
    effect: str
    chip: Chip
    came_wide: int
    passed_wide: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan of the year as a line."""

    title: str
    href: str
    asked: int
    held: int
    chip: Chip


@dataclass(frozen=True, slots=True)
class GrowthLine:
    """A process about single employees, with the cases behind it."""

    title: str
    href: str
    running: int
    late: int
    ended: int


@dataclass(frozen=True, slots=True)
class MethodLine:
    """What a way of teaching brought."""

    title: str
    held: int
    came: int
    passed: str
    mark: str


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """Somebody with what they came to."""

    who: Who
    came: int
    passed: int


@blueprint.get("/training")
@allow(HR, MANAGER, AUDITOR)
def index() -> ResponseReturnValue:
    """One year, this one unless the address says another. Only what the reader may see."""
    here = visit()
    found = training_year(here.session, here.scene, here.me.id, _year())
    ahead = [one for one in found.trainings if one.stage == "ahead"]
    return render_template(
        "training/index.html",
        year=found.year,
        tabs=_tabs(found.year),
        said=_said(found, len(ahead)),
        plans=[_plan(one) for one in found.plans],
        ahead=[_line(found, one) for one in ahead],
        held=[_line(found, one) for one in reversed(found.held)],
        fallen=[_line(found, one) for one in found.trainings if one.stage == "not_held"],
        methods=_methods(found),
        learners=[_learner(one.person, one.attended, one.passed) for one in found.learners[:MOST_NAMES]],
        more_learners=max(0, len(found.learners) - MOST_NAMES),
        untrained=[who(person, here.organisation.name_of(person)) for person in found.untrained[:MOST_NAMES]],
        more_untrained=max(0, len(found.untrained) - MOST_NAMES),
        growth=[_growth(one) for one in found.growth],
        begin=_begin(found) if HR in here.me.roles else (),
    )


def _year() -> int:
    written = request.args.get("year", "")
    if not written:
        return words().today.year
    if not (written.isascii() and written.isdigit() and len(written) == 4 and int(written) > 1999):
        raise NotFound("没有这一年。", "There is no such year.")
    return int(written)


def _tabs(year: int) -> tuple[Tab, ...]:
    """The years beside the one that is shown."""
    return tuple(
        Tab(_("%(year)s 年", year=one), url_for("training.index", year=one), current=one == year)
        for one in range(year - 1, year + 2)
    )


def _said(found: TrainingYear, ahead: int) -> str:
    """The year in a sentence."""
    share = found.passed_share()
    if not found.trainings:
        return _("%(year)s 年还没有培训。", year=found.year)
    said = _(
        "%(year)s 年办了 %(held)s 场，还有 %(ahead)s 场要办；到课 %(came)s 人次。",
        year=found.year, held=len(found.held), ahead=ahead, came=found.attended,
    )  # fmt: skip
    return said if share is None else said + _("评估过的里面，%(share)s合格。", share=_percent(share))


def _percent(share: Decimal) -> str:
    return f"{number(share, 1)}%"


# ---- lines -------------------------------------------------------------------------------------------------------


def _line(found: TrainingYear, one: Training) -> TrainingLine:
    day = words().moment(one.held_at) if one.held_at else words().day_and_weekday(one.planned_on)
    organiser = visit().organisation.name_of(one.organiser) if one.organiser else ""
    meta = " · ".join(piece for piece in (one.method.text(language()), organiser) if piece)
    judged = one in found.judged
    most = max((len(each.attended) for each in found.held), default=0) or 1
    return TrainingLine(
        one.topic, url_for("case.show", case_id=one.case), day, meta, _people(one),
        _("%(n)s 人合格", n=len(one.passed)) if judged else "",
        number(one.mark, 2) if one.mark is not None else "", one.effect if one.stage == "judged" else "",
        _chip(one), len(one.attended) * WIDE // most, len(one.passed) * WIDE // most if judged else 0,
    )  # fmt: skip


def _people(one: Training) -> str:
    if one.users_attended is not None:
        return _("%(n)s 位用户", n=one.users_attended)
    if one.attended:
        return _("到课 %(came)s / %(asked)s", came=len(one.attended), asked=len(one.participants))
    return _("名单 %(n)s 人", n=len(one.participants)) if one.participants else ""


def _chip(one: Training) -> Chip:
    tones: dict[str, Tone] = {"judged": "done", "held": "act"}
    return Chip(one.state.text(language()), "late" if one.late else tones.get(one.stage, "plain"))


def _plan(one: Plan) -> PlanLine:
    tone: Tone = "late" if one.late else "done" if one.ended else "act"
    chip = Chip(one.state.text(language()), tone)
    return PlanLine(one.title, url_for("case.show", case_id=one.case), one.asked, one.held, chip)


def _growth(one: Growth) -> GrowthLine:
    href = url_for("search.index", process=one.process)
    return GrowthLine(one.title.text(language()), href, one.running, one.late, one.ended)


def _learner(person: PersonId, came: int, passed: int) -> LearnerLine:
    return LearnerLine(who(person, visit().organisation.name_of(person)), came, passed)


def _methods(found: TrainingYear) -> list[MethodLine]:
    """By way of teaching: how many were held, how many came and passed, and the mean of the marks."""
    ways = list(dict.fromkeys(one.method for one in found.held))
    return [
        _method(found, method.text(language()), [one for one in found.held if one.method == method]) for method in ways
    ]


def _method(found: TrainingYear, title: str, trainings: list[Training]) -> MethodLine:
    share = found.passed_share(trainings)
    came = sum(len(one.attended) + (one.users_attended or 0) for one in trainings)
    passed = _percent(share) if share is not None else ""
    return MethodLine(title, len(trainings), came, passed, _mean(one.mark for one in trainings))


def _mean(marks: Iterable[Decimal | None]) -> str:
    known = [mark for mark in marks if mark is not None]
    return number(sum(known, Decimal(0)) / len(known), 2) if known else ""


def _begin(found: TrainingYear) -> tuple[tuple[str, str], ...]:
    """What human resources can start from here: title and address."""
    return tuple((one.title.text(language()), url_for("start.show", process=one.key)) for one in found.begin)
