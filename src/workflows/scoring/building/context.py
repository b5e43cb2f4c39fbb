"""What all builders share: where problems go, what is known, and how numbers and formulas are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from workflows.document.problems import Problems, nearest
from workflows.document.reading import Node
from workflows.errors import Text
from workflows.expression import Expression, ExpressionError, walk
from workflows.expression.kinds import BOOLEAN, NUMBER, Kind, kind_of
from workflows.expression.nodes import Call
from workflows.expression.reads import zero_divisors
from workflows.scoring.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Context:
    """`problems` takes what is wrong; `figures` are the names that formulas may use; `needed`: readings that something rests on."""

    problems: Problems
    figures: Catalogue
    needed: set[str] = field(default_factory=set)

    def figure(self, node: Node, at: Node | None = None, key: str | None = None) -> str:
        """The name of a figure; one that is unknown is a problem (at a `key` of the mapping `at`, where given)."""
        name = node.text if key is None else key
        if name not in self.figures:
            sentence = Text(
                f"没有“{name}”这个指标值（见 figures.yaml）。", f"There is no figure `{name}` (see figures.yaml)."
            )
            self._at(node, at, key, sentence, self.figures.nearest(name))
        return name

    def _at(self, node: Node, at: Node | None, key: str | None, text: Text, near: str | None) -> None:
        if at is not None and key is not None:
            self.problems.at_key(at, key, text.zh, text.en, nearest=near)
        else:
            self.problems.at(node, text.zh, text.en, nearest=near)

    def number_formula(self, node: Node, names: Iterable[str], figures: bool = True) -> Expression | None:
        """A formula that gives a number, over `names` and, unless it may not, figures."""
        return self._formula(node, names, NUMBER, figures)

    def condition(self, node: Node, names: Iterable[str]) -> Expression | None:
        """A formula that gives true or false, over `names` alone."""
        return self._formula(node, names, BOOLEAN, False)

    def _formula(self, node: Node, names: Iterable[str], kind: Kind, figures: bool) -> Expression | None:
        try:
            formula = Expression(node.text)
        except ExpressionError as error:
            self.problems.at(node, error.zh, error.en)
            return None
        known = {*names, *(self.figures if figures else ())}
        unknown = sorted(formula.names - known)
        for name in unknown:
            self.problems.at(
                node,
                f"公式里的“{name}”没有定义。",
                f"The formula's `{name}` is not defined.",
                nearest=nearest(name, known),
            )
        return None if unknown or not self._is(node, formula, kind) else formula

    def _is(self, node: Node, formula: Expression, kind: Kind) -> bool:
        """Whether it gives what is asked for, and asks for nothing to be guessed."""
        for part in walk(formula.root):
            if isinstance(part, Call) and part.function in ("is_set", "if_empty"):
                self.problems.at(
                    node,
                    f"计分公式里不能用 {part.function}：缺的数据要显示为缺，不能当作别的数。",
                    f"`{part.function}` cannot be used in scores: what is missing is shown as missing, never replaced.",
                )
                return False
        try:
            found = kind_of(formula, dict.fromkeys(formula.names, NUMBER))
        except ExpressionError as error:
            self.problems.at(node, error.zh, error.en)
            return False
        if found != kind:
            wanted = Text("数字", "a number") if kind == NUMBER else Text("是或否", "true or false")
            self.problems.at(node, f"公式的结果应是{wanted.zh}。", f"This formula should give {wanted.en}.")
            return False
        return True

    def divisors(self, node: Node, formula: Expression, nonzero: frozenset[str] = frozenset()) -> frozenset[str]:
        """What the formula divides by that may be zero; dividing by the number 0 is a problem at once."""
        found = zero_divisors(formula, nonzero)
        if "0" in found:
            self.problems.at(node, "公式除以 0。", "The formula divides by 0.")
        return found - {"0"}


def fraction(node: Node | None) -> Fraction | None:
    """The number written at `node`, exactly; None where nothing is."""
    return None if node is None else Fraction(node.text)


def decimal(node: Node | None) -> Decimal | None:
    """The same as a decimal, digit by digit."""
    return None if node is None else Decimal(node.text)


def text(node: Node) -> Text:
    """The keys `zh` and `en` of a mapping."""
    both: Mapping[str, Node] = dict(node.items())
    return Text(both["zh"].text, both["en"].text)


def word(node: Node | None) -> str | None:
    """The text at `node`; None where nothing is."""
    return None if node is None else node.text
