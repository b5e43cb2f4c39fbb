"""What the department sees for the window, and how a person's results run over the months."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from appraisal.results.archive import MONDAY, Archive
from workflows.appraisal.results.access import last_readings, log_reading
from workflows.appraisal.results.views.months import months_of, trend
from workflows.appraisal.results.views.public import PublicRow, public_list
from workflows.errors import NotFound

UNTIL = MONDAY + timedelta(days=2)


def test_the_public_list_is_name_position_and_total_and_ends_with_its_window(archive: Archive) -> None:
    archive.publish("wang", "2026-10", "89.12", until=UNTIL)
    archive.publish("zhang", "2026-10", "80.00", until=MONDAY - timedelta(seconds=1))
    people = archive.office.people
    with archive.read() as session:
        (row,) = public_list(session, archive.organisation, people["sun"], MONDAY)
        assert public_list(session, archive.organisation, people["sun"], UNTIL + timedelta(seconds=1)) == ()
    assert (row.period, row.name, row.position.zh, str(row.total)) == (
        "2026-10",
        "王梓涵",
        "operations_specialist",
        "89.12",
    )
    shown = {"period", "name", "position", "total", "until", "notice"}  # the notice is the cycle's, nobody's own
    assert {field.name for field in dataclasses.fields(PublicRow)} == shown
    assert row.notice == ""


def test_another_department_does_not_see_it_and_human_resources_do(archive: Archive) -> None:
    archive.publish("hr", "2026-10", "89.12", until=UNTIL)
    archive.publish("wang", "2026-10", "70.00", until=UNTIL)
    people = archive.office.people
    with archive.read() as session:
        seen = {login: names(archive, session, login) for login in ("sun", "gu", "director", "audit")}
    assert seen["sun"] == ["王梓涵"]
    assert seen["gu"] == ["沈怡", "王梓涵"]
    assert seen["director"] == ["沈怡", "王梓涵"]  # he manages both
    assert seen["audit"] == ["沈怡", "王梓涵"]
    assert people["hr"] != people["wang"]


def test_the_corrected_total_is_the_one_on_view(archive: Archive) -> None:
    archive.publish("wang", "2026-10", "89.12", until=UNTIL)
    archive.publish("wang", "2026-10", "91.72", until=UNTIL, reason="补贴")
    with archive.read() as session:
        (row,) = public_list(session, archive.organisation, archive.office.people["sun"], MONDAY)
    assert str(row.total) == "91.72"


def test_a_trend_has_every_month_its_mean_and_the_difference(archive: Archive) -> None:
    for month, total in (("2026-08", "80.00"), ("2026-09", "85.55"), ("2026-10", "89.12")):
        archive.publish("wang", month, total)
    wang = archive.office.people["wang"]
    with archive.read() as session:
        line = trend(session, archive.organisation, wang, wang, "2026-10", months=4)
        listed = months_of(session, archive.organisation, wang, wang)
    assert [(mark.period, mark.total) for mark in line.months] == [
        ("2026-07", None), ("2026-08", Decimal("80.00")), ("2026-09", Decimal("85.55")), ("2026-10", Decimal("89.12")),
    ]  # fmt: skip
    assert (line.mean, line.difference) == (Decimal("84.89"), Decimal("3.57"))  # 254.67 / 3
    assert [one.period for one in listed] == ["2026-10", "2026-09", "2026-08"]


@pytest.mark.parametrize(
    ("login", "may"),
    [("wang", True), ("supervisor", True), ("director", True), ("gu", True), ("audit", True), ("zhang", False), ("admin", False)],
)  # fmt: skip
def test_who_reads_a_persons_results(archive: Archive, login: str, may: bool) -> None:
    archive.publish("wang", "2026-10", "89.12")
    viewer, wang = archive.office.people[login], archive.office.people["wang"]
    with archive.read() as session:
        if may:
            assert len(months_of(session, archive.organisation, viewer, wang)) == 1
        else:
            with pytest.raises(NotFound):
                months_of(session, archive.organisation, viewer, wang)


def test_reading_anothers_result_is_written_down_and_ones_own_is_not(archive: Archive) -> None:
    archive.publish("wang", "2026-10", "89.12")
    people, case = archive.office.people, archive.case("wang", "2026-10")
    with archive.office.database.write() as session:
        assert not log_reading(session, people["wang"], people["wang"], case, MONDAY)
        assert log_reading(session, people["gu"], people["wang"], case, MONDAY)
        assert log_reading(session, people["audit"], people["wang"], case, MONDAY + timedelta(hours=1), "抽查")
    with archive.read() as session:
        assert [reading.by for reading in last_readings(session, [case])] == [people["audit"], people["gu"]]


def names(archive: Archive, session: object, login: str) -> list[str]:
    return [row.name for row in public_list(session, archive.organisation, archive.office.people[login], MONDAY)]  # type: ignore[arg-type]
