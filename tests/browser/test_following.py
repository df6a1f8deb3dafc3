"""A page that stays open while others change the plan: it shows what they did, and stays where its reader is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.base import Actor, Role
from planner.accounts import Accounts
from planner.application import Planner
from tests.examples import VISIT, activity, officer_details, venue_details, visit_details, window
from tests.serving import Running, members, serving

HOA = Actor("planner.hoa", frozenset({Role.PLANNER, Role.COMMANDER}))
#: Streamlit draws a page that is woken within a second; a busy machine takes longer.
WITHIN = 20_000


def fill(planner: Planner, accounts: Accounts) -> None:
    members(planner, accounts)
    planner.register_visit(VISIT, visit_details(), by=HOA)
    planner.register_venue("HOTEL-1", venue_details(), by=HOA)
    for code in ("A-01", "A-02"):
        planner.schedule_activity(VISIT, activity(code, venue="HOTEL-1"), by=HOA)
    for number in range(1, 4):
        planner.register_officer(f"CA-000{number}", officer_details(f"Trần Văn {number}"), by=HOA)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path / "data", fill) as running:
        yield running


def test_a_register_shows_who_was_added_and_keeps_what_its_reader_typed(
    told: Running, page: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(page, "planner", to="/officers", at=told.address)
    expect(page.get_by_text("Trần Văn 2").first).to_be_visible()
    words = page.locator("input[type=search]").first
    words.fill("tran")
    words.press("Enter")
    settled(page)

    told.planner.register_officer("CA-0009", officer_details("Trần Thị Chín"), by=HOA)

    expect(page.get_by_text("Trần Thị Chín").first).to_be_visible(timeout=WITHIN)
    expect(page.locator("h1")).to_have_text("Officers")
    expect(words).to_have_value("tran")
    assert "/officers" in page.url


def test_a_programme_stays_on_its_page_and_at_its_address(
    told: Running, page: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(page, "planner", to=f"/programme?visit={VISIT}", at=told.address)
    settled(page)
    before = page.url

    told.planner.move_activity(VISIT, "A-02", window("16:40", "17:50"), by=HOA, reason="Đoàn đến muộn")

    expect(page.get_by_text(re.compile("16:40")).first).to_be_attached(timeout=WITHIN)
    expect(page.locator("h1")).to_have_text("Programme")
    assert page.url == before


def test_who_reads_the_past_stays_in_it(
    told: Running, page: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(page, "auditor", to="/history?at=3", at=told.address)
    settled(page)
    page.locator(".st-key-replay_right button").click()
    expect(page).to_have_url(re.compile(r"at=4\b"))
    settled(page)
    last = told.planner.plan.position

    told.planner.register_officer("CA-0009", officer_details("Trần Thị Chín"), by=HOA)

    expect(page.get_by_text(f"Step 4 of {last + 1}").first).to_be_attached(timeout=WITHIN)
    expect(page.locator("h1")).to_have_text("History")
    expect(page.locator(".as-of")).to_contain_text("as of event 4")
    assert "at=4" in page.url
