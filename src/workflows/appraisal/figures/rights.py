"""Who reads and who enters figures.

Human resources and auditors read everybody's, managers those of the people below them, nobody their own: what makes a score is
told with the published result. Human resources enter figures, of everybody but themselves.
"""

from __future__ import annotations

from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.results.rights import HUMAN_RESOURCES, reads_everybody
from workflows.errors import NotFound
from workflows.org.organisation import Organisation


def may_read(organisation: Organisation, viewer: PersonId, subject: PersonId) -> bool:
    """Whether the viewer may read the subject's figures before they are published with a result."""
    if viewer == subject:
        return False
    return reads_everybody(organisation, viewer) or organisation.manages(viewer, subject)


def may_enter(organisation: Organisation, actor: PersonId, subject: PersonId) -> bool:
    """Whether the actor may enter and correct the subject's figures."""
    return actor != subject and actor in organisation.members_of(HUMAN_RESOURCES)


def require_reader(organisation: Organisation, viewer: PersonId, subject: PersonId) -> None:
    """Raises `NotFound`: that there are figures is nobody else's business either."""
    if not may_read(organisation, viewer, subject):
        raise NotFound(
            "没有这个人的数据，或者你无权查看。", "There are no such figures, or they are not for you to see."
        )


def readable(organisation: Organisation, viewer: PersonId) -> frozenset[PersonId]:
    """Everybody whose figures the viewer may read."""
    everybody = reads_everybody(organisation, viewer)
    people = organisation.active if everybody else organisation.team_of(viewer)
    return frozenset(people) - {viewer}
