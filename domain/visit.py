"""A visit of foreign guests and its programme of activities."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import AwareDatetime, Field

from domain.activities import Activities
from domain.base import (
    Act,
    Code,
    Decision,
    Entity,
    Event,
    Line,
    OptionalLine,
    Prose,
    entity,
    folded,
    value,
)
from domain.refusals import CodeTaken, InvalidInput, NotFound, NotPossible
from domain.values import SecrecyLevel, TimeWindow, ZoneName

Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
Persons = Annotated[int, Field(ge=0, le=100_000)]
#: How long a visit lasts at most, and how far from its days something of it can lie: preparing takes weeks, and what
#: lies farther off has a date that was mistyped.
LONGEST_VISIT = timedelta(days=366)
FARTHEST = timedelta(days=180)
#: The head's party, and everybody's who belongs to no other.
MAIN_PARTY = "main"


class VisitCategory(StrEnum):
    """The category of a visit fixes title and ceremony (NĐ 18/2022 Art. 3, TT 05/2017)."""

    STATE = "state"
    OFFICIAL = "official"
    WORKING = "working"
    INTERNAL = "internal"
    PRIVATE = "private"
    TRANSIT = "transit"
    LOCAL = "local"
    EVENT = "event"


class ActivityType(StrEnum):
    """What happens in one slot of the programme."""

    ARRIVAL = "arrival"
    WELCOME = "welcome"
    COURTESY_CALL = "courtesy_call"
    TALKS = "talks"
    SIGNING = "signing"
    BANQUET = "banquet"
    WREATH = "wreath"
    SITE_VISIT = "site_visit"
    CULTURE = "culture"
    PRESS = "press"
    REST = "rest"
    DEPARTURE = "departure"
    OTHER = "other"


class TravelMode(StrEnum):
    """How guests arrive and leave."""

    AIR = "air"
    BORDER_GATE = "border_gate"
    RAIL = "rail"
    PORT = "port"


class Layout(StrEnum):
    """How a room is set; its capacity depends on it."""

    STANDING = "standing"
    THEATRE = "theatre"
    BANQUET = "banquet"
    BOARDROOM = "boardroom"


@value
class Journey:
    """An arrival or a departure: by what, under which number, through which gate, and when it really came."""

    mode: TravelMode
    number: OptionalLine = ""
    gate: OptionalLine = ""
    actual: AwareDatetime | None = None


@value
class Activity:
    """One slot of the programme: what, when, where, for whom and with whom.

    ``party`` names the part of the delegation that takes part («main» is the head's party); ``fixed`` times
    cannot give way to a delay. Set-up and teardown keep the room busy before and after; ``embark_minutes``
    is what the party needs to get into the cars (the policy's default where it is missing).
    """

    code: Code
    type: ActivityType
    title: Line
    window: TimeWindow
    venue: Code | None = None
    room: Code | None = None
    layout: Layout = Layout.THEATRE
    delegation: Code | None = None
    party: Line = MAIN_PARTY
    host: OptionalLine = ""
    headcount: Persons = 0
    fixed: bool = False
    setup_minutes: Minutes = 0
    teardown_minutes: Minutes = 0
    embark_minutes: Minutes | None = None
    joint_with: tuple[Code, ...] = ()
    journey: Journey | None = None
    notes: Prose = ""

    def held_with(self, other: Activity) -> bool:
        """True where either of two activities of a visit is declared to be held together with the other."""
        return other.code in self.joint_with or self.code in other.joint_with


@value
class VisitDetails:
    """What is known of a visit as a whole."""

    title: Line
    zone: ZoneName = "Asia/Ho_Chi_Minh"
    first_day: date
    last_day: date
    secrecy: SecrecyLevel = SecrecyLevel.NONE
    notes: Prose = ""

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("The last day of a visit must not be before its first day")


@value
class VisitRegistered(Event):
    """A visit was announced and entered. Version 2: from here on every override in the log is signed."""

    schema_version: ClassVar[int] = 2

    visit: VisitDetails

    @classmethod
    def upcast_v1_v2(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Says the same."""
        return fields


@value
class VisitAmended(Event):
    """What is known of a visit changed."""

    visit: VisitDetails


@value
class VisitCancelled(Event):
    """A visit will not take place."""


@value
class VisitReinstated(Event):
    """A cancelled visit takes place after all."""


@value
class ActivityScheduled(Event):
    """An activity entered the programme."""

    activity: Activity


@value
class ActivityMoved(Event):
    """An activity takes place at another time."""

    activity: Code
    window: TimeWindow


@value
class ActivityRelocated(Event):
    """An activity takes place somewhere else."""

    activity: Code
    venue: Code | None
    room: Code | None


@value
class ActivityAmended(Event):
    """Other facts of an activity changed."""

    activity: Activity


@value
class ActivityCancelled(Event):
    """An activity was taken out of the programme."""

    activity: Code


@value
class ActivityReinstated(Event):
    """A cancelled activity is in the programme again."""

    activity: Code


@value
class JourneyReported(Event):
    """When guests really arrived or left."""

    activity: Code
    actual: AwareDatetime


def _short_enough(details: VisitDetails) -> None:
    if details.last_day - details.first_day > LONGEST_VISIT:
        raise InvalidInput.because(
            "A visit from {first} to {last} is too long: {days} days at most. Check the last day.",
            first=details.first_day,
            last=details.last_day,
            days=LONGEST_VISIT.days,
        )


@entity
class Visit(Entity):
    """A visit with all activities it ever had; ``called_off`` are the codes of the cancelled ones.

    ``registrar`` is the account that registered it, its first member (``domain.membership``).
    """

    kind: ClassVar[str] = "visit"

    details: VisitDetails
    cancelled: bool = False
    activities: Activities[Activity] = Activities()
    called_off: frozenset[str] = frozenset()
    registrar: str = ""

    @property
    def visit(self) -> str:
        return self.key

    @property
    def programme(self) -> tuple[Activity, ...]:
        """The activities that take place, in order of time."""
        taking_place = (a for a in self.activities if a.code not in self.called_off)
        return tuple(sorted(taking_place, key=lambda a: (a.window.start, a.window.end, a.code)))

    def activity(self, code: str) -> Activity:
        found = self.activities.find(code)
        if found is None:
            raise NotFound.because("Visit {visit} has no activity {code}.", visit=self.key, code=code)
        return found

    def near(self, window: TimeWindow) -> TimeWindow:
        """The window of something of this visit, refused where it lies impossibly far from the visit's days."""
        first, last = self.details.first_day, self.details.last_day
        if not first - FARTHEST <= window.start.date() <= window.end.date() <= last + FARTHEST:
            raise InvalidInput.because(
                "{window} lies more than {days} days from visit {visit} ({first} to {last}). "
                "Check the date, or change the days of the visit first.",
                window=window,
                days=FARTHEST.days,
                visit=self.key,
                first=first,
                last=last,
            )
        return window

    # Decisions

    @staticmethod
    def register(code: str, details: VisitDetails, act: Act) -> Decision:
        _short_enough(details)
        return (VisitRegistered(**act.founds(Visit, code), visit=details),)

    def amend(self, details: VisitDetails, act: Act) -> Decision:
        self._takes_place()
        if details == self.details:
            return ()
        _short_enough(details)
        return (VisitAmended(**act.on(self), visit=details),)

    def cancel(self, act: Act) -> Decision:
        self._takes_place()
        act.needs_reason()
        return (VisitCancelled(**act.on(self)),)

    def reinstate(self, act: Act) -> Decision:
        if not self.cancelled:
            raise NotPossible.because("Visit {visit} is not cancelled.", visit=self.key)
        return (VisitReinstated(**act.on(self)),)

    def schedule(self, activity: Activity, act: Act) -> Decision:
        self._takes_place()
        if self.activities.find(activity.code) is not None:
            raise CodeTaken.because(
                "Visit {visit} already has an activity {code}; choose another code.",
                visit=self.key,
                code=activity.code,
            )
        return (ActivityScheduled(**act.on(self), activity=activity),)

    def move_activity(self, code: str, window: TimeWindow, act: Act) -> Decision:
        if self._planned(code).window == window:
            return ()
        return (ActivityMoved(**act.on(self), activity=code, window=window),)

    def relocate_activity(self, code: str, venue: str | None, room: str | None, act: Act) -> Decision:
        activity = self._planned(code)
        if (activity.venue, activity.room) == (venue, room):
            return ()
        return (ActivityRelocated(**act.on(self), activity=code, venue=venue, room=room),)

    def amend_activity(self, activity: Activity, act: Act) -> Decision:
        if self._planned(activity.code) == activity:
            return ()
        return (ActivityAmended(**act.on(self), activity=activity),)

    def cancel_activity(self, code: str, act: Act) -> Decision:
        self._planned(code)
        act.needs_reason()
        return (ActivityCancelled(**act.on(self), activity=code),)

    def reinstate_activity(self, code: str, act: Act) -> Decision:
        self._takes_place()
        self.activity(code)
        if code not in self.called_off:
            raise NotPossible.because("Activity {code} is not cancelled.", code=code)
        return (ActivityReinstated(**act.on(self), activity=code),)

    def report_journey(self, code: str, actual: datetime, act: Act) -> Decision:
        if self._planned(code).journey is None:
            raise InvalidInput.because("Activity {code} is neither an arrival nor a departure.", code=code)
        return (JourneyReported(**act.on(self), activity=code, actual=actual),)

    def _takes_place(self) -> None:
        if self.cancelled:
            raise NotPossible.because("Visit {visit} is cancelled; reinstate it first.", visit=self.key)

    def _planned(self, code: str) -> Activity:
        self._takes_place()
        activity = self.activity(code)
        if code in self.called_off:
            raise NotPossible.because("Activity {code} is cancelled; reinstate it first.", code=code)
        return activity

    # Evolution

    @staticmethod
    def founded(event: VisitRegistered) -> Visit:
        return Visit(
            key=event.key, version=event.originator_version, details=event.visit, registrar=event.by.casefold()
        )

    def evolve(self, event: Event) -> Self:
        match event:
            case VisitAmended(visit=details):
                return self.with_(event, details=details)
            case VisitCancelled():
                return self.with_(event, cancelled=True)
            case VisitReinstated():
                return self.with_(event, cancelled=False)
            case ActivityScheduled(activity=activity) | ActivityAmended(activity=activity):
                return self.with_(event, activities=self.activities.holding(activity))
            case ActivityMoved(activity=code, window=window):
                return self._with_activity(event, code, window=window)
            case ActivityRelocated(activity=code, venue=venue, room=room):
                return self._with_activity(event, code, venue=venue, room=room)
            case ActivityCancelled(activity=code):
                return self.with_(event, called_off=self.called_off | {code})
            case ActivityReinstated(activity=code):
                return self.with_(event, called_off=self.called_off - {code})
            case JourneyReported(activity=code, actual=actual):
                journey = folded(self.activity(code).journey, actual=actual)
                return self._with_activity(event, code, journey=journey)
        return self.with_(event)

    def _with_activity(self, event: Event, code: str, **changes: object) -> Self:
        activity = folded(self.activity(code), **changes)
        return self.with_(event, activities=self.activities.holding(activity))
