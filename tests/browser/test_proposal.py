"""The proposal in a real browser: asked for, left and found again, compared, accepted in part, pinned, mended."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from domain.base import Actor, Role, changed
from domain.values import Coordinates
from planner.accounts import Accounts
from planner.application import Planner
from planner.routing.pack_building import demo_pack
from planner.text import now
from tests.examples import FIRST_DAY, VISIT, ZONE, officer_details, post_details, qualification, visit_details
from tests.serving import Running, members, serving

HOA = Actor("planner.hoa", frozenset({Role.PLANNER}))
#: The visit is in three days, whenever that is: a real server knows no other clock.
FIRST = now().astimezone(ZONE).date() + timedelta(days=3)
DAY = (FIRST - FIRST_DAY).days + 1
SQUARE, HARBOUR = Coordinates(lat=-29.9027, lon=-71.2519), Coordinates(lat=-29.9495, lon=-71.3363)
NAMES = ("Nguyễn Thị Phương Thảo", "Đặng Thuỳ <b>Dương</b>", "Trần Đức Nghĩa", "Lê Hoàng Bảo Ngọc")


def fill(planner: Planner, accounts: Accounts) -> None:
    """A visit with three posts, one of which nobody can take, and four officers."""
    members(planner, accounts)
    planner.register_visit(VISIT, visit_details(first_day=FIRST, last_day=FIRST + timedelta(days=1)), by=HOA)
    for number, name in enumerate(NAMES, 1):
        planner.register_officer(f"CA-{number}", officer_details(name), by=HOA)
    planner.grant_qualification("CA-1", qualification("K9", day=DAY), by=HOA)
    planner.create_post(VISIT, "P-01", post_details(day=DAY, required=("K9",), coordinates=SQUARE), by=HOA)
    gate = post_details("09:00", "13:00", day=DAY, task="Gác cổng sau", headcount=2, coordinates=HARBOUR)
    planner.create_post(VISIT, "P-02", gate, by=HOA)
    planner.create_post(VISIT, "P-03", post_details(day=DAY, languages=("km",), task="Phiên dịch"), by=HOA)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "data", fill, map_dir=demo_pack(tmp_path / "packs").folder) as running:
        yield running


def choose(page: Page, key: str, text: str) -> None:
    """Chooses from a list, which is opened anew where a redraw of the page shut it."""
    option = page.get_by_role("option").filter(has_text=text)
    for _ in range(6):
        page.locator(f".st-key-{key} input").first.click()
        with contextlib.suppress(PlaywrightError):
            option.click(timeout=3000)
            break
        page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    # As long as the list is open, a press elsewhere only shuts it.
    page.locator("h1").first.click()
    expect(page.get_by_role("option")).to_have_count(0)


def propose_an_hour_later(board: Running, page: Page, sign_in: Callable[..., None]) -> None:
    """Signs in on the page and has the visit moved by an hour in a proposal."""
    sign_in(page, "planner", to=f"/duty_board?visit={VISIT}&view=roster", at=board.address)
    page.locator(".st-key-roster_way").get_by_text("Move the visit").click()
    expect(page.locator(".st-key-roster_shift_hours input")).to_have_value("1")
    page.locator(".st-key-propose button").click()
    expect(page.get_by_text("The whole visit is to be", exact=False)).to_be_visible()


def test_a_roster_is_proposed_compared_accepted_in_part_pinned_and_mended(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    def fits() -> bool:
        return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    def on_duty(post: str) -> list[str]:
        return [duty.officer for duty in board.planner.plan.assignments_of_post(VISIT, post) if duty.counts]

    sign_in(page, "planner", to=f"/duty_board?visit={VISIT}&view=roster", at=board.address)
    told = page.locator(".st-key-told")

    # Ways are measured on the map, once.
    page.locator(".st-key-roster_ways summary").click()
    page.locator(".st-key-measure_ways button").click()
    expect(told).to_contain_text("were measured")
    expect(page.locator(".st-key-roster_ways")).to_contain_text("2 places as measured on the map")
    settled(page)
    found, narrow = violations(page), fits()

    # Asked for, left while it is made, found again.
    page.locator(".st-key-propose button").click()
    expect(page.locator(".st-key-roster_progress, .st-key-roster_result").first).to_be_visible()
    page.goto(f"{board.address}/settings")
    settled(page)
    page.goto(f"{board.address}/duty_board?visit={VISIT}&view=roster")
    expect(page.locator(".st-key-roster_changes")).to_contain_text("P-02")
    expect(page.get_by_text("Post P-03", exact=False).first).to_be_visible()
    expect(page.get_by_text("4 officers do not speak Khmer", exact=False).first).to_be_visible()
    settled(page)
    found += violations(page)
    narrow &= fits()

    # A part of it.
    page.get_by_text("Accept only a part").click()
    page.locator("[class*='st-key-tick_P-01'] label").click()
    page.locator(".st-key-accept_part button").click()
    expect(told).to_contain_text("was accepted")
    settled(page)
    assert (on_duty("P-01"), on_duty("P-02")) == (["CA-1"], [])

    # Pinned, and somebody else replaced.
    board.planner.assign_officer(VISIT, "P-02", "CA-2", by=HOA)
    page.goto(f"{board.address}/duty_board?visit={VISIT}&view=roster")
    page.locator(".st-key-roster_pins summary").click()
    choose(page, "roster_pins", "P-01")
    page.locator(".st-key-pins_reason input").fill("Quen địa bàn")
    page.locator(".st-key-pins_reason input").press("Tab")
    page.locator(".st-key-record_pins button").click()
    expect(told).to_contain_text("pins were recorded")
    settled(page)
    assert [duty.pinned for duty in board.planner.plan.assignments(VISIT)] == [True, False]

    page.locator(".st-key-roster_way").get_by_text("Replace officers").click()
    expect(page.locator(".st-key-roster_without input")).to_be_visible()
    settled(page)
    choose(page, "roster_without", "CA-2")
    expect(page.locator(".st-key-propose button")).to_be_enabled()
    settled(page)
    page.locator(".st-key-propose button").click()
    # The rest of the proposal before stands there until this one is made.
    expect(page.get_by_text(f"Without Đại uý {NAMES[1]} (CA-2).")).to_be_visible()
    expect(page.locator(".st-key-roster_changes")).to_contain_text("Đặng Thuỳ <b>Dương</b>")
    settled(page)
    page.get_by_text("Why this officer, why not that one").click()
    expect(page.get_by_text("chosen", exact=False).first).to_be_visible()
    settled(page)
    found += violations(page)
    narrow &= fits()
    page.locator(".st-key-accept_all button").click()
    expect(told).to_contain_text("was accepted")

    # What was lost, and nothing else: the second place was open before.
    assert (on_duty("P-02"), on_duty("P-01")) == (["CA-3"], ["CA-1"])
    assert (found, narrow) == ([], True)


def test_the_whole_visit_is_moved_by_an_hour(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    before = board.planner.plan.post(VISIT, "P-01").window
    propose_an_hour_later(board, page, sign_in)
    settled(page)
    found = violations(page)
    page.locator(".st-key-accept_all button").click()
    expect(page.locator(".st-key-told")).to_contain_text("was accepted")

    assert board.planner.plan.post(VISIT, "P-01").window == before.shifted(timedelta(hours=1))
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_visit_that_somebody_moved_meanwhile_is_filled_as_it_now_stands(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    before = board.planner.plan.post(VISIT, "P-01").window
    propose_an_hour_later(board, page, sign_in)
    board.planner.shift_visit(VISIT, 60, by=HOA)

    page.goto(f"{board.address}/duty_board?visit={VISIT}&view=roster")
    moved_on = page.locator(".st-key-roster_moved_on")
    expect(moved_on).to_contain_text("The visit was moved 1 h later by planner.hoa")
    expect(moved_on).to_contain_text("Move it a further 1 h later")
    expect(page.locator(".st-key-accept_all")).to_have_count(0)
    settled(page)
    found, fits = violations(page), page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".st-key-roster_stay button").click()
    expect(moved_on).to_have_count(0)
    expect(page.locator(".st-key-roster_changes")).to_contain_text("P-01")
    expect(page.get_by_text("The whole visit is to be", exact=False)).to_have_count(0)

    assert board.planner.plan.post(VISIT, "P-01").window == before.shifted(timedelta(hours=1))
    assert (found, fits) == ([], True)


def test_whoever_falls_ill_is_replaced_from_the_register_and_the_critical_post_is_held(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    """CA-1 is lost at a critical post; the only other with the qualification stands at a usual one."""
    give = board.planner
    give.grant_qualification("CA-2", qualification("K9", day=DAY), by=HOA)
    give.amend_post(VISIT, "P-01", changed(give.plan.post(VISIT, "P-01").details, critical=True), by=HOA)
    for officer in ("CA-3", "CA-4"):
        give.retire_officer(officer, by=HOA, reason="Nghỉ hưu")
    for post, officer in (("P-01", "CA-1"), ("P-02", "CA-2")):
        give.assign_officer(VISIT, post, officer, by=HOA)
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "planner", to="/officers?officer=CA-1", at=board.address)

    page.get_by_text(f"Find others for the duties in {VISIT}").click()
    expect(page.locator(".st-key-roster_without")).to_contain_text("CA-1")
    settled(page)
    page.locator(".st-key-propose button").click()
    expect(page.locator(".st-key-roster_left")).to_contain_text("1 at critical posts")
    settled(page)
    found = violations(page)
    page.locator(".st-key-roster_anew button").click()
    expect(page.locator(".st-key-roster_changes")).to_contain_text("(CA-1)")
    expect(page.locator(".st-key-roster_left")).to_have_count(0)
    settled(page)
    found += violations(page)
    page.locator(".st-key-accept_all button").click()
    expect(page.locator(".st-key-told")).to_contain_text("was accepted")

    held = [(duty.post, duty.officer) for duty in give.plan.assignments(VISIT) if duty.counts]
    assert (held, found) == ([("P-01", "CA-2")], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
