"""What changed from one version of a card to the next, in words, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from workflows.errors import Text
from workflows.scoring.explaining.numbers import short
from workflows.scoring.model import Group, Indicator, Scorecard
from workflows.scoring.words import indicator_in_words

Kind = Literal["added", "removed", "changed"]

_NONE = Text("没有", "none")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `of`: card, group or indicator; `key`: its key; `what`: weight, target, rule …; `before`, `after` None where there
    is nothing on that side."""

    of: Literal["card", "group", "indicator"]
    kind: Kind
    key: str
    title: Text
    what: Text | None
    before: Text | None
    after: Text | None

    @property
    def text(self) -> Text:
        """The change as a sentence."""
        zh, en = self.title.zh, self.title.en
        match self.kind:
            case "added":
                return Text(f"新增“{zh}”：{_or(self.after).zh}。", f"“{en}” is new: {_or(self.after).en}.")
            case "removed":
                return Text(f"去掉“{zh}”：{_or(self.before).zh}。", f"“{en}” is gone: {_or(self.before).en}.")
        what = self.what or _NONE
        before, after = _or(self.before), _or(self.after)
        return Text(
            f"“{zh}”的{what.zh}：原来是“{before.zh.rstrip('。')}”，改为“{after.zh.rstrip('。')}”。",
            f"“{en}”, {what.en}: “{before.en.rstrip('.')}” became “{after.en.rstrip('.')}”.",
        )


def between(old: Scorecard, new: Scorecard) -> tuple[Change, ...]:
    """Everything in which `new` differs from `old`: the card itself, its groups, then its lines and their parts."""
    return (*_of_card(old, new), *_of_groups(old, new), *_of_indicators(old, new))


def _or(text: Text | None) -> Text:
    return text if text is not None else _NONE


def _of_card(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    pairs = (
        (Text("名称", "title"), old.title, new.title),
        (Text("出处", "source"), Text(old.source, old.source), Text(new.source, new.source)),
    )
    for what, before, after in pairs:
        if before != after:
            yield Change("card", "changed", new.key, new.title, what, before, after)


def _weight(group: Group) -> Text:
    number = short(group.weight, 4)
    return Text(f"权重 {number}", f"weight {number}")


def _of_groups(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    for key in dict.fromkeys((*old.groups, *new.groups)):
        before, after = old.groups.get(key), new.groups.get(key)
        if before is None and after is not None:
            yield Change("group", "added", key, after.title, None, None, _weight(after))
        elif after is None and before is not None:
            yield Change("group", "removed", key, before.title, None, _weight(before), None)
        elif before is not None and after is not None:
            for what, one, other in _group_pairs(before, after):
                if one != other:
                    yield Change("group", "changed", key, after.title, what, one, other)


def _group_pairs(before: Group, after: Group) -> tuple[tuple[Text, Text, Text], ...]:
    def scaled(group: Group) -> Text:
        return Text("按比例折算", "scaled") if group.scaled else Text("照写", "as written")

    return (
        (Text("名称", "title"), before.title, after.title),
        (Text("权重", "weight"), _weight(before), _weight(after)),
        (Text("组内权重", "weights within"), scaled(before), scaled(after)),
    )


def _of_indicators(old: Scorecard, new: Scorecard) -> Iterator[Change]:
    olds, news = old.every, new.every
    for key in dict.fromkeys((*olds, *news)):
        before, after = olds.get(key), news.get(key)
        if before is None and after is not None:
            yield Change("indicator", "added", key, after.title, None, None, _summary(new, after))
        elif after is None and before is not None:
            yield Change("indicator", "removed", key, before.title, None, _summary(old, before), None)
        elif before is not None and after is not None:
            one, other = _aspects(old, before), _aspects(new, after)
            for what in one:
                if one[what] != other[what]:
                    yield Change("indicator", "changed", key, after.title, what, one[what], other[what])


def _summary(card: Scorecard, one: Indicator) -> Text:
    """An indicator in a line: its weight and its rule."""
    words = indicator_in_words(card, one)
    holds = short(one.holds, 4)
    rule = Text(words.rule.zh.rstrip("。"), words.rule.en.rstrip("."))
    return rule if one.part_of is not None else Text(f"权重 {holds}，{rule.zh}", f"weight {holds}, {rule.en}")


def _aspects(card: Scorecard, one: Indicator) -> Mapping[Text, Text | None]:
    """What a reader can see of an indicator, by what it is called."""
    words = indicator_in_words(card, one)
    group = card.groups[one.group].title if one.group is not None else None
    holds, weight = short(one.holds, 4), short(one.weight, 4)
    better = Text("越高越好", "higher is better") if one.direction == "up" else Text("越低越好", "lower is better")
    sources = ", ".join(one.source)
    unit = one.unit_words or Text(one.unit, one.unit)
    return {
        Text("名称", "title"): words.title,
        Text("所在组", "group"): group,
        Text("权重", "weight"): Text(weight, weight),
        Text("实际权重", "weight used"): Text(holds, holds),
        Text("公式", "formula"): words.formula,
        Text("单位", "unit"): unit,
        Text("方向", "direction"): better,
        Text("目标", "target"): words.target,
        Text("计分规则", "rule"): words.rule,
        Text("说明", "notes"): Text(
            "".join(note.zh for note in words.notes), " ".join(note.en for note in words.notes)
        ),
        Text("来源", "source"): Text(sources, sources) if sources else None,
    }
