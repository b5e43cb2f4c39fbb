"""Definitions from text, files and folders: strictly read, shapes checked, values built."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workflows.definition.building.process import build_process
from workflows.definition.language import PROCESS
from workflows.definition.model import Process
from workflows.document.checking import check
from workflows.document.problems import DefinitionErrors, Problems
from workflows.document.reading import read_documents
from workflows.errors import DefinitionError

SUFFIXES = (".yaml", ".yml")
SCORECARDS = "scorecards"
"""The folder beside the families whose files are scorecards, and the version counter that moves when they are published."""


def load_text(text: str, file: str) -> list[Process]:
    """The processes of a file's text (several `---` documents are allowed).

    `file` is how errors call it. Raises DefinitionErrors with everything that is wrong, each with its line and column.
    """
    problems = Problems(file)
    processes: list[Process] = []
    for document in read_documents(text, file):
        before = len(problems.found)
        check(PROCESS, document.root, problems)
        if len(problems.found) == before:
            processes.append(build_process(document, problems))
    _refuse_doubles(processes, problems)
    if not processes and not problems.found:
        problems.add("文件里没有流程。", "There is no process in this file.")
    if problems.found:
        raise DefinitionErrors(problems.found)
    return processes


def load_file(path: Path) -> list[Process]:
    """The processes of one file; raises DefinitionErrors, also where it cannot be read or is not UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DefinitionErrors(
            [_unreadable(path, f"读不到（{error.strerror}）", f"cannot be read ({error.strerror})")]
        ) from None
    except UnicodeDecodeError:
        raise DefinitionErrors([_unreadable(path, "不是 UTF-8 编码", "is not UTF-8")]) from None
    return load_text(text, str(path))


def load_folder(folder: Path) -> list[Process]:
    """All processes of a folder's YAML files, family by family in the order of names; raises DefinitionErrors over all files."""
    return load_paths([folder])


def load_paths(paths: Iterable[Path]) -> list[Process]:
    """The processes of files and folders together; raises DefinitionErrors over all of them."""
    processes: list[Process] = []
    errors: list[DefinitionError] = []
    for path in paths:
        for file in files_of(path):
            try:
                processes += load_file(file)
            except DefinitionErrors as error:
                errors += error.errors
    errors += _doubles(processes)
    if not processes and not errors:
        raise DefinitionErrors(
            [DefinitionError("这里没有流程定义（*.yaml）。", "There are no definitions (*.yaml) here.")]
        )
    if errors:
        raise DefinitionErrors(errors)
    return processes


def files_of(path: Path) -> list[Path]:
    """The YAML files that `path` means: itself, or those in the folder and in the folders of families below it."""
    if not path.is_dir():
        return [path]
    found = (file for file in path.rglob("*") if file.suffix in SUFFIXES)
    return sorted(file for file in found if SCORECARDS not in file.relative_to(path).parts)


def _refuse_doubles(processes: list[Process], problems: Problems) -> None:
    problems.found += _doubles(processes)


def _doubles(processes: list[Process]) -> list[DefinitionError]:
    """Two processes of one key."""
    first: dict[str, Process] = {}
    errors = []
    for process in processes:
        if process.key in first:
            line, column = process.place(("process",))
            errors.append(
                DefinitionError(
                    f"流程“{process.key}”写了两次，另一处在 {first[process.key].file}。",
                    f"The process `{process.key}` is defined twice, also in {first[process.key].file}.",
                    file=process.file,
                    line=line,
                    column=column,
                    path="process",
                )
            )
        first.setdefault(process.key, process)
    return errors


def _unreadable(path: Path, zh: str, en: str) -> DefinitionError:
    return DefinitionError(f"文件{zh}。", f"The file {en}.", file=str(path))
