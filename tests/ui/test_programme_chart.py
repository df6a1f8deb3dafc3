"""What the chart of a programme shows: lanes, clock times of the place, what is written, and how it looks."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.finding import Finding, Severity
from domain.messages import message
from domain.visit import Journey, TravelMode
from planner.text import Speaker
from tests.examples import FIRST_DAY, HOSTILE_NAMES, VISIT, ZONE, Story, at
from ui.charts.programme import BarLook, Grouping, ProgrammeChart, days_of, programme_chart, worst_of
from ui.charts.programme_drawing import drawn

ENGLISH = Speaker("en")


@pytest.fixture
def story() -> Story:
    """A visit of two days with a hotel of two rooms."""
    told = Story()
    told.visit()
    told.venue("HOTEL-1", name="Khách sạn Mường Thanh")
    told.room("R-1")
    told.room("R-2")
    return told


def clock(shown: str, day: int = 1) -> datetime:
    """What the clocks at the place show, without a zone."""
    return at(shown, day).astimezone(ZONE).replace(tzinfo=None)


def chart(story: Story, day: date | None = FIRST_DAY, now: datetime | None = None, **given: Any) -> ProgrammeChart:
    now = now or at("06:00")
    return programme_chart(story.plan, story.plan.visit(VISIT), ENGLISH, day=day, now=now, **given)


def finding(severity: Severity, code: str) -> Finding:
    return Finding("R09", severity, (f"activity/{VISIT}/{code}",), None, message("late"))


def test_a_bar_shows_the_clock_of_the_place_whatever_the_reader_is_used_to(story: Story) -> None:
    story.activity("A-01", "09:00", "10:30")

    bar = chart(story).bars[0]

    assert (bar.start, bar.end) == (clock("09:00"), clock("10:30"))
    assert bar.when == "09:00–10:30"


def test_an_empty_day_has_the_daytime_and_no_lane(story: Story) -> None:
    empty = chart(story)

    assert (empty.bars, empty.lanes) == ((), ())
    assert (empty.start.hour, empty.end.hour) == (7, 21)


def test_the_axis_reaches_as_far_as_the_activities(story: Story) -> None:
    story.activity("A-01", "05:20", "06:00")
    story.activity("A-02", "20:00", "23:10")

    shown = chart(story)

    assert (shown.start, shown.end) == (clock("05:00"), clock("00:00", day=2))


def test_only_activities_that_touch_the_day_are_shown(story: Story) -> None:
    story.activity("A-01", "23:00", "01:00")
    story.activity("A-02", "09:00", "10:00", day=2)

    assert [bar.code for bar in chart(story).bars] == ["A-01"]
    assert [bar.code for bar in chart(story, FIRST_DAY + timedelta(days=1)).bars] == ["A-01", "A-02"]
    assert [bar.code for bar in chart(story, None).bars] == ["A-01", "A-02"]


def test_lanes_are_rooms_in_the_order_of_the_day(story: Story) -> None:
    story.activity("A-01", "14:00", "15:00", venue="HOTEL-1", room="R-1")
    story.activity("A-02", "09:00", "10:00", venue="HOTEL-1", room="R-2")
    story.activity("A-03", "11:00", "12:00")

    assert chart(story).lanes == ("Khách sạn Mường Thanh\nR-2", "no venue yet", "Khách sạn Mường Thanh\nR-1")


def test_two_activities_at_once_in_one_room_stand_on_two_lines(story: Story) -> None:
    for code, start, end in (("A-01", "09:00", "10:00"), ("A-02", "09:30", "11:00"), ("A-03", "10:00", "11:00")):
        story.activity(code, start, end, venue="HOTEL-1", room="R-1")

    lanes = {bar.code: bar.lane for bar in chart(story).bars}

    room = "Khách sạn Mường Thanh\nR-1"
    assert lanes == {"A-01": room, "A-02": f"{room} (2)", "A-03": room}


def test_parties_can_be_the_lanes(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00")
    story.activity("A-02", "09:00", "10:00", party="spouse")

    assert chart(story, grouping=Grouping.PARTY).lanes == ("main party", "spouse")


def test_what_is_wrong_decides_how_a_bar_looks_then_whether_it_is_fixed(story: Story) -> None:
    for number, fixed in ((1, True), (2, False), (3, True), (4, False), (5, False)):
        story.activity(f"A-0{number}", f"{8 + number}:00", f"{8 + number}:30", fixed=fixed)
    story.tell(story.plan.visit(VISIT).cancel_activity("A-05", story.act()))
    found = [finding(Severity.WARN, "A-03"), finding(Severity.BLOCK, "A-03"), finding(Severity.WARN, "A-04")]

    looks = [bar.look for bar in chart(story, worst=worst_of(found, VISIT)).bars]

    assert looks == [BarLook.FIXED, BarLook.MOVABLE, BarLook.BLOCKED, BarLook.WARNED, BarLook.CANCELLED]


def test_hints_and_findings_of_other_visits_colour_nothing() -> None:
    other = Finding("R08", Severity.BLOCK, ("activity/KH-2026-02/A-01",), None, message("twice"))

    assert worst_of([finding(Severity.INFO, "A-01"), other], VISIT) == {}
    assert worst_of([finding(Severity.WARN, "A-01")], VISIT) == {"A-01": Severity.WARN}


def test_what_is_written_begins_with_a_sign_and_says_how_guests_travel(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00", fixed=True, journey=Journey(mode=TravelMode.AIR), title="Đón đoàn")

    assert chart(story).bars[0].written == "◆ ✈ A-01 Đón đoàn"


def test_what_is_written_ends_before_the_next_bar_of_its_lane(story: Story) -> None:
    story.activity("A-01", "09:00", "09:30", title="Lễ đón chính thức tại sảnh lớn")
    story.activity("A-02", "09:40", "10:10", title="Hội đàm")

    first, second = chart(story).bars

    assert first.written in ("● A-01", "A-01")
    assert second.written == "● A-02 Hội đàm"


def test_what_is_written_near_the_edge_goes_to_the_left(story: Story) -> None:
    story.activity("A-01", "20:30", "21:00", title="Chiêu đãi trọng thể của Uỷ ban nhân dân tỉnh")

    bar = chart(story).bars[0]

    assert bar.leftward
    assert bar.written == "● A-01 Chiêu đãi trọng thể của Uỷ ban nhân dân tỉnh"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_come_out_exactly_as_typed(story: Story, name: str) -> None:
    story.activity("A-01", "09:00", "13:00", title=name, host=name)

    bar = chart(story).bars[0]

    assert bar.title == name
    assert bar.written == f"● A-01 {name}"


def test_set_up_and_teardown_keep_the_room_busy(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00", setup_minutes=30, teardown_minutes=15)

    bar = chart(story).bars[0]

    assert (bar.busy_from, bar.busy_until) == (clock("08:30"), clock("10:15"))


def test_now_is_drawn_only_where_it_is_in_sight(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00")

    assert chart(story, now=at("09:20")).now == clock("09:20")
    assert chart(story, now=at("09:20", day=2)).now is None


def test_a_phone_sees_eight_hours_around_now(story: Story) -> None:
    story.activity("A-01", "08:00", "09:00")
    story.activity("A-02", "14:00", "15:00")

    shown = chart(story, now=at("13:30"), phone=True)

    assert (shown.start.hour, shown.end.hour) == (12, 20)
    assert [bar.code for bar in shown.bars] == ["A-02"]


def test_a_phone_sees_eight_hours_from_the_first_activity_on_another_day(story: Story) -> None:
    story.activity("A-01", "10:15", "11:00", day=2)

    shown = chart(story, FIRST_DAY + timedelta(days=1), phone=True)

    assert (shown.start.hour, shown.end.hour) == (10, 18)


def test_days_with_activities_before_and_after_the_visit_can_be_chosen(story: Story) -> None:
    story.activity("A-01", "10:00", "11:00", day=-1)

    first = FIRST_DAY
    assert days_of(story.plan.visit(VISIT)) == [first - timedelta(days=2), first, first + timedelta(days=1)]


@pytest.mark.parametrize("phone", [False, True])
def test_the_drawing_holds_the_data_and_no_building_is_needed_for_the_next(story: Story, phone: bool) -> None:
    story.activity("A-01", "09:00", "10:00")

    spec = drawn(chart(story, now=at("09:30"), phone=phone), ENGLISH, phone=phone)
    other = drawn(chart(story, now=at("23:30"), phone=phone), ENGLISH, phone=phone)

    assert [row["code"] for row in spec["layer"][0]["data"]["values"]] == ["A-01"]
    assert [row["said"] for row in rows_of(spec, "now")] == ["now 09:30"]
    assert rows_of(other, "now") == []
    assert spec["layer"][1]["encoding"]["x"]["axis"]["title"] == "Time (UTC+7)"


@pytest.mark.parametrize("phone", [False, True])
def test_a_chart_carries_each_bar_and_each_line_once_however_many_layers_draw_it(story: Story, phone: bool) -> None:
    story.activity("A-01", "09:00", "10:00")

    spec = drawn(chart(story, now=at("09:30"), phone=phone), ENGLISH, phone=phone)

    carried = [layer["data"]["name"] for layer in spec["layer"] if "values" in layer["data"]]
    named = [layer["data"]["name"] for layer in spec["layer"]]
    assert carried == list(dict.fromkeys(named))
    assert named.count("bars") == 4
    assert len(json.dumps(spec["layer"]).split("A-01 ")) == 2


@pytest.mark.parametrize("phone", [False, True])
def test_drawing_one_day_changes_nothing_of_the_next(story: Story, phone: bool) -> None:
    story.activity("A-01", "09:00", "10:00")
    first = json.dumps(drawn(chart(story, phone=phone), ENGLISH, phone=phone))

    drawn(chart(story, FIRST_DAY + timedelta(days=1), phone=phone), ENGLISH, phone=phone)

    assert json.dumps(drawn(chart(story, phone=phone), ENGLISH, phone=phone)) == first


def rows_of(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    (carried,) = (
        layer["data"] for layer in spec["layer"] if layer["data"]["name"] == name and "values" in layer["data"]
    )
    rows: list[dict[str, Any]] = carried["values"]
    return rows


def test_a_bar_names_venue_and_room_and_each_room_has_its_line(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", room="R-1")
    story.activity("A-02", "10:00", "11:00", venue="HOTEL-1", room="R-2")

    shown = chart(story).bars

    assert {bar.where for bar in shown} == {"Khách sạn Mường Thanh · Phòng khánh tiết tầng hai"}
    assert len({bar.lane for bar in shown}) == 2


@pytest.mark.parametrize("mode", TravelMode)
def test_the_sign_of_a_way_of_travelling_is_one_that_plain_fonts_hold(story: Story, mode: TravelMode) -> None:
    story.activity("A-01", "09:00", "10:00", journey=Journey(mode=mode))

    sign = chart(story).bars[0].written.split()[1]

    # Arrows, technical signs, box drawing, shapes and the few dingbats that are no pictures in colour.
    assert sign in "✈╫▤⚓"
