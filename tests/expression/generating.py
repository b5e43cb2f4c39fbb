"""Expressions that anybody might type, and many that nobody should: each of a number, so that a find can be looked at again.

`source(number)` and the values of `SCENES` are made of what people write (allowed forms at random), of what they mistype (such
forms mutated), and of what attackers try (other syntax, depth, length, big numbers, long lists, objects of the outside).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

LONGEST = 500
NAMES = [
    "a", "b", "c", "n", "zero", "big", "huge", "ratio", "deep", "text", "other", "flag", "off", "kind", "day", "until", "at",
    "end", "span", "rows", "table", "amounts", "texts", "people", "bits", "empty", "void", "missing", "each.cost", "each.x",
    "broken", "trap",
]  # fmt: skip
FUNCTIONS = ["min", "max", "sum", "total", "mean", "abs", "round", "clamp", "count", "distinct", "len", "elapsed", "days", "is_set", "if_empty"]  # fmt: skip
NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "100",
    "0.1",
    "0.30",
    "1.005",
    "99999999999999999999",
    "9" * 40,
    "0." + "3" * 38,
]
HONEST = [
    "(sales - cost_of_sales - promotion_cost) / profit_target * 100",
    "(uv - uv_prev) / uv_prev * 100",
    "(sales / sales_prev) / (market_sales / market_sales_prev) * 100",
    "cost_of_sales_3m / ((stock_open_3m + stock_close) / 2)",
    "mean(design_mark, service_mark, logistics_mark)",
    'total(rows, "cost") <= a and count(rows) > 0',
    'kind in ["refund", "return"] and not flag',
    "elapsed(at, end) <= 24h",
    "is_set(text) and len(text) <= 30 or off",
    "if_empty(n, 0) + round(a, 2) * clamp(b, 0, 120)",
    "-(a + b) / 3 if a < b <= c else abs(a - b)",
    "until - day >= 7d and days(day, until) != 0",
]
HOSTILE = [
    "().__class__.__bases__[0].__subclasses__()", "__import__('os').system('id')", "each.__class__.__mro__", "a.__class__",
    "[x for x in rows]", "{x: x for x in rows}", "(x for x in rows)", "(a := 10**9)", "lambda: a", "f'{a}'", "f'{trap!r:>{big}}'",
    "rf'{a.b}'", "b'x'", "'''x'''", "'a' 'b'", "'%s' % a", "'{0.__class__}'.format(a)", "9**9**9**9", "2**2**2**2**2**2",
    "1 << 999999999", "10**10**10", "'x' * 10**9", "[0] * 10**9", "a[0]", "a[::-1]", "a[trap]", "trap.x", "trap()", "trap + 1", "trap == trap",
    "min(*rows)", "min(**rows)", "max(rows, key=trap)", "round(a, ndigits=2)", "print(a)", "open('/etc/passwd')", "eval('a')", "exec('a')",
    "globals()", "getattr(a, 'b')", "type(a)", "a is b", "a @ b", "a % b", "a // b", "a & b | c ^ ~a", "not", "await a", "yield a",
    "...", "a; b", "a\nb", "a\\\nb", "# a", "a # b", "'a\0b'", "\0", "'\ud800'", "\ufeffa", "а > 1", "ａ + ｂ", "𝟙 + 𝟚", "１ + ２", "a ＞ b", "“a”", "‘a’",
    "true = false", "True", "None", "nan", "inf", "1e999", "1e-999", "1j", "0x1f", "0b1", "0o7", "1_000", "00012", "1.", ".5", "1..2", "5wd", "999999h", "24h24h",
    "each", "each.", "each.each.each", "if", "else", "in", "a if b", "a if b else", "((((", "))))", "[[[[", "()", "[]", "[,]", "(,)", ",", "a,b", "*a", "**a", "@a", "!a", "a!", "a=!b", "a<>b", "$a", "`a`", "a?b:c",
    "a in 'abc'", "a in b in c", "'a' in 'abc'", "rows == rows == rows", "text in texts", "[[a], [b]] == [[a]]", "a in [[a]]", "rows in rows", "broken", "broken == broken", "count(broken)", "sum(broken, 'x')",
]  # fmt: skip
WRAPS = [
    ("(", ")"), ("[", "]"), ("not ", ""), ("-", ""), ("- -", ""), ("if_empty(", ", 0)"), ("if_empty(", ", a)"), ("is_set(", ")"),
    ("abs(", ")"), ("round(", ", 2)"), ("min(", ", big)"), ("max(a, ", ")"), ("sum(", ", ratio)"), ("mean(", ", big)"), ("clamp(", ", a, b)"),
    ("1 if flag else ", ""), ("", " if flag else 2"), ("(", " if flag else a)"), ("a + ", ""), ("a * (", ")"), ("big * ", ""), ("ratio * ", ""), ("ratio + ", ""),
    ("huge * (", ")"), ("1 / (", " + ratio)"), ("a < ", ""), ("a == b or ", ""), ("a != a or (", ")"), ("flag and ", ""), ("count(rows) + ", ""), ('total(rows, "cost") + ', ""),
    ('mean(table, "cost") + ', ""), ("sum(amounts) + ", ""), ("max(bits) + ", ""), ("sum(bits) + ", ""), ("text in texts or ", ""), ("rows == table or ", ""), ("24h * ", ""), ("a.", ""), ("each.", ""), ("a[", "]"), ("f(", ")"),
    ("f'{", "}'"), ("lambda: ", ""), ("[x for x in ", "]"), ("(x:=", ")"), ("{", "}"), ("a**", ""), ("'", "'"), ('"', '"'), ("~", ""), ("await ", ""), ("*", ""), ("a,(", ",)"), ("a(b=", ")"),
]  # fmt: skip
ALPHABET = "ab1209.,+-*/<>=!()[]'\" \t\n\\_{}:;@#%^&|~`$?éħđ中（）＋１\0\ud800\u200b\u202e😀"


class Trap:
    """An object of the outside whose code must never run; what is asked of it is noted."""

    touched: list[str] = []

    def __getattribute__(self, name: str) -> object:
        if name != "__class__":  # what `isinstance` looks at
            Trap.touched.append(name)
        return object.__getattribute__(self, name)

    def _touch(self, *_others: object) -> bool:
        Trap.touched.append("operator")
        return True

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _touch  # type: ignore[assignment]
    __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __neg__ = _touch
    __call__ = __getitem__ = __len__ = __iter__ = __index__ = __int__ = __float__ = _touch  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


class Binary(float):
    """A binary float under another name."""


def _scenes() -> list[dict[str, object]]:
    """What the names stand for, ten times: plain, then each more hostile."""
    chance = random.Random(20261120)
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    plain: dict[str, object] = {
        "a": 3, "b": Decimal("2.50"), "c": Fraction(22, 7), "n": 12, "zero": 0, "big": 10**300, "huge": 2**2040 - 1, "ratio": Fraction(2**1000 + 7, 3**600),
        "deep": 1, "text": "冬季保暖四件套", "other": "x", "flag": True, "off": False, "kind": "refund", "day": date(2026, 11, 20), "until": date(2026, 12, 1),
        "at": noon, "end": noon + timedelta(hours=25), "span": timedelta(hours=30), "rows": [{"cost": Decimal("1.10"), "x": True}] * 5, "table": [],
        "amounts": [1, 2, Decimal("3.3")], "texts": ["a", "refund"], "people": ["p"] * 20, "bits": [Fraction(1, 2**k) for k in range(40)],
        "empty": "", "void": None, "each.cost": 5, "each.x": "a", "broken": 0.1, "trap": Trap(),
    }  # fmt: skip
    large = [
        {f"{word}": Decimal(chance.randrange(10**9)) / 100 for word in ("cost", "x", "y", "z")} for _ in range(500)
    ]
    exact_rows = [{"cost": Fraction(chance.randrange(10**9), 100), "x": "a", "deep": ["x"] * 10} for _ in range(500)]
    many = {f"column_{number}": Decimal(number) for number in range(5000)}
    changes: list[dict[str, object]] = [
        {},
        {"rows": large, "table": exact_rows, "amounts": [Decimal(k) for k in range(500)], "texts": ["t" * 40 + str(k) for k in range(500)]},
        {"rows": exact_rows, "bits": [Fraction(2**900 + k, 3**k) for k in range(600)], "amounts": [Fraction(k, 1 + k % 97) for k in range(2000)]},
        {"a": huge(chance), "b": huge(chance), "c": huge(chance), "n": huge(chance), "amounts": [huge(chance) for _ in range(400)], "span": timedelta.max},
        {"text": "x" * 10**6, "other": "x" * (10**6 - 1) + "y", "texts": ["x" * 10**6] * 1999 + ["y"], "people": [str(k) for k in range(2000)]},
        {"a": 10 ** (10**5), "b": Decimal("1." + "7" * 10**6), "c": Decimal("1e999999"), "n": Decimal("sNaN"), "big": Decimal("-Infinity"), "ratio": Fraction(1, 10 ** (10**4))},
        {"a": Binary(0.5), "b": 1 + 2j, "c": float("nan"), "n": b"1", "rows": [{"cost": 0.1}], "amounts": [0.1, 1], "texts": [b"a"], "each.cost": 0.1},
        {"at": datetime(2026, 1, 1), "end": datetime.max, "day": date.max, "until": date.min, "rows": [many] * 500, "broken": Trap()},  # noqa: DTZ001, DTZ901
        {"rows": [[["x"] * 500] * 500], "table": [{"cost": [{"cost": [{"cost": [1]}]}]}], "amounts": [[1]], "broken": [Trap()], "people": [None] * 2000},
        {"rows": [large, 1, "x", None, {}], "table": {"cost": Trap()}, "amounts": {"x": 1}, "a": None, "b": True, "c": "3", "n": object, "broken": [{"x": Trap()}]},
    ]  # fmt: skip
    return [plain | change for change in changes]


def huge(chance: random.Random) -> Fraction:
    """A fraction with about as many bits as there may be."""
    return Fraction(chance.getrandbits(2040) | 1, chance.getrandbits(2040) | 1)


SCENES = _scenes()


def source(number: int) -> str:
    """The expression of this number."""
    chance = random.Random(number)
    return chance.choices(_KINDS, _WEIGHTS)[0](chance)


def _written(chance: random.Random) -> str:
    """Allowed forms at random, often long and deep."""
    return _term(chance, chance.randint(0, 7))[: LONGEST + 20]


def _term(chance: random.Random, depth: int) -> str:
    if depth <= 0:
        return chance.choice(
            [chance.choice(NAMES), chance.choice(NUMBERS), '"cost"', "'a'", "24h", "7d", "true", "false"]
        )
    one, two = _term(chance, depth - 1), _term(chance, chance.randint(0, depth - 1))
    match chance.randrange(9):
        case 0 | 1:
            return f"({one} {chance.choice('+-*/')} {two})"
        case 2:
            return f"({one} {chance.choice(['<', '<=', '>', '>=', '==', '!=', 'in', 'not in'])} {two})"
        case 3:
            return f"({one} {chance.choice(['and', 'or'])} {two})"
        case 4:
            return f"{chance.choice(FUNCTIONS)}({', '.join([one, two][: chance.randint(1, 2)])})"
        case 5:
            walked = chance.choice(["rows", "table", "bits", "amounts", "texts"])
            column = chance.choice(["", ', "cost"', ', "x"', ', "cost", "cost"'])
            return f"{chance.choice(['min', 'max', 'sum', 'mean', 'count', 'total'])}({walked}{column})"
        case 6:
            return f"({one} if {two} else {_term(chance, 0)})"
        case 7:
            return f"{chance.choice(['-', 'not '])}{one}"
    return f"[{one}, {two}]"


def _chained(chance: random.Random) -> str:
    """One thing again and again: products of products, sums over tables, comparisons in a row."""
    sign = chance.choice([" * ", "*", " + ", "/", " < ", " == ", " and ", " or ", " in ", ", ", " if flag else "])
    parts = [_term(chance, chance.randint(0, 1)) for _ in range(chance.randint(1, 4))]
    return sign.join(parts * chance.randint(1, 60))[: LONGEST + 1]


def _wrapped(chance: random.Random) -> str:
    """Deep: one form around another, up to the length allowed."""
    wraps = chance.sample(WRAPS, chance.randint(1, 2))
    times = chance.choice([chance.randint(1, 38), chance.randint(1, 200)])
    left, right = "".join(wrap[0] for wrap in wraps), "".join(wrap[1] for wrap in reversed(wraps))
    inner = _term(chance, chance.randint(0, 2))
    room = max((LONGEST - len(inner)) // max(len(left + right), 1), 0)
    times = min(times, room)
    return left * times + inner + right * (times if chance.random() < 0.9 else chance.randint(0, times))


def _mistyped(chance: random.Random) -> str:
    """A form with some characters dropped, doubled, swapped, replaced, or with a piece of another one."""
    made = list(chance.choice([*HONEST, *HOSTILE, _written(chance), _chained(chance)])[:LONGEST])
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(5):
            case 0:
                del made[at : at + chance.randint(1, 3)]
            case 1:
                made[at:at] = made[at : at + chance.randint(1, 9)]
            case 2:
                made.insert(at, chance.choice(ALPHABET))
            case 3:
                made[at : at + 1] = chance.choice(ALPHABET)
            case _:
                other = chance.choice(HOSTILE)
                made[at:at] = other[: chance.randint(1, len(other))]
    return "".join(made)


def _hostile(chance: random.Random) -> str:
    pieces = [chance.choice(HOSTILE) for _ in range(chance.randint(1, 3))]
    return chance.choice([" + ", " and ", ", ", "", " "]).join(pieces)


def _noise(chance: random.Random) -> str:
    letters = chance.choice([ALPHABET, "".join(map(chr, range(256))), "()[]{}", "'\"", "0123456789.e", "abc (),"])
    return "".join(chance.choices(letters, k=chance.choice([5, 40, 500])))


def _endless(chance: random.Random) -> str:
    """Far longer than allowed: refused before anything reads it."""
    return chance.choice(["9", "a", "(", "a+", " ", "'", "中", "\0"]) * chance.choice([501, 10**4, 10**6])


_KINDS: list[Callable[[random.Random], str]] = [_written, _chained, _wrapped, _mistyped, _hostile, _noise, _endless]
_WEIGHTS = [30, 15, 20, 20, 7, 7, 1]
