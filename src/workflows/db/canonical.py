"""One value, one text: the JSON that hashes are taken of and that the database keeps."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> str:
    """`value` as JSON with sorted keys, no blanks, Unicode as it is in form NFC.

    Takes None, bool, int, str, lists, tuples and dicts with text keys. Raises `TypeError` for anything else: a float has no
    exact text, and a Decimal, date or id is written as text by whoever knows what it means. Raises `ValueError` when two keys
    of one object become the same in form NFC, and for text that UTF-8 cannot carry.
    """
    text = _ENCODER.encode(_plain(value))
    text.encode("utf-8")  # a lone surrogate fails here, not later inside a database driver
    return text


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return _object(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON: {value!r}")


def _object(value: dict[Any, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a key of an object is text, not {type(key).__name__}: {key!r}")
        name = key if key.isascii() else unicodedata.normalize("NFC", key)
        if name in plain:
            raise ValueError(f"two keys are the same text: {key!r}")
        plain[name] = _plain(item)
    return plain
