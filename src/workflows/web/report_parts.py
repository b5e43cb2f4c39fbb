"""What the pages of 报表 share: the kinds of reports, and the list of cases behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import render_template, request, url_for

from workflows.engine.views.lists import line
from workflows.http import AUDITOR, HR, MANAGER, visit
from workflows.reports.listing import CasesPage
from workflows.web.components import Crumb, Paging, Tab
from workflows.web.language import _
from workflows.web.reader import words
from workflows.web.search import row_in_words

PAGE: Final = 50
"""Cases on one page."""
READ: Final = "report"
"""`what` of an access log entry about a report."""
ASKED: Final = ("months", "until", "month", "week", "which", "process", "step", "source", "target")
"""What an address of a report may ask for; anything else is no part of the addresses made of it."""
PLANNERS: Final = frozenset({MANAGER, HR, AUDITOR})
"""Who sees what positions have to do: managers of their own people, the others of everybody."""


def report_tabs(endpoint: str) -> tuple[Tab, ...]:
    """By process, and by position for those who plan with people; nothing to choose for others."""
    if visit().me.roles.isdisjoint(PLANNERS):
        return ()
    kinds = (("report.index", _("流程")), ("report_load.index", _("岗位")))
    return tuple(Tab(title, url_for(one), current=one == endpoint) for one, title in kinds)


def asked() -> dict[str, str]:
    """What the address asks for: time, and which cases."""
    return {name: text for name in ASKED if (text := request.args.get(name))}


def cases_page(found: CasesPage, title: str, said: str, crumbs: tuple[Crumb, ...], address: Mapping[str, str]) -> str:
    """A page of cases. `said`: which they are; `crumbs`: the way here, the last one back to the number; `address`: what `url_for`
    needs for this list besides what is asked."""
    here, (rows, following) = visit(), found
    options: dict[str, Any] = {**asked(), **address}
    first = url_for(str(request.endpoint), **options)
    return render_template(
        "report/cases.html",
        title=title,
        crumbs=(*crumbs, Crumb(_("事项"))),
        said=said,
        rows=tuple(row_in_words(line(here.session, here.scene, row), words(), "case.show") for row in rows),
        paging=Paging(
            next_href=url_for(str(request.endpoint), **options, after=str(following)) if following else "",
            next_text=_("后面 %(n)s 件", n=PAGE),
            first_href=first if request.args.get("after") else "",
        ),
        back=crumbs[-1].href,
    )
