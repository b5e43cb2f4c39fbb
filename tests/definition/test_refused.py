"""Each definition in `refused/` is refused for the reason that stands at its head, in that line, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from definition.refusing import refuse

REFUSED = sorted((Path(__file__).parent / "refused").glob("*.yaml"))
HEAD = re.compile(r"# Refused by: (.+)\n# In line: (\d+)\n# Because: (.+)\n# 因为：(.+)\n")


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.stem)
def test_refused_with_place_and_reason(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head, "a refused definition says at its head by what, where and why"
    proof, line, english, chinese = head.groups()
    found = refuse(text, file.name)
    assert (proof, int(line), english, chinese) in [(key, error.line, error.en, error.zh) for key, error in found]
    assert {key for key, _ in found} == {proof}, "refused for this reason alone"
    assert all(error.file == file.name and error.column for _, error in found)


def test_every_proof_has_a_definition_that_it_refuses() -> None:
    proofs = {HEAD.match(file.read_text(encoding="utf-8")).group(1) for file in REFUSED}  # type: ignore[union-attr]
    assert proofs == {
        "load", "reach", "ends", "waits", "loops", "alternatives", "unset", "spawns", "moments", "texts", "people", "figures",
    }  # fmt: skip
