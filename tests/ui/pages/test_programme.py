"""The page «Programme»: conflicts while choosing, moving, relocating, cancelling and reinstating activities."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from domain.base import changed
from domain.values import TimeWindow
from domain.visit import Activity, ActivityMoved, ActivityRelocated, ActivityScheduled, ActivityType, Visit
from planner.deciding import Permission
from planner.demo.cast import VISIT
from planner.demo.story import HOA
from planner.exports.programme_xlsx import programme_workbook
from planner.imports.programme import programme_table
from planner.text import Speaker
from tests.demo_pages import said
from tests.examples import HOSTILE_NAMES
from tests.planning_pages import demo_seen_by, errors, new_site_seen_by, opened, pressed, told_to, widget
from ui.shell import Shell

pytestmark = pytest.mark.slow


@pytest.fixture
def shell(told: Path, tmp_path: Path) -> Iterator[Shell]:
    with demo_seen_by("planner", told, tmp_path) as shell:
        yield shell


def last_event(shell: Shell) -> object:
    return shell.planner.timeline.recent(1)[0][1]


def test_the_chart_and_the_table_show_the_same_day(shell: Shell) -> None:
    run = opened("programme", visit=VISIT)

    table = rows(run)
    assert not run.exception
    assert [facts.partition(" · ")[0] for _, _, _, facts, *_ in table] == [f"A-0{number}" for number in range(1, 9)]
    assert table[0][0] == "08:00–08:40"


def test_the_table_follows_the_names_of_venues_and_what_is_cancelled(shell: Shell) -> None:
    before = rows(opened("programme", visit=VISIT))
    first = shell.planner.plan.visit(VISIT).activity("A-01")
    venue = shell.planner.plan.venue(first.venue or "")
    shell.planner.amend_venue(venue.key, changed(venue.details, name="Nhà ga mới", name_en=""), by=HOA)
    renamed = rows(opened("programme", visit=VISIT))
    shell.planner.cancel_activity(VISIT, "A-01", by=HOA, reason="Hoãn")
    cancelled = rows(opened("programme", visit=VISIT))

    assert [table[0][0] for table in (before, renamed)] == ["08:00–08:40", "08:00–08:40"]
    assert ["Nhà ga mới" in " ".join(table[0]) for table in (before, renamed, cancelled)] == [False, True, True]
    assert ["cancelled" in " ".join(table[0]) for table in (before, renamed, cancelled)] == [False, False, True]


def test_a_crowded_day_is_shown_in_parts_and_the_form_opens_on_the_right_one(shell: Shell) -> None:
    first = shell.planner.plan.visit(VISIT).activity("A-02")
    for number in range(50):
        at = TimeWindow(
            start=first.window.start + timedelta(minutes=5 * number),
            end=first.window.end + timedelta(minutes=5 * number),
        )
        extra = changed(first, code=f"X-{number:02}", window=at, joint_with=())
        shell.planner.schedule_activity(VISIT, extra, by=HOA)
    day = first.window.start.astimezone(ZoneInfo(shell.planner.plan.visit(VISIT).details.zone)).date().isoformat()

    whole = opened("programme", visit=VISIT, day=day, part="1")
    last = opened("programme", visit=VISIT, activity="X-49")
    of_venue = opened("programme", visit=VISIT, day=day, part=f"venue/{first.venue}")
    first_seen, gone = (opened("programme", visit=VISIT, day=day, **part) for part in ({}, {"part": "9"}))

    assert not whole.exception
    assert len(rows(whole)) == 40
    assert widget(whole, "selectbox", "Shown").value == "1"
    assert widget(last, "selectbox", "Shown").value == "2"
    assert widget(last, "text_input", "Title").value == first.title
    assert len(rows(of_venue)) >= 50
    assert not gone.warning
    assert rows(gone) == rows(first_seen)


def rows(run: AppTest) -> list[list[str]]:
    """The cells of the table, each as its text and the line below it."""
    (table,) = (element.proto.body for element in run.get("html") if "<caption>Programme" in element.proto.body)
    cells = (re.findall(r"<td[^>]*>(.*?)<small>(.*?)</small></td>", row) for row in table.split("<tr")[2:])
    plain = re.compile(r"<[^>]*>")
    return [[unescape(plain.sub("", part)) for cell in row for part in cell] for row in cells]


def test_a_move_is_saved_as_a_move_and_can_be_taken_back(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-07")
    before = shell.planner.plan.visit(VISIT).activity("A-07").window

    widget(run, "time_input", "Until (UTC-3)").set_value(time(17, 30)).run()
    widget(run, "text_input", "Reason").set_value("Thêm câu hỏi").run()
    pressed(run, "activity_save")

    event = last_event(shell)
    assert isinstance(event, ActivityMoved)
    assert event.window.end == before.end + timedelta(minutes=10)
    assert event.reason == "Thêm câu hỏi"
    assert told_to(run).startswith("Activity A-07 was moved to")


def test_an_end_before_the_start_says_how_to_go_on_past_midnight(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-08")

    widget(run, "time_input", "Until (UTC-3)").set_value(time(0, 30)).run()
    refused = errors(run)
    (ends,) = [box for box in run.selectbox if box.label == "Ends"]
    ends.select(1).run()

    assert refused == [
        "The end must come after the beginning. If it goes on past midnight, choose «the next day» under «Ends»."
    ]
    assert errors(run) == []
    assert ends.options[:3] == ["the same day", "the next day", "2 days later"]


def test_another_place_is_saved_as_a_relocation(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-02")

    widget(run, "selectbox", "Room").select("A1").run()
    pressed(run, "activity_save")

    assert isinstance(last_event(shell), ActivityRelocated)


def test_too_many_persons_are_told_before_anything_is_saved(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-03")
    position = shell.planner.plan.position
    assert "R07" not in conflicts(run)

    widget(run, "number_input", "Persons").set_value(37).run()

    assert "R07 Venue capacity" in conflicts(run)
    assert shell.planner.plan.position == position


def test_a_room_that_is_needed_twice_is_told_while_choosing(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-04")
    assert "R08" not in conflicts(run)

    widget(run, "time_input", "From (UTC-3)").set_value(time(9, 45)).run()

    assert "R08 Venue double use" in conflicts(run)


def test_a_way_that_takes_longer_is_told_while_choosing(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-06")
    assert "R09" not in conflicts(run)

    widget(run, "time_input", "From (UTC-3)").set_value(time(14, 21)).run()

    assert "R09 Leg infeasible" in conflicts(run)


def conflicts(run: AppTest) -> str:
    """What the form says would be wrong: the findings after the form's first line."""
    text = said(run)
    _, _, shown = text.partition("As chosen here, this would be wrong:")
    return shown


