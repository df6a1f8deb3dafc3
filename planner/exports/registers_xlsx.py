"""Officers, venues and the posts of a visit as workbooks that can be edited and imported again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal
from zoneinfo import ZoneInfo

from domain.messages import Message, message
from domain.plan import Plan
from domain.secrecy import mark_of, mark_of_officer, mark_of_venue
from domain.values import SecrecyLevel
from planner.exports.programme_xlsx import programme_template
from planner.exports.watermark import Watermark
from planner.exports.workbook import workbook
from planner.imports.officers import OFFICERS, QUALIFICATIONS
from planner.imports.posts import posts_table, shifts_table
from planner.imports.table import Table
from planner.imports.venues import KEY_POINTS, ROOMS, VENUES
from planner.text import Speaker, ZoneCode

type Register = Literal["programme", "officers", "posts", "venues"]


def officers_workbook(plan: Plan, speaker: Speaker, *, watermark: Watermark | None = None) -> bytes:
    """All officers that are not retired, with their qualifications; marked as the visits that they serve in."""
    officers = [officer for officer in plan.officers if not officer.retired]
    held = [(officer, one) for officer in officers for one in officer.qualifications]
    mark = SecrecyLevel.highest(*(mark_of_officer(plan, officer.key) for officer in officers))
    return workbook([(OFFICERS, officers), (QUALIFICATIONS, held)], _said(), speaker, mark, watermark)


def venues_workbook(plan: Plan, speaker: Speaker, *, watermark: Watermark | None = None) -> bytes:
    """All venues that are not retired, with their rooms and key points; marked as the visits that they serve."""
    venues = [venue for venue in plan.venues if not venue.retired]
    rooms = [(venue, room) for venue in venues for room in venue.rooms]
    points = [(venue, point) for venue in venues for point in venue.key_points]
    mark = SecrecyLevel.highest(*(mark_of_venue(plan, venue.key) for venue in venues))
    sheets: list[tuple[Table, Iterable[Any]]] = [(VENUES, venues), (ROOMS, rooms), (KEY_POINTS, points)]
    return workbook(sheets, _said(), speaker, mark, watermark)


def posts_workbook(plan: Plan, visit: str, speaker: Speaker, *, watermark: Watermark | None = None) -> bytes:
    """The posts of a visit that are needed, with their shifts. Raises ``NotFound``."""
    zone = plan.visit(visit).details.zone
    posts = [post for post in plan.posts(visit) if not post.cancelled]
    shifts = [(post, shift) for post in posts for shift in post.own_shifts]
    place = ZoneInfo(zone)
    sheets: list[tuple[Table, Iterable[Any]]] = [(posts_table(place), posts), (shifts_table(place), shifts)]
    return workbook(sheets, _said(zone), speaker, mark_of(plan, visit), watermark)


def template(what: Register, zone: str, speaker: Speaker) -> bytes:
    """An empty workbook to fill in."""
    match what:
        case "programme":
            return programme_template(zone, speaker)
        case "officers":
            return officers_workbook(Plan(), speaker)
        case "venues":
            return venues_workbook(Plan(), speaker)
    tables = [(posts_table(ZoneInfo(zone)), ()), (shifts_table(ZoneInfo(zone)), ())]
    return workbook(tables, _said(zone), speaker)


def _said(zone: str | None = None) -> list[Message]:
    said = [
        message("Columns may stand in any order; columns with other headings are left out. Red headings are needed."),
        message("A row with a code that exists changes what has that code; nothing is taken out."),
    ]
    return said if zone is None else [message("All times are in {zone}.", zone=ZoneCode(zone)), *said]
