"""The whole history verified: a long one in shares, by as many processes as there are processors, with a bar."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import func, select
from tqdm import tqdm

from workflows.db import Database
from workflows.engine.definitions import DefinitionStore
from workflows.engine.tables import Case
from workflows.engine.verify import Report, Share, verify

CASES = 2_000
"""So many cases are a share; nothing is gained by dividing less among processes."""


def verified(database: Database, cases: int = CASES) -> Report:
    """Check every case, in shares of `cases`; each is one look at the database, so that memory does not grow with the history.

    A database in memory is checked by this process alone.
    """
    shares, total = _shares(database, cases)
    report = Report()
    with tqdm(total=total, unit="", desc="核对 · verifying", disable=None, leave=False, mininterval=0.5) as bar:
        for one in _together(database, shares) if _may_divide(database, shares) else _alone(database, shares):
            bar.update(one.cases)
            report.add(one)
    report.faults.sort(key=lambda fault: fault.case)
    return report


def _shares(database: Database, cases: int) -> tuple[list[Share], int]:
    """Neighbouring cases in shares, and how many there are now. The last share has no end: what begins meanwhile is looked at too."""
    numbered = select(Case.id, (func.row_number().over(order_by=Case.id) - 1).label("place")).subquery()
    with database.read() as session:
        firsts = session.scalars(
            select(numbered.c.id).where(numbered.c.place % cases == 0).order_by(numbered.c.id)
        ).all()
        total = session.scalar(select(func.count()).select_from(Case)) or 0
    return [Share(first, end) for first, end in pairwise([*firsts, None]) if first is not None], total


def _may_divide(database: Database, shares: Sequence[Share]) -> bool:
    return len(shares) > 1 and not (database.is_sqlite and database.engine.url.database in (None, "", ":memory:"))


def _alone(database: Database, shares: Sequence[Share]) -> Iterator[Report]:
    store = DefinitionStore()
    for share in shares:
        with database.read() as session:
            yield verify(session, share=share, store=store)


# -- by several processes ---------------------------------------------------------------------------------------------


class _Checker(NamedTuple):
    """What a process of the pool keeps from one share to the next."""

    database: Database
    store: DefinitionStore


_checkers: list[_Checker] = []


def _together(database: Database, shares: Sequence[Share]) -> Iterator[Report]:
    url = database.engine.url.render_as_string(hide_password=False)
    hands = min(os.cpu_count() or 1, len(shares))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(hands, context, initializer=_open, initargs=(url,)) as pool:
        for done in as_completed([pool.submit(_check, share) for share in shares]):
            yield done.result()


def _open(url: str) -> None:
    _checkers.append(_Checker(Database(url, "report"), DefinitionStore()))


def _check(share: Share) -> Report:
    (checker,) = _checkers
    with checker.database.read() as session:
        return verify(session, share=share, store=checker.store)
