"""The planning pages in a real browser: the chart for the width, conflicts while choosing, Undo, import, names."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from domain.base import changed
from planner.accounts import Accounts
from planner.demo.cast import VISIT
from planner.demo.story import HOA, PASSWORD, tell
from planner.exports.programme_xlsx import programme_workbook
from planner.imports.programme import programme_table
from planner.text import Speaker
from tests.releases import REASON, RECIPIENT
from tests.serving import Running, serving

type Open = Callable[..., None]
HOSTILE = "**x** [a](javascript:1) :red[x] $x$ <b>x</b> ${1} =Hùng O'Brien"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demo with a name that breaks careless pages."""
    data = tmp_path_factory.mktemp("programme") / "data"
    tell(data, data.parent / "data.key")
    with serving(data, lambda planner, accounts: _english(accounts)) as running:
        activity = running.planner.plan.visit(VISIT).activity("A-05")
        running.planner.amend_activity(VISIT, changed(activity, title=HOSTILE, host=HOSTILE), by=HOA)
        yield running


def _english(accounts: Accounts) -> None:
    for user in ("planner", "auditor"):
        accounts.set_look(user, language="en")


@pytest.fixture
def enter(demo: Running, settled: Callable[[Page], None]) -> Open:
    """Signs a demo account in and waits for a page."""

    def entered(page: Page, to: str, user: str = "planner") -> None:
        page.goto(f"{demo.address}{to}")
        page.fill("#user", user)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        settled(page)

    return entered


def test_each_width_has_its_own_chart_and_nothing_breaks_the_rules_of_access(
    page: Page, enter: Open, violations: Callable[[Page], list[str]]
) -> None:
    enter(page, f"/programme?visit={VISIT}&activity=A-03")

    wide = (page.viewport_size or {"width": 0})["width"] > 640
    expect(page.locator(".st-key-desk_only_programme :is(svg, canvas).marks").first).to_be_visible(visible=wide)
    expect(page.locator(".st-key-phone_only_programme :is(svg, canvas).marks").first).to_be_visible(visible=not wide)
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("Hội đàm")
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/", f"/visits?visit={VISIT}&member=M-02"])
def test_home_and_visits_break_no_rule_of_access(
    page: Page, enter: Open, violations: Callable[[Page], list[str]], address: str
) -> None:
    enter(page, address)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []


def test_a_conflict_is_told_while_choosing_and_a_saved_change_can_be_taken_back(
    demo: Running, page: Page, enter: Open, settled: Callable[[Page], None]
) -> None:
    enter(page, f"/programme?visit={VISIT}&activity=A-03")
    held = demo.planner.plan.visit(VISIT).activity("A-03").headcount
    form = page.locator(".st-key-activity_form")
    persons = form.get_by_label("Persons", exact=True)

    persons.fill("37")
    persons.press("Tab")
    expect(form).to_contain_text("R07 Venue capacity")
    persons.fill("21")
    persons.press("Tab")
    expect(form).not_to_contain_text("holds 30 persons")
    page.locator(".st-key-activity_save button").click()
    expect(page.locator(".st-key-told")).to_contain_text("Activity A-03 was changed.")
    assert demo.planner.plan.visit(VISIT).activity("A-03").headcount == 21
    page.locator(".st-key-undo button").click()

    expect(page.locator(".st-key-told")).to_contain_text("Taken back")
    settled(page)
    expect(form.get_by_label("Persons", exact=True)).to_have_value(str(held))
    assert demo.planner.plan.visit(VISIT).activity("A-03").headcount == held


def test_a_time_that_is_still_being_typed_counts_when_it_is_saved(demo: Running, desk: Page, enter: Open) -> None:
    """The field is left by pressing the button, and one press is enough."""
    enter(desk, f"/programme?visit={VISIT}&activity=A-07")
    expect(desk.get_by_text("Nothing has been changed yet.")).to_be_visible()
    desk.locator('[class*="st-key-activity_"][class*="_end"]').get_by_role("spinbutton").nth(1).click()
    desk.keyboard.type("25")

    desk.locator(".st-key-activity_save button").click()

    expect(desk.locator(".st-key-told")).to_contain_text("Activity A-07 was moved to")
    assert demo.planner.plan.visit(VISIT).activity("A-07").window.end.minute == 25


def test_what_was_done_is_seen_from_where_it_was_done_and_a_refusal_takes_its_place(
    demo: Running, page: Page, enter: Open, settled: Callable[[Page], None]
) -> None:
    enter(page, f"/programme?visit={VISIT}&activity=A-07")
    said = page.locator(".st-key-told")
    reason = page.locator(".st-key-activity_form").get_by_label("Reason", exact=True)
    persons = page.locator(".st-key-activity_form").get_by_label("Persons", exact=True)

    persons.fill(str(demo.planner.plan.visit(VISIT).activity("A-07").headcount - 1))
    persons.press("Tab")
    settled(page)
    reason.scroll_into_view_if_needed()
    page.locator(".st-key-activity_save button").click()
    expect(said).to_contain_text("Activity A-07 was changed.")
    settled(page)
    expect(said.locator(".st-key-undo button")).to_be_in_viewport(ratio=1)
    page.get_by_text("Cancel this activity").click()
    page.locator(".st-key-cancel_activity button").click()

    expect(said).to_have_text(re.compile("Say why: this needs a reason.$"))
    expect(said).to_be_in_viewport()
    assert "A-07" not in demo.planner.plan.visit(VISIT).called_off


