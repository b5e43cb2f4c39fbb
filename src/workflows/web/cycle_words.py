"""Sentences that the desk and the cycle board share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from flask import current_app, url_for

from workflows.appraisal.results.views.appraisals import Lack
from workflows.engine.urging import Urged
from workflows.http import AUDITOR, HR, MANAGER, visit
from workflows.scoring.grades import Grade
from workflows.web.casework import due_chip, names
from workflows.web.components import Chip
from workflows.web.language import _, language
from workflows.web.reader import words

FEW = 3


def grade_said(grade: Grade | None) -> str:
    """良好, "" without one."""
    return grade.title.text(language()) if grade is not None else ""


def few(titles: Sequence[str]) -> str:
    """The first of several, and how many there are: 访客数、浏览量、支付订单数等 8 个."""
    listed = _("、").join(titles[:FEW])
    return listed if len(titles) <= FEW else _("%(some)s等 %(n)s 个", some=listed, n=len(titles))


def soft_chip(due: datetime | None) -> Chip | None:
    """The chip of a deadline for tables: one filled red per row is an alarm, ten are wallpaper."""
    chip = due_chip(words(), due)
    return replace(chip, tone="late-soft") if chip is not None and chip.tone == "late" else chip


def lack_waits(lack: Lack) -> str:
    """等吴强, else where the figure is to come from: 等“商品上架”."""
    if lack.waiting:
        return _("等%(what)s", what=names(lack.waiting))
    return _("等%(what)s", what=lack.owed.text(language()))


def by_whom(lacks: Iterable[Lack]) -> tuple[tuple[str, str], ...]:
    """What is missing, once for whomever it waits for: titles, and the words for whom."""
    found: dict[str, list[str]] = {}
    for lack in lacks:
        found.setdefault(lack_waits(lack), []).append(lack.title.text(language()))
    return tuple((few(titles), waits) for waits, titles in found.items())


def figures_of(person: uuid.UUID, period: str) -> str:
    """The address of somebody's figures of a month, for those who read them."""
    there = "figures_person.show" in current_app.view_functions and visit().me.roles & {HR, MANAGER, AUDITOR}
    return url_for("figures_person.show", person_id=person, month=period) if there else ""


def urged_words(done: Urged) -> str:
    """已催办：何志鹏。吴丽华今天已经催过，不再催."""
    name = visit().organisation.name_of
    told, before = names(name(one) for one in done.told), names(name(one) for one in done.before)
    said = []
    if told:
        said.append(_("已催办：%(who)s。", who=told))
    if before:
        said.append(_("%(who)s今天已经催过，不再催。", who=before))
    return "".join(said) or _("没有可以催的人：没有人手上有这件事。")
