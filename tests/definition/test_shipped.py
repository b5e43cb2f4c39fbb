"""The definitions that come with the program are proved, for the sample company too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from workflows.cli import assemble, workflows
from workflows.definition.load import load_folder
from workflows.definition.prove import errors_of, prove
from workflows.rehearsal.staffing import OrganisationStaff, organisation_of
from workflows.settings import project_folder

NOW = datetime(2026, 11, 2, tzinfo=UTC)
DEFINITIONS = project_folder("definitions")


def test_a_definition_stands_in_the_folder_of_its_family() -> None:
    for process in load_folder(DEFINITIONS):
        assert Path(process.file).parent.name == process.family, process.file


def test_every_proof_holds_for_the_sample_company() -> None:
    staff = OrganisationStaff(organisation_of(project_folder("sample") / "company", NOW), NOW.date())
    wrong = errors_of(prove(load_folder(DEFINITIONS), staff))
    assert wrong is None, str(wrong)


def test_check_prints_what_was_proved() -> None:
    found = CliRunner().invoke(
        assemble(workflows), ["check", str(DEFINITIONS), "--org", str(project_folder("sample") / "company")]
    )
    assert found.exit_code == 0, found.output
    assert "从每一步都能结束" in found.output
    assert "somebody is left for every task" in found.output
    proofs, _, _points = found.output.partition("Single points of failure")
    assert "✗" not in proofs


def test_check_says_what_is_wrong_and_where() -> None:
    refused = Path(__file__).parent / "refused"
    found = CliRunner().invoke(assemble(workflows), ["check", str(refused / "endless.yaml")])
    assert found.exit_code == 1
    assert "endless.yaml:17:3: 到了“撰写”（writing）走不到任何结束。" in found.output
    found = CliRunner().invoke(assemble(workflows), ["check", str(refused / "unknown_state.yaml")])
    assert found.exit_code == 1
    assert "Did you mean `done`?" in found.output


def test_a_file_alone_is_not_blamed_for_what_it_does_not_see() -> None:
    found = CliRunner().invoke(assemble(workflows), ["check", str(DEFINITIONS / "appraisal" / "appeal.yaml")])
    assert found.exit_code == 0, found.output


def test_the_schema_is_printed() -> None:
    found = CliRunner().invoke(assemble(workflows), ["schema"])
    assert found.exit_code == 0
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in found.output
