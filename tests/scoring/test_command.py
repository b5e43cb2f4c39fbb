"""`workflows score` as a person types it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from scoring.randoms import shipped
from scoring.test_missing import perfect
from workflows.cli import main

Score = Callable[..., tuple[int, str, str]]


@pytest.fixture
def score(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Score:
    """Writes the rows to a file and scores them; exit code, output, errors."""
    monkeypatch.chdir(tmp_path)

    def run(
        rows: str | bytes, *arguments: str, card: str = "ecommerce_operator", name: str = "f.csv"
    ) -> tuple[int, str, str]:
        file = tmp_path / name
        file.write_bytes(rows.encode() if isinstance(rows, str) else rows)
        code = main(["score", card, "--figures", str(file), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def wide(**more: object) -> str:
    values = {"person": "王梓涵", "period": "2026-10", "category": "服装类、快消品", **perfect(), **more}
    cells = [f'"{value}"' for value in values.values()]
    return ",".join(values) + "\n" + ",".join(cells) + "\n"


def answer(score: Score, rows: str | bytes, *arguments: str, **more: str) -> Any:
    code, out, err = score(rows, "--format", "json", *arguments, **more)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_card_as_json(score: Score) -> None:
    (one,) = answer(score, wide())
    assert (one["person"], one["period"], one["scorecard"], one["total"]) == (
        "王梓涵",
        "2026-10",
        "ecommerce_operator",
        "100.00",
    )
    assert one["grade"]["zh"] == "优秀"
    assert len(one["lines"]) == 18
    assert one["lines"][0]["how"]["en"] == "Attainment in % ≥ 90: attainment in % = 100."


def test_many_people_and_columns_of_other_cards(score: Score) -> None:
    rows = "person,period,reads,content_reads_target,sales\na,2026-10,50,100,7\nb,2026-10,200,100,\n"
    people = answer(score, rows, "--indicator", "content_reads", card="content_specialist")
    assert [(one["person"], one["score"]) for one in people] == [("a", "50"), ("b", "120")]


def test_one_row_for_each_figure(score: Score) -> None:
    rows = "person,period,figure,value\n" + "".join(
        f"王梓涵,2026-10,{name},{value}\n" for name, value in perfect().items()
    )
    (one,) = answer(score, rows + "王梓涵,2026-10,category,apparel\n王梓涵,2026-10,repurchase_target,30\n")
    assert one["total"] == "100.00"


def test_titles_as_headings_and_two_months_of_one_person(score: Score) -> None:
    rows = "人员,月份,浏览量 PV,Unique visitors (UV)\n甲,2026年9月,3,1\n甲,2026/10,6,4\n"
    found = answer(score, rows, "--indicator", "pv_per_uv")
    assert [(one["period"], one["score"]) for one in found] == [("2026-09", "100"), ("2026-10", "70")]


def test_the_headings_of_a_template(score: Score) -> None:
    rows = 'person,period,"浏览量 PV（次）\npv","访客数\nuv"\n甲,2026-10,3,1\n'
    assert answer(score, rows, "--indicator", "pv_per_uv")[0]["score"] == "100"


def test_an_empty_cell_is_missing_and_a_divisor_of_zero_is_said(score: Score) -> None:
    (one,) = answer(score, wide(pv="", uv_prev=0))
    assert (one["total"], one["missing"]) == (None, ["uv_prev", "pv"])
    lines = {line["key"]: line for line in one["lines"]}
    assert (lines["uv_growth"]["status"], lines["pv_per_uv"]["status"]) == ("undefined", "missing")
    code, out, _ = score(wide(pv="", uv_prev=0))
    assert code == 0
    assert "合计：还缺 上月访客数 UV (uv_prev)、浏览量 PV (pv)" in out


def test_numbers_that_never_end_have_ten_places(score: Score) -> None:
    (one,) = answer(score, wide(pv=100, uv=360, organic_uv=360), "--indicator", "pv_per_uv")
    assert (one["actual"], one["score"], one["holds"]) == ("0.2777777778", "46", "2.2222222222")


def test_a_workbook(score: Score) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["person", "period", "paid_orders", "uv", "industry_mean"])
    sheet.append(["甲", "2026-10", 45, 1000, 0.03])
    sheet["E2"].number_format = "0.0%"
    out = BytesIO()
    book.save(out)
    (one,) = answer(score, out.getvalue(), "--indicator", "pay_conversion", name="f.xlsx")
    assert (one["target"], one["score"]) == ("8", "95")


def test_a_part_gives_its_deduction(score: Score) -> None:
    (one,) = answer(
        score, "person,period,dead_stock_value,stock_value\n甲,2026-10,7.5,100\n", "--indicator", "dead_stock"
    )
    assert (one["score"], one["part_of"], one["counted"]) == ("4", "stock_turnover", None)


def test_the_table_lines_up_for_chinese_widths(score: Score) -> None:
    code, out, _ = score(wide())
    assert code == 0
    head, *rows = [line for line in out.splitlines() if line][1:20]
    ruler = rows.pop(0)
    ends = [place for place, letter in enumerate(ruler) if letter == "─" and ruler[place + 1 : place + 2] != "─"]

    def at(line: str, end: int) -> str:
        places = "".join(letter + ("\0" if unicodedata.east_asian_width(letter) in "WF" else "") for letter in line)
        return places[end + 1 : end + 3]

    for line in (head, *rows):
        for end in ends[:-1]:
            assert at(line, end).strip("\0") in ("  ", ""), line
    assert out.splitlines()[-1] == "合计 100.00 优秀"


def test_the_table_in_english(score: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKFLOWS_LANGUAGE", "en")
    code, out, _ = score(wide(pv=300), "--indicator", "pv_per_uv")
    assert code == 0
    assert "16.67% below the target; 3 for each full 5%: minus 9." in out
    assert not any("一" <= letter <= "鿿" for letter in out.split("·", 1)[1])


def test_a_card_from_a_file(score: Score, tmp_path: Path) -> None:
    text = shipped().cards["ecommerce_operator"].text.replace("steps: whole", "steps: begun")
    (tmp_path / "mine.yaml").write_text(text)
    (one,) = answer(score, wide(pv=359), "--indicator", "pv_per_uv", card=str(tmp_path / "mine.yaml"))
    assert one["score"] == "97"
    (tmp_path / "mine.yaml").write_text(text.replace("pv / uv", "pvv / uv"))
    code, _, err = score(wide(), card=str(tmp_path / "mine.yaml"))
    assert code == 1
    assert "mine.yaml:" in err
    assert "Did you mean `pv`?" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"card": "ecommerce_operatr"}, "Did you mean `ecommerce_operator`?"),
        ({"indicator": "uv_grwth"}, "Did you mean `uv_growth`?"),
        ({"card": "nowhere.yaml"}, "cannot be read"),
    ],
)
def test_names_that_are_not_there(score: Score, arguments: dict[str, str], sentence: str) -> None:
    more = ["--indicator", arguments["indicator"]] if "indicator" in arguments else []
    code, _, err = score(wide(), *more, card=arguments.get("card", "ecommerce_operator"))
    assert code == 1
    assert sentence in err


HEAD = "person,period,uv,sales,design_mark,industry_mean,category\n"


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ("person,period,uvv\na,2026-10,1\n", ["1 uvv:", "There is no figure `uvv`. Did you mean `uv`?"]),
        ("person,period,uv,UV\na,2026-10,1,2\n", ["1 UV:", "This column is there twice."]),
        (HEAD + "a,2026-13,1,1,1,1,\n", ["2 period:", "`2026-13` is not a month"]),
        (HEAD + ",2026-10,1,1,1,1,\n", ["2 person:", "It does not say whose this is."]),
        (HEAD + "a,2026-10,eins,1,1,1,\n", ["2 uv:", "`eins` is not a number."]),
        (HEAD + "a,2026-10,-1,1,1,1,\n", ["2 uv:", "This cannot be less than 0."]),
        (HEAD + "a,2026-10,1,1,11,1,\n", ["2 design_mark:", "This cannot be more than 10."]),
        (HEAD + "a,2026-10,1,12%,1,1,\n", ["2 sales:", "`12%` has the wrong unit: `sales` is given in CNY."]),
        (HEAD + "a,2026-10,1,3万,1,1,\n", ["2 sales:", "Write `3万` in full, without `万` (10,000)."]),
        (HEAD + 'a,2026-10,"1,23",1,1,1,\n', ["2 uv:", "The commas of `1,23` are in strange places."]),
        (HEAD + "a,2026-10,1,1,1,1,aparel\n", ["2 category:", "Did you mean `apparel`?"]),
        (HEAD + "a,2026-10,1,1,1,1,\na,2026-10,1,1,1,1,\n", ["3 person:", "The same person and month as in row 2."]),
        (HEAD + "a,2026-10,1,1,1,1,,9\n", ["2 :", "There is content under no heading."]),
        (HEAD + "a,2026-10,1e99999,1,1,1,\n", ["2 uv:", "At most 15 digits before the decimal point."]),
        (HEAD + "a,2026-10," + "9" * 200 + ",1,1,1,\n", ["2 uv:", "At most 15 digits before the decimal point."]),
        ("person,period,figure,value\na,2026-10,uv,1\na,2026-10,uv,2\n", ["3 value:", "`uv` is given in row 2 already."]),
        ("person,period,figure,value\na,2026-10,uvv,1\n", ["2 figure:", "There is no figure `uvv`. Did you mean `uv`?"]),
        ("person,period,figure\na,2026-10,uv\n", ["1 :", "The columns `figure` and `value` come together."]),
        ("person,period,uv\n", ["There are no figures in the file."]),
        ("", ["There are no figures in the file."]),
    ],
)  # fmt: skip
def test_a_file_that_is_refused(score: Score, rows: str, sentences: list[str]) -> None:
    code, out, err = score(rows)
    assert (code, out) == (1, "")
    for sentence in sentences:
        assert sentence in err


def test_all_faults_are_told_at_once(score: Score) -> None:
    code, out, err = score(HEAD + "a,2026-13,x,12%,11,1,aparel\n")
    assert (code, out) == (1, "")
    assert "f.csv has 5 faults" in err
    assert sum(line.startswith("  2 ") for line in err.splitlines()) == 5


def test_everything_is_told_below_a_bad_heading(score: Score) -> None:
    code, _, err = score("person,period,uvv,uv,uv,sales\na,2026-13,what,-5,7,abc\n")
    assert code == 1
    told = [line.split(":")[0].strip() for line in err.splitlines() if line.startswith("  ")]
    assert told == ["1 uvv", "1 uv", "2 period", "2 uv", "2 sales"]


def test_an_empty_file_is_said_without_empty_quotes(score: Score) -> None:
    code, _, err = score("")
    assert code == 1
    assert "第 1 行：文件里没有数据。" in err
    assert "row 1: There are no figures in the file." in err


def test_what_is_unlikely_is_said_and_computed(score: Score) -> None:
    code, out, err = score(
        "person,period,pv,uv,organic_uv\n甲,2026-10,2.5,1,2\n", "--indicator", "pv_per_uv", "--format", "json"
    )
    assert code == 0
    assert json.loads(out)[0]["score"] == "91"
    assert "! 2 pv: 应为整数。" in err
    assert "! 2 organic_uv:" in err


def test_a_bomb_and_what_is_no_table(score: Score) -> None:
    assert score(b"PK\x03\x04nothing", name="f.xlsx")[0] == 1
    assert "Only .csv and .xlsx" in score("x", name="f.txt")[2]
