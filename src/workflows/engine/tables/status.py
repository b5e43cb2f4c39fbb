"""What rows can be in, one enumeration each."""

from __future__ import annotations

from enum import StrEnum


class TaskStatus(StrEnum):
    """Life of a task."""

    OPEN = "open"
    """Waits for its holder or, unclaimed, for anyone of its queue."""
    DONE = "done"
    """Its holder took an action."""
    CLOSED = "closed"
    """The state was left without it: somebody else's action, a timer or a signal was enough."""


class TimerStatus(StrEnum):
    """Life of a timer."""

    DUE = "due"
    DONE = "done"
    CANCELLED = "cancelled"
    """The state or task it belonged to was left before it rang."""
    INCIDENT = "incident"
    """Failed for good; an incident row says why. Kept until somebody retries it."""


class SignalStatus(StrEnum):
    """Life of a signal between two cases."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    """The receiver had ended or does not listen in its state; the sender's history says so."""
    INCIDENT = "incident"


class MessageStatus(StrEnum):
    """Life of a message. The mailer groups waiting ones into mails."""

    WAITING = "waiting"
    TAKEN = "taken"
    """Part of a mail (`mail_id`); the mail's own status says whether it went out."""
    DROPPED = "dropped"
    """No longer true when it was to be sent (task done, person left), or nobody to send it to."""
