"""The sample accounts of the demo by what they are, for its sign-in page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.errors import Text
from workflows.org.organisation import ADMINISTRATOR, AUDITOR, Member, Organisation


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """Accounts of one kind: who reads, who leads, who works."""

    title: Text
    people: tuple[Member, ...]


def sample_accounts(organisation: Organisation) -> tuple[SampleGroup, ...]:
    """Everyone who can sign in, grouped by position; auditors and administrators by that."""
    groups: dict[Text, list[Member]] = {}
    for person in organisation.active:
        member = organisation.people[person]
        groups.setdefault(_kind(member, organisation), []).append(member)
    order = [Text(position.zh, position.en) for position in organisation.positions.values()]
    rank = {title: at for at, title in enumerate(order)}
    return tuple(
        SampleGroup(title, tuple(groups[title])) for title in sorted(groups, key=lambda t: rank.get(t, len(rank)))
    )


def _kind(member: Member, organisation: Organisation) -> Text:
    if ADMINISTRATOR in member.roles:
        return Text("系统管理员", "Administrator")
    if AUDITOR in member.roles:
        return Text("审计", "Auditor")
    if member.positions:
        position = organisation.positions[member.positions[0]]
        return Text(position.zh, position.en)
    unit = organisation.units.get(member.unit or "")
    return Text(unit.zh, unit.en) if unit else Text("其他", "Others")
