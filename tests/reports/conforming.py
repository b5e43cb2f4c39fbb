"""Does history go the ways of its definitions? Each case's trace, replayed over the net of the version it began with."""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflows.definition.net import net_of
from workflows.engine.scene import Scene
from workflows.reports.eventlog.traces import Asked, traces


def strays(session: Session, scene: Scene) -> list[str]:
    """The cases that went another way than their definition allows: what they are called, and what they did."""
    nets = {(one.key, one.version): net_of(one.process) for one in scene.versions}
    return [
        f"{trace.process} {trace.name}: {' → '.join(event.activity for event in trace.events)}"
        for trace in traces(session, scene, Asked())
        for net in (nets[trace.process, trace.version],)
        for did in ([event.activity for event in trace.events],)
        if not (net.accepts(did) if trace.ended_at is not None else net.allows(did))
    ]
