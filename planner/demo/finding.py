"""Finds the demo's routes anew: ``python -m planner.demo.finding PACK`` writes those of a pack of its area down."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.route import RouteDetails
from planner.demo.story import tell as tell_story
from planner.demo.ways import FILE, ROUTES, found_by
from planner.routing.engine import Router
from planner.routing.legs import Leg
from planner.routing.map_pack import MapPack


def find(folder: Path) -> tuple[RouteDetails, ...]:
    """All routes that the story plans, in its order, found on a pack."""
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