def test_a_reversed_window_is_refused_and_nothing_can_be_saved(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-03")

    widget(run, "time_input", "Until (UTC-3)").set_value(time(10, 0)).run()

    assert errors(run) == [
        "The end must come after the beginning. If it goes on past midnight, choose «the next day» under «Ends»."
    ]
    assert "activity_save" not in [button.key for button in run.button]


def test_a_new_activity_has_the_next_code_and_an_hour_after_the_last(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, add="1")

    assert widget(run, "text_input", "Code").value == "A-15"
    assert widget(run, "time_input", "From (UTC-3)").value == time(21, 0)

    widget(run, "text_input", "Title").set_value("Họp rút kinh nghiệm").run()
    pressed(run, "activity_save")

    event = last_event(shell)
    assert isinstance(event, ActivityScheduled)
    assert (event.activity.code, event.activity.title) == ("A-15", "Họp rút kinh nghiệm")


def test_a_code_that_exists_is_refused_while_typing(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, add="1")

    widget(run, "text_input", "Title").set_value("Trùng").run()
    widget(run, "text_input", "Code").set_value("A-01").run()

    assert len(errors(run)) == 1
    assert "already has an activity A-01" in errors(run)[0]


def test_a_cancellation_needs_its_reason_and_can_be_put_back(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-07")

    pressed(run, "cancel_activity")
    refused = errors(run)
    run.text_input(key="cancel_reason_A-07").set_value("Báo chí bận").run()
    pressed(run, "cancel_activity")
    cancelled = shell.planner.plan.visit(VISIT).called_off
    pressed(run, "reinstate_activity")

    assert refused == ["Say why: this needs a reason."]
    assert cancelled == {"A-07"}
    assert shell.planner.plan.visit(VISIT).called_off == frozenset()


def test_a_refusal_replaces_what_was_said_of_an_earlier_command(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-01")
    pressed(run, "journey_report")
    sentence = told_to(run)
    run.query_params["activity"] = "A-07"
    run.run()
    kept = told_to(run)

    pressed(run, "cancel_activity")

    assert sentence != ""
    assert (kept, told_to(run)) == (sentence, "")
    assert errors(run) == ["Say why: this needs a reason."]


def test_the_real_arrival_is_reported(shell: Shell) -> None:
    run = opened("programme", visit=VISIT, activity="A-01")

    pressed(run, "journey_report")

    journey = shell.planner.plan.visit(VISIT).activity("A-01").journey
    assert journey is not None
    assert journey.actual == shell.planner.plan.visit(VISIT).activity("A-01").window.start


def test_an_unknown_activity_or_visit_in_the_address_is_named(shell: Shell) -> None:
    activity = opened("programme", visit=VISIT, activity="A-99")
    visit = opened("programme", visit="XX-1")

    assert any("A-99" in warning.value for warning in activity.warning)
    assert any("XX-1" in warning.value for warning in visit.warning)
    assert widget(visit, "selectbox", "Visit").value == VISIT


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_workbook_is_shown_row_by_row_and_only_its_good_rows_come_in(shell: Shell) -> None:
    content = filled(shell, ("B-01", "Họp hiệp đồng", "08:00", "09:00"), ("B-02", "<b>Ngược giờ</b>", "10:00", "09:00"))
    position = shell.planner.plan.position

    run = opened("programme", "programme_import", visit=VISIT)
    run.file_uploader[0].set_value(("chuong-trinh.xlsx", content, XLSX)).run()
    shown, untouched = said(run), shell.planner.plan.position
    pressed(run, "import_rows")

    assert "1 row cannot and stays out" in shown
    assert "<b>Ngược giờ</b>" not in [a.title for a in shell.planner.plan.visit(VISIT).activities]
    assert '<span class="code">B-01</span> Họp hiệp đồng' in shown
    assert 'Code: <span class="code">B-02</span> |' in shown
    assert "| Activity title: &lt;b&gt;Ngược giờ&lt;/b&gt;" in shown
    assert untouched == position
    assert shell.planner.plan.visit(VISIT).activity("B-01").title == "Họp hiệp đồng"
    assert told_to(run) == "1 row was imported. 1 row stayed out."


def test_what_is_no_workbook_is_refused_with_what_would_help(shell: Shell) -> None:
    run = opened("programme", "programme_import", visit=VISIT)

    run.file_uploader[0].set_value(("x.xlsx", b"no workbook", XLSX)).run()

    assert errors(run) == ["The file is no workbook that can be read. Save it as .xlsx and try again."]


def filled(shell: Shell, *rows: tuple[str, str, str, str]) -> bytes:
    """The workbook of the programme with rows for its first day added: code, title, start, end."""
    speaker = Speaker("en", shell.planner.plan.visit(VISIT).details.zone)
    book = load_workbook(io.BytesIO(programme_workbook(shell.planner.plan, VISIT, speaker)))
    sheet = book.worksheets[0]
    columns = programme_table(speaker.zone).columns
    places = {column.name: place for place, column in enumerate(columns, 1)}
    for number, row in enumerate(rows, len(shell.planner.plan.visit(VISIT).activities) + 2):
        day = shell.planner.plan.visit(VISIT).details.first_day
        sheet.cell(number, places["day"], day)
        for name, value in zip(("code", "title", "start", "end"), row, strict=True):
            sheet.cell(number, places[name], value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_who_may_not_change_sees_no_form(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("auditor", told, tmp_path):
        run = opened("programme", visit=VISIT, activity="A-03")

    assert not run.exception
    assert [button.key for button in run.button] == []
    assert len(rows(run)) == 8


def test_without_a_visit_the_page_says_what_to_do(tmp_path: Path) -> None:
    with new_site_seen_by("planner", tmp_path):
        run = opened("programme")

    assert "There is no visit yet. Register one on the page «Visits»." in said(run)
    assert "ask its commander or planner to let you in" in said(run)


def test_an_empty_programme_says_what_to_do(shell: Shell) -> None:
    details = shell.planner.plan.visit(VISIT).details
    shell.planner.register_visit("KH-2026-02", changed(details, title="Campuchia"), by=HOA)

    run = opened("programme", visit="KH-2026-02")

    assert "Nothing is planned yet." in said(run)


@pytest.mark.parametrize("name", [*HOSTILE_NAMES[:4], "**x**", "[a](javascript:1)", ":red[x]", "$x$"])
def test_names_come_out_exactly_as_typed(shell: Shell, name: str) -> None:
    activity = shell.planner.plan.visit(VISIT).activity("A-02")
    shell.planner.amend_activity(VISIT, changed(activity, title=name, host=name), by=HOA)

    run = opened("programme", visit=VISIT, activity="A-02")

    assert not run.exception
    assert rows(run)[1][2] == name
    assert widget(run, "text_input", "Title").value == name


@pytest.mark.parametrize("last", ["9999-12-30", "0001-01-02"])
def test_a_programme_at_an_end_of_the_calendar_is_drawn(shell: Shell, last: str) -> None:
    """As it was recorded before such years were refused."""
    planner, day = shell.planner, date.fromisoformat(last)
    start = datetime.combine(day, time(9), tzinfo=UTC)
    activity = Activity(
        code="A-01",
        type=ActivityType.TALKS,
        title="Hội đàm",
        window=TimeWindow(start=start, end=start + timedelta(hours=1)),
    )
    details = changed(planner.plan.visit(VISIT).details, first_day=day, last_day=day, zone="UTC")
    entering, filling = Permission("register_visit", ""), Permission("schedule_activity", "KH-9999")
    planner.decide(lambda _, act: Visit.register("KH-9999", details, act), by=HOA, permission=entering)
    planner.decide(lambda plan, act: plan.visit("KH-9999").schedule(activity, act), by=HOA, permission=filling)

    run = opened("programme", visit="KH-9999")

    assert not run.exception
    assert [facts.partition(" · ")[0] for _, _, _, facts, *_ in rows(run)] == ["A-01"]
    assert len(run.get("vega_lite_chart")) == 2
