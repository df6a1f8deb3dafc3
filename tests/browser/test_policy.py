"""The Content-Security-Policy against what pages really do, and pages that follow the plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from domain.base import Actor, Role
from domain.officer import OfficerDetails
from domain.values import PersonName
from tests.examples import HOSTILE_NAMES
from tests.serving import Running, people, serving

if TYPE_CHECKING:
    from tests.browser.conftest import Recorder


PLANNER = Actor(user="planner", roles=frozenset({Role.PLANNER}))


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The application with one page that draws a map and a chart."""
    script = Path(__file__).with_name("a_map_and_a_chart.py")
    with serving(tmp_path_factory.mktemp("drawing") / "data", people, script=script) as running:
        yield running


def test_a_map_and_a_chart_are_drawn_within_the_policy(
    drawing: Running, page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page, "planner", to="/", at=drawing.address)

    marker = page.frame_locator("iframe[title^=streamlit_folium]").locator("path.leaflet-interactive")
    expect(marker).to_have_count(1)
    expect(page.locator(".stVegaLiteChart :is(svg, canvas).marks").first).to_be_visible()


def test_the_browser_reports_what_the_policy_forbids(
    drawing: Running, desk: Page, recorder: Recorder, sign_in: Callable[..., None]
) -> None:
    sign_in(desk, "planner", to="/", at=drawing.address)

    desk.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'window.broken = 1'}))")

    assert desk.evaluate("window.broken") is None
    assert [error for error in recorder.errors if "Content Security Policy" in error]
    recorder.errors.clear()


def test_a_page_is_drawn_again_within_a_second_of_a_command_of_another_process(
    drawing: Running, desk: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(desk, "planner", to="/", at=drawing.address)
    before = drawing.planner.plan.position
    expect(desk.get_by_text(f"position {before}", exact=True)).to_be_visible()
    details = OfficerDetails(name=PersonName(romanised="Trần Văn Đạt"), unit="Đội 1")

    waited = []
    for number in range(1, 4):
        drawing.planner.register_officer(f"CA-020{number}", details, by=PLANNER)
        started = time.monotonic()
        expect(desk.get_by_text(f"position {before + number}", exact=True)).to_be_visible()
        waited.append(time.monotonic() - started)

    # The best of three: the other tests share this machine.
    assert min(waited) < 1.0


def test_what_people_typed_comes_out_of_a_sentence_as_typed(
    drawing: Running, desk: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(desk, "planner", to="/", at=drawing.address)

    said = [
        element.inner_text().replace("\u2060", "")
        for element in desk.locator("[data-testid=stAlertContentSuccess] p").all()
    ]

    assert said == [f"{name} was registered: {name}" for name in HOSTILE_NAMES]
