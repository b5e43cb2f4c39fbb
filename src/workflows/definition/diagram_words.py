"""Moments, people and conditions in the few words that fit beside an arrow or into a box.

`Names` knows what the organisation calls its positions and units and what other processes are called; what it does not
know is shown by its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from workflows.definition.diagram_conditions import condition_said
from workflows.definition.model import Anchor, Condition, Duration, Moment, People, Process, Word
from workflows.errors import Text


def _none() -> Mapping[str, Text]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Names:
    """Titles from outside the definition: key → title of positions, units and processes."""

    positions: Mapping[str, Text] = field(default_factory=_none)
    units: Mapping[str, Text] = field(default_factory=_none)
    processes: Mapping[str, Text] = field(default_factory=_none)


_PLAIN: Mapping[str, Text] = {
    "starter": Text("发起人", "Starter"),
    "subject": Text("本人", "Employee"),
    "holder": Text("办理人", "Holder"),
    "employees": Text("每位员工", "Every employee"),
    "auditors": Text("审计", "Auditors"),
    "administrators": Text("管理员", "Administrators"),
    "participants": Text("参与人", "Participants"),
    "everyone": Text("所有人", "Everyone"),
}
_DEADLINES: Mapping[str, Text] = {"scoring_deadline": Text("评分截止日", "the scoring deadline")}


def span_said(duration: Duration) -> Text:
    """How long it is, whichever way it counts: “5 个工作日”."""
    n = abs(duration.amount)
    zh = {"h": f"{n} 小时", "d": f"{n} 天", "wd": f"{n} 个工作日"}
    en = {"h": f"{n} h", "d": f"{n} d", "wd": f"{n} wd"}
    return Text(zh[duration.unit], en[duration.unit])


@dataclass(frozen=True, slots=True)
class Speaker:
    """One process, one language ("zh" or "en"), and the names from outside."""

    process: Process
    language: str
    names: Names = Names()

    def say(self, text: Text) -> str:
        """A text in the language spoken."""
        return text.text(self.language)

    def pick(self, zh: str, en: str) -> str:
        """One of two texts."""
        return Text(zh, en).text(self.language)

    def title(self, key: str, titles: Mapping[str, Text]) -> str:
        """The title of a key, or the key in words."""
        return self.say(titles[key]) if key in titles else key.replace("_", " ")

    def state(self, key: str) -> str:
        """The title of a state; of the start form for `start`."""
        state = self.process.states.get(key)
        return self.say(state.title) if state else self.pick("发起", "Start")

    def field(self, name: str) -> str:
        """The title of a field or parameter."""
        known = self.process.fields.get(name) or self.process.parameters.get(name)
        return self.say(known.title) if known else name.replace("_", " ")

    def people(self, people: People) -> str:
        """`[starter, {position: x}]` → “发起人、运营专员”."""
        return self.pick("、", ", ").join(self.each_of(people))

    def each_of(self, people: People) -> tuple[str, ...]:
        """The same, one text for each word."""
        return tuple(self._word(word) for word in people.words)

    def _word(self, word: Word) -> str:
        if isinstance(word.arg, People):
            whose = self.people(word.arg)
            if word.kind == "managers_of":
                return self.pick(f"{whose}的各级上级", f"{whose}'s managers")
            if word.kind == "team_of":
                return self.pick(f"{whose}的下属", f"{whose}'s reports")
            return self.pick(f"{whose}的上级", f"{whose}'s manager")
        arg = str(word.arg or "")
        match word.kind:
            case "position":
                return self.title(arg, self.names.positions)
            case "unit":
                return self.title(arg, self.names.units)
            case "lead_of":
                return self.pick(
                    f"{self.title(arg, self.names.units)}负责人", f"Lead of {self.title(arg, self.names.units)}"
                )
            case "field":
                return self.field(arg)
            case "did":
                return self.pick(f"办{self.state(arg)}的人", f"Who did {self.state(arg)}")
        return self.say(_PLAIN[word.kind]) if word.kind in _PLAIN else arg or word.kind

    def duration(self, duration: Duration) -> str:
        """`5wd` → “5 个工作日” / “5 wd”; by choice “4 小时到 5 个工作日（按级别）”."""
        if duration.by is not None:
            first, last = (self.duration(one) for _, one in (duration.choices[0], duration.choices[-1]))
            by = self.field(duration.by)
            return self.pick(f"{first}到 {last}（按{by}）", f"{first} to {last} by {by.lower()}")
        return self.say(span_said(duration))

    def moment(self, moment: Moment) -> str:
        """A deadline: “10 个工作日”, “上线日期前 5 个工作日”."""
        offsets = [offset for offset in moment.offsets if offset.amount]
        if moment.anchor.kind == "entered" and not moment.anchor.args and offsets:
            return " ".join(self.duration(offset) for offset in offsets)
        text = self._anchor(moment.anchor)
        for offset in offsets:
            text = self._moved(text, offset)
        return text

    def _moved(self, text: str, offset: Duration) -> str:
        span = self.duration(offset)
        if offset.amount < 0:
            return self.pick(f"{text}前 {span}", f"{span} before {text}")
        return self.pick(f"{text}后 {span}", f"{span} after {text}")

    def _anchor(self, anchor: Anchor) -> str:
        args = anchor.args
        match anchor.kind:
            case "entered":
                return self._marked(self.state(str(args[0]))) if args else self.pick("进入", "entering")
            case "due":
                return self.pick("到期", "due")
            case "field":
                return self._quoted(str(args[0]))
            case "end_of":
                name = self._quoted(str(args[0]))
                return self.pick(f"{name}当天结束", f"end of {name}")
            case "last_workday":
                return self.pick(f"{self._period(args[0])}最后工作日", f"last workday of {self._period(args[0])}")
            case "workday":
                return self.pick(
                    f"{self._period(args[1])}第 {args[0]} 个工作日", f"workday {args[0]} of {self._period(args[1])}"
                )
            case "deadline":
                return self.title(str(args[0]), _DEADLINES)

    def _quoted(self, name: str) -> str:
        """A field's title within a sentence: English titles such as “Begins on” read as such in quotes alone."""
        return self._marked(self.field(name))

    def _marked(self, title: str) -> str:
        return self.pick(title, f"“{title}”")

    def _period(self, expression: object) -> str:
        word, inner = expression if isinstance(expression, tuple) else ("field", "")
        name = inner
        while isinstance(name, tuple):
            name = name[1]
        known = self.process.fields.get(str(name))
        kind = known.type if known else "month"
        zh = {"week": "周", "month": "月", "quarter": "季", "year": "年"}.get(kind, "期")
        if word == "next":
            return self.pick(f"次{zh}", f"the next {kind}")
        if word == "previous":
            return self.pick(f"上{zh}", f"the last {kind}")
        return self.pick(f"当{zh}", f"the {kind}")

    def clock(self, moment: Moment) -> str:
        """The moment of a timer on an arrow: “满 5 个工作日”, “到上线日期”, “逾期 2 个工作日”."""
        offsets = " ".join(self.duration(offset) for offset in moment.offsets if offset.amount > 0)
        plain = len(offsets) > 0 and all(offset.amount > 0 for offset in moment.offsets)
        if moment.anchor.kind == "entered" and plain:
            since = self._anchor(moment.anchor) if moment.anchor.args else ""
            return self.pick(f"{since}满 {offsets}", f"{offsets} after {since}" if since else f"after {offsets}")
        if moment.anchor.kind == "due" and plain:
            return self.pick(f"逾期 {offsets}", f"{offsets} late")
        if moment.anchor.kind == "due" and not moment.offsets:
            return self.pick("到期", "when due")
        if moment.anchor.kind == "end_of" and not moment.offsets:
            name = self._quoted(str(moment.anchor.args[0]))
            return self.pick(f"过了{name}", f"after {name}")
        if moment.anchor.kind in ("workday", "last_workday", "end_of"):
            return self.moment(moment)
        said = self.moment(moment)
        return self.pick(f"到{said}", said if moment.offsets else f"on {said}")

    def condition(self, condition: Condition | None) -> str:
        """A guard in plain words; “其余” for `else`; "" where there is nothing to say but code."""
        if condition is None:
            return self.pick("其余", "else")
        if condition.all_ended is not None:
            title = self.title(condition.all_ended, self.names.processes)
            return self.pick(f"{title}都已结束", f"every {title.lower()} ended")
        said = condition_said(self.process, condition.expression) if condition.expression is not None else None
        return self.say(said) if said is not None else ""

    def under(self, label: str, condition: Condition | None) -> str:
        """What leads on, and on which condition: “裁定，更正几项 > 0”; the label alone where the condition has no words."""
        said = self.condition(condition)
        return f"{label}{self.pick('，', ', ')}{said}" if said else label
