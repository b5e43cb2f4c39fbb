"""How a line's score came about: one to three sentences made of the figures, the rule and what it cost."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from workflows.errors import Text
from workflows.scoring.applying import HUNDRED
from workflows.scoring.explaining.numbers import apart, in_unit, short
from workflows.scoring.explaining.rules import Clause, clause, condition_words

if TYPE_CHECKING:
    from workflows.scoring.line import Line


def how(line: Line) -> Text:
    """The sentences of a line, in both languages."""
    sentences = _sentences(line)
    return Text("".join(f"{one.zh}。" for one in sentences), " ".join(f"{one.en}." for one in sentences))


def cuts(line: Line) -> tuple[Text, ...]:
    """The words of `how` that say what was deducted."""
    if line.status not in ("scored", "judged"):
        return ()
    return tuple(one.cut for one in _clauses(line) if one.cut is not None)


def _sentences(line: Line) -> list[Text]:
    match line.status:
        case "waived":
            return [_quoting("免计", "Waived", line), _shared()]
        case "judged":
            return _judged(line)
        case "missing":
            return [_missing(line)]
        case "undefined":
            return [_undefined(line)]
        case "not_applicable":
            return _not_applicable(line)
    return _scored(line)


def _judged(line: Line) -> list[Text]:
    score = short(line.score or Fraction(0))
    first = _quoting(f"由评分人评 {score} 分", f"Judged: {score}", line)
    if line.computed is not None:
        computed = short(line.computed)
        return [first, Text(f"按规则是 {computed} 分", f"By the rule it is {computed}"), *_scored(line)]
    if line.measured.found == "dropped" or line.measured.found == "not_applicable":
        return [first]
    return [first, _undefined(line) if line.measured.found == "undefined" else _missing(line)]


def _quoting(zh: str, en: str, line: Line) -> Text:
    reason = line.entry.reason.strip().rstrip("。.") if line.entry is not None else ""
    return Text(f"{zh}，理由：“{reason}”", f"{en}, because “{reason}”")


def _shared() -> Text:
    return Text("权重由其余各项分担", "Its weight is shared by the other lines")


def _titles(line: Line) -> Text:
    titles = [line.card.title_of(name) for name in line.missing]
    return Text("、".join(title.zh for title in titles), ", ".join(title.en for title in titles))


def _missing(line: Line) -> Text:
    titles = _titles(line)
    return Text(f"缺数据：{titles.zh}", f"Missing: {titles.en}")


def _undefined(line: Line) -> Text:
    titles = _titles(line)
    whys = [one.why for one in (line.measured, *(part.measured for part in line.parts)) if one.why is not None]
    zh = "".join(dict.fromkeys(why.zh.rstrip("。") for why in whys))
    en = " ".join(dict.fromkeys(why.en.rstrip(".") for why in whys))
    return Text(
        f"{zh}（{titles.zh}），算不出，按缺数据处理", f"{en} ({titles.en}): it cannot be computed and counts as missing"
    )


def _not_applicable(line: Line) -> list[Text]:
    indicator, measured = line.indicator, line.measured
    if measured.found == "dropped" and measured.condition is not None:
        words = condition_words(indicator, measured.condition)
        return [words.text] if words is not None else []
    if indicator.cases is not None and line.figures.get(indicator.cases) == 0:
        title = line.card.title_of(indicator.cases)
        return [
            Text(f"本月没有发生（{title.zh}为 0），不计", f"No case this month ({title.en}: 0), not counted"),
            _shared(),
        ]
    return [Text("除数为 0，不计", "The divisor is 0, not counted"), _shared()]


def _scored(line: Line) -> list[Text]:
    clauses = _clauses(line)
    sentences = [
        Text(
            "；".join(one.text.zh for one in clauses),
            "; ".join(_later(place, one) for place, one in enumerate(clauses)),
        )
    ]
    if line.measured.condition is not None:
        words = condition_words(line.indicator, line.measured.condition)
        sentences += [words.text] if words is not None else []
    least = line.indicator.readings.least or Fraction(0)
    lowest = line.computed == least and _raw(line) < least
    if lowest:
        sentences.append(Text(f"最低 {short(least)} 分", f"Never below {short(least)}"))
    return sentences


def _later(place: int, one: Clause) -> str:
    return one.text.en if place == 0 else one.text.en[:1].lower() + one.text.en[1:]


def _raw(line: Line) -> Fraction:
    """Points before they are held to the least."""
    points = line.outcome.points if line.outcome is not None else HUNDRED
    return points - sum(
        (part.outcome.cost or Fraction(0) for part in line.parts if part.outcome is not None), Fraction(0)
    )


def _clauses(line: Line) -> list[Clause]:
    """The line's own clause, and one for each part with its title before it."""
    found: list[Clause] = []
    if line.outcome is not None:
        found.append(clause(line.card, line.indicator, line.measured, line.outcome, line.figures))
    for part in line.parts:
        if part.outcome is None:
            continue
        own = clause(line.card, part.indicator, part.measured, part.outcome, line.figures)
        if part.indicator.formula is None:  # what is counted is named already
            found.append(own)
            continue
        actual = in_unit(
            part.measured.actual or Fraction(0),
            part.indicator.unit,
            part.indicator.unit_words,
            apart(part.measured.actual or Fraction(0), [part.measured.target]),
        )
        title = part.indicator.title
        found.append(
            Clause(
                Text(f"{title.zh} {actual.zh}，{own.text.zh}", f"{title.en} {actual.en}: {_low(own.text.en)}"), own.cut
            )
        )
    return found


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]
