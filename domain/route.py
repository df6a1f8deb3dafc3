"""A way between two venues of a visit: primary, alternate or emergency."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field

from domain.base import Act, Code, Decision, Entity, Event, Line, OptionalLine, entity, value
from domain.refusals import NotPossible
from domain.values import TimeWindow


class RouteKind(StrEnum):
    """What a route is for."""

    PRIMARY = "primary"
    ALTERNATE = "alternate"
    EMERGENCY = "emergency"


class RouteSource(StrEnum):
    """Where length and time come from: the road network, or an estimate without one."""

    NETWORK = "network"
    ESTIMATE = "estimate"


@value
class RouteDetails:
    """One way from an origin venue to a destination venue.

    ``overlap`` is the largest share of its length that runs with an earlier way of the same leg;
    ``geometry`` an encoded polyline of precision 6; ``pack`` the hash of the map pack it was found on.
    """

    origin: Code
    destination: Code
    kind: RouteKind
    km: Annotated[float, Field(ge=0)]
    minutes: Annotated[float, Field(ge=0)]
    overlap: Annotated[float, Field(ge=0, le=1)] = 0.0
    source: RouteSource = RouteSource.NETWORK
    geometry: str
    streets: tuple[Line, ...] = ()
    pack: OptionalLine = ""


@value
class RoutePlanned(Event):
    """A route was planned."""

    route: RouteDetails


@value
class RouteClosed(Event):
    """A route cannot be used for a time."""

    window: TimeWindow


@value
class RouteReopened(Event):
    """A closed route can be used again."""


@value
class RouteWithdrawn(Event):
    """A route is no longer planned."""


@value
class RouteReinstated(Event):
    """A withdrawn route is planned again."""


@entity
class Route(Entity):
    """A route of a visit; ``closed`` says when it cannot be used."""

    kind: ClassVar[str] = "route"

    details: RouteDetails
    closed: TimeWindow | None = None
    withdrawn: bool = False

    @property
    def leg(self) -> tuple[str, str]:
        return (self.details.origin, self.details.destination)

    def closed_on_the_way(self, departure: datetime, factor: float) -> bool:
        """True where a closure meets the time on the route: its minutes times the policy's factor, one at least."""
        if self.closed is None:
            return False
        lasting = timedelta(minutes=max(self.details.minutes * factor, 1))
        return self.closed.overlaps(TimeWindow(start=departure, end=departure + lasting))

    # Decisions

    @staticmethod
    def plan(key: str, details: RouteDetails, act: Act) -> Decision:
        return (RoutePlanned(**act.founds(Route, key), route=details),)

    def close(self, window: TimeWindow, act: Act) -> Decision:
        self._planned()
        act.needs_reason()
        if window == self.closed:
            return ()
        return (RouteClosed(**act.on(self), window=window),)

    def reopen(self, act: Act) -> Decision:
        self._planned()
        if self.closed is None:
            raise NotPossible.because("Route {code} is not closed.", code=self.code)
        return (RouteReopened(**act.on(self)),)

    def withdraw(self, act: Act) -> Decision:
        self._planned()
        act.needs_reason()
        return (RouteWithdrawn(**act.on(self)),)

    def reinstate(self, act: Act) -> Decision:
        if not self.withdrawn:
            raise NotPossible.because("Route {code} is not withdrawn.", code=self.code)
        return (RouteReinstated(**act.on(self)),)

    def _planned(self) -> None:
        if self.withdrawn:
            raise NotPossible.because("Route {code} is withdrawn; reinstate it first.", code=self.code)

    # Evolution

    @staticmethod
    def founded(event: RoutePlanned) -> Route:
        return Route(key=event.key, version=event.originator_version, details=event.route)

    def evolve(self, event: Event) -> Self:
        match event:
            case RouteClosed(window=window):
                return self.with_(event, closed=window)
            case RouteReopened():
                return self.with_(event, closed=None)
            case RouteWithdrawn():
                return self.with_(event, withdrawn=True)
            case RouteReinstated():
                return self.with_(event, withdrawn=False)
        return self.with_(event)
