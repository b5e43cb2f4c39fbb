"""Published scorecards: versions by month, refused with file and line, read once per process."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.cards.store import ScorecardStore, scorecards_folder
from workflows.appraisal.cards.tables import ScorecardVersion
from workflows.db import Database
from workflows.document.problems import DefinitionErrors
from workflows.errors import NotFound

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
ALL = texts_of(sorted(scorecards_folder().glob("*.yaml")))
CARD = "data_analyst.yaml"


def publish(database: Database, given: dict[str, str], today: date = TODAY) -> dict[str, tuple[int, bool, str]]:
    with database.write() as session:
        done = publish_cards(session, given, "scorecards", today, NOW)
    return {one.key: (one.version, one.new, one.valid_from) for one in done}


def changed(name: str = CARD, old: str = "target: 98", new: str = "target: 97") -> dict[str, str]:
    assert old in ALL[name]
    return {name: ALL[name].replace(old, new, 1)}


def test_the_first_version_holds_from_the_beginning_and_a_changed_one_from_the_next_month(database: Database) -> None:
    first = publish(database, ALL)
    assert set(first.values()) == {(1, True, "0001-01")}
    assert len(first) == 13  # eleven cards, the catalogue, the grades
    assert publish(database, changed()) == {"data_analyst": (2, True, "2026-12")}
    store = ScorecardStore()
    with database.read() as session:
        versions = {
            month: store.version_for(session, "data_analyst", month) for month in ("2020-01", "2026-11", "2026-12")
        }
    assert {month: found.version for month, found in versions.items() if found} == {
        "2020-01": 1, "2026-11": 1, "2026-12": 2,
    }  # fmt: skip


def test_the_same_text_again_is_no_new_version(database: Database) -> None:
    publish(database, ALL)
    assert set(publish(database, ALL).values()) == {(1, False, "0001-01")}
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(ScorecardVersion)) == 13


def test_of_two_changes_in_one_month_the_later_one_holds(database: Database) -> None:
    publish(database, ALL)
    publish(database, changed())
    assert publish(database, changed(new="target: 96")) == {"data_analyst": (3, True, "2026-12")}
    store = ScorecardStore()
    with database.read() as session:
        found = store.version_for(session, "data_analyst", "2027-01")
    assert found is not None
    assert found.version == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (changed(old="reports_submitted * 100", new="reports_submited * 100"), r"scorecards/data_analyst.yaml:\d+.*reports_submitted"),
        ({"data-analyst.txt": "x"}, r"scorecards/data-analyst.txt: A scorecard's file is called"),
        ({"analyst.yaml": ALL[CARD]}, "data_analyst.yaml"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_written(
    database: Database, given: dict[str, str], words: str
) -> None:
    publish(database, ALL)
    with pytest.raises(DefinitionErrors, match=words):
        publish(database, {**given, **changed("grades.yaml", "from: 90", "from: 91")})
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(ScorecardVersion)) == 13


def test_a_figure_of_an_earlier_version_cannot_go(database: Database) -> None:
    publish(database, ALL)
    without = changed(old="requests_on_time / requests_due", new="reports_without_correction / reports_submitted")
    without[CARD] = without[CARD].replace("cases: requests_due", "cases: reports_submitted")
    lines = [line for line in ALL["figures.yaml"].splitlines() if not line.strip().startswith("requests_")]
    with pytest.raises(DefinitionErrors, match="retired"):
        publish(database, {**without, "figures.yaml": "\n".join(lines)})


def test_one_file_needs_the_others_to_be_there(database: Database) -> None:
    with pytest.raises(DefinitionErrors, match=r"figures\.yaml is missing"):
        publish(database, changed())


def test_the_store_reads_a_version_once_and_hears_of_new_ones(database: Database) -> None:
    publish(database, ALL)
    store = ScorecardStore()
    with database.read() as session:
        before = store.version_for(session, "data_analyst", "2026-12")
        assert store.positions(session) == {name.removesuffix(".yaml") for name in ALL} - {"figures", "grades"}
    statements = counted(database)
    with database.read() as session:
        for _ in range(3):
            assert store.version_for(session, "data_analyst", "2026-12") == before
            store.catalogue(session)
    assert len(statements) == 6  # the counters, each time
    publish(database, changed())
    with database.read() as session:
        after = store.version_for(session, "data_analyst", "2026-12")
        assert after is not None
        assert after.version == 2
        assert store.get(session, "data_analyst", 1) == before
        with pytest.raises(NotFound):
            store.get(session, "data_analyst", 3)


def test_changed_grades_hold_from_the_next_month(database: Database) -> None:
    publish(database, ALL)
    publish(database, changed("grades.yaml", "from: 90", "from: 92"))
    store = ScorecardStore()
    with database.read() as session:
        excellent = [store.grades(session, month).grades[0].least for month in ("2026-11", "2026-12")]
        assert store.catalogue(session)["sales_attainment_target"].target_of == "sales_attainment"
    assert [str(least) for least in excellent] == ["90", "92"]


def test_before_anything_is_published_the_program_s_own_catalogue_and_grades_hold(database: Database) -> None:
    store = ScorecardStore()
    with database.read() as session:
        assert "sales" in store.catalogue(session)
        assert store.grades(session, "2026-11").grades[0].key == "excellent"
        assert store.positions(session) is None
        assert store.version_for(session, "data_analyst", "2026-11") is None


@pytest.mark.parametrize("statement", ["UPDATE scorecard_version SET version = 9", "DELETE FROM scorecard_version"])
def test_the_database_refuses_to_change_a_published_card(database: Database, statement: str) -> None:
    publish(database, ALL)
    with pytest.raises(DBAPIError, match="only ever added to"), database.write() as session:
        session.execute(text(statement))


def counted(database: Database) -> list[str]:
    """The statements that are sent from now on."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    return sent
