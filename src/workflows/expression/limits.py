"""How large an expression and its numbers may become, and how much work one evaluation may do.

Ten milliseconds for reading and evaluating any expression over any values hold by construction, not by luck:

* Reading costs at most a millisecond, because the source is short and its brackets and words are looked at before
  Python's parser sees them.
* Every step of an evaluation is paid for before or as it is made (`work.Work`), in units of roughly a tenth of a
  microsecond: a node, an item of a list, a cell that is read, each by its size; big numbers cost by their
  bits, because the common divisors that keep fractions short are what takes time. A name is read once, a part is
  evaluated once. So what does not fit into the budget ends with a sentence instead of a wait.
* Neither depends on how deep in other calls the caller stands (`stack.with_room`).

The budget is far above what forms need: the largest table that a case holds (500 rows) may be added up five times in one
formula, one of 50 rows fifty times. Spent to the last unit it is 4 ms on the machine where it was measured; `make test-fuzz`
measures it again with a million expressions.
"""

from __future__ import annotations

LONGEST_SOURCE = 500
"""Characters of source."""

MOST_NODES = 200
"""Nodes of the parsed expression; there are no loops, so this bounds the steps as well."""

DEEPEST = 40
"""Nodes below one another, and brackets within brackets."""

LONGEST_NUMBER = 40
"""Digits of a number as written."""

MOST_BITS = 2048
"""Bits of a numerator or denominator on the way."""

MOST_ROWS = 2_000
"""Rows or items of a list: four times what a form takes."""

DEEPEST_VALUE = 4
"""Lists and rows within one another: a table is a list of rows whose cells may be lists."""

MOST_WORK = 30_000
"""Units of work of one evaluation."""

NODE = 10
"""Units of evaluating one node."""

ITEM = 3
"""Units of looking at one item of a list, row of a table or cell of a row."""

CONVERSION = 12
"""Units of making a fraction of a decimal."""

BITS_A_UNIT = 16
"""A number costs a unit for so many bits of its numerator and denominator wherever it is computed with."""

TEXT_A_UNIT = 1000
"""A text costs a unit for so many characters wherever it is compared."""
