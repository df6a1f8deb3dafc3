"""What an officer has to do: today, next, later and past, with everything that is told with a duty.

Pages, phone pages and sheets ask here. Proposals are left out: nobody has been told of them yet.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.assignment import AcknowledgementLapsed, Assignment, AssignmentAcknowledged, AssignmentStatus
from domain.base import Event
from domain.duty import Duty, duty
from domain.messages import Message
from domain.officer import Officer
from domain.plan import Plan
from domain.values import Contact, Coordinates
from domain.venue import KeyPointKind
from domain.visit import Visit
from planner.history.sentences import sentence
from planner.timeline import Timeline

#: From so long before it begins an officer may report on post.
REPORTS_FROM = timedelta(hours=2)
#: Where officers gather: a way to a post may begin there.
GATHERING = (KeyPointKind.COMMAND_POST, KeyPointKind.ASSEMBLY)


@dataclasses.dataclass(frozen=True, slots=True)
class ListedDuty:
    """One duty with the visit it belongs to and the officer who commands the post."""

    duty: Duty
    visit: Visit
    commander: Officer | None

    @property
    def assignment(self) -> Assignment:
        return self.duty.assignment

    @property
    def zone(self) -> str:
        """The zone of the place: times of a duty are told in it."""
        return self.visit.details.zone

    @property
    def must_acknowledge(self) -> bool:
        return self.assignment.status is AssignmentStatus.CONFIRMED

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Whom to call at the place."""
        return () if self.duty.venue is None else self.duty.venue.details.contacts

    def may_start(self, moment: datetime) -> bool:
        """True while the officer may report on post."""
        ready = self.assignment.status in (AssignmentStatus.CONFIRMED, AssignmentStatus.ACKNOWLEDGED)
        return ready and self.assignment.window.start - REPORTS_FROM <= moment < self.assignment.window.end

    def may_end(self) -> bool:
        return self.assignment.status is AssignmentStatus.ON_POST

    def is_over(self, moment: datetime) -> bool:
        """True after its end, and where the officer reported it over."""
        return self.assignment.status is AssignmentStatus.ENDED or (
            self.assignment.window.end <= moment and self.assignment.status is not AssignmentStatus.ON_POST
        )

    def is_today(self, moment: datetime) -> bool:
        """True where it goes on, or begins on the present day of its place."""
        zone, window = ZoneInfo(self.zone), self.assignment.window
        return window.start <= moment or window.start.astimezone(zone).date() == moment.astimezone(zone).date()


@dataclasses.dataclass(frozen=True, slots=True)
class DutyList:
    """An officer's duties at a moment: ``today`` and ``later`` by start, ``past`` the latest first.

    ``next`` is the first that comes after today; it is also the first of ``later``. ``called_off`` are coming
    duties at posts or in visits that were cancelled.
    """

    today: tuple[ListedDuty, ...] = ()
    later: tuple[ListedDuty, ...] = ()
    past: tuple[ListedDuty, ...] = ()
    called_off: tuple[ListedDuty, ...] = ()

    @property
    def next(self) -> ListedDuty | None:
        return self.later[0] if self.later else None

    @property
    def coming(self) -> tuple[ListedDuty, ...]:
        return (*self.today, *self.later)

    def before(self, one: ListedDuty) -> ListedDuty | None:
        """The duty that ends last before another begins: where the officer comes from."""
        earlier = [d for d in (*self.past, *self.coming) if d.assignment.window.end <= one.assignment.window.start]
        return max(earlier, key=lambda d: d.assignment.window.end, default=None)


def duty_list(plan: Plan, officer: str, moment: datetime) -> DutyList:
    """The duties of an officer, as they are told at a moment; empty for an officer whom nobody knows."""
    told = sorted(_told(plan, plan.assignments_of_officer(officer)), key=lambda one: one.assignment.window.start)
    takes_place = [one for one in told if plan.takes_place(one.assignment)]
    coming = [one for one in takes_place if not one.is_over(moment)]
    return DutyList(
        today=tuple(one for one in coming if one.is_today(moment)),
        later=tuple(one for one in coming if not one.is_today(moment)),
        past=tuple(one for one in reversed(takes_place) if one.is_over(moment)),
        called_off=tuple(one for one in told if one not in takes_place and not one.is_over(moment)),
    )


def _told(plan: Plan, assignments: Iterable[Assignment]) -> Iterable[ListedDuty]:
    for assignment in assignments:
        if assignment.status is not AssignmentStatus.PROPOSED:
            told = duty(plan, assignment)
            commander = told.post.details.commander
            yield ListedDuty(told, plan.visit(assignment.visit), None if commander is None else plan.officer(commander))


@dataclasses.dataclass(frozen=True, slots=True)
class StartingPoint:
    """A place that a way to a post may begin at, and what it is called."""

    name: str
    at: Coordinates


def starting_points(duties: DutyList, one: ListedDuty) -> tuple[StartingPoint, ...]:
    """The post before, then where officers gather at the venue; never where a person is."""
    found: list[StartingPoint] = []
    earlier = duties.before(one)
    if earlier is not None and earlier.duty.coordinates not in (None, one.duty.coordinates):
        found.append(StartingPoint(f"{earlier.duty.post.code} · {earlier.duty.post.details.task}", _at(earlier)))
    if one.duty.venue is not None:
        points = (point for point in one.duty.venue.key_points if point.kind in GATHERING)
        found += (
            StartingPoint(point.name, point.coordinates)
            for point in points
            if point.coordinates != one.duty.coordinates
        )
    return tuple(found)


def _at(one: ListedDuty) -> Coordinates:
    at = one.duty.coordinates
    assert at is not None
    return at


@dataclasses.dataclass(frozen=True, slots=True)
class Lapse:
    """An acknowledgement that is void: when the duty changed, by whom, why, and what was done."""

    at: datetime
    by: str
    reason: str
    position: int


def lapse_of(timeline: Timeline, assignment: Assignment) -> Lapse | None:
    """How the last acknowledgement of a duty became void; None where it holds, or there never was one."""
    if assignment.status is not AssignmentStatus.CONFIRMED:
        return None
    last: Lapse | None = None
    for position, event in timeline.events_at(timeline.positions_of(assignment.id)):
        match event:
            case AcknowledgementLapsed():
                last = Lapse(event.recorded_at, event.by, event.reason, position)
            case AssignmentAcknowledged():
                last = None
    return last


def changes_of(timeline: Timeline, lapse: Lapse) -> tuple[Message, ...]:
    """What the command did that made an acknowledgement void, in sentences."""
    around = _command_before(timeline, lapse.position)
    return tuple(
        sentence(event, timeline.at(position - 1), timeline.at(position))
        for position, event in around
        if not isinstance(event, AcknowledgementLapsed)
    )


def _command_before(timeline: Timeline, position: int) -> list[tuple[int, Event]]:
    """The events of the command that the event at a position belongs to, up to it."""
    events = list(timeline.events(max(0, position - 200), position))
    command = events[-1][1].command_id
    return [(at, event) for at, event in events if event.command_id == command]
