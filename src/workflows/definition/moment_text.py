"""Moments as they are written: `due - 2wd`, `workday(5, next(period))`, `24h`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from workflows.definition.deadlines import DEADLINES
from workflows.definition.model import Anchor, Duration, Moment, Unit
from workflows.document.problems import nearest
from workflows.errors import Text

_DURATION = re.compile(r"([0-9]{1,5})\s*(h|d|wd)(?![a-z0-9_])")
_OFFSET = re.compile(r"\s*([+-])\s*")
_WORD = re.compile(r"\s*([a-z][a-z0-9_]*)\s*")
_NUMBER = re.compile(r"\s*(-?[0-9]{1,3})\s*")

FUNCTIONS = ("entered", "due", "last_workday", "workday", "end_of", *DEADLINES)
_MOST: Mapping[str, int] = {"h": 24 * 366, "d": 366 * 5, "wd": 1500}


class MomentError(ValueError):
    """A moment cannot be read; `message` says why, `nearest` is the word it may have meant."""

    def __init__(self, zh: str, en: str, near: str | None = None) -> None:
        super().__init__(en)
        self.message = Text(zh, en)
        self.nearest = near


def parse_moment(
    source: str, *, scheduled: bool = False, durations: Mapping[str, Duration] = MappingProxyType({})
) -> Moment:
    """The moment that `source` writes; raises MomentError.

    `scheduled`: in the day of a schedule `last_workday` and `workday(n)` may stand without a period: the one that rings.
    `durations`: parameters that may stand for a duration.
    """
    return _Reader(source, scheduled, durations).moment()


def parse_duration(text: str) -> Duration:
    """`24h`, `7d` or `5wd`, not nothing; raises MomentError."""
    reader = _Reader(text.strip(), False, {})
    found = reader.duration("+")
    if reader.rest() or not found.amount:
        raise MomentError(
            f"“{text}”不是时长，应写成 24h（小时）、7d（天）或 5wd（工作日）。",
            f"`{text}` is no duration: write 24h (hours), 7d (days) or 5wd (working days).",
        )
    return found


def time_of(duration: Duration) -> timedelta | None:
    """The duration as expressions know it; None for working days, which only the calendar can count."""
    if duration.unit == "wd":
        return None
    return timedelta(hours=duration.amount) if duration.unit == "h" else timedelta(days=duration.amount)


@dataclass
class _Reader:
    source: str
    scheduled: bool
    durations: Mapping[str, Duration]
    at: int = 0

    def moment(self) -> Moment:
        bare = self._bare_duration()
        anchor = Anchor("entered") if bare else self._anchor()
        offsets = [bare] if bare else []
        while sign := self._match(_OFFSET):
            offsets.append(self.duration(sign[1]))
        if self.rest():
            raise self._unreadable()
        if len(offsets) > 4:
            raise MomentError("时刻里最多加减四次。", "A moment takes at most four durations.")
        return Moment(anchor, tuple(offsets), self.source.strip())

    def _bare_duration(self) -> Duration | None:
        self._match(re.compile(r"\s*"))
        word = _WORD.match(self.source, self.at)
        if self.source[self.at : self.at + 1].isdigit() or (word and word[1] in self.durations):
            return self.duration("+")
        return None

    def rest(self) -> str:
        """What has not been read."""
        return self.source[self.at :].strip()

    def duration(self, sign: str) -> Duration:
        """One duration, as written or by the name of a parameter."""
        found = self._match(_DURATION)
        if not found:
            return self._named_duration(sign)
        amount, unit = int(found[1]), found[2]
        if amount > _MOST[unit]:
            raise MomentError(f"时长 {found[0]} 太长。", f"The duration {found[0]} is too long.")
        units: dict[str, Unit] = {"h": "h", "d": "d", "wd": "wd"}
        return Duration(-amount if sign == "-" else amount, units[unit])

    def _named_duration(self, sign: str) -> Duration:
        word = self._match(_WORD)
        known = self.durations.get(word[1]) if word else None
        if word is None or known is None:
            raise MomentError(
                f"“{self.source}”里的时长应写成 24h（小时）、7d（天）、5wd（工作日），或时长参数的名称。",
                f"Durations in `{self.source}` are written 24h (hours), 7d (days), 5wd (working days), or by a parameter.",
                nearest(word[1], self.durations) if word else None,
            )
        return replace(known, amount=-known.amount if sign == "-" else known.amount, parameter=word[1])

    def _anchor(self) -> Anchor:
        word = self._word()
        if not self._take("("):
            return self._plain(word)
        anchor = self._function(word)
        self._expect(")")
        return anchor

    def _plain(self, word: str) -> Anchor:
        if word == "entered":
            return Anchor("entered")
        if word == "due":
            return Anchor("due")
        if word == "last_workday" and self.scheduled:
            return Anchor("last_workday", (("field", "period"),))
        if word in ("last_workday", "workday", "end_of", *DEADLINES):
            raise MomentError(
                f"{word} 后面要写括号，例如 {_USAGE.get(word, word + '(period)')}。",
                f"Write {_USAGE.get(word, word + '(period)')}.",
            )
        return Anchor("field", (word,))

    def _function(self, word: str) -> Anchor:
        if word == "entered":
            return Anchor("entered", (self._word(),))
        if word == "end_of":
            return Anchor("end_of", (self._word(),))
        if word == "last_workday":
            return Anchor("last_workday", (self._period(),))
        if word == "workday":
            return self._workday()
        if word in DEADLINES:
            return Anchor("deadline", (word, self._period()))
        raise MomentError(
            f"没有“{word}(…)”这种时刻；可以写：{'、'.join(FUNCTIONS)}。",
            f"There is no moment `{word}(…)`; known: {', '.join(FUNCTIONS)}.",
            nearest(word, FUNCTIONS),
        )

    def _workday(self) -> Anchor:
        number = self._match(_NUMBER)
        if not number or int(number[1]) == 0:
            raise MomentError(
                "workday 的第一个参数是第几个工作日，例如 workday(5, period)。",
                "`workday` begins with a number: workday(5, period).",
            )
        if self.scheduled and self.source[self.at : self.at + 1] == ")":
            return Anchor("workday", (int(number[1]), ("field", "period")))
        self._expect(",")
        return Anchor("workday", (int(number[1]), self._period()))

    def _period(self, depth: int = 0) -> tuple[str, object]:
        word = self._word()
        if not self._take("("):
            return ("field", word)
        if word not in ("next", "previous") or depth > 3:
            raise MomentError(
                f"期间只能写字段、next(…) 或 previous(…)，不能写“{word}(…)”。",
                f"A period is a field, next(…) or previous(…), not `{word}(…)`.",
                nearest(word, ("next", "previous")),
            )
        inner = self._period(depth + 1)
        self._expect(")")
        return (word, inner)

    def _word(self) -> str:
        if found := self._match(_WORD):
            return found[1]
        raise self._unreadable()

    def _take(self, sign: str) -> bool:
        if self.source[self.at : self.at + 1] != sign:
            return False
        self.at += 1
        return True

    def _expect(self, sign: str) -> None:
        self._match(re.compile(r"\s*"))
        if not self._take(sign):
            raise self._unreadable()

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.source, self.at)
        if found:
            self.at = found.end()
        return found

    def _unreadable(self) -> MomentError:
        return MomentError(
            f"时刻“{self.source}”在第 {self.at + 1} 个字符处读不懂；例如 due - 2wd、goes_live_on、entered + 24h。",
            f"The moment `{self.source}` cannot be understood at character {self.at + 1}; write for example "
            "`due - 2wd`, `goes_live_on` or `entered + 24h`.",
        )


_USAGE = {"last_workday": "last_workday(period)", "workday": "workday(5, period)", "end_of": "end_of(ends_on)"}
