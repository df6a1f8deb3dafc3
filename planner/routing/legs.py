"""The legs of a visit's programme, and the routes that are proposed for them."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.base import Line
from domain.messages import Message
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.route import RouteDetails
from planner.routing.way import Way

if TYPE_CHECKING:
    from planner.routing.engine import Router

#: Streets named with a route; the longest ways would not fit a screen.
STREETS = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Leg:
    """A way that the programme needs: from one venue to the next."""

    origin: str
    destination: str


@dataclasses.dataclass(frozen=True, slots=True)
class ProposedRoutes:
    """The routes found for a leg, and where there are fewer than three, why."""

    leg: Leg
    routes: tuple[RouteDetails, ...]
    note: Message | None = None


def legs(plan: Plan, visit: str) -> tuple[Leg, ...]:
    """The legs between consecutive venues of a programme, each once, in order of time; parties one by one."""
    programme = [activity for activity in plan.visit(visit).programme if activity.venue is not None]
    found: dict[Leg, None] = {}
    for party in dict.fromkeys((activity.delegation, activity.party) for activity in programme):
        venues = [a.venue for a in programme if (a.delegation, a.party) == party]
        for origin, destination in pairwise(venues):
            if origin and destination and origin != destination:
                found[Leg(origin, destination)] = None
    return tuple(found)


def unplanned_legs(plan: Plan, visit: str) -> tuple[Leg, ...]:
    """The legs that no route is planned for yet."""
    planned = {route.leg for route in plan.routes(visit) if not route.withdrawn}
    return tuple(leg for leg in legs(plan, visit) if (leg.origin, leg.destination) not in planned)


def proposed(plan: Plan, leg: Leg, router: Router | None, numbers: PolicyNumbers) -> ProposedRoutes:
    """Primary, alternate and emergency route for a leg: on the network, else one estimate marked as such."""
    from planner.routing.engine import routes_or_estimate  # noqa: PLC0415 - who only lists legs needs no shapes

    origin, destination = plan.venue(leg.origin), plan.venue(leg.destination)
    answer = routes_or_estimate(router, origin.details.coordinates, destination.details.coordinates, numbers.routing)
    routes = tuple(route_details(leg, way) for way in answer.ways)
    return ProposedRoutes(leg, routes, answer.note)


def route_details(leg: Leg, way: Way) -> RouteDetails:
    """A way as a route of the plan."""
    streets: tuple[Line, ...] = tuple(street for street in way.streets if street.strip())[:STREETS]
    return RouteDetails(
        origin=leg.origin,
        destination=leg.destination,
        kind=way.kind,
        km=round(way.km, 3),
        minutes=round(way.minutes, 2),
        overlap=round(way.overlap, 4),
        source=way.source,
        geometry=way.geometry,
        streets=streets,
        pack=way.pack,
    )
