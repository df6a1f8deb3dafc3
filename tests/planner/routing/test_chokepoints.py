"""Where all ways must pass: a town with a river drawn by hand, and the real bridges of Porto."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.estimate import RoutingNumbers
from domain.values import Coordinates
from planner.routing.chokepoints import Cut, StreetNetwork, why_fewer
from planner.routing.engine import Router, routes_or_estimate
from planner.routing.map_pack import MapPack
from planner.routing.overlap import Ground
from planner.routing.pack_building import build
from planner.routing.refusals import NoWay
from planner.routing.road_graph import RoadGraph, read_graph
from planner.text import Speaker
from tests.planner.routing.conftest import Draw

NUMBERS = RoutingNumbers()
BLOCK = 0.002  # degrees, a little more than 200 m
SIDE = 9
WEST = Coordinates(lat=21.0 + 4 * BLOCK, lon=105.0 + 4 * BLOCK)
EAST = Coordinates(lat=21.0 + 4 * BLOCK, lon=105.0 + 16 * BLOCK)

type Ways = list[tuple[int, list[int], dict[str, str]]]


def corner(bank: int, row: int, column: int) -> int:
    return bank * 100 + row * SIDE + column + 1


def town(path: Path, draw: Draw, *bridges: tuple[int, str, dict[str, str]]) -> Path:
    """Two grids of streets, west and east of a river, and bridges ``(row, name, tags)`` between them."""
    nodes = {
        corner(bank, row, column): (21.0 + row * BLOCK, 105.0 + (12 * bank + column) * BLOCK)
        for bank, row, column in itertools.product((0, 1), range(SIDE), range(SIDE))
    }
    ways: Ways = []
    for bank, line in itertools.product((0, 1), range(SIDE)):
        street = {"highway": "residential", "name": f"Phố {bank}{line}"}
        ways.append((len(ways) + 1, [corner(bank, line, column) for column in range(SIDE)], street))
        ways.append((len(ways) + 1, [corner(bank, row, line) for row in range(SIDE)], street))
    for row, name, tags in bridges:
        ends = [corner(0, row, SIDE - 1), corner(1, row, 0)]
        ways.append((len(ways) + 1, ends, {"highway": "primary", "name": name, **tags}))
    return draw(path / "town.osm.pbf", nodes, ways)


def network(extract: Path) -> StreetNetwork:
    return StreetNetwork(read_graph(extract))


def cut(extract: Path, origin: Coordinates = WEST, destination: Coordinates = EAST) -> Cut:
    found = network(extract).cut(origin, destination, NUMBERS.doorstep_m)
    assert found is not None
    return found


BRIDGE = {"bridge": "yes"}
TUNNEL = {"tunnel": "yes"}


def test_one_bridge_is_the_choke_point(tmp_path: Path, draw: Draw) -> None:
    found = cut(town(tmp_path, draw, (4, "Cầu Hiền Lương", BRIDGE)))

    assert found.ways == 1
    assert [(point.street, point.bridge, point.tunnel) for point in found.points] == [("Cầu Hiền Lương", True, False)]
    assert found.points[0].at.lon == pytest.approx(105.0 + 10 * BLOCK)


def test_a_bridge_and_a_tunnel_are_two_ways(tmp_path: Path, draw: Draw) -> None:
    found = cut(town(tmp_path, draw, (1, "Cầu Rồng", BRIDGE), (7, "Hầm Thủ Thiêm", TUNNEL)))

    assert found.ways == 2
    assert {(point.street, point.bridge, point.tunnel) for point in found.points} == {
        ("Cầu Rồng", True, False),
        ("Hầm Thủ Thiêm", False, True),
    }


def test_a_bridge_that_leads_only_the_other_way_does_not_count(tmp_path: Path, draw: Draw) -> None:
    extract = town(tmp_path, draw, (1, "Cầu Rồng", BRIDGE), (7, "Cầu Sông Hàn", {**BRIDGE, "oneway": "-1"}))

    assert cut(extract, WEST, EAST).ways == 1
    assert cut(extract, EAST, WEST).ways == 2


def test_a_bridge_closed_to_cars_does_not_count(tmp_path: Path, draw: Draw) -> None:
    extract = town(tmp_path, draw, (1, "Cầu Rồng", BRIDGE), (7, "Cầu Tình Yêu", {**BRIDGE, "motor_vehicle": "no"}))

    assert cut(extract).ways == 1


def test_within_one_bank_every_street_of_the_crossing_is_a_way(tmp_path: Path, draw: Draw) -> None:
    extract = town(tmp_path, draw, (4, "Cầu Rồng", BRIDGE))
    corner_of_the_grid = Coordinates(lat=21.0, lon=105.0)

    # The doorstep of 300 m reaches one block from a corner: three corners, from which four streets lead on.
    assert cut(extract, corner_of_the_grid, WEST).ways == 4


def test_places_next_to_each_other_have_nothing_between_them_to_cut(tmp_path: Path, draw: Draw) -> None:
    extract = town(tmp_path, draw, (4, "Cầu Rồng", BRIDGE))
    next_door = Coordinates(lat=WEST.lat, lon=WEST.lon + BLOCK)

    assert network(extract).cut(WEST, next_door, NUMBERS.doorstep_m) is None


def test_the_reason_is_said_in_both_languages(tmp_path: Path, draw: Draw) -> None:
    one = cut(town(tmp_path, draw, (4, "Cầu Hiền Lương", BRIDGE)))

    reason = why_fewer(one, 3, NUMBERS)

    assert Speaker("en").say(reason) == "Only 1 independent way exists: every way passes Cầu Hiền Lương (bridge)."
    assert Speaker("vi").say(reason) == "Chỉ có 1 tuyến độc lập: mọi tuyến đều qua Cầu Hiền Lương (cầu)."


def test_enough_independent_ways_put_the_blame_on_the_limits(tmp_path: Path, draw: Draw) -> None:
    bridges = [(row, f"Cầu {row}", BRIDGE) for row in (0, 2, 6, 8)]

    reason = why_fewer(cut(town(tmp_path, draw, *bridges)), 3, NUMBERS)

    assert Speaker("en").say(reason) == (
        "4 independent ways exist, but further ones would share more than 35 % of their length or take more "
        "than 2 times as long."
    )


def test_the_router_says_why_there_is_only_one_way(tmp_path: Path, draw: Draw) -> None:
    far_west, far_east = Coordinates(lat=21.008, lon=105.014), Coordinates(lat=21.008, lon=105.026)
    pack = build(town(tmp_path, draw, (4, "Cầu Hiền Lương", {**BRIDGE, "maxspeed": "10"})), tmp_path / "town")

    with Router(pack) as router:
        answer = routes_or_estimate(router, far_west, far_east, NUMBERS)

    assert len(answer.ways) == 1
    assert str(answer.note).startswith("Only 1 independent way exists: every way passes ")


@pytest.mark.slow
def test_every_way_the_router_finds_passes_a_street_that_cuts_all_ways(demo: MapPack) -> None:
    graph = RoadGraph.load(demo.graph)
    streets = StreetNetwork(graph)
    chance = random.Random(5)
    seen = 0
    with Router(demo) as router:
        while seen < 12:
            one, other = chance.randrange(len(graph.lat)), chance.randrange(len(graph.lat))
            origin = Coordinates(lat=float(graph.lat[one]), lon=float(graph.lon[one]))
            destination = Coordinates(lat=float(graph.lat[other]), lon=float(graph.lon[other]))
            found = streets.cut(origin, destination, NUMBERS.doorstep_m)
            if found is None or found.ways != 1:
                continue
            try:
                ways = router.routes(origin, destination)
            except NoWay:
                continue
            seen += 1
            ground = Ground(origin.lat, origin.lon)
            (choke,) = found.points
            near = [ground.on(way.line).distance(ground.on(((choke.at.lat, choke.at.lon),) * 2)) for way in ways]
            assert max(near) < 60, (origin, destination, choke)


@pytest.mark.slow
def test_the_two_banks_of_porto_are_joined_by_few_streets(pack_of: Callable[[str], MapPack]) -> None:
    streets = StreetNetwork(RoadGraph.load(pack_of("porto").graph))

    found = streets.cut(Coordinates(lat=41.128, lon=-8.607), Coordinates(lat=41.150, lon=-8.605), NUMBERS.doorstep_m)

    assert found is not None
    assert 1 <= found.ways <= 3
    assert len(found.points) == found.ways
