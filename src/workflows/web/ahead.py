"""What comes to the reader by itself, and who acts while they are away: the side of 待办."""

from __future__ import annotations

from typing import Final

from workflows.definition.model import People, Process
from workflows.http import visit
from workflows.org.organisation import PersonId
from workflows.web.casework import engine
from workflows.web.language import _
from workflows.web.words import Words

MOST: Final = 4


def coming(words: Words) -> tuple[tuple[str, str], ...]:
    """The recurring starts that will bring the reader something: title, and when it begins; the nearest first."""
    here = visit()
    processes = engine().processes(here.session)
    found = []
    for schedule in engine().schedules(here.session, here.now, count=1):
        process = processes.get(schedule.process)
        if process is None or not schedule.next or not _for_me(process, schedule.index, here.me.id):
            continue
        at, _provisional = schedule.next[0]
        found.append((at, process.title.text(words.language)))
    return tuple((title, _("%(when)s 自动发起", when=words.moment(at))) for at, title in sorted(found)[:MOST])


def away(words: Words) -> str:
    """Who acts for the reader during the absence that runs or comes next; "" when none is known."""
    here = visit()
    periods = [p for p in here.organisation.absences.get(here.me.id, ()) if p.last_day >= words.today]
    if not periods:
        return ""
    period = min(periods, key=lambda p: p.first_day)
    days = words.days(period.first_day, period.last_day)
    if period.deputy is None:
        return _("%(days)s 不在，没有人代办。", days=days)
    return _("%(days)s由%(who)s代办。", days=days, who=here.organisation.name_of(period.deputy))


def _for_me(process: Process, index: int, me: PersonId) -> bool:
    schedule = next((s for s in process.schedules if s.index == index), None)
    if schedule is None:
        return False
    people = schedule.each or _first_holders(process)
    return me in _known(people)


def _first_holders(process: Process) -> People:
    """Who holds the first task of a case that the clock starts for nobody in particular."""
    state = process.states.get(process.start.to)
    return state.tasks[0].who if state is not None and state.tasks else People()


def _known(people: People) -> frozenset[PersonId]:
    """Those of the words that the organisation alone can answer; words about a case name nobody yet."""
    organisation = visit().organisation
    found: set[PersonId] = set()
    for word in people.words:
        if word.parent or not (word.arg is None or isinstance(word.arg, str)):
            continue
        found.update(organisation.people_of(f"{word.kind}:{word.arg}" if word.arg else word.kind))
        if word.kind == "employees":
            found.update(p for p in organisation.active if organisation.people[p].appraised_position)
    return frozenset(found)
