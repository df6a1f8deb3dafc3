"""The duty board in a real browser: a gap, an officer who is refused with the reason, another who is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from domain.base import Actor, Role
from planner.accounts import Accounts
from planner.application import Planner
from planner.text import now
from tests.examples import FIRST_DAY, VISIT, ZONE, officer_details, post_details, qualification, visit_details
from tests.serving import Running, members, serving

HOA = Actor("planner.hoa", frozenset({Role.PLANNER}))
PICKER = ".st-key-candidates"
#: The visit is in three days, whenever that is: a real server knows no other clock, and a gap of the past is none.
FIRST = now().astimezone(ZONE).date() + timedelta(days=3)
DAY = (FIRST - FIRST_DAY).days + 1


def fill(planner: Planner, accounts: Accounts) -> None:
    """A visit with two posts at the same time; the first has its officer."""
    members(planner, accounts)
    planner.register_visit(VISIT, visit_details(first_day=FIRST, last_day=FIRST + timedelta(days=1)), by=HOA)
    for code, name in (("CA-0113", "Nguyễn Thị Phương Thảo"), ("CA-0114", "Đặng Thuỳ <b>Dương</b>")):
        planner.register_officer(code, officer_details(name), by=HOA)
    planner.grant_qualification("CA-0113", qualification("K9", day=DAY), by=HOA)
    planner.create_post(VISIT, "P-01", post_details(day=DAY), by=HOA)
    planner.create_post(VISIT, "P-02", post_details("09:00", "13:00", day=DAY, task="Gác cổng sau"), by=HOA)
    planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("board") / "data", fill) as running:
        yield running


def test_who_is_refused_is_told_why_and_another_takes_the_duty(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "planner", to=f"/duty_board?visit={VISIT}", at=board.address)
    page.locator(".st-key-gap_0 button").click()
    expect(page.locator(".st-key-chosen_post input")).to_have_value("P-02 · Gác cổng sau")

    page.locator(f"{PICKER} label", has_text="CA-0113").click()
    expect(page.locator(".st-key-give")).to_contain_text("is in two places")
    page.locator(".st-key-assign button").click()
    refusal = page.locator("[data-testid=stAlertContentError]", has_text="Choose another officer or another time")
    expect(refusal).to_be_visible()
    settled(page)
    refused = violations(page)

    page.locator(f"{PICKER} label", has_text="CA-0114").click()
    expect(page.locator(".st-key-give")).to_contain_text("can take this duty")
    page.locator(".st-key-assign button").click()
    told = page.locator(".st-key-told")
    expect(told).to_contain_text("Đặng Thuỳ <b>Dương</b> was assigned to P-02")
    settled(page)

    assert [duty.officer for duty in board.planner.plan.assignments_of_post(VISIT, "P-02")] == ["CA-0114"]
    assert (refused, violations(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator(".st-key-undo button").click()
    expect(told).to_contain_text("Taken back")
    assert board.planner.plan.assignments_of_post(VISIT, "P-02") == ()


def test_the_board_shows_its_chart_and_a_phone_only_gaps(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "planner", to=f"/duty_board?visit={VISIT}&view=board", at=board.address)
    desk, phone = (page.locator(f".st-key-{width}_only_board") for width in ("desk", "phone"))
    wide = (page.viewport_size or {"width": 0})["width"] > 640

    expect(desk if wide else phone).to_be_visible()
    expect(phone if wide else desk).to_be_hidden()
    expect((desk if wide else phone).locator(":is(svg, canvas).marks").first).to_be_visible()
    settled(page)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_register_of_officers_is_clean_for_everybody(
    board: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "auditor", to="/officers?officer=CA-0114", at=board.address)
    expect(page.locator(".visit-title")).to_contain_text("Đặng Thuỳ <b>Dương</b>")
    settled(page)

    one = violations(page)
    page.goto(f"{board.address}/officers")
    expect(page.locator(".st-key-register_table")).to_contain_text("Nguyễn Thị Phương Thảo")
    settled(page)

    assert (one, violations(page)) == ([], [])
