"""The report of a rehearsal as one HTML file: no scripts, nothing to load, made for paper as well."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from workflows.errors import Text
from workflows.rehearsal import charts
from workflows.rehearsal.findings import FULL, Findings
from workflows.rehearsal.result import RehearsalResult


@dataclass(frozen=True, slots=True)
class About:
    """What was rehearsed. `people`: on the first day; `verified`: cases whose chains were checked, `faults` how many are broken."""

    people: int
    seed: int
    joined: int
    left: int
    refused: int
    verified: int
    events: int
    faults: int


def report(findings: Findings, result: RehearsalResult, about: About, language: str = "zh") -> str:
    """The whole page in one language. The same rehearsal gives the same text, byte for byte."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        found=findings,
        result=result,
        about=about,
        language=language,
        full=FULL,
        charts=charts,
        say=lambda zh, en: Text(zh, en).text(language),
        name=lambda text: text.text(language),
        number=lambda value: "–" if value is None else f"{value:,}",
    )
