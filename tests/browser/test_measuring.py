"""Measuring the ways between very many places in a real browser: told how far it is, stopped, and done."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.base import Actor, Role
from domain.values import Coordinates
from planner.accounts import Accounts
from planner.application import Planner
from planner.routing.map_pack import MapPack
from planner.routing.pack_building import demo_pack
from planner.routing.road_graph import RoadGraph
from tests.examples import VISIT, post_details, visit_details
from tests.serving import Running, members, serving

HOA = Actor("planner.hoa", frozenset({Role.PLANNER}))
PLACES = 400


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    return demo_pack(tmp_path_factory.mktemp("packs"))


@pytest.fixture
def board(tmp_path: Path, pack: MapPack) -> Iterator[Running]:
    """A visit with posts all over the city, one of them at sea."""
    graph = RoadGraph.load(pack.graph)
    at = random.Random(1).sample(range(len(graph.lat)), PLACES - 1)

    def fill(planner: Planner, accounts: Accounts) -> None:
        members(planner, accounts)
        planner.register_visit(VISIT, visit_details(), by=HOA)
        places = [Coordinates(lat=float(graph.lat[one]), lon=float(graph.lon[one])) for one in at]
        for number, place in enumerate([*places, Coordinates(lat=-29.95, lon=-71.60)]):
            planner.create_post(VISIT, f"P-{number:03d}", post_details(coordinates=place), by=HOA)

    with serving(tmp_path / "data", fill, map_dir=pack.folder) as running:
        yield running


def test_measuring_is_stopped_without_a_trace_and_then_done(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "planner", to=f"/duty_board?visit={VISIT}&view=roster", at=board.address)
    ways, before = page.locator(".st-key-roster_ways"), board.planner.plan.position

    ways.locator("summary").click()
    page.locator(".st-key-measure_ways button").click()
    expect(page.locator(".st-key-measuring_ways")).to_contain_text("of 160,000")
    page.locator(".st-key-stop_measuring button").click()
    expect(page.locator(".st-key-measuring_ways")).to_have_count(0)
    settled(page)
    expect(ways).to_contain_text("nobody has measured them")
    assert board.planner.plan.position == before

    page.locator(".st-key-measure_ways button").click()
    expect(page.locator(".st-key-told")).to_contain_text("were measured")
    expect(ways).to_contain_text("Ways between 400 places as measured on the map")
    expect(ways).to_contain_text("Of 159,600 ways between 400 places 158,802 are measured; the other 798 are estimates")
    settled(page)
    assert violations(page) == []
