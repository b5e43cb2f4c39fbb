"""Who is the only one for a task: named with the way, whose cases wait, and who relieves them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from click.testing import CliRunner

from definition.refusing import ANALYST, BOSS, COMPANY, LEAD, OTHER, SPECIALIST
from workflows.cli import assemble, workflows
from workflows.definition.load import load_text
from workflows.definition.proofs.absence import SinglePoint, single_points
from workflows.definition.proofs.family import Family
from workflows.org.organisation import AbsencePeriod
from workflows.rehearsal.staffing import OrganisationStaff
from workflows.settings import project_folder

TODAY = date(2026, 11, 2)

ORDER = """
process: order
title: {zh: 采购, en: Order}
source: ours
name: "{what}"
start: {by: {position: specialist}, form: [what]}
fields:
  what: {type: text, required: true, zh: 买什么, en: What}
states:
  checking:
    title: {zh: 核对, en: Check}
    task: {for: {FOR}, not: {NOT}, due: 2wd{MORE}}
    actions: {approve: done, send_back: start}
  done: {title: {zh: 完成, en: Done}, end: done}
"""


def points(
    who: str, exclude: str = "auditors", more: str = "", staff: OrganisationStaff = COMPANY
) -> Sequence[SinglePoint]:
    text = ORDER.replace("{FOR}", who).replace("{NOT}", exclude).replace("{MORE}", more)
    return single_points(Family(load_text(text, "order.yaml")), staff)


def away(person: uuid.UUID, deputy: uuid.UUID, last: date) -> OrganisationStaff:
    """The company while somebody is away with a deputy."""
    absence = AbsencePeriod(person, deputy, TODAY, last)
    organisation = replace(COMPANY._organisation, absences=MappingProxyType({person: (absence,)}))
    return OrganisationStaff(organisation, TODAY)


def test_the_only_holder_of_a_position_is_named_with_the_way() -> None:
    (point,) = points("{position: analyst}")
    assert (point.person, point.title.zh, point.relief) == (ANALYST, "核对", ())
    assert point.way_said.zh == "发起 —提交→ 核对"
    assert point.cases == 2, "of both specialists who may start one"


def test_two_holders_stand_in_for_each_other() -> None:
    assert points("{position: specialist}") == ()


def test_two_holders_are_one_too_few_where_the_starter_may_not() -> None:
    found = points("{position: specialist}", "starter")
    assert {(point.person, point.when.zh) for point in found} == {
        (SPECIALIST, "发起人 钱专员"),
        (OTHER, "发起人 赵专员"),
    }


def test_the_manager_of_somebody_is_the_only_one_of_the_kind() -> None:
    (point,) = points("{manager_of: starter}")
    assert (point.person, point.cases) == (LEAD, 2)


def test_an_escalation_relieves_but_only_who_may_act() -> None:
    more = ", escalate: {when: due + 1wd, to: {manager_of: holder}}"
    (point,) = points("{manager_of: starter}", more=more)
    assert point.relief == (BOSS,)
    (point,) = points("{manager_of: starter}", "{person: wang}", more)
    assert point.relief == ()


def test_a_deputy_counts_while_the_absence_is_not_over_and_they_may_do_it() -> None:
    assert points("{position: analyst}", staff=away(ANALYST, LEAD, TODAY)) == ()
    assert len(points("{position: analyst}", staff=away(ANALYST, LEAD, date(2026, 11, 1)))) == 1
    assert len(points("{position: analyst}", "{person: li}", staff=away(ANALYST, LEAD, TODAY))) == 1


def test_what_is_somebodys_own_waits_for_them_and_is_not_named() -> None:
    assert points("starter") == ()


def test_two_people_who_must_both_release_are_both_needed() -> None:
    text = ORDER.replace("{FOR}", "{position: specialist}").replace("{NOT}", "auditors").replace("{MORE}", "")
    text = text.replace("start: {by: {position: specialist}", "start: {by: {position: analyst}")
    text = text.replace("approve: done,", "approve: {to: done, people: 2},")
    found = single_points(Family(load_text(text, "order.yaml")), COMPANY)
    assert {point.person for point in found} == {SPECIALIST, OTHER}


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
def test_the_command_names_them_and_fails_only_when_asked(tmp_path: Path, options: Sequence[str], code: int) -> None:
    text = ORDER.replace("{FOR}", "{position: operations_manager}").replace("{NOT}", "auditors").replace("{MORE}", "")
    file = tmp_path / "order.yaml"
    file.write_text(text.replace("position: specialist", "position: operations_specialist"), encoding="utf-8")
    organisation = str(project_folder("sample") / "company")
    found = CliRunner().invoke(assemble(workflows), ["check", str(file), "--org", organisation, *options])
    assert found.exit_code == code, found.output
    assert "程立军：1 件待办，1 件没有转报" in found.output
    assert "✗ 采购 核对：发起 —提交→ 核对（发起人" in found.output
