"""Maps in a real browser: nothing leaves this machine, names do nothing, venues and routes by hand, the own duties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Dialog, FrameLocator, Page, expect

from domain.assignment import AssignmentStatus
from domain.base import Actor, Role
from domain.values import Coordinates
from domain.venue import KeyPoint, KeyPointKind, VenueDetails
from planner.accounts import Accounts
from planner.application import Planner
from planner.demo.cast import MY_OFFICER, VISIT
from planner.demo.story import ACCOUNTS, PASSWORD, tell
from planner.demo.ways import found_by
from planner.duty_list import duty_list
from planner.routing.engine import Router
from planner.routing.legs import unplanned_legs
from planner.routing.map_pack import MapPack
from planner.routing.pack_building import demo_pack
from tests.serving import Running, serving

if TYPE_CHECKING:
    from tests.browser.conftest import Recorder

pytestmark = pytest.mark.slow

NASTY = ("<b>x</b> `a` ${1+1}", "O'Brien \\ {{'map_div'}}", '"quoted" & <img src=x onerror=alert(1)>')
PLANNER = Actor("planner", frozenset({Role.PLANNER}))
OFFICER = Actor("officer", frozenset({Role.OFFICER}), MY_OFFICER)

type SignIn = Callable[[Page, str, str], None]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    return demo_pack(tmp_path_factory.mktemp("packs"))


def hostile(planner: Planner) -> None:
    """A venue at the harbour with names that break careless pages, and key points beside it."""
    details = VenueDetails(name=NASTY[0], coordinates=Coordinates(lat=-29.965, lon=-71.30))
    planner.register_venue("X-1", details, by=PLANNER)
    for number, name in enumerate(NASTY[1:], 1):
        place = Coordinates(lat=-29.965 + number / 1000, lon=-71.30)
        point = KeyPoint(code=f"D-0{number}", kind=KeyPointKind.ENTRANCE, name=name, coordinates=place)
        planner.mark_key_point("X-1", point, by=PLANNER)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, pack: MapPack) -> Iterator[Running]:
    """The demo on its map, with hostile names, and a coming duty that its officer must read."""
    data = tmp_path_factory.mktemp("demo") / "data"
    key = data.parent / "data.key"
    with Router(pack) as router:
        tell(data, key, ways=found_by(router))

    def fill(planner: Planner, accounts: Accounts) -> None:
        for user, *_ in ACCOUNTS:
            accounts.set_look(user, language="en")
        hostile(planner)
        one = duty_list(planner.plan, MY_OFFICER, planner.clock()).coming[0]
        if one.must_acknowledge:
            planner.acknowledge_assignment(VISIT, one.assignment.code, by=OFFICER)
        order = "Chỉ cho xe có phù hiệu vào."
        planner.issue_post_order(VISIT, one.duty.post.code, order, by=PLANNER, reason="Lệnh mới")

    with serving(data, fill, map_dir=pack.folder) as running:
        yield running


@pytest.fixture
def enter(demo: Running, settled: Callable[[Page], None]) -> SignIn:
    """Signs a demo account in and waits for a page."""

    def entered(page: Page, user: str, to: str) -> None:
        page.goto(f"{demo.address}{to}")
        page.fill("#user", user)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        settled(page)

    return entered


def the_map(page: Page) -> FrameLocator:
    """The frame of the first map, drawn."""
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".leaflet-tile-loaded").first).to_be_visible()
    return frame


def test_the_map_is_drawn_from_this_machine_alone(demo: Running, page: Page, enter: SignIn, recorder: Recorder) -> None:
    enter(page, "planner", "/map")

    frame = the_map(page)

    expect(frame.locator(".leaflet-control-attribution")).to_have_text("© OpenStreetMap contributors, ODbL 1.0")
    expect(frame.locator(".map-badge")).to_contain_text("Map la_serena")
    expect(frame.locator(".pin-venue").first).to_be_visible()
    assert any("/map/basemap.pmtiles" in url for url in recorder.requests)
    assert recorder.left_this_machine == []


def test_the_picture_is_handed_out_in_ranges_and_only_to_whoever_is_signed_in(
    demo: Running, desk: Page, enter: SignIn, pack: MapPack
) -> None:
    stranger = desk.request.get(f"{demo.address}/map/basemap.pmtiles", headers={"range": "bytes=0-6"})
    enter(desk, "planner", "/map")
    known = desk.request.get(f"{demo.address}/map/basemap.pmtiles", headers={"range": "bytes=0-6"})

    assert stranger.status == 401
    assert (known.status, known.body()) == (206, b"PMTiles")


def test_names_come_out_as_typed_and_do_nothing(demo: Running, desk: Page, enter: SignIn) -> None:
    alerts: list[Dialog] = []
    desk.on("dialog", lambda dialog: alerts.append(dialog))  # noqa: PLW0108 - Playwright marks what it calls
    enter(desk, "planner", "/map")
    frame = the_map(desk)
    mark = frame.locator(".place", has=desk.frame_locator("iframe").first.locator(".pin-venue")).filter(
        has_text="${1+1}"
    )

    mark.evaluate("element => element.click()")

    expect(frame.locator(".map-box strong")).to_have_text(NASTY[0])
    assert frame.locator(".map-box b, .map-box img").count() == 0
    assert frame.locator(".tag b").count() == 0
    titles = frame.locator("body").evaluate("() => [...document.querySelectorAll('.place')].map(e => e.ariaLabel)")
    assert NASTY[0] in titles
    assert alerts == []


def test_names_of_key_points_come_out_as_typed_from_close_by(demo: Running, desk: Page, enter: SignIn) -> None:
    enter(desk, "planner", "/map")
    frame = the_map(desk)

    frame.locator("body").evaluate("() => window.map.setView([-29.964, -71.30], 17, {animate: false})")

    for name in NASTY[1:]:
        mark = frame.get_by_role("button", name=name, exact=True)
        expect(mark).to_be_visible()
        mark.evaluate("element => element.click()")
        expect(frame.locator(".map-box strong").last).to_have_text(name)


def test_an_address_that_names_a_venue_leads_to_it_on_the_map(demo: Running, desk: Page, enter: SignIn) -> None:
    """Also where nothing of the programme takes place."""
    enter(desk, "planner", f"/map?visit={VISIT}&venue=X-1")

    frame = the_map(desk)

    name = frame.get_by_role("button", name=NASTY[1], exact=True)
    expect(name).to_be_visible()  # the key points of a venue are drawn from close by alone


def test_a_venue_is_registered_by_clicking_the_map_and_taken_back(
    demo: Running, page: Page, enter: SignIn, settled: Callable[[Page], None]
) -> None:
    enter(page, "planner", "/map")
    the_map(page)
    before = {venue.key for venue in demo.planner.plan.venues}

    page.locator("iframe").first.click(position={"x": 250, "y": 130})
    place = page.get_by_role("textbox", name="Coordinates (latitude, longitude)").first
    expect(place).to_have_value(re.compile(r"^-29\.\d+, -71\.\d+$"))
    page.get_by_role("textbox", name="Venue name").fill("Kho vật tư O'Brien <b>x</b>")
    page.get_by_role("button", name="Register venue").click()
    expect(page.locator(".st-key-told")).to_contain_text("was registered")

    (new,) = {venue.key for venue in demo.planner.plan.venues} - before
    assert demo.planner.plan.venue(new).details.name == "Kho vật tư O'Brien <b>x</b>"
    settled(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".st-key-told")).to_contain_text("Taken back")
    assert demo.planner.plan.venue(new).retired


def test_the_routes_of_a_leg_without_any_are_planned_on_streets(demo: Running, desk: Page, enter: SignIn) -> None:
    plan = demo.planner.plan
    route = next(r for r in plan.routes(VISIT) if not r.withdrawn)
    for same in plan.routes(VISIT):
        if same.leg == route.leg and not same.withdrawn:
            demo.planner.withdraw_route(VISIT, same.code, by=PLANNER, reason="lập lại")
    assert len(unplanned_legs(demo.planner.plan, VISIT)) == 1
    enter(desk, "planner", "/map")
    the_map(desk)

    desk.get_by_role("tab", name="Routes").click()
    desk.get_by_role("button", name="Plan routes for 1 leg").click()
    expect(desk.locator(".st-key-told")).to_contain_text("planned")

    planned = [r for r in demo.planner.plan.routes(VISIT) if r.leg == route.leg and not r.withdrawn]
    assert unplanned_legs(demo.planner.plan, VISIT) == ()
    assert planned[0].details.source == "network"


def test_after_a_command_the_page_stays_where_it_was(
    demo: Running, page: Page, enter: SignIn, settled: Callable[[Page], None]
) -> None:
    route = next(r for r in demo.planner.plan.routes(VISIT) if not r.withdrawn and r.closed is None)
    enter(page, "planner", f"/map?visit={VISIT}&route={route.code}")
    here = page.get_by_role("tab", name="Routes")
    expect(here).to_have_attribute("aria-selected", "true")
    shown = page.locator(f".st-key-route_{route.code}")

    shown.get_by_text("Close or withdraw").click()
    shown.get_by_label("Reason (needed)").fill("Sửa cầu")
    shown.get_by_label("Reason (needed)").press("Tab")
    shown.get_by_role("button", name="Close the route").click()

    expect(page.locator(".st-key-told")).to_contain_text("is closed")
    settled(page)
    expect(here).to_have_attribute("aria-selected", "true")
    assert demo.planner.plan.route(VISIT, route.code).closed is not None
    demo.planner.reopen_route(VISIT, route.code, by=PLANNER, reason="Sửa xong")


def test_key_points_are_marked_one_after_the_other(
    demo: Running, desk: Page, enter: SignIn, settled: Callable[[Page], None]
) -> None:
    before = len(demo.planner.plan.venue("VAN-HOA").key_points)
    enter(desk, "planner", f"/map?visit={VISIT}&venue=VAN-HOA")

    desk.locator(".st-key-venue_points summary").click()
    for name in ("Cổng bắc", "Cổng nam"):
        desk.get_by_role("textbox", name="Point name").fill(name)
        desk.get_by_role("textbox", name="Coordinates (latitude, longitude)").first.fill("-29.953, -71.339")
        desk.get_by_role("button", name="Mark key point").click()
        expect(desk.locator(".st-key-told")).to_contain_text(f"Key point {name} was marked.")
        settled(desk)

    points = demo.planner.plan.venue("VAN-HOA").key_points
    assert [point.name for point in points[before:]] == ["Cổng bắc", "Cổng nam"]


def test_an_officer_reads_what_changed_and_acknowledges(
    demo: Running, phone: Page, enter: SignIn, settled: Callable[[Page], None]
) -> None:
    enter(phone, "officer", "/my_assignments")
    code = duty_list(demo.planner.plan, MY_OFFICER, demo.planner.clock()).coming[0].assignment.code

    expect(phone.get_by_text("This duty changed since you acknowledged it")).to_be_visible()
    expect(phone.get_by_role("definition").filter(has_text="Chỉ cho xe có phù hiệu vào.").first).to_be_visible()
    phone.get_by_role("button", name="Acknowledge").first.click()
    expect(phone.locator(".st-key-told")).to_contain_text("You acknowledged post")

    assert demo.planner.plan.assignment(VISIT, code).status is AssignmentStatus.ACKNOWLEDGED
    assert phone.get_by_role("button", name="Undo").count() == 0


def test_an_officer_fetches_calendar_and_sheet(demo: Running, desk: Page, enter: SignIn) -> None:
    enter(desk, "officer", "/my_assignments")

    calendar = desk.get_by_role("link", name="Calendar file").get_attribute("href") or ""
    sheet = desk.get_by_role("link", name="Sheet to print").get_attribute("href") or ""

    assert desk.request.get(f"{demo.address}{calendar}").body().startswith(b"BEGIN:VCALENDAR")
    assert desk.request.get(f"{demo.address}{sheet}").body().startswith(b"%PDF")


def test_in_high_contrast_what_is_chosen_is_told_and_the_legend_can_be_read(
    demo: Running, desk: Page, enter: SignIn, violations: Callable[[Page], list[str]]
) -> None:
    demo.accounts.set_look("planner", high_contrast=True)
    enter(desk, "planner", f"/map?visit={VISIT}")
    paper = "button => getComputedStyle(button).backgroundColor"

    on = desk.locator(".st-key-map_layers button[aria-pressed=true]").first.evaluate(paper)
    off = desk.locator(".st-key-map_layers button[aria-pressed=false]").first.evaluate(paper)
    ink = desk.locator(".map-legend .key").first.evaluate("key => getComputedStyle(key).color")
    found = violations(desk)
    demo.accounts.set_look("planner", high_contrast=False)

    assert (on, off) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    assert ink != "rgb(0, 0, 0)"
    assert found == []


@pytest.mark.parametrize(("user", "path"), [("planner", "/map"), ("officer", "/my_assignments")])
def test_the_pages_have_no_violation_of_wcag(
    demo: Running, page: Page, enter: SignIn, violations: Callable[[Page], list[str]], user: str, path: str
) -> None:
    enter(page, user, path)
    the_map(page)

    assert violations(page) == []


def test_nothing_is_wider_than_the_screen(demo: Running, phone: Page, enter: SignIn) -> None:
    enter(phone, "officer", "/my_assignments")
    the_map(phone)

    wide = phone.evaluate("document.documentElement.scrollWidth")

    assert wide <= 390
