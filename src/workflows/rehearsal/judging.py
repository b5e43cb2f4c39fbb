"""What rehearsed people say about lines of a scorecard: judge, waive, dispute and rule, as raw input of a `lines` field."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from workflows.definition.model import Field
from workflows.scoring.catalogue import Catalogue, FigureName
from workflows.scoring.line import BLOCKING, Line
from workflows.scoring.model import Scorecard
from workflows.scoring.score import figures_of, score_card, score_indicator

Said = dict[str, dict[str, Any]]
"""Line → what is said of it, as a form sends it."""

_DIFFERS = 0.08
"""How often a manager judges a line that was computed."""
_RIGHT = 0.6
"""How often a claim turns out to be right."""
_MOST_CLAIMED = 2

_REASONS = (
    "系统口径变更，当月数据不完整，按实际交付评定。",
    "数据源当月停机两天，与本人核对后评定。",
    "跨组项目占用一周，按完成质量评定。",
)
_WAIVED = ("本月口径调整，数据补不齐，已与人力资源部确认免计。", "上线新系统，旧数据未迁移完，免计。")
_CLAIMS = (
    "有一批记录登记在别人名下，凭据附后。",
    "10 日系统停机，当天的完成量没有计入。",
    "两笔退单属物流责任，不应计在我名下。",
)
_FOUND = ("与后台逐条核对，情况属实。", "按单据核对，与本人说的一致。")
_KEPT = ("与原始记录一致，维持。", "凭据不在当月，维持。")


@dataclass(frozen=True, slots=True)
class Shown:
    """A scorecard as a form shows it: the card, and the stored value with its figures."""

    card: Scorecard
    value: Mapping[str, Any]

    @property
    def numbers(self) -> dict[str, Decimal]:
        """The figures that are there."""
        return {name: Decimal(figure["value"]) for name, figure in self.value.get("figures", {}).items()}

    def lines(self) -> list[Line]:
        """The lines as they compute."""
        return list(score_card(self.card, self.numbers, self.value.get("parameters", {})).lines.values())

    @property
    def lacking(self) -> bool:
        """Whether something keeps it from a total."""
        return self.value.get("total") is None


def say(
    field: Field, shown: Shown, claimed: Mapping[str, Any], dice: random.Random, *, sure: bool = False
) -> dict[str, Any]:
    """Raw input for a `lines` field. `claimed`: the lines it is limited to; `sure`: a claim is right whatever the dice say."""
    if "verdict" in field.give:
        said = _rulings(shown.card, claimed, dice, sure)
    elif "figures" in field.give:
        said = _claims(shown, dice)
    else:
        said = _judgements(shown, dice)
    return {"seen": shown.value.get("seen"), "lines": said}


def _judgements(shown: Shown, dice: random.Random) -> Said:
    """What has no figures is waived or judged; now and then a manager sees a line otherwise than it was computed."""
    said: Said = {}
    for line in shown.lines():
        if line.status in BLOCKING:
            said[line.key] = {"waive": "true", "reason": dice.choice(_WAIVED)} if dice.random() < 0.6 else _judged(dice)
        elif line.status == "scored" and dice.random() < _DIFFERS / len(shown.card.indicators):
            said[line.key] = _judged(dice)
    return said


def _judged(dice: random.Random) -> dict[str, Any]:
    return {"score": str(dice.randint(76, 94)), "reason": dice.choice(_REASONS)}


def _claims(shown: Shown, dice: random.Random) -> Said:
    """One or two lines that lost points, each with the figure as it should be where there is one."""
    losing = [line for line in shown.lines() if line.lost is not None and line.lost > 0] or shown.lines()[:1]
    chosen = sorted(losing, key=lambda line: -(line.lost or 0))[:4]
    said: Said = {}
    for line in dice.sample(chosen, min(_MOST_CLAIMED, len(chosen))):
        figures = _better(shown, line, {name for one in said.values() for name in one.get("figures", {})})
        said[line.key] = {"reason": dice.choice(_CLAIMS), **({"figures": figures} if figures else {})}
    return said


def _better(shown: Shown, line: Line, taken: set[str]) -> dict[str, str]:
    """A figure of the line as it would have to be for a better score, if it can be so."""
    numbers = shown.numbers
    for name in figures_of(line.indicator):
        if name not in numbers or name in taken or name.endswith("_target"):
            continue
        for wanted in _nudged(shown.card.figures[name], numbers):
            if _is_better(shown, line, {**numbers, name: wanted}):
                return {name: format(wanted, "f")}
    return {}


def _is_better(shown: Shown, line: Line, numbers: Mapping[str, Decimal]) -> bool:
    """Whether these figures are possible and give the line more than it has."""
    figures = shown.card.figures
    if any(figures[name].misfit(value) for name, value in numbers.items()) or Catalogue(figures).contradictions(
        numbers
    ):
        return False
    score = score_indicator(shown.card, line.key, numbers, shown.value.get("parameters", {})).score
    return score is not None and line.computed is not None and score > line.computed


def _nudged(figure: FigureName, numbers: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """A few percent more and less, one at least of what is counted; never above its whole."""
    value, place = numbers[figure.name], Decimal(1) if figure.integer else Decimal("0.1")
    step = max(value * 5 / 100, place).quantize(place, ROUND_DOWN)
    return min(value + step, numbers.get(figure.part_of or "", value + step)), value - step


def _rulings(card: Scorecard, claimed: Mapping[str, Any], dice: random.Random, sure: bool) -> Said:
    """A claim with figures is often right: then they are what was found. What persons marked is corrected as claimed."""
    said: Said = {}
    for key, line in claimed.items():
        if line.get("figures") and (sure or dice.random() < _RIGHT):
            figures = {name: value for name, value in line["figures"].items() if not _is_mark(card.figures[name])}
            said[key] = {
                "verdict": "correct",
                "reason": dice.choice(_FOUND),
                **({"figures": figures} if figures else {}),
            }
        else:
            said[key] = {"verdict": "keep", "reason": dice.choice(_KEPT)}
    return said


def _is_mark(figure: FigureName) -> bool:
    return figure.unit == "mark" or figure.sum_over is not None
