"""Words for the full-text index: runs of letters and digits as they are, Chinese as pairs of neighbouring characters.

PostgreSQL's `simple` parser and SQLite's FTS5 take a run of Chinese for one word, so that 店铺 would not be found in 店铺规划.
Pairs are: 店铺 铺规 规划. A single character is kept as well, by itself, so that it can be looked for as a beginning.
"""

from __future__ import annotations

import re
import unicodedata

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
MOST = 12
"""Words of a query that are looked for; more only cost time."""


def search_words(*texts: str) -> str:
    """The words of all texts, separated by blanks, each once."""
    return " ".join(dict.fromkeys(word for text in texts for word in _words(text)))


def query_words(text: str) -> list[str]:
    """The words that all have to be found; the last run of letters, and a single Chinese character, as beginnings (`*`)."""
    runs = _RUNS.findall(_normal(text))
    words: list[str] = []
    for run in runs:
        if _is_han(run) and len(run) > 1:
            words.extend(_pairs(run))
        else:
            words.append(run + "*")
    return list(dict.fromkeys(words))[:MOST]


def _words(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUNS.findall(_normal(text)):
        # The last character stands alone as well: no pair begins with it.
        found.extend([*_pairs(run), run[-1]] if _is_han(run) else [run])
    return found


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _is_han(run: str) -> bool:
    return run[0] >= "\u3400"


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
