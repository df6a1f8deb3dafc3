"""The log as one reader may see it: the events of what is hidden are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.base import Event
from domain.plan import Plan
from planner.access.clearance import PROGRAMME, Clearance
from planner.access.seen import seen
from planner.timeline import Timeline

#: How far is looked back for the last events that a reader may see: a little, then more.
_FAR = (50, 500, 5_000)


class SeenTimeline(Timeline):
    """The plans and events of a timeline, each without what the reader may not see."""

    def __init__(self, behind: Timeline, clear: Clearance) -> None:
        self._behind = behind
        self._clearance = clear

    @property
    def current(self) -> Plan:
        return seen(self._behind.current, self._clearance)

    def at(self, position: int) -> Plan:
        return seen(self._behind.at(position), self._clearance)

    def position_at(self, moment: datetime) -> int:
        return self._behind.position_at(moment)

    def wait(self, position: int, timeout: float) -> Plan:
        return seen(self._behind.wait(position, timeout), self._clearance)

    def close(self) -> None:
        """Nothing of its own to close."""

    def events(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, Event]]:
        return self._visible(self._behind.events(after, upto))

    def recent(self, number: int, upto: int | None = None) -> list[tuple[int, Event]]:
        last = self._behind.current.position if upto is None else upto
        found: list[tuple[int, Event]] = []
        for far in _FAR:
            found = list(self.events(max(0, last - far), last))
            if len(found) >= number or far >= last:
                break
        return found[-number:]

    def positions_of(self, *subjects: str) -> list[int]:
        asked = self._behind.positions_of(*subjects)
        return [position for position, _ in self.events_at(asked)]

    def positions_of_visit(self, visit: str, plan: Plan | None = None) -> list[int]:
        mine = plan or self.current
        mine.visit(visit)
        asked = self._behind.positions_of_visit(visit)
        return [position for position, _ in self.events_at(asked)]

    def events_at(self, positions: Iterable[int]) -> Iterator[tuple[int, Event]]:
        return self._visible(self._behind.events_at(positions))

    def subjects(self, after: int, upto: int) -> list[str]:
        return [subject for subject in self._behind.subjects(after, upto) if self._clearance.sees(subject)]

    def _visible(self, events: Iterable[tuple[int, Event]]) -> Iterator[tuple[int, Event]]:
        return ((position, event) for position, event in events if self._told(event))

    def _told(self, event: Event) -> bool:
        """Events of a visit tell of its programme: who sees the visit alone is told none."""
        if event.kind == "visit" and PROGRAMME not in self._clearance.kinds(event.key) and not self._clearance.whole:
            return False
        return self._clearance.sees(event.originator_id)
