"""Ids are made by the application (UUID version 7, RFC 9562): nothing waits for the database to name a row."""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0
_COUNTER_BITS = 12


def new_id() -> uuid.UUID:
    """A fresh UUIDv7. Within one process each is greater than the one before, also when the system's clock steps back.

    The only clock read below the doors: it orders index pages, no decision is taken from it. 62 random bits keep processes apart.
    """
    global _last
    now = (time.time_ns() // 1_000_000) << _COUNTER_BITS
    with _lock:
        # Milliseconds and counter are one number, so a full counter runs over into the next millisecond.
        _last = max(_last + 1, now)
        stamp = _last
    milliseconds, counter = divmod(stamp, 1 << _COUNTER_BITS)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | secrets.randbits(62))
