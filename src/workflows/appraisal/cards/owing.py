"""Who owes a figure that is missing: the process that counts it, the goals that set it, or whoever uploads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.definition.model import Process
from workflows.errors import Text
from workflows.scoring.model import Indicator, Scorecard
from workflows.scoring.score import CardScore

GOAL = "goal"
GOALS = Text("考核目标确认", "the agreed goals")
UPLOAD = Text("上传", "an upload")


def owed_by(name: str, indicator: Indicator, processes: Mapping[str, Process]) -> Text:
    """Where the figure `name` of an indicator is to come from, as words for a sentence."""
    counting = [one.title for one in processes.values() if any(figure.name == name for figure in one.figures)]
    if counting:
        return Text("、".join(f"“{title.zh}”" for title in counting), ", ".join(f"“{title.en}”" for title in counting))
    if name == indicator.target.name and GOAL in indicator.source:
        return GOALS
    return UPLOAD


def blocking(card: Scorecard, score: CardScore, processes: Mapping[str, Process]) -> dict[str, list[Text]]:
    """What keeps a card from its total, by line: sentences that name line, figure and who owes it."""
    found: dict[str, list[Text]] = {}
    for line in score.lines.values():
        if line.status == "missing":
            found[line.key] = [_missing(card, line.key, name, processes) for name in line.missing]
        elif line.status == "undefined":
            found[line.key] = [_undefined(card, line.key, line.missing)]
    return found


def _missing(card: Scorecard, key: str, name: str, processes: Mapping[str, Process]) -> Text:
    indicator = card.indicators[key]
    title, figure = indicator.title, card.title_of(name)
    owed = owed_by(name, next((one for one in indicator.whole if one.target.name == name), indicator), processes)
    return Text(
        f"“{title.zh}”缺“{figure.zh}”（{name}），等{owed.zh}。补上以后再交，或写明理由给分、免计。",
        f"“{title.en}” lacks “{figure.en}” ({name}), owed by {owed.en}. Wait for it, or judge or waive the line with a reason.",
    )


def _undefined(card: Scorecard, key: str, zero: Iterable[str]) -> Text:
    title = card.indicators[key].title
    zh, en = (
        between.join(card.title_of(name).text(language) for name in zero)
        for language, between in (("zh", "、"), ("en", ", "))
    )
    return Text(
        f"“{title.zh}”的除数（{zh}）是 0，算不出来。请核对数据，或写明理由给分、免计。",
        f"“{title.en}” divides by 0 ({en}) and has no value. Check it, or judge or waive the line with a reason.",
    )
