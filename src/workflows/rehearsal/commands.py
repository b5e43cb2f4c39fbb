"""`workflows check`: definitions are read, proved and, with an organisation, staffed before anybody works by them."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.settings import project_folder

if TYPE_CHECKING:
    from workflows.definition.proofs.absence import SinglePoint
    from workflows.definition.proofs.staff import Staff
    from workflows.definition.prove import Verdict
    from workflows.document.problems import DefinitionErrors


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    group.add_command(check)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--org",
    "organisation",
    type=click.Path(exists=True, path_type=Path),
    help="组织文件夹（CSV/XLSX）：再证明每一步都有人办 · folder of the organisation: proves also that somebody is left for every task",
)
@click.option(
    "--strict",
    is_flag=True,
    help="有人一个人不在就停下，也算不通过 · fail as well where one person's absence alone stops a case",
)
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], organisation: Path | None, strict: bool) -> None:
    """检查流程定义 · Check definitions: a folder, or files that are looked at alone.

    Prints what was proved of each process; exit code 1 with file, line and column of everything wrong. With an organisation also who is
    the only one for a task, and on which way a case comes to it.
    """
    from workflows.definition.load import load_paths
    from workflows.definition.proofs.absence import single_points
    from workflows.definition.proofs.family import Family
    from workflows.definition.prove import errors_of, prove
    from workflows.document.problems import DefinitionErrors
    from workflows.rehearsal.staffing import OrganisationStaff, organisation_of

    places = list(paths) or [project_folder("definitions")]
    now = datetime.now(UTC)
    staff = OrganisationStaff(organisation_of(organisation, now), now.date()) if organisation is not None else None
    try:
        processes = load_paths(places)
        figures = _figures(places)
    except DefinitionErrors as errors:
        _complain(context, errors)
        return
    # A folder holds all processes there are; a file alone cannot be blamed for those it does not see.
    verdicts = prove(processes, staff, complete=any(path.is_dir() for path in places), figures=figures)
    for line in table(verdicts):
        click.echo(line)
    wrong = errors_of(verdicts)
    if wrong is not None:
        click.echo()
        _complain(context, wrong)
    if staff is not None and wrong is None:
        points = single_points(Family(processes), staff)
        for line in absences(points, staff):
            click.echo(line)
        if strict and any(not point.relief for point in points):
            context.exit(1)
    if staff is None:
        click.echo("未给组织（--org），没有检查是否都有人办 · no organisation given (--org): people were not proved")


def _figures(places: Sequence[Path]) -> Mapping[str, str]:
    """The figures that are measured, with their units: of the scorecards in a folder that is checked, else of the project's own."""
    from workflows.definition.load import SCORECARDS
    from workflows.scoring.load import load_scorecards

    folders = [path / SCORECARDS for path in places if (path / SCORECARDS).is_dir()]
    catalogue = load_scorecards([*folders, project_folder("definitions") / SCORECARDS][0]).figures
    return {name: figure.unit for name, figure in catalogue.items()}


def table(verdicts: Sequence[Verdict]) -> Iterable[str]:
    """Processes down, proofs across; below the line how many there are of each."""
    proofs = {verdict.key: verdict.title for verdict in verdicts}
    by_process: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_process.setdefault(verdict.process.key, []).append(verdict)
    for number, (key, title) in enumerate(proofs.items(), 1):
        yield f"{number:>3}  {_padded(key, 13)} {_padded(title.zh, 22)} {title.en}"
    yield ""
    longest = max(len(key) for key in by_process)
    yield " " * longest + "  " + "".join(f"{number:>3}" for number in range(1, len(proofs) + 1))
    for key, found in by_process.items():
        marks = "".join("  ✓" if verdict.holds else "  ✗" for verdict in found)
        title = found[0].process.title
        yield f"{key:<{longest}}  {marks}  {_padded(title.zh, 18)} {title.en}"
    holding = sum(verdict.holds for verdict in verdicts)
    yield ""
    yield f"{len(by_process)} 个流程，{len(verdicts)} 项证明，成立 {holding} 项 · {len(by_process)} processes, {holding} of {len(verdicts)} proofs hold"


def absences(points: Sequence[SinglePoint], staff: Staff) -> Iterable[str]:
    """Person by person the tasks that only they can do: those first where a case would stand still, then those that escalate."""
    yield ""
    if not points:
        yield "不论哪一个人不在，每件待办都还有人能办 · whoever single person is absent, somebody is left for every task"
        return
    yield "只有一个人能办的（别人的事项会等他）· Single points of failure (cases of others wait for this person)"
    by_person: dict[Hashable, list[SinglePoint]] = {}
    for point in points:
        by_person.setdefault(point.person, []).append(point)
    for person, found in sorted(by_person.items(), key=lambda entry: -len(entry[1])):
        stuck = [point for point in found if not point.relief]
        yield ""
        yield f"{staff.name_of(person)}：{len(found)} 件待办，{len(stuck)} 件没有转报 · {len(found)} tasks, {len(stuck)} without escalation"
        yield from (_absence(point, staff) for point in [*stuck, *(point for point in found if point.relief)])


def _absence(point: SinglePoint, staff: Staff) -> str:
    mark = "  " if point.relief else "✗ "
    names = "、".join(staff.name_of(person) for person in point.relief)
    then = f"逾期转报 {names} · escalated when late" if names else "没有转报 · nobody else may act"
    title = f"{point.process.title.zh} {point.title.zh}"
    when = f"（{point.when.zh}" + (f"，共 {point.cases} 种情形）" if point.cases > 1 else "）")
    return f"  {mark}{title}：{point.way_said.zh}{when}；{then}"


def _padded(text: str, width: int) -> str:
    """Filled up with spaces to `width` columns of a terminal, in which a Chinese character takes two."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return text + " " * max(0, width - len(text) - wide)


def _complain(context: click.Context, errors: DefinitionErrors) -> None:
    for error in errors.errors:
        click.echo(f"{error.place}: {error.zh}", err=True)
        click.echo(f"    {error.en}", err=True)
    context.exit(1)
