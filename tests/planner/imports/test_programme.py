"""Programmes from workbooks: any order of columns, either language, rows that are bad by themselves."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook

from domain.base import Act, changed
from domain.refusals import InvalidInput, NotFound
from domain.values import TimeWindow
from domain.visit import ActivityType, Journey, TravelMode
from planner.exports.programme_xlsx import programme_workbook
from planner.imports.preview import Existing, Preview, RowChange
from planner.imports.programme import imported_programme, preview_programme
from planner.text import Speaker, Tongue
from tests.examples import FIRST_DAY, HOSTILE_NAMES, VISIT, Story, act, activity, at, window


def workbook(*rows: list[Any], above: tuple[list[Any], ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (*above, *rows):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def story() -> Story:
    told = Story()
    told.visit()
    told.delegation()
    told.venue("HOTEL-1")
    told.room("R-1")
    return told


def only_errors(preview: Preview[Any]) -> list[tuple[int, str]]:
    return [(row.number, str(error)) for row in preview.rows for error in row.errors]


def importing() -> Act:
    return act("nhập từ bảng tính")


def test_columns_stand_in_any_order_in_either_language_below_a_title() -> None:
    title = ["CHƯƠNG TRÌNH", None, None]
    heading = ["KẾT THÚC", "noi dung", "Bắt Đầu", "ngày", "Địa điểm", "Loại hoạt động", "Màu"]
    row = [
        "10h30",
        "Hội đàm",
        time(9),
        date(2026, 11, 24),
        "khach san muong thanh grand luang prabang",
        "Hội đàm, làm việc",
        "đỏ",
    ]

    preview = preview_programme(workbook(heading, row, above=(title, [])), story().plan, VISIT)

    (found,) = preview.items
    assert (found.code, found.title, found.venue) == ("A-01", "Hội đàm", "HOTEL-1")
    assert (found.type, found.window) == (ActivityType.TALKS, window("09:00", "10:30"))
    assert preview.ignored == ("Màu",)


@pytest.mark.parametrize(
    ("day", "start", "end_day", "end", "expected"),
    [
        (FIRST_DAY, time(8), None, time(9, 30), window("08:00", "09:30")),
        ("24/11/2026", "8h", None, "9:30", window("08:00", "09:30")),
        ("2026-11-24", "08:00", None, "09h30", window("08:00", "09:30")),
        (None, datetime(2026, 11, 24, 8), None, datetime(2026, 11, 24, 9, 30), window("08:00", "09:30")),  # noqa: DTZ001 - cells carry no zone
        (None, "24/11/2026 08:00", None, "09:30", window("08:00", "09:30")),
        (None, "2026-11-24T01:00Z", None, "2026-11-24T09:30+07:00", window("08:00", "09:30")),
        (FIRST_DAY, "22:00", "25/11/2026", "02:00", window("22:00", "02:00")),
        (FIRST_DAY, "22:00", None, "24:00", window("22:00", "24:00")),
    ],
)
def test_times_without_a_zone_are_those_of_the_visit(
    day: object, start: object, end_day: object, end: object, expected: object
) -> None:
    content = workbook(["Day", "Start", "End day", "End", "Title"], [day, start, end_day, end, "Đón đoàn"])

    preview = preview_programme(content, story().plan, VISIT)

    assert only_errors(preview) == []
    assert [one.window for one in preview.items] == [expected]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Start": "soon"}, "Start: «soon» is no time: write it as 08:30"),
        ({"Start": "1700000000"}, "Start: «1700000000» is no time: write it as 08:30"),
        ({"Start": "20261124T0800"}, "Start: «20261124T0800» is no time: write it as 08:30"),
        ({"Day": "20261124"}, "Day: «20261124» is no date: write it as 24/11/2026"),
        ({"Start": None}, "Start: is missing"),
        ({"Start": "25:00"}, "Start: «25:00» is no time: write it as 08:30"),
        ({"Day": "31/02/2026"}, "Day: «31/02/2026» is no date: write it as 24/11/2026"),
        ({"Day": None}, "The day is missing: give it a column of its own, or write it before the time."),
        (
            {"End": "07:00"},
            "The end, 07:00, is not after the start. Where it ends on the next day, give that day under",
        ),
        ({"Day": "24/11/0026"}, "Day: «24/11/0026» is no date: write it as 24/11/2026"),
        ({"Day": date(1026, 11, 24)}, "Day: «24/11/1026» is no date: write it as 24/11/2026"),
        ({"Day": "31/12/9999"}, "Day: «31/12/9999» is no date: write it as 24/11/2026"),
        ({"Title": None}, "Activity title: is missing"),
        ({"Title": "một\nhai"}, "title: must be one line with at least one visible character"),
        ({"Code": "A 1"}, "code: must be a short code of letters"),
        ({"Type": "picnic"}, "Type: «picnic» is not one of:"),
        ({"Venue": "Nhà hát"}, "There is no venue «Nhà hát»."),
        ({"Venue": "HOTEL-1", "Room": "R-9"}, "Venue HOTEL-1 has no room R-9."),
        ({"Room": "R-1"}, "Room R-1 needs its venue; choose the venue first."),
        ({"Persons": "nhiều"}, "Persons: «nhiều» is no number"),
        ({"Persons": -1}, "persons: must be at least 0"),
        ({"Persons": 2.5}, "Persons: «2.5» is no whole number"),
        ({"Fixed": "maybe"}, "Fixed: «maybe» is neither yes nor no"),
        ({"Delegation": "XX"}, f"Visit {VISIT} has no delegation XX."),
        ({"Joint with": "A-77"}, "There is no activity ('A-77',) to be joint with."),
        ({"Gate": "B2"}, "Say how the guests travel, for example by air."),
        ({"Notes": "=1+1"}, "Notes: =… is no value: type the value itself"),
    ],
)
def test_a_bad_row_says_why_and_leaves_the_others(changes: dict[str, Any], said: str) -> None:
    good = {"Code": "A-1", "Day": FIRST_DAY, "Start": "08:00", "End": "09:00", "Title": "Đón đoàn"}
    good |= dict.fromkeys(("Type", "Venue", "Room", "Persons", "Fixed", "Delegation", "Joint with", "Gate", "Notes"))
    bad = {**good, **changes}
    rows = [list(good), list(bad.values()), list({**good, "Code": "A-2"}.values())]

    preview = preview_programme(workbook(*rows), story().plan, VISIT)

    ((number, error), *more) = only_errors(preview)
    assert (number, more) == (2, [])
    assert said in error.replace("number of persons", "persons")
    assert [one.code for one in preview.items] == ["A-2"]


def test_a_bad_row_shows_its_cells_as_typed() -> None:
    heading = ["Code", "Start", "End", "Title", "Màu"]
    told = "O'Brien\n\u202e<b>x</b>"
    rows: list[list[Any]] = [["A-1", "soon", 0.5, told, "đỏ"], ["A-2", "24/11/2026 08:00", "09:00", "y", None]]

    preview = preview_programme(workbook(heading, *rows), story().plan, VISIT)

    ((typed,),) = [row.typed for row in preview.bad]
    assert (typed.sheet, typed.number) == ("Sheet", 2)
    assert typed.cells == (("Code", "A-1"), ("Start", "soon"), ("End", "0.5"), ("Title", told))
    assert typed.line == "Code: A-1 | Start: soon | End: 0.5 | Title: O'Brien⏎\ufffd<b>x</b>"


def test_a_month_mistyped_is_told_before_it_is_taken_in() -> None:
    rows = [["A-1", "24/12/2026 08:00", "09:00", "x"], ["A-2", "24/11/2026 08:00", "09:00", "y"]]

    preview = preview_programme(workbook(["Code", "Start", "End", "Title"], *rows), story().plan, VISIT)

    told = [[(said.text.partition(".")[0], said.values["days"]) for said in row.warnings] for row in preview.rows]
    assert told == [[("{window} lies {days} days after the visit ({first} to {last})", 29)], []]
    assert [row.change for row in preview.rows] == [RowChange.NEW] * 2


def test_who_waits_is_told_how_far_it_is() -> None:
    rows = [[f"A-{n}", "24/11/2026 08:00", "09:00", "x"] for n in range(250)]
    told: list[tuple[int, int]] = []

    def count(done: int, total: int) -> None:
        told.append((done, total))

    preview_programme(workbook(["Code", "Start", "End", "Title"], *rows), story().plan, VISIT, progress=count)

    assert told == [(100, 250), (200, 250)]


def test_a_code_that_stands_twice_is_bad_the_second_time() -> None:
    rows = [["Code", "Start", "End", "Title"], *[["A-1", f"24/11/2026 0{n}:00", f"0{n}:30", "x"] for n in (7, 8)]]

    preview = preview_programme(workbook(*rows), story().plan, VISIT)

    assert only_errors(preview) == [(3, "Code A-1 stands in an earlier row too.")]


def test_two_new_activities_may_name_each_other() -> None:
    heading = ["Code", "Start", "End", "Title", "Joint with"]
    rows = [["A-1", "24/11/2026 08:00", "09:00", "x", "A-2"], ["A-2", "24/11/2026 08:00", "09:00", "y", "A-1"]]
    told = story()

    preview = preview_programme(workbook(heading, *rows), told.plan, VISIT)
    told.tell(imported_programme(told.plan, VISIT, preview.items, Existing.AMEND, importing()))

    assert [one.joint_with for one in told.plan.visit(VISIT).activities] == [("A-2",), ("A-1",)]


def test_columns_that_are_missing_leave_what_is_there_and_empty_cells_empty_it() -> None:
    told = story()
    told.activity("A-01", "09:00", "10:00", host="Chủ tịch tỉnh", notes="Có phiên dịch", fixed=True)
    content = workbook(
        ["Code", "Start", "End", "Title", "Notes"], ["A-01", "24/11/2026 09:00", "10:00", "Chào xã giao", None]
    )

    preview = preview_programme(content, told.plan, VISIT)

    (found,) = preview.items
    assert (found.title, found.notes) == ("Chào xã giao", "")
    assert (found.host, found.fixed, found.type) == ("Chủ tịch tỉnh", True, ActivityType.TALKS)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_goes_out_comes_back_the_same_in_either_language(language: Tongue) -> None:
    told = story()
    for number, name in enumerate(HOSTILE_NAMES):
        told.activity(f"A-{number:02d}", title=name, host=name, notes=f"{name}\n{name}", venue="HOTEL-1", room="R-1")
    flight = Journey(mode=TravelMode.AIR, number="QV 313", gate="=2", actual=at("07:31"))
    told.activity("A-77", "22:00", "02:00", journey=flight, joint_with=("A-00",), headcount=12, delegation="LA")
    told.activity("A-78", "09:00", "10:00", title="_x0041_ 'x' +1", fixed=True, setup_minutes=30, embark_minutes=0)

    preview = preview_programme(programme_workbook(told.plan, VISIT, Speaker(language)), told.plan, VISIT)

    assert {row.change for row in preview.rows} == {RowChange.SAME}
    assert sorted(preview.items, key=lambda a: a.code) == sorted(
        told.plan.visit(VISIT).activities, key=lambda a: a.code
    )


def in_santiago() -> Story:
    told = Story()
    told.visit(zone="America/Santiago", first_day=date(2026, 4, 4), last_day=date(2026, 9, 6))
    return told


def test_a_time_that_the_clocks_jump_over_is_refused() -> None:
    content = workbook(["Day", "Start", "End", "Title"], ["06/09/2026", "00:30", "02:00", "x"])

    preview = preview_programme(content, in_santiago().plan, VISIT)

    said = "00:30 does not exist on 2026-09-06 in America/Santiago: the clocks are put forward then."
    assert only_errors(preview) == [(2, said)]


def test_the_second_of_two_equal_times_stays_the_second() -> None:
    told = in_santiago()
    # At midnight of 5 April the clocks go back: 23:30 comes twice, at 02:30 and at 03:30 UTC.
    start, end = (datetime.fromisoformat(f"2026-04-05T0{hour}:30:00+00:00") for hour in (3, 5))
    told.tell(told.plan.visit(VISIT).schedule(changed(activity(), window=TimeWindow(start=start, end=end)), told.act()))

    preview = preview_programme(programme_workbook(told.plan, VISIT, Speaker("en")), told.plan, VISIT)

    assert [row.change for row in preview.rows] == [RowChange.SAME]


def test_existing_activities_are_skipped_where_that_is_chosen() -> None:
    told = story()
    told.activity("A-01", "09:00", "10:00")
    content = workbook(["Code", "Start", "End", "Title"], ["A-01", "24/11/2026 07:00", "08:00", "x"])

    preview = preview_programme(content, told.plan, VISIT, Existing.SKIP)
    decision = imported_programme(told.plan, VISIT, preview.items, Existing.SKIP, importing())

    assert ([row.change for row in preview.rows], decision) == ([RowChange.SKIPPED], ())


def test_a_cancelled_activity_is_not_brought_back_by_a_workbook() -> None:
    told = story()
    told.activity("A-01", "09:00", "10:00")
    told.tell(told.plan.visit(VISIT).cancel_activity("A-01", told.act()))
    content = workbook(["Code", "Start", "End", "Title"], ["A-01", "24/11/2026 07:00", "08:00", "x"])

    preview = preview_programme(content, told.plan, VISIT)

    assert only_errors(preview) == [(2, "Activity A-01 is cancelled; reinstate it first.")]


def test_a_workbook_without_the_columns_is_refused_with_what_is_needed() -> None:
    with pytest.raises(InvalidInput) as refusal:
        preview_programme(workbook(["a", "b"], [1, 2]), story().plan, VISIT)

    assert "No sheet of the workbook has the columns that are needed" in str(refusal.value)


def test_an_unknown_visit_is_refused_before_the_workbook_is_read() -> None:
    with pytest.raises(NotFound):
        preview_programme(b"", story().plan, "XX")
