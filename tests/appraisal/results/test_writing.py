"""Results are written once, chained and guarded; a correction stands beside what it corrects."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from appraisal.results.archive import Archive
from workflows.appraisal.results.closed import closed
from workflows.appraisal.results.reading import of_period, versions
from workflows.appraisal.results.tables import Result
from workflows.appraisal.results.verify import verify
from workflows.errors import WrongState


def test_a_correction_is_a_further_version_with_its_reason(archive: Archive) -> None:
    assert archive.publish("wang", "2026-10", "89.12") == 1
    assert archive.publish("wang", "2026-10", "91.72", reason="补贴应计入") == 2
    with archive.read() as session:
        first, second = versions(session, "month", archive.office.people["wang"], "2026-10")
        newest = of_period(session, "month", "2026-10")[archive.office.people["wang"]]
    assert (str(first.summary.total), first.summary.reason) == ("89.12", None)
    assert (str(second.summary.total), second.summary.reason) == ("91.72", "补贴应计入")
    assert newest == second.summary


def test_no_published_result_changes_without_a_reason(archive: Archive) -> None:
    archive.publish("wang", "2026-10", "89.12")
    with pytest.raises(WrongState, match="needs a reason"):
        archive.publish("wang", "2026-10", "91.72", reason="  ")


def test_the_same_again_writes_nothing(archive: Archive) -> None:
    archive.publish("wang", "2026-10", "89.12")
    assert archive.publish("wang", "2026-10", "89.12", reason="again") == 1
    with archive.read() as session:
        assert session.scalar(select(func.count()).select_from(Result)) == 1


@pytest.mark.parametrize("statement", ["UPDATE result SET total = '1'", "DELETE FROM result"])
def test_the_database_refuses_to_change_a_result(archive: Archive, statement: str) -> None:
    archive.publish("wang", "2026-10", "89.12")
    with pytest.raises(DBAPIError, match="only ever added to"), archive.office.database.write() as session:
        session.execute(text(statement))


def test_what_was_changed_all_the_same_is_found(archive: Archive) -> None:
    for login in ("wang", "zhang"):
        archive.publish(login, "2026-10", "89.12")
        archive.publish(login, "2026-10", "91.72", reason="补贴")
    with archive.read() as session:
        assert verify(session).faults == []
        assert verify(session).results == 4
    forge(archive, update(Result).where(Result.version == 1).values(grade="excellent"), "wang")
    assert said(archive) == ["the result was changed"]


def test_what_was_cut_out_is_found(archive: Archive) -> None:
    archive.publish("wang", "2026-10", "89.12")
    archive.publish("wang", "2026-10", "91.72", reason="补贴")
    forge(archive, Result.__table__.delete().where(Result.version == 1), "wang")
    assert said(archive) == ["version 1 is missing", "it does not continue the version before"]


def test_a_month_is_closed_by_its_result(archive: Archive) -> None:
    people = archive.office.people
    archive.publish("wang", "2026-10", "89.12")
    archive.publish("wang", "2026-10", "91.72", reason="补贴")
    archive.publish("zhang", "2026-09", "80.00")
    with archive.read() as session:
        assert closed(session, "2026-10") == {people["wang"]}
        assert closed(session, "2026-10", [people["zhang"]]) == frozenset()


def forge(archive: Archive, statement: object, login: str) -> None:
    """Change a result as somebody would who can take the guards down."""
    with archive.office.database.write() as session:
        if archive.office.database.is_sqlite:
            session.execute(text("DROP TRIGGER result_is_final"))
            session.execute(text("DROP TRIGGER result_stays"))
        else:
            session.execute(text("ALTER TABLE result DISABLE TRIGGER ALL"))
        session.execute(statement.where(Result.subject_id == archive.office.people[login]))  # type: ignore[attr-defined]


def said(archive: Archive) -> list[str]:
    with archive.read() as session:
        return [fault.what.en for fault in verify(session).faults]
