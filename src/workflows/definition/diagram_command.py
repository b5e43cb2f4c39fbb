"""`workflows diagram KEY`: a process as a picture (SVG), as a list, or as a net for process mining (PNML)."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.definition.model import Process
from workflows.errors import NotFound

if TYPE_CHECKING:
    from workflows.definition.diagram_words import Names


@click.command()
@click.argument("key")
@click.option("--dark", is_flag=True, help="深色 · dark look")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 · language")
@click.option("--text", "as_text", is_flag=True, help="文字版 · the same as a list")
@click.option("--pnml", is_flag=True, help="Petri 网，供流程挖掘工具核对 · Petri net, for tools of process mining")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="写入文件 · write to this file")
@click.option(
    "--definitions",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    help="另一个定义文件夹或文件 · another folder or file of definitions",
)
@click.option(
    "--org",
    "company",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="岗位和部门名称所在的文件夹，默认用样例公司 · folder with the names of positions and units, the sample company's by default",
)
def diagram(
    key: str,
    dark: bool,
    lang: str,
    as_text: bool,
    pnml: bool,
    output: Path | None,
    folder: Path | None,
    company: Path | None,
) -> None:
    """画出流程 KEY 的流程图（SVG） · Draw the process KEY as SVG."""
    from workflows.definition import net
    from workflows.definition.diagram import draw
    from workflows.definition.diagram_names import names_in
    from workflows.definition.load import load_paths
    from workflows.settings import project_folder

    processes = load_paths([folder or project_folder("definitions")])
    process = _find(key, processes)
    names = names_in(company or project_folder("sample") / "company", processes)
    if pnml:
        drawn = net.pnml(process, lang)
    elif as_text:
        drawn = _listed(process, lang, names)
    else:
        drawn = draw(process, language=lang, look="dark" if dark else "light", names=names)
    if output is None:
        click.echo(drawn, nl=False)
        return
    output.write_text(drawn, encoding="utf-8")


def _find(key: str, processes: list[Process]) -> Process:
    for process in processes:
        if process.key == key:
            return process
    known = [process.key for process in processes]
    near = get_close_matches(key, known, 1, 0.6)
    zh = f"是否指 {near[0]}？" if near else f"现有：{'、'.join(known)}。"
    en = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
    raise NotFound(f"没有流程 {key}。{zh}", f"There is no process `{key}`. {en}")


def _listed(process: Process, language: str, names: Names) -> str:
    from workflows.definition.diagram import outline

    lines = [process.title.text(language)]
    for number, step in enumerate(outline(process, language=language, names=names)):
        lines.append(f"{number}. {step.title}")
        lines += [f"   {line}" for line in (*step.tasks, *step.ways)]
    return "\n".join(lines) + "\n"
