"""What the component macros of `templates/components/` are given: frozen values, already in the reader's words.

A page fills these from its data and hands them to its template; a macro only draws them. Every text is final, so a
macro neither translates nor computes. `href` is always a path of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

Tone = Literal["late", "late-soft", "soon", "done", "hold", "act", "plain", "bare"]
StepStatus = Literal["done", "now", "late", "ahead"]
CheckStatus = Literal["bad", "warn", "ok"]
Mark = Literal["", "new", "ret", "clock"]
ActionKind = Literal["submit", "approve", "send_back", "reject", "other"]


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the screens show them. `stands_for`: the absent person a deputy acts for; `left`: no longer here."""

    name: str
    position: str = ""
    stands_for: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A short word on a tint. `iso`: it is a deadline, at this instant."""

    text: str
    tone: Tone = "plain"
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, its value, and what was there before (`old`, drawn struck through) or a remark (`note`, below)."""

    label: str
    value: str
    old: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Several tasks of one process that can be approved at once: the link's words, its address, what stays out."""

    text: str
    href: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of 待办. `verb` is the state's own (审核), `meta` process, who and when, `facts` at most three."""

    verb: str
    title: str
    href: str
    meta: str
    facts: tuple[Fact, ...] = ()
    due: Chip | None = None
    note: str = ""
    batch: Batch | None = None


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Rows under one heading (已超期, 今天, …). `late` colours the heading. `count` is said as 8 件."""

    title: str
    count: str
    rows: tuple[TaskRow, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One state on the likely way. `detail` is who and when; `hidden` is said to screen readers only."""

    name: str
    status: StepStatus = "ahead"
    detail: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field's old and new value in words; "" for none (drawn as 空). `note` is a remark behind the new one."""

    label: str
    old: str
    new: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One test shown to the decider: failed ones come first. `why` is a line for failed and warned ones."""

    status: CheckStatus
    title: str
    measured: str = ""
    why: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a case or form. `drop` is the value of the button that takes it out of the form, "" for none."""

    name: str
    href: str
    size: str
    drop: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event of 经过, newest first.

    `at`/`iso`: when, in words and exactly. `who` None is the clock or a program. `said`: the verb part (退回给张雨薇).
    `mark`: new (not seen yet), ret (a send-back), clock. `more`/`more_href`: 另外 2 处. `trail`: delivery of mails.
    """

    at: str
    iso: str
    who: Who | None
    said: str
    move: str = ""
    quote: str = ""
    changes: tuple[Change, ...] = ()
    files: tuple[Attachment, ...] = ()
    mark: Mark = ""
    chip: Chip | None = None
    more: str = ""
    more_href: str = ""
    trail: str = ""


@dataclass(frozen=True, slots=True)
class ActionButton:
    """Something the reader can do. `blocked` says why it cannot be pressed now; `leads_on` adds the ellipsis."""

    name: str
    title: str
    kind: ActionKind = "other"
    blocked: str = ""
    leads_on: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """One thing that happens afterwards: who (None: by itself), what, until when."""

    what: str
    who: Who | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One list among several (`.seg`). `count` None draws no number."""

    title: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose and what people read."""

    value: str
    title: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A filter of one choice: its name in the address, what it is about, its options and the chosen value."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """The pages of a list read by key. `summary`: 第 1 – 50 件; the links' words say how many follow."""

    summary: str = ""
    next_href: str = ""
    next_text: str = ""
    first_href: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the field's name as shown, the sentence, and the id it jumps to ("" for none)."""

    label: str
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One piece of the way back; the last one has no `href`."""

    text: str
    href: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing of a process. `svg` comes from the definition room (no style attribute), `said` is it in words."""

    svg: Markup
    caption: tuple[str, ...] = ()
    text_href: str = ""
    download_href: str = ""
