"""Programs that may send figures, and what they sent. Tokens are kept as SHA-256 only: whoever reads the database cannot use
what stands there."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, JSONValue, UTCDateTime, new_id

SHA256 = String(64)  # in hex


class ApiToken(Base):
    """The key of one program. It opens the door for its owner's figures until it expires or is revoked."""

    __tablename__ = "api_token"

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    token_hash: Mapped[str] = mapped_column(SHA256, unique=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    """Who answers for it: figures are entered in their name, with the rights they have at that moment."""
    figures: Mapped[list[str] | None] = mapped_column(JSONValue)
    """The figures it may send; None: all."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    """None: on the server's command line, where nobody signs in; so with `revoked_by`."""
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    minute: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The minute in which it was used last, and how often in it: what limits the rate."""
    calls: Mapped[int]


class ApiCall(Base):
    """One call with a token, whatever came of it."""

    __tablename__ = "api_call"
    __table_args__ = (
        Index("ix_api_call_token", "token_id", "at"),
        # A key is used once; the call that carried it first is the one whose answer is given again.
        Index("uq_api_call_key", "token_id", "key", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id)
    token_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("api_token.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    address: Mapped[str] = mapped_column(String(45))
    status: Mapped[int]
    """HTTP status of the answer."""
    items: Mapped[int]
    """How many figures were sent."""
    digest: Mapped[str | None] = mapped_column(SHA256)
    """Of the body, where a key came with it: the same key with another body is a mistake."""
    key: Mapped[str | None] = mapped_column(String(100))
    """`Idempotency-Key`; forgotten after 30 days."""
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONValue)
