"""How a scheduler writes its log: one JSON object a line on standard error, UTC, without the values of variables.

The library's default would print local variables beside a traceback: forms, scores, passwords among them.
"""

from __future__ import annotations

import sys

import structlog


def write_json_lines() -> None:
    """Configure the process's log. Called once, at the door."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