def test_a_chart_offers_no_file_past_the_record_of_what_leaves_and_no_stop_of_tab_is_of_no_use(
    demo: Running, desk: Page, enter: Open
) -> None:
    enter(desk, f"/programme?visit={VISIT}")
    chart = desk.locator(".st-key-desk_only_programme [data-testid=stVegaLiteChart]").first
    chart.hover()

    expect(desk.get_by_role("button", name=re.compile("^Fullscreen")).first).to_be_visible()
    assert desk.get_by_role("button", name=re.compile("^(Download as PNG|Copy Vega-Lite)")).count() == 0
    assert desk.get_by_role("link", name="Link to heading").count() == 0


def test_undoing_an_undo_says_what_is_in_force_again(demo: Running, desk: Page, enter: Open) -> None:
    enter(desk, f"/programme?visit={VISIT}&activity=A-08")
    said, undo = desk.locator(".st-key-told"), desk.locator(".st-key-undo button")

    desk.get_by_text("Cancel this activity").click()
    desk.get_by_label("Reason (needed)").fill("Khách mệt")
    desk.get_by_label("Reason (needed)").press("Tab")
    desk.locator(".st-key-cancel_activity button").click()
    expect(said).to_contain_text("Activity A-08 was cancelled.")
    told = []
    for beginning in ("Taken back", "In force again", "Taken back"):
        undo.click()
        expect(said).to_contain_text(f"{beginning}: Activity A-08 was cancelled.")
        told.append("A-08" in demo.planner.plan.visit(VISIT).called_off)

    assert told == [False, True, False]


def test_names_come_out_as_typed_and_do_nothing(demo: Running, desk: Page, enter: Open) -> None:
    enter(desk, f"/programme?visit={VISIT}&activity=A-05")
    expect(desk.get_by_role("textbox", name="Title", exact=True)).to_have_value(HOSTILE)

    desk.get_by_text("Cancel this activity").click()
    desk.get_by_label("Reason (needed)").fill(HOSTILE)
    desk.get_by_label("Reason (needed)").press("Tab")
    desk.locator(".st-key-cancel_activity button").click()
    expect(desk.locator(".st-key-told")).to_contain_text("Activity A-05 was cancelled.")
    desk.goto(f"{demo.address}/")

    expect(desk.locator(".events")).to_contain_text(HOSTILE)
    assert desk.locator(".events b").count() == 0


def test_a_workbook_is_shown_before_it_comes_in(demo: Running, desk: Page, enter: Open) -> None:
    enter(desk, f"/programme?visit={VISIT}")

    desk.get_by_text("Import a workbook").click()
    desk.locator("input[type=file]").set_input_files(
        {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": _with_two_rows(demo)}
    )
    expect(desk.locator(".st-key-import_preview")).to_contain_text(
        "is not after the start. Where it ends on the next day"
    )
    desk.locator(".st-key-import_rows button").click()

    expect(desk.locator(".st-key-told")).to_contain_text("1 row was imported.")
    codes = [activity.code for activity in demo.planner.plan.visit(VISIT).activities]
    assert "B-01" in codes
    assert "B-02" not in codes


def _with_two_rows(demo: Running) -> bytes:
    visit = demo.planner.plan.visit(VISIT)
    speaker = Speaker("en", visit.details.zone)
    book = load_workbook(io.BytesIO(programme_workbook(demo.planner.plan, VISIT, speaker)))
    places = {column.name: place for place, column in enumerate(programme_table(speaker.zone).columns, 1)}
    last = len(visit.activities) + 2
    for number, row in enumerate((("B-01", "08:00", "09:00"), ("B-02", "10:00", "09:00")), last):
        sheet = book.worksheets[0]
        sheet.cell(number, places["day"], visit.details.last_day)
        for name, value in zip(("code", "start", "end"), row, strict=True):
            sheet.cell(number, places[name], value)
        sheet.cell(number, places["title"], "Họp hiệp đồng")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["programme.xlsx", "programme_template.xlsx", "programme.ics", "programme.pdf"])
def test_the_programme_is_downloaded_by_who_may_read_it(demo: Running, desk: Page, enter: Open, name: str) -> None:
    enter(desk, f"/programme?visit={VISIT}", user="auditor")

    address = f"{demo.address}/download/{name}?visit={VISIT}&language=en"
    asked: dict[str, str | float | bool] = {"recipient": RECIPIENT, "reason": REASON}
    answer = desk.request.post(address, form=asked, headers={"origin": demo.address})

    assert answer.status == 200
    assert len(answer.body()) > 500


def test_officers_do_not_get_the_programme(demo: Running, desk: Page, enter: Open) -> None:
    enter(desk, "/", user="officer")

    assert desk.request.get(f"{demo.address}/download/programme.ics?visit={VISIT}").status == 403


@pytest.mark.parametrize(("motion", "moving"), [("reduce", 0), ("no-preference", 1)])
def test_a_part_opens_at_once_for_whoever_wants_less_motion(
    browser: Browser, demo: Running, enter: Open, motion: Literal["reduce", "no-preference"], moving: int
) -> None:
    context = browser.new_context(reduced_motion=motion)
    try:
        page = context.new_page()
        enter(page, f"/programme?visit={VISIT}&activity=A-08")
        opening = page.locator(".st-key-activity_form summary").first

        still_moving = opening.evaluate(
            "(part) => { part.click(); return document.getAnimations()"
            ".filter((one) => one.constructor === Animation && one.playState === 'running').length; }"
        )
    finally:
        context.close()

    assert still_moving == moving
