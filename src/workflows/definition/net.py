"""A process as a Petri net, so that exported history can be checked against its definition by programs of others (PNML).

Each step of a case is one activity: it is over when the case leaves the step, or when one of several people has done their part of
it. The net says which steps may follow which; when, the definition's conditions say. One activity leads from a place to one place
only (the automaton is made deterministic), so that every tool replays it the same; silent is only the way out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from workflows.definition.model import START, Process, State
from workflows.errors import Text

CANCEL = Text("作废", "Called off")
"""The activity that ends a case anywhere, unless the definition forbids it."""

SOURCE, SINK = f"at {START}", "ended"


@dataclass(frozen=True, slots=True)
class Transition:
    """From one place to another. `activity` "": silent."""

    name: str
    activity: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Net:
    """Places and transitions; a case begins with one token in `SOURCE` and ends with one in `SINK`."""

    places: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def accepts(self, trace: Iterable[str]) -> bool:
        """Whether these activities, in this order, lead from the beginning to the end."""
        place = self._after(trace)
        return place is not None and (place, SINK) in {
            (one.source, one.target) for one in self.transitions if not one.activity
        }

    def allows(self, trace: Iterable[str]) -> bool:
        """Whether they can be the first activities of a case."""
        return self._after(trace) is not None

    def _after(self, trace: Iterable[str]) -> str | None:
        """Where the token is afterwards; None where it cannot get there."""
        ways = {(one.source, one.activity): one.target for one in self.transitions if one.activity}
        place: str | None = SOURCE
        for activity in trace:
            place = ways.get((place, activity)) if place is not None else None
        return place


def activities(process: Process, language: str = "zh") -> Mapping[str, str]:
    """State → what its activity is called: the title, the key behind it where two have the same title."""
    titles = {START: Text("发起", "Start").text(language)}
    titles |= {key: state.title.text(language) for key, state in process.states.items() if state.end is None}
    names = {f"!{name}": one.action.title.text(language) for name, one in process.anytime.items()}
    often = Counter([*titles.values(), *names.values(), CANCEL.text(language)])
    return {key: f"{title} ({key})" if often[title] > 1 else title for key, title in titles.items()}


def anytime_activity(process: Process, name: str, language: str = "zh") -> str:
    """What an action of no task is called: it is an activity of its own."""
    return process.anytime[name].action.title.text(language)


def net_of(process: Process, language: str = "zh") -> Net:
    """The net of a process."""
    names = activities(process, language)
    found = [*_start(process, names)]
    for key, state in process.states.items():
        if state.end is None:
            found += [*_step(process, state, names[key]), *_anytime(process, key, language)]
    if "cancel" not in process.forbids:
        found += [Transition(f"cancel {key}", CANCEL.text(language), f"at {key}", SINK) for key in names]
    return _determined(found)


def _determined(found: Iterable[Transition]) -> Net:
    """The same ways without silent routing: a place of the net is everywhere where a case may stand (subset construction)."""
    by_source: dict[str, list[Transition]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
    first = _silently({SOURCE}, by_source)
    names, waiting, made = {first: SOURCE}, [first], list[Transition]()
    while waiting:
        here = waiting.pop(0)
        ways: dict[str, set[str]] = {}
        for one in (one for place in sorted(here) for one in by_source.get(place, ()) if one.activity):
            ways.setdefault(one.activity, set()).add(one.target)
        for activity, targets in ways.items():
            there = _silently(targets, by_source)
            if there not in names:
                names[there] = f"p{len(names)}"
                waiting.append(there)
            made.append(Transition(f"{names[here]} {activity}", activity, names[here], names[there]))
    made += [Transition(f"out of {name}", "", name, SINK) for places, name in names.items() if SINK in places]
    return Net((*names.values(), SINK), tuple(made))


def _silently(places: set[str], by_source: Mapping[str, list[Transition]]) -> frozenset[str]:
    """These places and all that can be reached from them without an activity."""
    reached, waiting = set(places), list(places)
    while waiting:
        further = {one.target for one in by_source.get(waiting.pop(), ()) if not one.activity} - reached
        reached |= further
        waiting += further
    return frozenset(reached)


def _start(process: Process, names: Mapping[str, str]) -> Iterator[Transition]:
    yield Transition(START, names[START], SOURCE, f"after {START}")
    yield _silent(process, START, process.start.to)


def _step(process: Process, state: State, activity: str) -> Iterator[Transition]:
    yield Transition(state.key, activity, f"at {state.key}", f"after {state.key}")
    for target in dict.fromkeys(_targets(state)):
        yield _silent(process, state.key, target)
    if _again(state):
        yield Transition(f"{state.key} again", "", f"after {state.key}", f"at {state.key}")


def _targets(state: State) -> Iterator[str]:
    yield from (way.to for action in state.actions.values() for way in action.ways)
    yield from (way.to for after in state.after for way in after.ways)
    yield from (way.to for reaction in state.signals for way in reaction.ways)
    yield from (way.to for spawn in state.spawns for way in spawn.ways)


def _again(state: State) -> bool:
    """Whether a case may stay in the step after somebody has done something in it: another part, another person, an entry."""
    several = len(state.tasks) > 1 or any(task.each for task in state.tasks)
    return several or any(action.stay or action.people > 1 for action in state.actions.values())


def _silent(process: Process, key: str, target: str) -> Transition:
    return Transition(f"{key} to {target}", "", f"after {key}", _place(process, target))


def _place(process: Process, target: str) -> str:
    state = process.states.get(target)
    return SINK if state is not None and state.end is not None else f"at {target}"


def _anytime(process: Process, key: str, language: str) -> Iterator[Transition]:
    for name, anytime in process.anytime.items():
        if anytime.states and key not in anytime.states:
            continue
        activity = anytime_activity(process, name, language)
        targets = dict.fromkeys(_place(process, way.to) for way in anytime.action.ways)
        for target in targets if not anytime.action.stay else (f"at {key}",):
            yield Transition(f"{name} {key} {target}", activity, f"at {key}", target)


# ---- PNML --------------------------------------------------------------------------------------------------------


def pnml(process: Process, language: str = "zh") -> str:
    """The net as PNML (ISO/IEC 15909-2), silent transitions marked as the tools of process mining read them."""
    net = net_of(process, language)
    ids = {name: f"n{number}" for number, name in enumerate((*net.places, *(one.name for one in net.transitions)))}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<pnml>",
        f'<net id={quoteattr(process.key)} type="http://www.pnml.org/version-2009/grammar/pnmlcoremodel">',
        f"<name><text>{escape(process.title.text(language))}</text></name>",
        '<page id="page">',
        *(_place_line(ids[place], place) for place in net.places),
        *(_transition_line(ids[one.name], one) for one in net.transitions),
        *(line for one in net.transitions for line in _arcs(ids, one)),
        "</page>",
        f'<finalmarkings><marking><place idref="{ids[SINK]}"><text>1</text></place></marking></finalmarkings>',
        "</net>",
        "</pnml>",
    ]
    return "\n".join(lines) + "\n"


def _place_line(id_: str, place: str) -> str:
    marking = "<initialMarking><text>1</text></initialMarking>" if place == SOURCE else ""
    return f'<place id="{id_}"><name><text>{escape(place)}</text></name>{marking}</place>'


def _transition_line(id_: str, one: Transition) -> str:
    silent = '<toolspecific tool="ProM" version="6.4" activity="$invisible$" localNodeID="0"/>'
    label = escape(one.activity or one.name)
    return f'<transition id="{id_}"><name><text>{label}</text></name>{"" if one.activity else silent}</transition>'


def _arcs(ids: Mapping[str, str], one: Transition) -> tuple[str, str]:
    middle = ids[one.name]
    return (
        f'<arc id="in-{middle}" source="{ids[one.source]}" target="{middle}"/>',
        f'<arc id="out-{middle}" source="{middle}" target="{ids[one.target]}"/>',
    )
