"""What a rule did with a value, as clauses: no full stop yet, and what was deducted marked off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workflows.errors import Text
from workflows.scoring.applying import HUNDRED, Outcome, is_met
from workflows.scoring.explaining.formula import in_words
from workflows.scoring.explaining.numbers import apart, distance, in_unit, short
from workflows.scoring.measuring import Measured
from workflows.scoring.model import Indicator, Scorecard
from workflows.scoring.rules import Attainment, Bands, Charge, Deductions, Met, Readings, Steps

BAND_WORDS: Mapping[str, Text] = {
    "actual": Text("实际", "actual"),
    "target": Text("目标", "target"),
    "rate": Text("达成率", "attainment in %"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence. `cut`: the words at its end that say what it deducted."""

    text: Text
    cut: Text | None = None


def clause(
    card: Scorecard, indicator: Indicator, measured: Measured, outcome: Outcome, figures: Mapping[str, Decimal]
) -> Clause:
    """What the indicator's rule did. `figures`: as given, for what is counted by figure."""
    match indicator.rule:
        case Attainment(most):
            return Clause(_attainment(indicator, measured, outcome, most or indicator.readings.most))
        case Steps():
            return _steps(indicator, indicator.rule, outcome)
        case Bands():
            return Clause(_band(indicator.rule, outcome))
        case Met():
            met = (
                measured.actual is not None
                and measured.target is not None
                and is_met(measured.actual, measured.target, indicator.direction)
            )
            points = short(outcome.points)
            if met:
                return Clause(Text(f"达标，得 {points} 分", f"On target: {points}"))
            return Clause(Text(f"未达标，得 {points} 分", f"Target missed: {points}"))
        case Deductions(charges):
            return _deductions(card, charges, indicator, outcome, figures)


def _attainment(indicator: Indicator, measured: Measured, outcome: Outcome, most: Fraction | None) -> Text:
    share, points = outcome.share or Fraction(0), outcome.points
    shown = short(share, apart(share, [most, Fraction(0)]))
    if indicator.direction == "up":
        rule = Text(f"达到目标的 {shown}%", f"{shown}% of the target")
    elif measured.actual == 0:
        rule = Text("实际为 0，是最好的结果", "An actual of 0 is the best result")
    elif indicator.readings.lower == "ratio":
        rule = Text(f"目标 ÷ 实际 × 100 = {shown}", f"Target ÷ actual × 100 = {shown}")
    else:
        rule = Text(f"(2 − 实际 ÷ 目标) × 100 = {shown}", f"(2 − actual ÷ target) × 100 = {shown}")
    if most is not None and share > most:
        return Text(f"{rule.zh}，最多计 {short(most)} 分", f"{rule.en}, at most {short(most)} count")
    if points > share:
        return Text(f"{rule.zh}，最低计 {short(points)} 分", f"{rule.en}, {short(points)} is the least")
    return Text(f"{rule.zh}，得 {shown} 分", f"{rule.en}: {shown}")


def _steps(indicator: Indicator, rule: Steps, outcome: Outcome) -> Clause:
    gap, steps = outcome.gap or Fraction(0), outcome.steps or Fraction(0)
    if gap <= 0:
        return Clause(Text("达标", "On target"))
    places = apart(gap, [Fraction(0), steps * rule.every, (steps + 1) * rule.every])
    how_far = _gap_words(indicator, rule, gap, places)
    step = _measure(indicator, rule, rule.every)
    if steps == 0:
        return Clause(
            Text(f"{how_far.zh}，不满 {step.zh}，不扣", f"{how_far.en}, less than a full {step.en}: nothing off")
        )
    each = step_words(indicator, rule)
    cut = _cut(outcome.cost or Fraction(0), steps * rule.costs, indicator.readings)
    return Clause(Text(f"{how_far.zh}，{each.zh}，{cut.zh}", f"{how_far.en}; {each.en}: {cut.en}"), cut)


def _gap_words(indicator: Indicator, rule: Steps, gap: Fraction, places: int) -> Text:
    below = indicator.direction == "up"
    if rule.gap_in == "relative":
        number = short(gap, places)
        return Text(
            f"比目标{'低' if below else '高'} {number}%", f"{number}% {'below' if below else 'above'} the target"
        )
    far = distance(gap, indicator.unit, indicator.unit_words, places)
    return Text(f"{'差' if below else '超'} {far.zh}", f"{far.en} {'short' if below else 'over'}")


def _measure(indicator: Indicator, rule: Steps, value: Fraction) -> Text:
    """A step in the measure that the rule counts in."""
    if rule.gap_in == "relative":
        return Text(f"{short(value)}%", f"{short(value)}%")
    return distance(value, indicator.unit, indicator.unit_words)


