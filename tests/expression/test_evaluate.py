"""What expressions say and what they refuse to say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from workflows.expression import Expression, ExpressionError, UnsetName, to_decimal

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ROWS = [{"what": "a", "amount": Decimal("1.10"), "done": True}, {"what": "b", "amount": Decimal("2.20"), "done": False}]

HOLDS = [
    ("0.1 + 0.2 == 0.3", {}),
    ("budget > limit", {"budget": Decimal("100000.01"), "limit": 100000}),
    ('kind in ["refund", "return"] and not closed', {"kind": "return", "closed": False}),
    ('"images" in wrong', {"wrong": ["points", "images"]}),
    ("elapsed(received, resolved) <= 24h", {"received": NOON, "resolved": NOON + timedelta(hours=24)}),
    ("days(a, b) == 3", {"a": date(2026, 11, 17), "b": date(2026, 11, 20)}),
    ("a + 7d == b", {"a": date(2026, 11, 13), "b": date(2026, 11, 20)}),
    ("b - a == 7d", {"a": date(2026, 11, 13), "b": date(2026, 11, 20)}),
    ("2 * 24h == 2d and 12h / 24h == 0.5", {}),
    ('total(rows, "amount") == 3.3 and count(rows) == 2 and count(rows, "done") == 1', {"rows": ROWS}),
    (
        'total(lines, "pieces", "price") == 11.25 and total(empty, "pieces", "price") == 0',
        {
            "lines": [
                {"pieces": 3, "price": Decimal("2.75")},
                {"pieces": 2, "price": Decimal("1.5")},
                {"pieces": 7, "price": None},
                {"pieces": None, "price": Decimal(9)},
            ],
            "empty": [],
        },
    ),
    (
        'distinct(rows, "done") == 2 and distinct(twice, "what") == 1 and distinct(empty, "what") == 0',
        {"rows": ROWS, "twice": [{"what": "a"}, {"what": "a"}, {"what": None}], "empty": []},
    ),
    ('min(rows, "amount") == 1.1 and max(rows, "amount") == 2.2 and mean(rows, "amount") == 1.65', {"rows": ROWS}),
    ("min(3, 1, 2) == 1 and sum(1, 2, 3) == 6 and mean(1, 2) == 1.5 and abs(-2) == 2", {}),
    ("min(a, b) == a", {"a": date(2026, 1, 1), "b": date(2026, 1, 2)}),
    ("round(2.5) == 3 and round(-2.5) == -3 and round(2.345, 2) == 2.35", {}),
    ("clamp(130, 0, 120) == 120", {}),
    ("len(title) <= 30", {"title": "冬季保暖四件套"}),
    ("is_set(reply) and reply > 3 or not is_set(reply)", {"reply": None}),
    ("if_empty(bonus, 0) == 0", {}),
    ("(1 if big else 2) == 2", {"big": False}),
    ("1 < 2 < 3 and not 1 < 3 < 2", {}),
    ("each.arrived_on <= each.due_on", {"each.arrived_on": date(2026, 1, 1), "each.due_on": date(2026, 1, 1)}),
    ("-x == 5", {"x": -5}),
    ('name == "中文也行"', {"name": "中文也行"}),
]


@pytest.mark.parametrize(("source", "values"), HOLDS)
def test_what_holds(source: str, values: dict[str, object]) -> None:
    assert Expression(source).holds(values) is True


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "empty"),
        ("a +", "near column"),
        ("(" * 240 + "1" + ")" * 240, "Brackets are nested too deeply"),
        ("[" * 41, "Brackets are nested too deeply"),
        ("a" * 10**6, "longer than"),
        ("9" * 10**6, "longer than"),
        ("'a\0b'", "cannot be shown"),
        ("'\ud800'", "cannot be shown"),
        ("\0", "cannot be used"),
        ("1 + \N{MATHEMATICAL DOUBLE-STRUCK DIGIT ONE}", "cannot be used"),
        ("\N{CYRILLIC SMALL LETTER A} > 1", "cannot be used"),
        ("ħ24 > 1h", "cannot be used"),
        ("'''a''' == 'a'", "operator is missing"),
        ("'a' 'b' == 'ab'", "operator is missing"),
        ("b'a' == 'a'", "operator is missing"),
        ("u'a' == 'a'", "operator is missing"),
        ("rf'{a}'", "operator is missing"),
        ("yield", "reserved word"),
        ("await a", "reserved word"),
        ("1 + 5wd", "Working days"),
        ("1e5", "not a number"),
        ("0x1f", "not a number"),
        ("1_000", "not a number"),
        ("9" * 60, "not a number"),
        ("True", "`true`"),
        ("None", "`true`"),
        ("a.b", "after|follow `each`"),
        ("each.__class__", "follow `each`"),
        ("each.a.b", "follow `each`"),
        ("__import__('os')", "no function"),
        ("round.x", "follow `each`"),
        ("rond(1)", "Did you mean `round`"),
        ("round()", "number of arguments"),
        ("min(a=1)", "not allowed"),
        ("min(*a)", "not allowed"),
        ("a[0]", "not allowed"),
        ("2 ** 3", "not allowed"),
        ("7 // 2", "not allowed"),
        ("7 % 2", "cannot be used"),
        ("lambda: 1", "reserved word"),
        ("[x for x in y]", "reserved word"),
        ("{1}", "cannot be used"),
        ("a := 1", "cannot be used"),
        ("f'{a}'", "not allowed"),
        ("a is b", "not allowed"),
        ("~a", "cannot be used"),
        ("Budget > 1", "small letters"),
        ("预算 > 1", "cannot be used"),
        ("1 if a", "understood"),
        ("'a\\n'", "cannot be used"),
        ("1; 2", "cannot be used"),
        ("1\n2", "cannot be used"),
        ("a" * 501, "longer than"),
        ("+".join(["1"] * 150), "too deep|too many|deeply"),
        ("min(" + ",".join(["1"] * 51) + ")", "number of arguments"),
        (" or ".join(["a<1"] * 70), "too many"),
    ],
)
def test_what_cannot_be_said(source: str, sentence: str) -> None:
    with pytest.raises(ExpressionError, match=sentence) as refused:
        Expression(source)
    assert refused.value.zh


@pytest.mark.parametrize(
    ("source", "values", "sentence"),
    [
        ("a == 1", {"a": "1"}, "cannot be compared"),
        ("a == true", {"a": 1}, "cannot be compared"),
        ("a < b", {"a": "x", "b": "y"}, "no order"),
        ("a < b", {"a": date(2026, 1, 1), "b": NOON}, "cannot be compared"),
        ("a and true", {"a": 1}, "true or false"),
        ("not a", {"a": "x"}, "true or false"),
        ("1 if a else 2", {"a": 1}, "true or false"),
        ("1 / a", {"a": 0}, "Division by zero"),
        ("a + 1", {"a": True}, "does not work"),
        ("a + b", {"a": "x", "b": "y"}, "does not work"),
        ("-a", {"a": "x"}, "does not work"),
        ("a + 12h", {"a": date(2026, 1, 1)}, "does not work"),
        ("a + 9999d", {"a": date(9999, 1, 1)}, "out of range"),
        ("a in b", {"a": "x", "b": "xy"}, "takes a list"),
        ("mean(rows, 'amount') > 1", {"rows": []}, "no values"),
        ("min(rows, 'amount') > 1", {"rows": []}, "no values"),
        ("len(3) > 1", {}, "text or a list"),
        ("elapsed(a, a)", {"a": date(2026, 1, 1)}, "points in time"),
        ("days(a, b) > 1", {"a": NOON, "b": date(2026, 1, 1)}, "two dates"),
        ("sum(rows) > 0", {"rows": ROWS}, "not a row"),
        ("round(a, b)", {"a": 1, "b": 99}, "places"),
        ("a + 1", {"a": 0.1}, "float"),
        ("a == a", {"a": datetime(2026, 1, 1)}, "zone"),  # noqa: DTZ001
        ("a * a", {"a": 10**600}, "too large"),
        ("a + 1", {"a": Decimal("1e99999999")}, "too large"),
        ("a + 1", {"a": Decimal("NaN")}, "too large"),
        ("a + 1", {"a": Decimal("-Infinity")}, "too large"),
        ("24h * 999999", {}, "too long"),
        ("-a", {"a": timedelta.max}, "too long"),
        ("abs(a)", {"a": timedelta.min}, "too long"),
        ("count(a)", {"a": ["x"] * 10_001}, "too long"),
        ("count(a)", {"a": [["x"]]}, "too deep"),
        ("a == a", {"a": [{"b": [{"c": [{"d": [1]}]}]}]}, "too deep"),
        ("a + 1", {"a": Decimal("1." + "7" * 10**6)}, "too large"),
        ("a + 1", {"a": -(10**10**5)}, "too large"),
        ("a + 1", {"a": Decimal("sNaN")}, "too large"),
        ("sum(a) > 1", {"a": [Decimal(number) for number in range(2000)]}, "too much work"),
        ("a == b", {"a": "x" * 10**8, "b": "x" * 10**8}, "too much work"),
        ("sum(a) > 1", {"a": [Fraction(1, 3**number) for number in range(1200)]}, "too much work"),
    ],
)
def test_what_cannot_be_computed(source: str, values: dict[str, object], sentence: str) -> None:
    with pytest.raises(ExpressionError, match=sentence):
        Expression(source).evaluate(values)


def test_an_unset_name_is_named() -> None:
    with pytest.raises(UnsetName) as refused:
        Expression("budget > 5").evaluate({"budget": None})
    assert (refused.value.name, refused.value.zh) == ("budget", "“budget”还没有值。")


def test_what_is_decided_already_is_not_asked() -> None:
    assert Expression("false and missing > 1").evaluate({}) is False
    assert Expression("true or missing > 1").evaluate({}) is True
    assert Expression("1 if true else missing").evaluate({}) == 1


def test_a_part_is_evaluated_once_however_deep_it_stands() -> None:
    """Asking whether a part is there and then evaluating it again doubled the work at each level: 2**38 steps here."""
    assert Expression("if_empty(" * 38 + "a" + ",0)" * 38).evaluate({"a": 7}) == 7


def test_the_largest_table_of_a_form_can_be_added_up_five_times() -> None:
    rows = [{f"column_{number}": Fraction(Decimal("12345.67")) for number in range(20)} for _ in range(500)]
    source = " + ".join(f'total(rows, "column_{number}")' for number in range(5))
    assert Expression(source).evaluate({"rows": rows}) == 5 * 500 * Fraction("12345.67")


def test_the_largest_table_of_a_form_can_be_multiplied_and_added_up() -> None:
    rows = [{"pieces": Fraction(12), "price": Fraction(Decimal("12345.67"))} for _ in range(500)]
    twice = Expression('total(rows, "pieces", "price") + total(rows, "price", "pieces")')
    assert twice.evaluate({"rows": rows}) == 2 * 500 * 12 * Fraction("12345.67")


def test_a_table_is_handed_on_whole() -> None:
    assert Expression("rows").evaluate({"rows": ROWS}) == (
        {"what": "a", "amount": Fraction("1.1"), "done": True},
        {"what": "b", "amount": Fraction("2.2"), "done": False},
    )


def test_a_guard_gives_true_or_false() -> None:
    with pytest.raises(ExpressionError, match="true or false"):
        Expression("1 + 1").holds({})


def test_equal_sources_are_equal_expressions() -> None:
    assert Expression("a > 1") == Expression("a > 1") != Expression("a > 2")
    assert Expression("each.cost + a").names == {"each.cost", "a"}
    assert str(Expression("a > 1")) == "a > 1"


def test_known_asks_for_every_name() -> None:
    rule = Expression("ends_on > goes_live_on")
    assert rule.known({"ends_on": 1, "goes_live_on": 2})
    assert not rule.known({"ends_on": 1, "goes_live_on": None})


def test_no_binary_fraction_on_the_way() -> None:
    assert Expression("(a - b) / 10 * 3").evaluate({"a": Decimal("1.03"), "b": Decimal("1.00")}) == Fraction(9, 1000)
    assert to_decimal(Fraction(1, 3), 2) == Decimal("0.33")
    assert str(to_decimal(Fraction(-1, 8), 2)) == "-0.13"
    assert str(to_decimal(Fraction(5, 2), 2)) == "2.50"
