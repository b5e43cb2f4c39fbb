"""Who reads results: the employee, their managers, human resources, auditors; asked here, by every reader, not by the doors."""

from __future__ import annotations

import uuid

from workflows.errors import NotAllowed, NotFound
from workflows.org.organisation import Organisation

PersonId = uuid.UUID

HUMAN_RESOURCES = "human_resources"
"""The unit that runs cycles, publishes and exports."""


def may_read(organisation: Organisation, viewer: PersonId, subject: PersonId) -> bool:
    """Whether the viewer, who works here, may read the subject's published results."""
    member = organisation.people.get(viewer)
    if member is None or not member.active:
        return False
    return viewer == subject or reads_everybody(organisation, viewer) or organisation.manages(viewer, subject)


def reads_everybody(organisation: Organisation, viewer: PersonId) -> bool:
    """Whether the viewer belongs to human resources or is an auditor."""
    return viewer in organisation.members_of(HUMAN_RESOURCES) or viewer in organisation.auditors()


def require_reader(organisation: Organisation, viewer: PersonId, subject: PersonId) -> None:
    """Raises `NotFound` for everybody else: whether there is a result is nobody's business either."""
    if not may_read(organisation, viewer, subject):
        raise no_such_result()


def require_staff(organisation: Organisation, viewer: PersonId) -> None:
    """Raises `NotAllowed` unless the viewer belongs to human resources or is an auditor."""
    if not reads_everybody(organisation, viewer):
        raise NotAllowed("只有人力资源部和审计可以查看。", "Only human resources and auditors may see this.")


def no_such_result() -> NotFound:
    """The same answer whether it does not exist or must not be seen."""
    return NotFound("没有这个考核结果，或者你无权查看。", "There is no such result, or it is not for you to see.")
