"""Who is in the department now, by the groups that rehearsals ask for again and again; looked up anew when the organisation changes."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from workflows.definition.model import Process
from workflows.engine.people import Situation, of_queue, resolve
from workflows.engine.scene import Scene
from workflows.org.organisation import Organisation
from workflows.rehearsal.diary import Diaries

PersonId = uuid.UUID
_DRAWS = 8
"""How often somebody of a group is drawn before everybody who may is listed."""


@dataclass(slots=True)
class Crowd:
    """Groups of people in a fixed order, so that the same dice choose the same person."""

    _organisation: Organisation | None = None
    _groups: dict[str, tuple[PersonId, ...]] = field(default_factory=dict)

    def everybody(self, scene: Scene) -> Sequence[PersonId]:
        """Everybody who works here."""
        return self._group(scene, "", lambda: [m.id for m in scene.organisation.people.values() if m.active])

    def starters(self, scene: Scene, process: Process) -> Sequence[PersonId]:
        """Who may start a process."""
        asked = Situation(scene.organisation, scorecards=scene.scorecards)
        return self._group(scene, f"start {process.key}", lambda: resolve(process.start.by, asked))

    def offered(self, scene: Scene, queue: str) -> Sequence[PersonId]:
        """Who is offered what lies in a queue."""
        asked = Situation(scene.organisation, scorecards=scene.scorecards)
        return self._group(scene, f"queue {queue}", lambda: of_queue(queue, asked))

    def somebody(
        self, group: Sequence[PersonId], excluded: str, dice: random.Random, diaries: Diaries, scene: Scene
    ) -> PersonId | None:
        """Somebody of a group who may (`excluded`: ids as a task keeps them): the less busy of two. None where nobody may."""
        found = [one for _ in range(_DRAWS) if group and (one := dice.choice(group)).hex not in excluded][:2]
        if not found:
            found = [one for one in group if one.hex not in excluded][:1]
        if not found:
            return None
        return diaries.less_busy(found[0], found[-1], scene.now)

    def _group(self, scene: Scene, key: str, find: Callable[[], Sequence[PersonId]]) -> tuple[PersonId, ...]:
        if self._organisation is not scene.organisation:
            self._organisation, self._groups = scene.organisation, {}
        if key not in self._groups:
            self._groups[key] = tuple(sorted(find()))
        return self._groups[key]
