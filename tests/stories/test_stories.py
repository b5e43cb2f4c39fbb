"""Every story of this folder, on both databases: the same acts, the same past."""

from __future__ import annotations

from pathlib import Path

import pytest

from stories.reading import Story, stories
from stories.storyteller import Teller
from workflows.db import Database

STORIES = list(stories(Path(__file__).parent))


@pytest.mark.parametrize("story", STORIES, ids=[f"{story.file}-{number}" for number, story in enumerate(STORIES, 1)])
def test_story(story: Story, database: Database) -> None:
    teller = Teller.begin(database, story)
    teller.tell(story)
    by_name = {teller.called(case): case for case in teller.cases()}
    for told in story.told:
        case = by_name[told.case]
        assert teller.history(case) == list(told.history)
        assert teller.state(case) == told.state
        assert {name: case.data.get(name) for name in told.values} == dict(told.values)
    named = {told.case for told in story.told}
    assert [mail for mail in teller.mails() if mail.partition("：")[2] in named] == list(story.mails)
    processes = [case.process for case in by_name.values()]
    assert {process: processes.count(process) for process in story.count} == dict(story.count)
