"""Every story of this folder, on both databases: the same acts, the same past."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from reports.conforming import strays
from stories.reading import Story, stories
from stories.scoring import CARDS
from stories.storyteller import PROCESSES, Teller
from workflows.db import Database

STORIES = list(stories(Path(__file__).parent))


@pytest.mark.parametrize("story", STORIES, ids=[f"{story.file}-{number}" for number, story in enumerate(STORIES, 1)])
def test_story(story: Story, database: Database) -> None:
    teller = Teller.begin(database, story)
    teller.tell(story)
    past = teller.past
    by_name = {past.called(case): case for case in past.cases()}
    for told in story.told:
        case = by_name[told.case]
        assert past.history(case) == list(told.history)
        assert past.state(case) == told.state
        assert {name: str(case.data.get(name)) for name in told.values} == {
            name: str(v) for name, v in told.values.items()
        }
    named = {told.case for told in story.told}
    assert [mail for mail in past.mails() if mail.partition("：")[2] in named] == list(story.mails)
    for month, told_figures in story.figures.items():
        figures = teller.figures(month)
        for person, values in told_figures.items():
            assert {name: figures[person][name] for name in values} == {n: Decimal(str(v)) for n, v in values.items()}
    processes = [case.process for case in by_name.values()]
    assert {process: processes.count(process) for process in story.count} == dict(story.count)
    with database.read() as session:
        assert strays(session, teller.engine.scene(session, teller.now)) == []


@pytest.mark.parametrize("key", PROCESSES)
def test_some_story_comes_through_every_state_and_takes_every_action(key: str) -> None:
    process = PROCESSES[key]
    lines = [
        line
        for story in STORIES
        for told in story.told
        if told.case.startswith(f"{process.title.zh} ")
        for line in told.history
    ]
    entered = {
        words.split(" · ")[0].split("（")[0].removesuffix(" 迟") for _, _, words in (x.partition(" → ") for x in lines)
    }
    taken = {line.split(" ")[3].partition("（")[0] for line in lines}
    actions = [action for state in process.states.values() for action in state.actions.values()]
    actions += [anytime.action for anytime in process.anytime.values()]
    assert {state.title.zh for state in process.states.values()} <= entered
    assert {action.title.zh for action in actions} <= taken
    assert not any(state.after for state in process.states.values()) or any(" 时钟 到时 →" in line for line in lines)
    assert not process.alerts or any(" 时钟 警示" in line for line in lines)


def test_what_processes_count_are_figures_that_scorecards_know() -> None:
    counted = {(process.key, figure.name) for process in PROCESSES.values() for figure in process.figures}
    assert {(key, name) for key, name in counted if name not in CARDS.figures} == set()


def test_every_goal_that_can_be_agreed_on_becomes_a_figure() -> None:
    process = PROCESSES["goal_setting"]
    what = next(column for column in process.fields["other_goals"].columns if column.name == "what")
    assert {choice.key for choice in what.choices} <= {figure.name for figure in process.figures}
