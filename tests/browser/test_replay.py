"""Replaying as the auditor in a real browser: arrow keys, playing, the table of events, filters, comparing."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLong

from domain.base import Actor, Role
from planner.accounts import Accounts
from planner.application import Planner
from tests.browser.releasing import form_of, taken_out
from tests.examples import (
    VISIT,
    activity,
    officer_details,
    place,
    post_details,
    route_details,
    venue_details,
    visit_details,
    window,
)
from tests.serving import Running, members, serving

HOA = Actor("planner", frozenset({Role.PLANNER}), via="page programme")
BINH = Actor("commander", frozenset({Role.COMMANDER}), via="page duty_board")
SLIDER = ".st-key-history_slider input[type=range]"
CARD = ".event .said"


def fill(planner: Planner, accounts: Accounts) -> None:
    """A visit whose programme, posts, duties and routes change; the last event has a hostile reason."""
    members(planner, accounts)
    planner.register_visit(VISIT, visit_details(), by=HOA)
    for code, lat in (("HOTEL-1", 19.88), ("HALL-1", 19.95)):
        planner.register_venue(code, venue_details(coordinates=place(lat)), by=HOA)
    for code in ("A-01", "A-02", "A-03"):
        planner.schedule_activity(VISIT, activity(code, venue="HOTEL-1"), by=HOA)
    planner.register_officer("CA-0113", officer_details("Nguyễn Thị Phương Thảo"), by=BINH)
    planner.register_officer("CA-0114", officer_details("Đặng Thuỳ Dương"), by=BINH)
    planner.create_post(VISIT, "P-01", post_details(venue="HOTEL-1"), by=BINH)
    planner.assign_officer(VISIT, "P-01", "CA-0113", by=BINH)
    planner.move_activity(VISIT, "A-02", window("14:00", "15:00"), by=HOA, reason="Đoàn đến muộn")
    planner.relocate_activity(VISIT, "A-03", "HALL-1", None, by=HOA, reason="Mưa")
    planner.withdraw_assignment(VISIT, "A-0001", by=BINH, reason="Ốm")
    planner.assign_officer(VISIT, "P-01", "CA-0114", by=BINH, reason="Thay")
    planner.plan_routes(VISIT, (route_details("HOTEL-1", "HALL-1"),), by=HOA, reason="Đi lại")
    planner.cancel_activity(VISIT, "A-01", by=HOA, reason="<b>x</b> ${1} :red[đỏ]")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("replay") / "data", fill) as running:
        yield running


def at(page: Page, position: int | None) -> None:
    """Waits until the address names an event, or none: the present."""
    wanted = re.compile(r"history(\?(?!.*\bat=).*)?$" if position is None else rf"\bat={position}\b")
    expect(page).to_have_url(wanted)


def takes_keys(page: Page) -> None:
    """Waits until the page listens: Streamlit hangs the keys on its buttons a moment after it has drawn them.

    Home as often as need be, because Home twice is Home.
    """
    for _ in range(10):
        page.keyboard.press("Home")
        with contextlib.suppress(TooLong):
            page.wait_for_url(re.compile(r"\bat=1\b"), timeout=6000)
            return
    raise AssertionError(f"No key moves {page.url}.")


def steps(page: Page, key: str, position: int | None, settled: Callable[[Page], None]) -> None:
    """One press moves to the position, by one event and no more.

    On a machine that is busy with other tests a press was lost once: the page stayed where it was for a minute. It is
    pressed again then, as a reader would; a press that moved by two still fails.
    """
    before = page.url
    for _ in range(3):
        page.keyboard.press(key)
        with contextlib.suppress(TooLong):
            page.wait_for_url(lambda url: url != before, timeout=20_000)
            break
    at(page, position)
    settled(page)


def last(told: Running) -> int:
    return told.planner.plan.position


def test_arrow_keys_move_one_event_at_a_time_also_on_the_slider(
    told: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "auditor", to="/history?at=5", at=told.address)
    expect(page.locator(CARD)).to_be_visible()
    found = violations(page)
    takes_keys(page)

    for key, position in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 1), ("End", None)):
        steps(page, key, position, settled)
    page.locator(SLIDER).focus()
    for key, position in (("ArrowLeft", last(told) - 1), ("ArrowLeft", last(told) - 2), ("ArrowRight", last(told) - 1)):
        steps(page, key, position, settled)

    expect(page.locator(".as-of")).to_contain_text(f"as of event {last(told) - 1}")
    assert (found, violations(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_the_arrows_stand_in_one_line_at_every_text_size_also_while_playing(
    told: Running, phone: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    for size in ("small", "large"):
        told.accounts.set_look("auditor", text_size=size)
        if size == "small":
            sign_in(phone, "auditor", to="/history?at=5", at=told.address)
        else:
            phone.goto(f"{told.address}/history?at=5")
        settled(phone)
        buttons = [phone.locator(f".st-key-replay_{key} button") for key in ("home", "left", "play", "right", "end")]
        expect(buttons[-1]).to_be_visible()

        standing = [box["y"] for one in buttons if (box := one.bounding_box())]
        buttons[2].click()
        expect(phone.locator(".st-key-history_speed")).to_be_visible()
        playing = [box["y"] for one in buttons if (box := one.bounding_box())]
        speed = phone.locator(".st-key-history_speed").bounding_box() or {"y": 0, "width": 0}

        assert (len(set(standing)), len(set(playing)), len(playing)) == (1, 1, 5)
        assert speed["y"] > playing[0]
        assert speed["width"] > 200
    told.accounts.set_look("auditor", text_size="normal")


def test_letters_typed_into_a_field_do_not_move_the_history(
    told: Running, desk: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(desk, "auditor", to="/history?at=5", at=told.address)
    takes_keys(desk)
    steps(desk, "ArrowRight", 2, settled)
    desk.locator(".st-key-history_filter button").first.click()
    words = desk.locator(".st-key-history_q input")
    words.fill("dang")

    words.press("ArrowLeft")
    words.press("Home")
    settled(desk)

    expect(words).to_have_value("dang")
    at(desk, 2)


def test_what_an_event_touched_is_seen_in_the_plan_of_then(
    told: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    assigned = next(n for n, e in told.planner.timeline.events() if type(e).__name__ == "OfficerAssigned")
    sign_in(page, "auditor", to=f"/history?at={assigned}", at=told.address)

    then = page.locator(".history-duties tr.chosen")
    expect(then).to_contain_text("Nguyễn Thị Phương Thảo")
    expect(page.locator(CARD)).to_contain_text("commander assigned")
    settled(page)
    found = violations(page)
    page.locator(".st-key-history_part").get_by_text("Programme", exact=True).click()
    expect(page.locator(".history-programme tbody tr")).to_have_count(3)
    settled(page)

    assert (found, violations(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_map_of_then_is_drawn(
    told: Running, page: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    relocated = next(n for n, e in told.planner.timeline.events() if type(e).__name__ == "RoutePlanned")
    sign_in(page, "auditor", to=f"/history?at={relocated}", at=told.address)

    frame = page.frame_locator(".st-key-history_map iframe, iframe[title^=streamlit_folium]")
    expect(frame.locator(".pin").first).to_be_visible()
    expect(page.locator(CARD)).to_contain_text("planned")
    settled(page)


def test_playing_goes_from_event_to_event_until_it_is_paused(
    told: Running, page: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(page, "auditor", to="/history?at=1", at=told.address)
    page.locator(".st-key-replay_play button").click()

    at(page, 2)
    at(page, 3)
    page.locator(".st-key-replay_play button").click()
    expect(page.locator(".st-key-replay_play button")).to_contain_text("Play")
    settled(page)
    stood = page.url
    page.wait_for_timeout(2500)

    assert page.url == stood


def test_a_row_of_the_last_events_leads_to_its_event_and_hostile_text_stays_text(
    told: Running, page: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(page, "auditor", to="/history", at=told.address)
    newest = page.locator(".st-key-event_0 button")
    expect(page.locator(".last-events li").first).to_contain_text("<b>x</b> ${1} :red[đỏ]")
    page.locator(".st-key-history_more label").click()

    expect(newest).to_contain_text("<b>x</b> ${1} :red[đỏ]")
    expect(page.locator(CARD)).to_contain_text("<b>x</b> ${1} :red[đỏ]")
    page.locator(".st-key-event_2 button").click()

    at(page, last(told) - 2)


def test_a_moment_can_be_gone_to(
    told: Running, desk: Page, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(desk, "auditor", to="/history", at=told.address)
    desk.locator(".st-key-jump button").first.click()
    desk.locator(".st-key-jump_go button").click()

    expect(desk).to_have_url(re.compile(r"at=\d{4}-\d\d-\d\dT"))
    settled(desk)
    expect(desk.locator(CARD)).to_be_visible()


def test_two_events_are_compared_in_sentences(
    told: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "auditor", to="/history?view=compare&from=0", at=told.address)

    expect(page.get_by_role("heading", name=re.compile(r"\d+ differences"))).to_be_visible()
    settled(page)
    found = violations(page)
    page.locator(".st-key-compare_from_event input").fill(str(last(told)))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing differs between the two.")).to_be_visible()
    settled(page)

    assert (found, violations(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_events_are_downloaded(
    told: Running, desk: Page, tmp_path: Path, sign_in: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    sign_in(desk, "auditor", to="/history?kind=ActivityMoved", at=told.address)
    desk.locator(".st-key-history_files button").first.click()
    settled(desk)

    form = form_of(desk, desk.locator(".st-key-events_csv a"))
    written = taken_out(form, tmp_path / "events.csv", whole=True).read_text(encoding="utf-8-sig")

    assert len(written.splitlines()) == 2
    assert "Đoàn đến muộn" in written


def test_the_glossary_is_found_in_without_diacritics(
    told: Running,
    page: Page,
    sign_in: Callable[..., None],
    settled: Callable[[Page], None],
    violations: Callable[[Page], list[str]],
) -> None:
    sign_in(page, "officer", to="/glossary", at=told.address)
    expect(page.locator(".glossary tbody tr").nth(20)).to_be_visible()
    settled(page)
    found = violations(page)

    page.locator(".st-key-glossary_query input").fill("truong doan")
    expect(page.locator(".glossary tbody tr").first).to_contain_text("trưởng đoàn")
    settled(page)

    assert (found, violations(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_slash_goes_to_the_search_field_and_is_typed_where_something_is_typed(
    told: Running, desk: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(desk, "officer", to="/glossary", at=told.address)
    field = desk.locator(".st-key-glossary_query input")
    expect(field).to_be_visible()
    desk.locator("h1").click()

    desk.keyboard.press("/")
    expect(field).to_be_focused()
    desk.keyboard.type("a/b")

    expect(field).to_have_value("a/b")
