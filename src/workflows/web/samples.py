"""The sample accounts of the demo, listed on its sign-in page by what they are."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.org.organisation import ADMINISTRATOR, AUDITOR, Member, Organisation
from workflows.web.language import _


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """Accounts of one kind: who reads, who leads, who works."""

    title: str
    people: tuple[Member, ...]


def sample_accounts(organisation: Organisation, language: str) -> tuple[SampleGroup, ...]:
    """Everyone who can sign in, grouped by position; auditors and administrators by that. `language`: "zh" or "en"."""
    groups: dict[str, list[Member]] = {}
    for person in organisation.active:
        member = organisation.people[person]
        groups.setdefault(_kind(member, organisation, language), []).append(member)
    order = [position.title(language) for position in organisation.positions.values()]
    rank = {title: at for at, title in enumerate(order)}
    return tuple(
        SampleGroup(title, tuple(groups[title])) for title in sorted(groups, key=lambda t: rank.get(t, len(rank)))
    )


def _kind(member: Member, organisation: Organisation, language: str) -> str:
    if ADMINISTRATOR in member.roles:
        return _("系统管理员")
    if AUDITOR in member.roles:
        return _("审计")
    if member.positions:
        return organisation.positions[member.positions[0]].title(language)
    unit = organisation.units.get(member.unit or "")
    return unit.title(language) if unit else _("其他")
