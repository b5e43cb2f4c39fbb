"""A card in words: for every indicator its formula in titles, its target and its rule in a sentence, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from workflows.errors import Text
from workflows.scoring.explaining.formula import in_titles, in_words
from workflows.scoring.explaining.numbers import distance, in_unit, short
from workflows.scoring.explaining.rules import BAND_WORDS, charge_words, step_words
from workflows.scoring.model import Group, Indicator, Scorecard
from workflows.scoring.rules import Attainment, Bands, Charge, Deductions, Met, Steps


@dataclass(frozen=True, slots=True)
class IndicatorWords:
    """An indicator as a page describes it. `formula` None: its rule counts figures. `notes`: what else holds, a sentence each."""

    indicator: Indicator
    title: Text
    formula: Text | None
    target: Text | None
    rule: Text
    notes: tuple[Text, ...]
    parts: tuple[IndicatorWords, ...] = ()


def card_in_words(card: Scorecard) -> Mapping[str, IndicatorWords]:
    """All lines of a card by key, in its order."""
    return {key: indicator_in_words(card, one) for key, one in card.indicators.items()}


def indicator_in_words(card: Scorecard, one: Indicator) -> IndicatorWords:
    """One indicator, with its parts."""
    parts = tuple(indicator_in_words(card, part) for part in one.parts)
    target = None if isinstance(one.rule, Deductions) else target_words(card, one)
    return IndicatorWords(one, one.title, in_titles(card, one), target, rule_words(card, one), _notes(card, one), parts)


def group_words(card: Scorecard, group: Group) -> Text | None:
    """What is to be said of a group: that the weights in it were scaled."""
    if not group.scaled:
        return None
    total = sum((card.indicators[key].weight for key in group.indicators), Fraction(0))
    count, weight = len(group.indicators), short(group.weight)
    return Text(
        f"{count} 项原权重合计 {short(total)}，按比例折成 {weight}。",
        f"The {count} weights add up to {short(total)} and are scaled to {weight}.",
    )


def target_words(card: Scorecard, one: Indicator) -> Text:
    """The target as its line shows it: ≥ 20%; 行业平均转化率 + 5 个点; 快消品 30%，耐用品 20%，其他由公司设定."""
    sign = "≥" if one.direction == "up" else "≤"
    target = one.target
    if target.value is not None:
        value = in_unit(target.value, one.unit, one.unit_words)
        return Text(f"{sign} {value.zh}", f"{sign} {value.en}")
    if target.base is not None:
        base, more = card.title_of(target.base), distance(target.plus, one.unit, one.unit_words)
        if target.plus_in == "relative":
            more = Text(f"其 {short(target.plus)}%", f"{short(target.plus)}% of it")
        return Text(f"{sign} {base.zh} + {more.zh}", f"{sign} {base.en} + {more.en}")
    if target.by is not None:
        choices = card.parameters[target.by].choices
        values = [(choices[key], in_unit(value, one.unit, one.unit_words)) for key, value in target.choices.items()]
        zh = "，".join(f"{title.zh} {sign} {value.zh}" for title, value in values)
        en = ", ".join(f"{title.en} {sign} {value.en}" for title, value in values)
        return Text(f"{zh}，其他由公司设定", f"{en}, others set by the company")
    return Text("由公司设定", "Set by the company")


def rule_words(card: Scorecard, one: Indicator) -> Text:
    """The rule in a sentence."""
    match one.rule:
        case Attainment(most):
            rule = _attainment(one, most or one.readings.most)
        case Steps():
            each = step_words(one, one.rule)
            start = Text("", "") if one.part_of is not None else Text("达标 100 分，", "100 on target, ")
            rule = Text(f"{start.zh}{each.zh}{_of(one).zh}", f"{start.en}{each.en}{_of(one).en}")
        case Bands():
            rule = _bands(one.rule)
        case Met(met, missed):
            rule = Text(
                f"达标 {short(met)} 分，未达标 {short(missed)} 分", f"{short(met)} on target, else {short(missed)}"
            )
        case Deductions(charges):
            rule = _deductions(card, one, charges)
    least = short(one.readings.least or Fraction(0))
    if one.part_of is not None or isinstance(one.rule, Bands | Met):
        return Text(f"{rule.zh}。", f"{rule.en}.")
    return Text(f"{rule.zh}，最低 {least} 分。", f"{rule.en}, not below {least}.")


def _attainment(one: Indicator, most: Fraction | None) -> Text:
    at_most = Text(f"，最高 {short(most)} 分", f", at most {short(most)}") if most is not None else Text("", "")
    if one.direction == "up":
        return Text(f"实际 ÷ 目标 × 100{at_most.zh}", f"Actual ÷ target × 100{at_most.en}")
    if one.readings.lower == "ratio":
        return Text(f"目标 ÷ 实际 × 100{at_most.zh}", f"Target ÷ actual × 100{at_most.en}")
    return Text(f"(2 − 实际 ÷ 目标) × 100{at_most.zh}", f"(2 − actual ÷ target) × 100{at_most.en}")


def _of(one: Indicator) -> Text:
    return Text("（从权重里扣）", " (taken from the weight)") if one.readings.points_of == "weight" else Text("", "")


def _bands(rule: Bands) -> Text:
    zh, en = [], []
    for band in rule.bands:
        points = in_words(band.points, BAND_WORDS.__getitem__)
        when = in_words(band.when, BAND_WORDS.__getitem__) if band.when is not None else Text("其余", "otherwise")
        zh.append(f"{when.zh}：{points.zh} 分" if not band.points.names else f"{when.zh}：得分 = {points.zh}")
        en.append(f"{when.en}: {points.en}")
    return Text("；".join(zh), "; ".join(en))


def _deductions(card: Scorecard, one: Indicator, charges: Mapping[str, Charge]) -> Text:
    each = [(card.title_of(name), charge_words(charge, one.readings)) for name, charge in charges.items()]
    start = Text("", "") if one.part_of is not None else Text("从 100 分扣：", "From 100: ")
    zh = "；".join(f"{title.zh}{text.zh}" for title, text in each)
    en = "; ".join(f"{title.en}: {text.en}" for title, text in each)
    return Text(f"{start.zh}{zh}{_of(one).zh}", f"{start.en}{en}{_of(one).en}")


def _cases(card: Scorecard, one: Indicator) -> Text | None:
    if one.cases is None:
        return None
    title = card.title_of(one.cases)
    return Text(
        f"{title.zh}为 0 就是当月没有发生：不计，权重由其余各项分担。",
        f"{title.en}: 0 means no case in the month; it is not counted, the other lines share its weight.",
    )


def _condition(card: Scorecard, one: Indicator) -> Text | None:
    condition = one.condition
    if condition is None or condition.otherwise == "ignore":
        return None
    least = in_unit(condition.least, condition.unit)
    formula = in_words(condition.formula, card.title_of)
    drop = condition.otherwise == "drop"
    follows = (
        Text("不计权重，由同组其余各项分担", "its weight is shared by the others of its group")
        if drop
        else Text("得 0 分", "it scores 0")
    )
    return Text(
        f"{condition.title.zh}（{formula.zh}）不到 {least.zh} 时，{follows.zh}。",
        f"With less than {least.en} of “{condition.title.en}” ({formula.en}) {follows.en}.",
    )  # fmt: skip


def _parts(_card: Scorecard, one: Indicator) -> Text | None:
    if not one.parts:
        return None
    titles = Text("、".join(part.title.zh for part in one.parts), ", ".join(part.title.en for part in one.parts))
    if one.readings.parts == "larger":
        return Text(f"与{titles.zh}中扣得多的一项为准。", f"Of this and {titles.en} the larger deduction counts.")
    return Text(f"与{titles.zh}的扣分相加。", f"The deductions for {titles.en} are added.")


def _rates(_card: Scorecard, one: Indicator) -> Text | None:
    places = one.readings.rates
    if not isinstance(places, int):
        return None
    return Text(f"先四舍五入到 {places} 位小数再比较。", f"Rounded to {places} places before it is compared.")


def _zero(_card: Scorecard, one: Indicator) -> Text | None:
    if one.readings.zero != "not_applicable" or one.formula is None:
        return None
    return Text(
        "除数为 0 时不计，权重由其余各项分担。",
        "A divisor of 0 means that it is not counted; the other lines share its weight.",
    )


def _alarm(_card: Scorecard, one: Indicator) -> Text | None:
    alarm = one.alarm
    if alarm is None:
        return None
    below = in_unit(alarm.below, one.unit, one.unit_words)
    return Text(
        f"连续 {alarm.months} 个月低于 {below.zh}，发起 {alarm.starts}。",
        f"{alarm.months} consecutive months below {below.en} start `{alarm.starts}`.",
    )


def _beside(_card: Scorecard, one: Indicator) -> Text | None:
    if not one.beside:
        return None
    zh, en = "、".join(extra.title.zh for extra in one.beside), ", ".join(extra.title.en for extra in one.beside)
    return Text(f"另外显示、不计分：{zh}。", f"Shown beside it without points: {en}.")


_NOTES: tuple[Callable[[Scorecard, Indicator], Text | None], ...] = (
    _cases,
    _condition,
    _parts,
    _zero,
    _rates,
    _alarm,
    _beside,
)


def _notes(card: Scorecard, one: Indicator) -> tuple[Text, ...]:
    found = [note(card, one) for note in _NOTES]
    return (*(text for text in found if text is not None), *([one.clause] if one.clause is not None else []))
