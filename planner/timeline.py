"""The plan in time: current, at any position of the log, at any moment; the events behind it; and waiting for more."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from domain.base import Entity, Event
from domain.erasing import entity_of_person, erasures, without_visit
from domain.erasure import Erasure
from domain.parked import Unreadable
from domain.plan import FEW, Plan
from domain.refusals import PlanningError
from planner.snapshots.file import Snapshots
from planner.store.mapper import LONG_AGO, EventMapper, Row
from planner.store.recorder import Recorder

#: Rows read at a time.
CHUNK = 5_000
#: Catching up makes a plan every so many events: fewer are faster (a plan costs what changed since the one before),
#: but what happens between two of them must be folded again when somebody looks.
LEAP = 20_000
#: From so many events on a fold leaves nothing to collect and much to look through: the collector waits.
MANY = 2_000
#: Past plans that were asked for are remembered, and one every so many events on the way to them, so that a step
#: back folds little. They share nearly everything.
REMEMBERED = 64
STRIDE = 125
#: Snapshots that remembered plans may stand on: each is a plan of its own in memory.
FOUNDATIONS = 2
#: The current plan stands on a snapshot at least so many events old where there is one: what changed lately is asked
#: for on every home page, and must not need a second snapshot.
RECENT = 500
#: Folding so many events takes longer than reading a snapshot and opening what they touch of it.
WORTH_A_SNAPSHOT = 2_000
#: Folding so many events takes longer than making a snapshot of what comes out.
LONG = 10_000
#: How often others' commits are looked for while somebody waits, in seconds.
LOOK_EVERY = 0.005


class Timeline:
    """Folds the log into plans. Safe for several threads; all of them share the same plans."""

    def __init__(self, recorder: Recorder, mapper: EventMapper, snapshots: Snapshots | None = None) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._snapshots = snapshots
        self._lock = threading.Lock()
        self._plan = Plan()
        self._seen: int | None = None
        self._past: OrderedDict[int, Plan] = OrderedDict()
        self._past_lock = threading.Lock()
        self._watch = _Watch(recorder)
        self._erased: tuple[Erasure, ...] = ()

    # Plans

    @property
    def current(self) -> Plan:
        """The plan with everything that anybody has recorded until now."""
        version = self._recorder.data_version()
        if version == self._seen:
            return self._plan
        with self._lock:
            first, head = self._plan.position == 0, self._recorder.head()
            if first:
                self._found(head)
            self._fold(head)
            if first and self._plan.position > MANY:
                # What was loaded now stays: no later collection needs to look through it.
                gc.freeze()
            self._seen = version
            return self._plan

    def at(self, position: int) -> Plan:
        """The plan after the event at ``position``; 0 is before the first.

        The next or previous event of a plan asked for lately costs a few milliseconds, any other position the
        reading of a snapshot and a fold of what came after it.
        """
        current = self.current
        if position >= current.position:
            return current
        if position <= 0:
            return Plan()
        known = self._erased
        start, nearby = self._start(position)
        plan = start
        with _collector_waiting(position - start.position > STRIDE):
            for plan in self._folded(start, position, STRIDE):
                self._remember(plan)
        if self._snapshots is not None and position - start.position >= self._snapshots.spacing:
            self._snapshots.offer(plan)
        if nearby is not None and nearby is not start:
            low, high = sorted((position, nearby.position))
            plan.take_over(nearby, self._recorder.subjects(low, high))
        self._remember(plan)
        if known is not self._erased:
            # Somebody was erased meanwhile: what was folded here may still have known.
            with self._past_lock:
                self._past.clear()
            return self.at(position)
        return plan

    def position_at(self, moment: datetime) -> int:
        """The position of the last event recorded at or before a moment; 0 where there is none."""
        low, high = 0, self.current.position
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._recorded_at(middle) <= moment else (low, middle - 1)
        return low

    def _recorded_at(self, position: int) -> datetime:
        """When the event at a position was recorded; where it cannot be read, the last one before it that can."""
        end, portion = position, 1
        while end > 0:
            start = max(0, end - portion)
            events = list(self._mapper.readable_rows(self._recorder.select_rows(start, end - start, end)))
            known = [event for event in events if not isinstance(event, Unreadable)]
            if known or start == 0:
                return (known or events)[-1].recorded_at
            end, portion = start, STRIDE  # an erased visit may have been recorded in one go
        raise LookupError(position)

    def wait(self, position: int, timeout: float) -> Plan:
        """The current plan as soon as it is past ``position``, or after ``timeout`` seconds as it is then."""
        self._watch.until(lambda: self.current.position > position, timeout)
        return self.current

    def close(self) -> None:
        """Ends all waiting and keeps what makes the next start quick."""
        self._watch.close()
        if self._snapshots is not None:
            self._snapshots.close(self._plan)

    # Events

    def events(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, Event]]:
        """Positions and events in ``(after, upto]``, in order."""
        size = CHUNK if upto is None else max(1, min(CHUNK, upto - after))
        while rows := self._recorder.select_rows(after, size, upto):
            yield from self._dated(rows)
            after = rows[-1][0]
            if after == upto:
                return

    def recent(self, number: int, upto: int | None = None) -> list[tuple[int, Event]]:
        """The last events up to a position, in order."""
        last = self.current.position if upto is None else upto
        return list(self.events(max(0, last - number), last))

    def positions_of(self, *subjects: str) -> list[int]:
        """The positions of all events of these originator ids; one that ends in ``/`` stands for all that begin so."""
        found: list[int] = []
        for subject in subjects:
            last = subject + chr(0x10FFFF) if subject.endswith("/") else subject
            found += self._recorder.positions(subject, last)
        return sorted(found)

    def positions_of_visit(self, visit: str, plan: Plan | None = None) -> list[int]:
        """The positions of the events of a visit, of what belongs to it, and of the venues and officers it uses.

        ``plan`` says which those are, the current one unless given.
        """
        plan = plan or self.current
        posts, routes, activities = plan.posts(visit), plan.routes(visit), plan.visit(visit).activities
        venues = {post.details.venue for post in posts} | {activity.venue for activity in activities}
        venues |= {end for route in routes for end in route.leg}
        officers = {assignment.officer for assignment in plan.assignments(visit)}
        officers |= {post.details.commander for post in posts if post.details.commander is not None}
        return self.positions_of(
            f"visit/{visit}",
            *(f"{kind}/{visit}/" for kind in ("delegation", "post", "route", "ways", "assignment")),
            *(f"{kind}/{visit}/" for kind in ("membership", "emergency")),
            *(f"venue/{code}" for code in sorted(venues - {None}, key=str)),
            *(f"officer/{code}" for code in sorted(officers)),
        )

    def events_at(self, positions: Iterable[int]) -> Iterator[tuple[int, Event]]:
        """The events at these positions, in order."""
        yield from self._dated(self._recorder.select_positions(sorted(positions)))

    def subjects(self, after: int, upto: int) -> list[str]:
        """The originator ids that have events in ``(after, upto]``: nothing else differs between those two plans."""
        return self._recorder.subjects(after, upto)

    # Inside

    def _dated(self, rows: Sequence[Row]) -> Iterator[tuple[int, Event]]:
        """Positions and events. What cannot be read has the moment of what came before it; where nothing that can be
        read did, of the first that came after.
        """
        unknown: datetime | None = None
        events = zip((row[0] for row in rows), self._mapper.readable_rows(rows), strict=True)
        for index, (position, event) in enumerate(events):
            if isinstance(event, Unreadable) and (index == 0 or unknown is not None):
                unknown = self._moment_around(position) if unknown is None else unknown
                yield position, dataclasses.replace(event, recorded_at=unknown, occurred_at=unknown)
            else:
                unknown = None
                yield position, event

    def _moment_around(self, position: int) -> datetime:
        """When the last event before a position that can be read was recorded, or else the first after it."""
        moment = self._recorded_at(position)
        after = position
        while moment == LONG_AGO and (rows := self._recorder.select_rows(after, CHUNK, None)):
            events = self._mapper.readable_rows(rows)
            moment = next((event.recorded_at for event in events if not isinstance(event, Unreadable)), LONG_AGO)
            after = rows[-1][0]
        return moment

    def _without(self, plan: Plan, known: tuple[Erasure, ...]) -> Plan:
        """The plan without what it knew of persons and visits erased since the one before; nothing here knows it.

        Their keys first, whoever recorded the erasure: from then on the log itself says no more.
        """
        self._mapper.keyring.destroy(_keys(known))
        new = set(known) - set(self._erased)
        for erasure in new:
            if erasure.of_visit:
                plan = without_visit(plan, erasure.of_visit)
        gone = {entity_of_person(erasure.key) for erasure in new if not erasure.of_visit}
        plan = plan.replacing({key: self._refolded(key, plan.position) for key in gone if key in plan.entities})
        with self._past_lock:
            self._past.clear()
        if self._snapshots is not None:
            self._snapshots.purge(len(_keys(known)))
            self._snapshots.offer(plan)
        self._erased = known
        return plan

    def _refolded(self, subject: str, upto: int) -> Entity:
        """One entity, folded from its own events alone."""
        positions = (position for position in self._recorder.positions(subject, subject) if position <= upto)
        return Plan().after(event for _, event in self.events_at(positions)).entities[subject]

    def _folded(self, plan: Plan, upto: int, stride: int) -> Iterator[Plan]:
        """The plans on the way from ``plan`` to the position ``upto``, one after every ``stride`` events."""
        with _collector_waiting(upto - plan.position > MANY):
            while plan.position < upto:
                end = min(plan.position + stride, upto)
                rows = self._recorder.rows(plan.position, end, min(CHUNK, stride))
                plan = plan.after(self._mapper.readable_rows(rows), end)
                yield plan

    def _start(self, position: int) -> tuple[Plan, Plan | None]:
        """The plan to fold from, and one nearby that much was asked of."""
        with self._past_lock:
            known = [*self._past.values(), self._plan]
        before = max((plan for plan in known if plan.position <= position), key=_position, default=Plan())
        nearby = min(
            (plan for plan in known if abs(plan.position - position) <= FEW and plan.worth_taking_over),
            key=lambda plan: abs(plan.position - position),
            default=None,
        )
        if position - before.position > WORTH_A_SNAPSHOT:
            self._forget(FOUNDATIONS - 1)
            snapshot = self._nearest_snapshot(position)
            if snapshot is not None and snapshot.position > before.position:
                self._remember(snapshot)
                return snapshot, nearby
        return before, nearby

    def _nearest_snapshot(self, position: int) -> Plan | None:
        if self._snapshots is None:
            return None
        with _collector_waiting(True):
            return self._snapshots.nearest(position)

    def _found(self, head: int) -> None:
        """Lay the foundation of the current plan."""
        self._plan = self._nearest_snapshot(head - RECENT) or self._nearest_snapshot(head) or self._plan
        self._erased = erasures(self._plan)
        self._mapper.keyring.destroy(_keys(self._erased))
        if self._snapshots is not None:
            self._snapshots.knows(len(_keys(self._erased)))
        if head - RECENT - self._plan.position > LONG:
            while self._plan.position < head - RECENT:
                self._fold(min(self._plan.position + LEAP, head - RECENT))
                self._plan = self._on_a_snapshot(self._plan)
        self._remember(self._plan)

    def _on_a_snapshot(self, plan: Plan) -> Plan:
        """The same plan on a snapshot made now, if it can be: entities that nobody asks for stay lines there, which
        take far less memory than what a long fold makes."""
        if self._snapshots is None:
            return plan
        self._snapshots.offer(plan)
        self._snapshots.settle()
        kept = self._nearest_snapshot(plan.position)
        return kept if kept is not None and kept.position == plan.position else plan

    def _fold(self, upto: int) -> None:
        while self._plan.position < upto:
            (plan,) = self._folded(self._plan, min(self._plan.position + LEAP, upto), LEAP)
            if (known := erasures(plan)) != self._erased:
                plan = self._without(plan, known)
            self._plan = plan
            if self._snapshots is not None and self._snapshots.due(plan):
                self._snapshots.offer(plan)

    def _remember(self, plan: Plan) -> None:
        with self._past_lock:
            self._past.setdefault(plan.position, plan)
            self._past.move_to_end(plan.position)
            while len(self._past) > REMEMBERED:
                self._past.popitem(last=False)

    def _forget(self, foundations: int) -> None:
        """Forget the plans asked for longest ago, until the others stand on so many snapshots besides the current."""
        with self._past_lock:
            own = id(self._plan.entities.foundation)
            while len({id(plan.entities.foundation) for plan in self._past.values()} - {own}) > foundations:
                self._past.popitem(last=False)


class _Watch:
    """Wakes who waits for the log to grow; looks for others' commits only while somebody waits."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._grown = threading.Condition()
        self._waiting = 0
        self._looking = False
        self._closed = False

    def until(self, happened: Callable[[], bool], timeout: float) -> None:
        with self._grown:
            self._waiting += 1
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="watch", daemon=True).start()
            try:
                self._grown.wait_for(lambda: self._closed or happened(), timeout)
            finally:
                self._waiting -= 1

    def close(self) -> None:
        with self._grown:
            self._closed = True
            self._grown.notify_all()

    def _look(self) -> None:
        seen: int | None = None
        while True:
            with self._grown:
                if self._closed or not self._waiting:
                    self._looking = False
                    return
            with contextlib.suppress(PlanningError):
                version = self._recorder.data_version()
                if version != seen:
                    seen = version
                    with self._grown:
                        self._grown.notify_all()
            time.sleep(LOOK_EVERY)


def _keys(known: Iterable[Erasure]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(key) for erasure in known for key in erasure.keys)


def _position(plan: Plan) -> int:
    return plan.position


@contextlib.contextmanager
def _collector_waiting(wanted: bool) -> Iterator[None]:
    """The garbage collector off, where that is wanted and it is on."""
    if not (wanted and gc.isenabled()):
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
