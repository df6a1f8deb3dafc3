"""The routes that the package carries are those that the router finds on the demo's map."""

from __future__ import annotations

import pytest

from planner.demo.finding import find
from planner.demo.ways import FILE, ROUTES
from planner.routing.map_pack import MapPack


@pytest.mark.slow
def test_the_carried_routes_are_those_that_the_router_finds(demo: MapPack) -> None:
    found = find(demo.folder)

    carried = ROUTES.validate_json(FILE.read_bytes())
    assert carried == found
    assert {route.pack for route in carried} == {demo.hash}
    assert len({(route.origin, route.destination, route.kind) for route in carried}) == len(carried)