def step_words(indicator: Indicator, rule: Steps) -> Text:
    """What a step costs: 每低满 5 个点扣 3 分."""
    step, costs = _measure(indicator, rule, rule.every), short(rule.costs)
    size = f"{step.zh} " if step.zh.isascii() else step.zh
    way = "低" if indicator.direction == "up" else "超"
    match indicator.readings.steps:
        case "begun":
            return Text(f"每{way} {size}扣 {costs} 分，不满也算", f"{costs} for each {step.en} begun")
        case "linear":
            return Text(f"每{way} {size}扣 {costs} 分，按比例", f"{costs} for each {step.en}, in proportion")
    return Text(f"每{way}满 {size}扣 {costs} 分", f"{costs} for each full {step.en}")


def _cut(cost: Fraction, points: Fraction, readings: Readings) -> Text:
    """`cost` of the hundred; where points are taken from the weight, `points` of that are it."""
    if readings.points_of == "weight":
        of_weight, of_hundred = short(points, 4), short(cost, 4)
        return Text(
            f"扣权重 {of_weight} 分（合 {of_hundred}）", f"minus {of_weight} of the weight ({of_hundred} of 100)"
        )
    return Text(f"扣 {short(cost, 4)}", f"minus {short(cost, 4)}")


def _band(rule: Bands, outcome: Outcome) -> Text:
    place = outcome.band or 0
    band = rule.bands[place]
    points = short(outcome.points, apart(outcome.points, [Fraction(0), HUNDRED]))
    given = in_words(band.points, BAND_WORDS.__getitem__)
    result = Text(f"得 {points} 分", points)
    if band.points.names:
        result = Text(f"得分 = {given.zh} = {points}", f"{given.en} = {points}")
    if band.when is not None:
        when = in_words(band.when, BAND_WORDS.__getitem__)
        return Text(f"{when.zh}，{result.zh}", f"{_capital(when.en)}: {result.en}")
    before = rule.bands[place - 1].when
    if before is None:
        return result
    when = in_words(before, BAND_WORDS.__getitem__)
    return Text(f"不满足“{when.zh}”，{result.zh}", f"Not {when.en}: {result.en}")


def _deductions(
    card: Scorecard,
    charges: Mapping[str, Charge],
    indicator: Indicator,
    outcome: Outcome,
    figures: Mapping[str, Decimal],
) -> Clause:
    occurred = [(name, charge) for name, charge in charges.items() if figures[name]]
    if not occurred:
        titles = [card.title_of(name) for name in charges]
        zh, en = "、".join(title.zh for title in titles), ", ".join(title.en for title in titles)
        return Clause(Text(f"{zh}为 0，不扣", f"{en}: 0, nothing off"))
    texts = [_occurrences(card, name, charge, Fraction(figures[name]), indicator.readings) for name, charge in occurred]
    points = sum((outcome.costs or {}).values(), Fraction(0))
    cut = _cut(outcome.cost or Fraction(0), points, indicator.readings)
    return Clause(
        Text("，".join([*(text.zh for text in texts), cut.zh]), ", ".join(text.en for text in texts) + f": {cut.en}"),
        cut,
    )


def _occurrences(card: Scorecard, name: str, charge: Charge, count: Fraction, readings: Readings) -> Text:
    title, number = card.title_of(name), short(count)
    each = charge_words(charge, readings)
    return Text(f"{title.zh} {number} 次，{each.zh}", f"{title.en} {number}, {each.en}")


def charge_words(charge: Charge, readings: Readings) -> Text:
    """What occurrences cost: 每次扣 10；每满 3 次扣 5，其余每次扣 1."""
    each = short(charge.each)
    if charge.every is None or charge.costs is None:
        return Text(f"每次扣 {each} 分", f"{each} each")
    every, costs = charge.every, short(charge.costs)
    if readings.bundles == "all":
        return Text(
            f"每次扣 {each} 分，每满 {every} 次再扣 {costs} 分", f"{each} each and {costs} more for each {every}"
        )
    return Text(
        f"每满 {every} 次扣 {costs} 分，其余每次扣 {each} 分", f"{costs} for each {every}, {each} for each of the rest"
    )


def condition_words(indicator: Indicator, value: Fraction) -> Clause | None:
    """Whether a condition is met, and what follows; None where there is none."""
    condition = indicator.condition
    if condition is None:
        return None
    number = in_unit(value, condition.unit, None, apart(value, [condition.least]))
    least = in_unit(condition.least, condition.unit)
    met = value >= condition.least
    start = Text(
        f"{condition.title.zh} {number.zh}，{'够' if met else '不到'} {least.zh}",
        f"{condition.title.en} {number.en}, {'at least' if met else 'less than'} {least.en}",
    )
    follows = {
        True: Text("计权重", "it counts"),
        False: Text("不计权重，由同组其余各项分担", "its weight is shared by the others of its group")
        if condition.otherwise == "drop"
        else Text("得 0 分", "it scores 0"),
    }[met]
    return Clause(Text(f"{start.zh}，{follows.zh}", f"{start.en}: {follows.en}"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
