"""The plan in time: current, at any position of the log, and at any moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime

from domain.base import Event
from domain.plan import Plan
from planner.store.mapper import EventMapper
from planner.store.sqlite import EventRecorder

#: Rows read at a time.
CHUNK = 5_000


class Timeline:
    """Folds the log into plans. Safe for several threads; all of them share the same plans."""

    def __init__(self, recorder: EventRecorder, mapper: EventMapper) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._lock = threading.Lock()
        self._plan = Plan()
        self._seen: int | None = None

    @property
    def current(self) -> Plan:
        """The plan with everything that anybody has recorded until now."""
        version = self._recorder.data_version()
        if version == self._seen:
            return self._plan
        with self._lock:
            self._plan = self._folded(self._plan, None)
            self._seen = version
            return self._plan

    def at(self, position: int) -> Plan:
        """The plan after the event at ``position``; 0 is before the first."""
        current = self.current
        if position >= current.position:
            return current
        return self._folded(Plan(), position)

    def position_at(self, moment: datetime) -> int:
        """The position of the last event recorded at or before a moment; 0 where there is none."""
        low, high = 0, self.current.position
        while low < high:
            middle = (low + high + 1) // 2
            (_, event) = next(iter(self.events(middle - 1, middle)))
            low, high = (middle, high) if event.recorded_at <= moment else (low, middle - 1)
        return low

    def events(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, Event]]:
        """Positions and events in ``(after, upto]``, in order."""
        while rows := self._recorder.select_rows(after, CHUNK, upto):
            yield from zip((row[0] for row in rows), self._mapper.decode_rows(rows), strict=True)
            after = rows[-1][0]

    def _folded(self, plan: Plan, upto: int | None) -> Plan:
        while rows := self._recorder.select_rows(plan.position, CHUNK, upto):
            plan = plan.after(self._mapper.decode_rows(rows), rows[-1][0])
        return plan
