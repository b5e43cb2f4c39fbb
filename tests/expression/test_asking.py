"""Questions about expressions that are answered without evaluating them."""

import pytest

from workflows.expression import Expression, ExpressionError
from workflows.expression.kinds import BOOLEAN, DATE, DATETIME, DURATION, LIST, NUMBER, PERSON, TEXT, Kind, kind_of
from workflows.expression.ranges import Opaque, case_text, uncovered
from workflows.expression.reads import needed, zero_divisors

KINDS = {
    "budget": NUMBER, "limit": NUMBER, "title": TEXT, "urgent": BOOLEAN, "begins_on": DATE, "seen_at": DATETIME, "owner": PERSON,
    "kind": Kind("text", frozenset({"refund", "return", "other"})), "wrong": Kind("list", frozenset({"images", "price"})),
    "files": LIST, "rows": Kind("rows", None, {"amount": NUMBER, "what": TEXT}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("budget > limit", BOOLEAN),
        ("budget * 1.5", NUMBER),
        ("begins_on + 7d", DATE),
        ("seen_at - seen_at", DURATION),
        ("elapsed(seen_at, seen_at)", DURATION),
        ('kind == "refund"', BOOLEAN),
        ('kind in ["refund", "return"]', BOOLEAN),
        ('"price" in wrong', BOOLEAN),
        ('total(rows, "amount")', NUMBER),
        ('total(rows, "amount", "amount")', NUMBER),
        ('count(rows, "what")', NUMBER),
        ('distinct(rows, "what")', NUMBER),
        ("if_empty(budget, 0)", NUMBER),
        ("max(begins_on, begins_on)", DATE),
        ("len(files) + len(title) + count(wrong)", NUMBER),
        ("budget if urgent else limit", NUMBER),
        ("abs(24h)", DURATION),
        ("days(begins_on, begins_on)", NUMBER),
        ("is_set(owner)", BOOLEAN),
        ("not urgent", BOOLEAN),
        ("-budget", NUMBER),
        ("clamp(budget, 0, limit)", NUMBER),
    ],
)
def test_kinds(source: str, kind: Kind) -> None:
    assert kind_of(Expression(source), KINDS).name == kind.name


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("bugdet > 1", "Did you mean `budget`"),
        ("budget > title", "does not work"),
        ("title > title", "does not work"),
        ('kind == "refnud"', "Did you mean `refund`"),
        ('kind in ["refund", "retrun"]', "Did you mean `return`"),
        ('"imgaes" in wrong', "Did you mean `images`"),
        ("budget in budget", "does not work"),
        ("urgent + 1", "does not work"),
        ("budget and urgent", "takes true or false"),
        ("not budget", "takes true or false"),
        ("1 if budget else 2", "takes true or false"),
        ("budget if urgent else title", "does not work"),
        ("begins_on > seen_at", "does not work"),
        ("elapsed(begins_on, begins_on)", "point in time"),
        ("days(begins_on, seen_at)", "does not take"),
        ("len(budget)", "does not take"),
        ("count(budget)", "does not take"),
        ('distinct(budget, "what")', "does not take"),
        ('distinct(rows, "waht")', "Did you mean `what`"),
        ('total(budget, "x")', "does not take"),
        ("sum(rows)", "does not take"),
        ('total(rows, "amuont")', "Did you mean `amount`"),
        ('total(rows, "what")', "takes a number"),
        ('total(rows, "amount", "what")', "takes a number"),
        ('total(rows, "amount", "amuont")', "Did you mean `amount`"),
        ('mean(rows, "amount", "amount")', "does not take"),
        ("total(rows, what)", "no field|name in quotes"),
        ("min(begins_on, budget)", "does not work"),
        ("round(title)", "takes a number"),
        ("-title", "does not work"),
        ('["a", 1] == files', "does not work"),
    ],
)
def test_misfits(source: str, sentence: str) -> None:
    with pytest.raises(ExpressionError, match=sentence):
        kind_of(Expression(source), KINDS)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a > b", "a b"),
        ("is_set(a) and a > b", "b"),
        ("not is_set(a) or a > 1", ""),
        ("a > 1 and is_set(a)", "a"),
        ("is_set(a) or a > 1", "a"),
        ("a if is_set(a) else b", "b"),
        ("if_empty(a, b)", "b"),
        ("is_set(a) and is_set(b) and a < b", ""),
        ("(is_set(a) and is_set(b)) and a < b", ""),
        ("1 if not is_set(a) else a", ""),
    ],
)
def test_what_must_be_set(source: str, names: str) -> None:
    assert needed(Expression(source)) == frozenset(names.split())


@pytest.mark.parametrize(
    ("source", "divisors"),
    [
        ("a / b", {"b"}),
        ("a / 2", set()),
        ("b != 0 and a / b > 1", set()),
        ("b > 0 and a / b > 1", set()),
        ("b >= 0 and a / b > 1", {"b"}),
        ("b == 0 or a / b > 1", set()),
        ("a / b if b > 0 else 0", set()),
        ("a / b if b == 0 else 0", {"b"}),
        ("a / (b - c)", {"…"}),
        ("a / (2 * b)", {"b"}),
        ("a / safe", set()),
        ('mean(rows, "x")', {"mean(rows)"}),
        ('count(rows) > 0 and mean(rows, "x") > 1', set()),
        ("a / count(rows) if count(rows) != 0 else 0", set()),
    ],
)
def test_what_may_divide_by_zero(source: str, divisors: set[str]) -> None:
    assert zero_divisors(Expression(source), frozenset({"safe"})) == divisors


@pytest.mark.parametrize(
    ("sources", "left"),
    [
        (["budget > limit", "budget <= limit"], None),
        (["budget > limit", "limit > budget"], "budget = limit"),
        (["budget < 5", "budget >= 5"], None),
        (["urgent", "not urgent"], None),
        (["urgent"], "not urgent"),
        (['kind == "refund"', 'kind in ["return", "other"]'], None),
        (['kind == "refund"', 'kind == "return"'], "kind = other"),
        (['kind != "refund"', 'kind == "refund" and urgent'], "kind = refund, not urgent"),
        (["is_set(title)", "not is_set(title)"], None),
        (["true"], None),
        (['"price" in wrong', '"price" not in wrong'], None),
    ],
)
def test_what_no_condition_covers(sources: list[str], left: str | None) -> None:
    found = uncovered([Expression(source) for source in sources], KINDS)
    assert (None if found is None else case_text(found)) == left


@pytest.mark.parametrize("source", ["len(title) > 5", "budget + 1 > limit", "title in files"])
def test_what_cannot_be_tried_out(source: str) -> None:
    with pytest.raises(Opaque):
        uncovered([Expression(source), Expression(f"not ({source})")], KINDS)
