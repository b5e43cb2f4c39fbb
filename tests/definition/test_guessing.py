"""Trying one of each kind of people finds what trying everybody finds, and is over in no time where many are alike."""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import product

import pytest

from definition.refusing import COMPANY, SPECIALIST
from workflows.definition.load import load_text
from workflows.definition.model import Process, Task
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.guessing import alike, outcomes
from workflows.definition.proofs.people import findings
from workflows.definition.proofs.scenes import Scenes
from workflows.definition.proofs.staff import Candidates, Scene, Staff
from workflows.rehearsal.staffing import OrganisationStaff

WORDS = ("starter", "{field: owner}", "{did: planning}", "{manager_of: starter}", "{manager_of: {field: owner}}",
         "{managers_of: {did: planning}}", "{position: specialist}", "{unit: operations}")  # fmt: skip
PROCESS = """
process: order
title: {zh: 采购, en: Order}
source: ours
name: "{what}"
start: {by: everyone, form: [what, owner]}
fields:
  what: {type: text, required: true, zh: 什么, en: What}
  owner: {type: person, required: true, zh: 负责人, en: Owner}
states:
  planning: {title: {zh: 计划, en: Plan}, task: {for: {unit: operations}, not: starter}, actions: {submit: checking}}
  checking: {title: {zh: 核对, en: Check}, task: {for: WHO, not: NOT}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def checked(who: str, exclude: str) -> tuple[Process, Task]:
    (process,) = load_text(PROCESS.replace("WHO", who).replace("NOT", exclude), "order.yaml")
    return process, process.states["checking"].tasks[0]


def by_trying_everybody(task: Task, scene: Scene, candidates: Candidates) -> set[frozenset[object]]:
    unknowns = sorted(candidates.unknowns(task.who, scene) | candidates.unknowns(task.exclude, scene), key=str)
    found = set()
    for people in product(*(candidates.domain(one) for one in unknowns)):
        guess = dict(zip(unknowns, people, strict=True))
        left = candidates.resolve(task.who, scene, guess) - candidates.resolve(task.exclude, scene, guess)
        found.add(frozenset(left))
    return found


def of_company(staff: Staff, process: Process) -> tuple[Candidates, tuple[Scene, ...]]:
    candidates = Candidates(staff)
    return candidates, Scenes(Family([process]), candidates).of(process)


@pytest.mark.parametrize("exclude", WORDS)
@pytest.mark.parametrize("who", WORDS)
def test_the_same_people_are_left(who: str, exclude: str) -> None:
    process, task = checked(who, exclude)
    candidates, scenes = of_company(COMPANY, process)
    for scene in scenes:
        found = {one.left for one in outcomes(task, scene, candidates, 1000)}
        assert found == by_trying_everybody(task, scene, candidates)


def test_cases_that_look_the_same_to_a_task_are_asked_once() -> None:
    process, task = checked("{position: specialist}", "{field: owner}")
    _, scenes = of_company(COMPANY, process)
    ((_, count),) = alike(task, scenes)
    assert count == len(scenes) == 5


def grown(number: int) -> OrganisationStaff:
    """The company with so many more specialists."""
    organisation = COMPANY._organisation
    like = organisation.people[SPECIALIST]
    more = {uuid.UUID(int=100 + n): replace(like, id=uuid.UUID(int=100 + n), login=f"m{n}") for n in range(number)}
    return OrganisationStaff(replace(organisation, people={**organisation.people, **more}), COMPANY._today)


def test_of_many_who_are_alike_few_are_tried() -> None:
    process, task = checked("{manager_of: {field: owner}}", "[starter, {did: planning}]")
    candidates, scenes = of_company(grown(200), process)
    tried = [sum(1 for _ in outcomes(task, scene, candidates, 1000)) for scene in scenes]
    assert max(tried) <= 12  # two managers and nobody, with and without each as the one who planned
    (found,) = findings(Family([process]), candidates.staff).values()
    assert "没有人可办" in found[0].text.zh
