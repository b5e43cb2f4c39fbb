"""Publishing what stands in `definitions`: processes and scorecards, together or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from workflows.appraisal.cards.publishing import CardPublication, publish_cards, texts_of
from workflows.appraisal.wiring import Appraisal
from workflows.definition.load import SCORECARDS, files_of, load_paths
from workflows.definition.model import Process
from workflows.engine.definitions import Publication


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be published: `processes`; `cards`: texts by file name; `folder`: how errors call the cards' folder."""

    processes: Sequence[Process]
    cards: dict[str, str]
    folder: str


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did."""

    processes: Sequence[Publication]
    cards: Sequence[CardPublication]


def choose(paths: Iterable[Path]) -> Chosen:
    """Processes and scorecards of files and folders; a folder brings its `scorecards` along.

    Files in a folder `scorecards` are scorecards, all others processes. Raises `DefinitionErrors` for what cannot be read.
    """
    processes: list[Path] = []
    cards: list[Path] = []
    for path in paths:
        (cards if _holds_cards(path) else processes).append(path)
        if (path / SCORECARDS).is_dir():
            cards.append(path / SCORECARDS)
    files = [file for path in cards for file in files_of(path)]
    folder = str(files[0].parent) if files else SCORECARDS
    return Chosen(load_paths(processes) if processes else (), texts_of(files), folder)


def publish(session: Session, appraisal: Appraisal, chosen: Chosen, now: datetime) -> Published:
    """Publish all of it in the caller's transaction. Raises `DefinitionErrors`; nothing is written then."""
    engine = appraisal.engine
    today = engine.calendar(session).day_of(now)
    cards = publish_cards(session, chosen.cards, chosen.folder, today, now) if chosen.cards else []
    processes = engine.publish(session, chosen.processes, None, now) if chosen.processes else []
    return Published(processes, cards)


def _holds_cards(path: Path) -> bool:
    return (path if path.is_dir() else path.absolute().parent).name == SCORECARDS
