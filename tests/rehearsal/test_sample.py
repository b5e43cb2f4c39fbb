"""What the sample company's people write, as files that people edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflows.settings import project_folder

FILES = sorted((project_folder("sample") / "work").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_amount_is_cut_in_two_at_its_comma(file: Path) -> None:
    """`[损失 ¥18,000。]` is two samples, “损失 ¥18” and “000。”: an amount in a list stands in quotes."""
    lists = re.findall(r"\[.*\]", file.read_text(encoding="utf-8"))
    bare = [re.sub(r'"[^"]*"', "", line) for line in lists]
    assert [line for line in bare if re.search(r"\d,\d", line)] == []
