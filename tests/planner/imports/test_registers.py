"""Officers, posts and venues from workbooks, with what belongs to them on other sheets."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from domain.values import Coordinates
from domain.venue import KeyPointKind
from domain.visit import Layout
from planner.exports.registers_xlsx import officers_workbook, posts_workbook, venues_workbook
from planner.imports.officers import imported_officers, preview_officers
from planner.imports.posts import imported_posts, preview_posts
from planner.imports.preview import Existing, Preview, RowChange
from planner.imports.venues import imported_venues, preview_venues
from planner.text import Speaker, Tongue
from tests.examples import (
    HOSTILE_NAMES,
    VISIT,
    Story,
    act,
    key_point,
    qualification,
    shift,
    window,
)


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(content: bytes, sheet: int, heading: str, value: str, row: int = 2) -> bytes:
    book = load_workbook(io.BytesIO(content))
    column = [cell.value for cell in book.worksheets[sheet][1]].index(heading) + 1
    book.worksheets[sheet].cell(row, column).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def only_errors(preview: Preview[Any]) -> list[tuple[int, str]]:
    return [(row.number, str(error)) for row in preview.rows for error in row.errors]


def story() -> Story:
    """Hostile names wherever a name may stand."""
    told = Story()
    told.visit()
    for number, name in enumerate(HOSTILE_NAMES):
        told.officer(f"CA-{number}", name, phone=name, callsign=name, licences=("B2", "C"))
        told.venue(f"V-{number}", name=name, notes=name)
        told.post(f"P-{number}", venue=f"V-{number}", instructions=f"{name}\n{name}", place=name, commander="CA-0")
    told.qualified("CA-0", qualification("K9"))
    told.room("R-1", venue="V-0", floor="2")
    told.tell(told.plan.venue("V-0").mark_key_point(key_point(), told.act()))
    told.shifts("P-0", shift("S-1", "08:00", "10:00"), shift("S-2", "10:00", "12:00", headcount=2))
    return told


@pytest.mark.parametrize("language", ["en", "vi"])
def test_registers_that_go_out_come_back_the_same(language: Tongue) -> None:
    plan, speaker = story().plan, Speaker(language)

    officers = preview_officers(officers_workbook(plan, speaker), plan)
    venues = preview_venues(venues_workbook(plan, speaker), plan)
    posts = preview_posts(posts_workbook(plan, VISIT, speaker), plan, VISIT)

    for preview in (officers, venues, posts):
        assert only_errors(preview) == []
        assert {row.change for row in preview.rows} == {RowChange.SAME}
        assert len(preview.items) == len(HOSTILE_NAMES)


def test_registers_come_into_a_site_that_has_none_of_them() -> None:
    plan, there = story().plan, Story()
    there.visit()
    speaker = Speaker("vi")

    officers = preview_officers(officers_workbook(plan, speaker), there.plan)
    there.tell(imported_officers(there.plan, officers.items, Existing.AMEND, act("nhập")))
    venues = preview_venues(venues_workbook(plan, speaker), there.plan)
    there.tell(imported_venues(there.plan, venues.items, Existing.AMEND, act("nhập")))
    posts = preview_posts(posts_workbook(plan, VISIT, speaker), there.plan, VISIT)
    there.tell(imported_posts(there.plan, VISIT, posts.items, Existing.AMEND, act("nhập")))

    assert [(o.details, o.qualifications) for o in there.plan.officers] == [
        (o.details, o.qualifications) for o in plan.officers
    ]
    assert [(v.details, v.rooms, v.key_points) for v in there.plan.venues] == [
        (v.details, v.rooms, v.key_points) for v in plan.venues
    ]
    assert [(p.details, p.own_shifts) for p in there.plan.posts(VISIT)] == [
        (p.details, p.own_shifts) for p in plan.posts(VISIT)
    ]


def test_only_what_was_edited_changes() -> None:
    plan, speaker = story().plan, Speaker("en")

    officers = preview_officers(edited(officers_workbook(plan, speaker), 0, "Rank", "Thiếu tá", row=4), plan)

    assert [row.number for row in officers.rows if row.change is RowChange.CHANGED] == [4]
    assert officers.count(RowChange.SAME) == len(HOSTILE_NAMES) - 1


def test_an_officer_comes_with_qualifications_from_the_first_day_to_the_end_of_the_last() -> None:
    content = workbook(
        Cán_bộ=[["Mã", "Họ tên", "Đơn vị"], ["CA-1", "Trần Đức Nghĩa", "PC08"]],
        Chứng_chỉ=[
            ["Cán bộ", "Chứng chỉ", "Có hiệu lực từ", "Có hiệu lực đến hết"],
            ["CA-1", "K9", "24/11/2026", "24/11/2026"],
        ],
    )

    (officer,) = preview_officers(content, Story().plan).items

    assert [(held.code, held.valid) for held in officer.qualifications] == [("K9", window("00:00", "24:00"))]


def test_a_bad_qualification_spoils_its_officer_and_a_stray_one_is_named() -> None:
    content = workbook(
        Officers=[["Code", "Name", "Unit"], ["CA-1", "Nghĩa", "PC08"], ["CA-2", "Ngọc", "PC08"]],
        Qualifications=[
            ["Officer", "Qualification", "Valid from", "Valid through"],
            ["CA-1", "K9", "24/11/2026", "sometime"],
            ["CA-9", "K9", "24/11/2026", "25/11/2026"],
        ],
    )

    preview = preview_officers(content, Story().plan)

    assert only_errors(preview) == [
        (2, "qualifications, row 2: Valid through: «sometime» is no date: write it as 24/11/2026"),
        (3, "Officer CA-9 of this qualification has no row among the officers."),
    ]
    assert [officer.code for officer in preview.items] == ["CA-2"]


def test_a_qualification_that_ends_before_it_begins_says_which_row_and_which_days() -> None:
    content = workbook(
        Officers=[["Code", "Name", "Unit"], ["CA-1", "Nghĩa", "PC08"]],
        Qualifications=[
            ["Officer", "Qualification", "Valid from", "Valid through"],
            ["CA-1", "Lái xe", "24/11/2026", "24/11/2026"],
            ["CA-1", "K9", "31/12/2026", "01/01/2026"],
        ],
    )

    preview = preview_officers(content, Story().plan)

    assert only_errors(preview) == [
        (2, "qualifications, row 3: «Valid through», 2026-01-01, is before «Valid from», 2026-12-31.")
    ]
    assert preview.items == ()


def test_a_post_that_is_moved_in_the_workbook_takes_its_shifts_and_duties_along() -> None:
    told = Story()
    told.visit()
    told.officer("CA-0113")
    told.post("P-01", "08:00", "12:00")
    told.placed("CA-0113", "P-01")
    content = edited(posts_workbook(told.plan, VISIT, Speaker("en")), 0, "Start", "09:00")

    preview = preview_posts(content, told.plan, VISIT)
    told.tell(imported_posts(told.plan, VISIT, preview.items, Existing.AMEND, act("dời giờ")))

    assert only_errors(preview) == []
    assert told.plan.post(VISIT, "P-01").window == window("09:00", "12:00")
    assert told.plan.assignment(VISIT, "A-0001").window == window("09:00", "12:00")


def test_a_venue_comes_with_rooms_and_key_points() -> None:
    content = workbook(
        Key_points=[
            ["Venue", "Key point", "Kind", "Name", "Latitude", "Longitude"],
            ["V-1", "K-1", "điểm đón", "Sảnh", 19.9, "102,1"],
        ],
        Venues=[["Code", "Name", "Latitude", "Longitude"], ["V-1", "Nhà khách", "19,88", 102.13]],
        Rooms=[["Venue", "Room", "Name", "Persons standing"], ["V-1", "R-1", "Phòng lớn", 80]],
    )

    (venue,) = preview_venues(content, Story().plan).items

    assert venue.coordinates == Coordinates(lat=19.88, lon=102.13)
    assert [(room.code, room.capacity(Layout.STANDING)) for room in venue.rooms] == [("R-1", 80)]
    assert [(point.kind, point.coordinates.lon) for point in venue.key_points] == [(KeyPointKind.ARRIVAL_POINT, 102.1)]


@pytest.mark.parametrize(
    ("lat", "said"), [(91, "latitude: must be at most 90"), ("north", "Latitude: «north» is no number")]
)
def test_a_venue_off_the_earth_is_a_bad_row(lat: object, said: str) -> None:
    content = workbook(Venues=[["Code", "Name", "Latitude", "Longitude"], ["V-1", "Nhà khách", lat, 102.13]])

    preview = preview_venues(content, Story().plan)

    assert [(number, said in error) for number, error in only_errors(preview)] == [(2, True)]
    assert preview.items == ()
