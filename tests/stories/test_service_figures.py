"""What service and faults add to scorecards, counted from stories: seconds, hours, marks, what was in time and what was late."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from stories.storyteller import Teller
from stories.test_stories import STORIES
from workflows.db import Database
from workflows.reports.figures import counted

COUNTED: Mapping[tuple[str, int, str, str], Mapping[str, str]] = {
    # the platform said 45 seconds; five stars
    ("inquiry", 1, "2026-11", "徐静"): {
        "questions_answered": "1", "answer_seconds": "45", "problems_closed": "1", "problems_solved": "1", "ratings": "1", "rating_sum": "5",
    },
    # nobody noted how long: from 14:00 to 15:30
    ("inquiry", 2, "2026-11", "邓凯"): {"questions_answered": "1", "answer_seconds": "5400", "problems_closed": "1", "problems_solved": "1"},
    ("inquiry", 3, "2026-11", "王梓涵"): {"questions_answered": "1", "answer_seconds": "600", "problems_closed": "1"},
    # from 9:30 to 16:00 of the same day
    ("complaint", 1, "2026-11", "徐静"): {
        "complaints_due": "1", "complaints_within_24h": "1", "complaints_resolved": "1", "complaint_hours": "6.5",
        "problems_closed": "1", "problems_solved": "1", "ratings": "1", "rating_sum": "5",
    },
    # solved after 25 hours, disputed, given up after 54: one late problem, none solved
    ("complaint", 2, "2026-11", "邓凯"): {
        "complaints_due": "1", "complaints_resolved": "1", "complaint_hours": "25", "late_problems": "1", "problems_closed": "1",
    },
    ("complaint", 3, "2026-11", "曹亦凡"): {},
    ("after_sales", 1, "2026-11", "徐静"): {"problems_closed": "1", "problems_solved": "1", "ratings": "1", "rating_sum": "5"},
    ("after_sales", 1, "2026-11", "赵子墨"): {"after_sales_cost": "12"},
    ("tech_fault", 1, "2026-11", "魏然"): {
        "faults_fixed": "1", "fault_hours": "1.8333333333", "downtime_minutes": "110", "ratings": "1", "rating_sum": "5",
        "docs_due": "1", "docs_on_time": "1",
    },
    # due five working days after the fix, not written when they were over
    ("tech_fault", 3, "2026-11", "方启明"): {
        "faults_fixed": "1", "fault_hours": "23.5", "ratings": "1", "rating_sum": "3", "docs_due": "1",
    },
    ("knowledge_article", 2, "2026-03", "王梓涵"): {"published_manuals": "1"},
}  # fmt: skip


@pytest.mark.parametrize(("file", "number", "month", "name"), COUNTED)
def test_what_was_done_is_counted(file: str, number: int, month: str, name: str, database: Database) -> None:
    story = [story for story in STORIES if story.file == file][number - 1]
    teller = Teller.begin(database, story)
    teller.tell(story)
    with database.read() as session:
        found = counted(session, teller.engine.scene(session, teller.now), month).get(teller.people[name], {})
    assert {key: figure.value for key, figure in found.items() if figure.value} == {
        key: Decimal(value) for key, value in COUNTED[file, number, month, name].items()
    }
