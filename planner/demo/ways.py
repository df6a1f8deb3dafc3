"""The demo's routes: as the package carries them, so that the story can be told before there is a map pack.

``python -m planner.demo.ways PACK`` finds them anew on a pack of the demo's area and writes them down; a test
compares them with what the router finds.
"""

from __future__ import annotations

import sys
import tempfile
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


def find(folder: Path) -> tuple[RouteDetails, ...]:
    """All routes that the story plans, in its order, found on a pack."""
    from planner.demo.story import tell as tell_story  # noqa: PLC0415 - the story reads this module
    from planner.routing.engine import Router  # noqa: PLC0415 - for who finds ways anew alone
    from planner.routing.map_pack import MapPack  # noqa: PLC0415 - as above

    found: list[RouteDetails] = []
    with tempfile.TemporaryDirectory() as place, Router(MapPack.open(folder)) as router:
        search = found_by(router)

        def ways(plan: Plan, leg: Leg, numbers: PolicyNumbers) -> tuple[RouteDetails, ...]:
            routes = search(plan, leg, numbers)
            found.extend(routes)
            return routes

        tell_story(Path(place) / "data", Path(place) / "key", ways=ways)
    return tuple(found)


if __name__ == "__main__":
    FILE.write_bytes(ROUTES.dump_json(find(Path(sys.argv[1])), indent=1) + b"\n")
