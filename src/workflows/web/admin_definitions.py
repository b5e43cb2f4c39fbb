"""Process definitions as they are published: text, picture, versions, and how many cases run on each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from workflows.definition.diagram import Look, Names, draw, outline
from workflows.definition.model import Process
from workflows.definition.prove import Verdict
from workflows.engine.definitions import DefinitionStore, Published
from workflows.engine.tables import Definition
from workflows.errors import NotFound, Text
from workflows.http import ADMINISTRATOR, AUDITOR, allow, services, visit
from workflows.web.components import Check, Diagram, Tab
from workflows.web.language import _, language
from workflows.web.process_proof import proved
from workflows.web.reader import words

KEY: Final = re.compile(r"^(\s*(?:- )?)([\w.]+)(:(?:\s.*)?)$")

blueprint = Blueprint("admin_definitions", __name__, url_prefix="/admin/definitions")


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One process of the list."""

    key: str
    title: str
    family: str
    version: int
    since: str
    running: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: since when, published by whom, how many cases still run on it."""

    version: int
    since: str
    by: str
    running: int
    current: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text: number, what stands before a key, the key, the rest."""

    number: int
    before: str
    key: str
    rest: str


def store() -> DefinitionStore:
    """The definitions of this process of ours."""
    return services().engine.company.store


@blueprint.get("")
@allow(ADMINISTRATOR, AUDITOR)
def index() -> ResponseReturnValue:
    """Every process with its newest version."""
    said, running = words(), Counter[str]()
    for version in services().engine.versions(visit().session):
        running[version.process] += version.open_cases
    rows = [
        DefinitionRow(
            key=found.key,
            title=found.process.title.text(language()),
            family=found.process.family,
            version=found.version,
            since=said.moment(found.published_at),
            running=running[found.key],
        )
        for found in store().newest(visit().session).values()
    ]
    return render_template("admin/definitions.html", rows=sorted(rows, key=lambda row: (row.family, row.key)))


@blueprint.get("/<key>")
@allow(ADMINISTRATOR, AUDITOR)
def show(key: str) -> ResponseReturnValue:
    """One version of a process (`version`, else the newest): picture, the same in words, text, versions."""
    found = _published(key)
    process = found.process
    svg = draw(process, language=language(), look=None, names=names())
    versions = _versions(key, found)
    return render_template(
        "admin/definition.html",
        found=found,
        process=process,
        title=process.title.text(language()),
        since=words().moment(found.published_at),
        diagram=Diagram(
            Markup(svg),  # noqa: S704 - drawn by our own code from a checked definition, every text in it escaped
            (_("由文本自动画出"), _("虚线为退回")),
            text_href="#outline",
            download_href=url_for("admin_definitions.diagram", key=key, version=found.version),
        ),
        steps=outline(process, language=language(), names=names()),
        lines=lines_of(process.text),
        checks=checks_of(process),
        versions=versions,
        tabs=_tabs(key, found.version, versions),
        running=next((row.running for row in versions if row.current), 0),
    )


@blueprint.get("/<key>/diagram.svg")
@allow(ADMINISTRATOR, AUDITOR)
def diagram(key: str) -> ResponseReturnValue:
    """The picture as a file of its own."""
    asked = request.args.get("look", "light")
    look: Look = "dark" if asked == "dark" else "auto" if asked == "auto" else "light"
    response = Response(
        draw(_published(key).process, language=language(), look=look, names=names()), mimetype="image/svg+xml"
    )
    # The drawing brings its own few rules and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.svg"'
    return response


@blueprint.get("/<key>/text")
@allow(ADMINISTRATOR, AUDITOR)
def text(key: str) -> ResponseReturnValue:
    """The text as a file."""
    response = Response(_published(key).process.text, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.yaml"'
    return response


def names() -> Names:
    """What the organisation and other definitions call things."""
    organisation = visit().organisation
    return Names(
        positions={key: Text(entry.zh, entry.en) for key, entry in organisation.positions.items()},
        units={key: Text(entry.zh, entry.en) for key, entry in organisation.units.items()},
        processes={key: found.process.title for key, found in store().newest(visit().session).items()},
    )


def lines_of(source: str) -> tuple[Line, ...]:
    """A definition's text by lines, keys set apart."""
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        match = KEY.match(line)
        found.append(Line(number, *match.groups()) if match else Line(number, line, "", ""))
    return tuple(found)


def checks_of(process: Process) -> tuple[Check, ...]:
    """What is proved of a process among all published ones, with the organisation of today; each fault leads to its line."""
    return tuple(_check(verdict) for verdict in proved(process).verdicts[process.key])


def _check(verdict: Verdict) -> Check:
    title = verdict.title.text(language())
    if verdict.holds:
        return Check("ok", title)
    errors = [finding.error() for finding in verdict.findings]
    line = errors[0].line or 1
    said = " ".join(error.text(language()) for error in errors[:3])
    return Check("bad", title, Text(f"第 {line} 行", f"line {line}").text(language()), said, f"#L{line}")


def _published(key: str) -> Published:
    newest = store().newest(visit().session).get(key)
    if newest is None:
        raise NotFound("没有这个流程。", "There is no such process.")
    asked = request.args.get("version", "")
    if not asked or asked == str(newest.version):
        return newest
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0
    wanted = select(Definition.id).where(Definition.process == key, Definition.version == number)
    row = visit().session.scalar(wanted)
    if row is None:
        raise NotFound("没有这一版。", "There is no such version.")
    return store().get(visit().session, row)


def _versions(key: str, shown: Published) -> list[VersionRow]:
    said, organisation = words(), visit().organisation
    rows = [row for row in services().engine.versions(visit().session) if row.process == key]
    return [
        VersionRow(row.version, said.moment(row.published_at), organisation.name_of(row.published_by) or _("系统"),
                   row.open_cases, row.id == shown.id, row.digest)
        for row in sorted(rows, key=lambda row: -row.version)
    ]  # fmt: skip


def _tabs(key: str, shown: int, versions: list[VersionRow]) -> tuple[Tab, ...]:
    return tuple(
        Tab(_("第 %(n)s 版", n=row.version), url_for("admin_definitions.show", key=key, version=row.version),
            row.running or None, row.version == shown)
        for row in versions[:6]
    )  # fmt: skip
