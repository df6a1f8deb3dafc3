"""The demo's routes: as the package carries them, so that the story can be told before there is a map pack.

``planner.demo.finding`` finds them anew; a test compares them with what the router finds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.route import RouteDetails
from planner.routing.legs import Leg, proposed

if TYPE_CHECKING:
    from planner.routing.engine import Router

type Ways = Callable[[Plan, Leg, PolicyNumbers], tuple[RouteDetails, ...]]
"""The routes that the story plans for a leg."""

FILE = Path(__file__).with_name("ways.json")
ROUTES = TypeAdapter(tuple[RouteDetails, ...])


def carried() -> Ways:
    """The routes that the package carries."""
    known = ROUTES.validate_json(FILE.read_bytes())

    def ways(plan: Plan, leg: Leg, numbers: PolicyNumbers) -> tuple[RouteDetails, ...]:
        return tuple(route for route in known if (route.origin, route.destination) == (leg.origin, leg.destination))

    return ways


def found_by(router: Router | None) -> Ways:
    """The routes that a router finds; estimates where there is none."""

    def ways(plan: Plan, leg: Leg, numbers: PolicyNumbers) -> tuple[RouteDetails, ...]:
        return proposed(plan, leg, router, numbers).routes

    return ways
