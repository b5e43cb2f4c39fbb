"""经过: the events of a case as a story, newest first, with the mails they caused folded into them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from flask import url_for

from workflows.engine.views.pages import CaseFile, CasePage, FieldChange, SentMessage, TimelineEvent
from workflows.http import visit
from workflows.web.casework import name, names, who
from workflows.web.components import Attachment, Change, Chip, LogEntry, Mark
from workflows.web.language import _
from workflows.web.numbers import size
from workflows.web.scores_story import part_changes
from workflows.web.shown import Shower

SHORT: Final = 4
"""Changes shown at once in an entry; the others stand behind a link."""
SENT: Final = frozenset({"taken"})


def story(page: CasePage, shower: Shower, seconds: bool = False) -> tuple[LogEntry, ...]:
    """The entries of 经过. `seconds`: auditors read exact times."""
    by_time: defaultdict[datetime, list[SentMessage]] = defaultdict(list)
    for message in page.messages:
        by_time[message.at].append(message)
    told = [
        (event.at, 1, event.seq, _entry(page, event, by_time.pop(event.at, ()), shower, seconds))
        for event in page.events
    ]
    oldest = min((event.at for event in page.events), default=None)
    reminded = [
        (at, 0, 0, _reminded(at, messages, shower, seconds))
        for at, messages in by_time.items()
        if page.more_events is None or oldest is None or at > oldest
    ]
    return tuple(entry for *_place, entry in sorted([*told, *reminded], key=lambda e: e[:3], reverse=True))


def changes(found: Iterable[FieldChange], shower: Shower, parts: bool = True) -> tuple[Change, ...]:
    """Changed fields in words. `parts`: of a scorecard, and of what was said of one, each part that changed, not only the whole."""
    return tuple(change for c in found for change in (parts and part_changes(c, shower)) or (_change(c, shower),))


def _change(c: FieldChange, shower: Shower) -> Change:
    return Change(shower.label(c.field), shower.text(c.field, c.old), shower.text(c.field, c.new), _difference(c))


def attachments(files: Iterable[CaseFile]) -> tuple[Attachment, ...]:
    """Files as links."""
    return tuple(Attachment(f.name, url_for("files.download", file_id=f.id), size(f.size)) for f in files)


def _entry(
    page: CasePage, event: TimelineEvent, messages: Sequence[SentMessage], shower: Shower, seconds: bool
) -> LogEntry:
    words = shower.words
    shown = changes((c for c in event.changes if c.old is not None), shower, parts=False)
    more = _more(len(shown), len(event.changes) - len(shown))
    return LogEntry(
        at=words.exact(event.at) if seconds else words.moment(event.at),
        iso=words.iso(event.at),
        who=who(event.actor, event.actor_name, event.on_behalf_of_name) if event.actor else None,
        said=said(_with_alert(page, event), shower),
        move=_move(event, words.language),
        quote=_("有 1 段话你看不到") if event.words_hidden else event.note,
        changes=shown[:SHORT],
        files=attachments(f for f in page.files if f.id in event.files),
        mark=_mark(event),
        chip=_chip(event),
        more=more,
        more_href=url_for("case.event", case_id=page.id, seq=event.seq) if more else "",
        trail=_trail(messages),
    )


def _with_alert(page: CasePage, event: TimelineEvent) -> TimelineEvent:
    """An alert names its rule; the sentence stands in the definition."""
    index = str(event.extra.get("rule", "")).rpartition("/")[2]
    if event.kind != "alerted" or not index.isdecimal() or int(index) >= len(page.process.alerts):
        return event
    message = page.process.alerts[int(index)].message
    return replace(event, extra={**event.extra, "message": {"zh": message.zh, "en": message.en}})


def _more(changed: int, filled: int) -> str:
    """What the entry leaves out: fields filled in for the first time, and changes beyond the first few."""
    if changed > SHORT:
        return _("另外 %(n)s 处", n=changed - SHORT + filled)
    return _("填写了 %(n)s 项", n=filled) if filled else ""


def said(event: TimelineEvent, shower: Shower) -> str:
    """What happened, without who and when."""
    tell = _TOLD.get(event.kind)
    return tell(event, shower) if tell else event.kind


def _acted(event: TimelineEvent, shower: Shower) -> str:
    title = event.action_title.text(shower.words.language) if event.action_title else ""
    if event.actor is None:
        return _("有人匿名作答")
    if event.hidden:
        title = _("%(what)s（另改了你看不到的 %(n)s 项）", what=title, n=event.hidden)
    return title


def _skipped(event: TimelineEvent, shower: Shower) -> str:
    title = event.action_title.text(shower.words.language) if event.action_title else ""
    return (
        _("系统代为「%(action)s」：%(why)s", action=title, why=_why(event))
        if title
        else _("系统跳过这一步：%(why)s", why=_why(event))
    )


def _timer(event: TimelineEvent, shower: Shower) -> str:
    if event.to_title is not None:
        return _("到时间，自动进入「%(state)s」", state=event.to_title.text(shower.words.language))
    return _("到时间，自动执行")


def _signal(event: TimelineEvent, shower: Shower) -> str:
    language = shower.words.language
    known = {
        "gathered": _("开出的事项都到齐了"),
        "ended": _("相关事项有了结果"),
        "unheard": _("发给相关事项的消息没有送到：它已结束或不在等"),
    }
    what = known.get(str(event.extra.get("signal")), _("收到相关事项的消息"))
    if event.to_title is not None and event.from_state != event.to_state:
        return _("%(what)s，进入「%(state)s」", what=what, state=event.to_title.text(language))
    return what


def _escalated(event: TimelineEvent, _shower: Shower) -> str:
    told = _people(event.extra.get("to"))
    return _("超期，转报%(who)s", who=told) if told else _("超期，转报上级")


def _alerted(event: TimelineEvent, shower: Shower) -> str:
    told = _people(event.extra.get("to"))
    what = _text(event.extra.get("message"), shower.words.language) or _("提醒")
    return _("%(what)s，已告知%(who)s", what=what, who=told) if told else what


def _started(event: TimelineEvent, _shower: Shower) -> str:
    if event.extra.get("why") == "spawned":
        return _("由上级事项开出")
    if event.extra.get("why") == "figure":
        return _("由指标自动发起")
    return _("发起") if event.actor else _("按计划自动发起")


def _cancelled(event: TimelineEvent, _shower: Shower) -> str:
    return _("随上级事项作废") if event.extra.get("why") == "parent" else _("作废")


def _spawned(event: TimelineEvent, _shower: Shower) -> str:
    number = event.extra.get("count") or event.extra.get("cases")
    return _("开出 %(n)s 件相关事项", n=number) if isinstance(number, int) else _("开出相关事项")


_TOLD: Final[Mapping[str, Callable[[TimelineEvent, Shower], str]]] = {
    "started": _started,
    "acted": _acted,
    "skipped": _skipped,
    "timer": _timer,
    "signal": _signal,
    "claimed": lambda _event, _shower: _("领取"),
    "released": lambda _event, _shower: _("放回组里"),
    "commented": lambda _event, _shower: _("评论"),
    "attached": lambda _event, _shower: _("上传附件"),
    "cancelled": _cancelled,
    "escalated": _escalated,
    "alerted": _alerted,
    "spawned": _spawned,
    "moved": lambda _event, _shower: _("期限随日历或字段调整"),
}


def _move(event: TimelineEvent, language: str) -> str:
    if event.from_title is None or event.to_title is None or event.from_state == event.to_state:
        return ""
    return f"{event.from_title.text(language)} → {event.to_title.text(language)}"


def _mark(event: TimelineEvent) -> Mark:
    if event.new:
        return "new"
    if event.action_kind in ("send_back", "reject") or event.kind == "cancelled":
        return "ret"
    return "" if event.actor else "clock"


def _chip(event: TimelineEvent) -> Chip | None:
    if event.new:
        return Chip(_("你还没看过"), "act")
    return Chip(_("比原定晚"), "soon") if event.late else None


def _trail(messages: Sequence[SentMessage]) -> str:
    if not messages:
        return ""
    people = names(dict.fromkeys(name(m.person, m.person_name) for m in messages))
    return _("通知%(who)s：%(state)s", who=people, state=_delivery(messages))


def _reminded(at: datetime, messages: Sequence[SentMessage], shower: Shower, seconds: bool) -> LogEntry:
    words = shower.words
    people = names(dict.fromkeys(name(m.person, m.person_name) for m in messages))
    tell = {"urge": _("催办%(who)s", who=people), "reminder": _("系统提醒%(who)s", who=people)}
    return LogEntry(
        at=words.exact(at) if seconds else words.moment(at),
        iso=words.iso(at),
        who=None,
        said=tell.get(messages[0].kind, _("系统通知%(who)s", who=people)),
        mark="clock",
        trail=_delivery(messages),
    )


def _delivery(messages: Sequence[SentMessage]) -> str:
    if all(m.status in SENT for m in messages):
        return _("邮件已交发")
    if all(m.status == "dropped" for m in messages):
        return _("没有发：已经办完，或没有邮箱")
    return _("邮件待发") if all(m.status == "waiting" for m in messages) else _("邮件部分已交发")


def _difference(change: FieldChange) -> str:
    """少 25%: only where a percentage says something, from one amount to another."""
    if change.field.type not in ("money", "integer", "decimal") or not change.old or change.new in (None, ""):
        return ""
    try:
        old, new = Decimal(str(change.old)), Decimal(str(change.new))
    except InvalidOperation:
        return ""
    if old <= 0 or new == old:
        return ""
    part = abs(new - old) * 100 / old
    if part < 1 or part >= 1000:
        return ""
    return _("少 %(n)s%%", n=int(part)) if new < old else _("多 %(n)s%%", n=int(part))


def _why(event: TimelineEvent) -> str:
    reasons = {
        "nobody": _("没有人可办"),
        "starter": _("发起人不能自己办"),
        "same": _("同一人已经办过"),
        "left": _("办理人已离职"),
        "no_part": _("这一步没有要办的部分"),
    }
    why = str(event.extra.get("why", ""))
    return reasons.get(why, why or _("按流程定义"))


def _people(value: object) -> str:
    """Names of people given as ids or as names."""
    organisation = visit().organisation
    found = []
    for one in value if isinstance(value, list | tuple) else ():
        try:
            found.append(name(uuid.UUID(str(one)), organisation.name_of(uuid.UUID(str(one)))))
        except ValueError:
            found.append(str(one))
    return names(found)


def _text(value: object, language: str) -> str:
    if isinstance(value, Mapping):
        return str(value.get("en" if language == "en" else "zh", ""))
    return str(value) if isinstance(value, str) else ""
