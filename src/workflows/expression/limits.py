"""How large an expression and its numbers may become: together these bound the work of one evaluation."""

from __future__ import annotations

LONGEST_SOURCE = 500
"""Characters of source."""

MOST_NODES = 200
"""Nodes of the parsed expression; there are no loops, so this bounds the steps as well."""

DEEPEST = 40
"""Nodes below one another."""

LONGEST_NUMBER = 40
"""Digits of a number as written."""

MOST_BITS = 2048
"""Bits of a numerator or denominator on the way."""

MOST_ROWS = 10_000
"""Rows or items of a list that a function walks over."""
