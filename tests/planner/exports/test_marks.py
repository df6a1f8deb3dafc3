"""Every file of a visit carries the highest mark of what the visit holds."""

from __future__ import annotations

import io
import json
from typing import cast

from icalendar import Calendar
from openpyxl import load_workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem

from domain.plan import Plan
from domain.values import SecrecyLevel
from planner.exports.calendar import officer_calendar, visit_calendar
from planner.exports.plan_json import plan_json
from planner.exports.programme_xlsx import programme_workbook
from planner.exports.registers_xlsx import officers_workbook, posts_workbook, venues_workbook
from planner.exports.sheets import of_programme
from planner.text import Speaker
from tests.examples import VISIT, Story

ENGLISH = Speaker("en")


def told(secrecy: SecrecyLevel) -> Plan:
    """A visit without a mark of its own at a venue that has one."""
    story = Story()
    story.visit()
    story.venue("HOTEL-1", secrecy=secrecy)
    story.activity("A-01", venue="HOTEL-1")
    story.officer("CA-0113")
    story.post("P-01", venue="HOTEL-1")
    story.placed("CA-0113")
    return story.plan


def marks(plan: Plan) -> list[str]:
    """What each file says of its mark."""
    books = [
        load_workbook(io.BytesIO(book))
        for book in (
            programme_workbook(plan, VISIT, ENGLISH),
            posts_workbook(plan, VISIT, ENGLISH),
            venues_workbook(plan, ENGLISH),
            officers_workbook(plan, ENGLISH),
        )
    ]
    calendars = [visit_calendar(plan, VISIT, ENGLISH), officer_calendar(plan, "CA-0113", ENGLISH)]
    first = [str(Calendar.from_ical(one).walk("VEVENT")[0]["description"]).partition("\n")[0] for one in calendars]
    return [
        *(str(book.properties.category) for book in books),
        *(str(cast(HeaderFooterItem, page.oddHeader).center.text) for book in books for page in book.worksheets),
        *first,
        json.loads(plan_json(plan, VISIT))["mark"].upper(),
        of_programme(plan, VISIT, ENGLISH).secrecy.value.upper(),
    ]


def test_every_file_says_the_mark_of_the_venue() -> None:
    assert set(marks(told(SecrecyLevel.SECRET))) == {"SECRET"}


def test_without_a_mark_no_file_says_one() -> None:
    assert "SECRET" not in " ".join(marks(told(SecrecyLevel.NONE)))


def test_registers_carry_the_mark_of_the_visits_that_use_them() -> None:
    story = Story()
    story.visit(secrecy=SecrecyLevel.TOP_SECRET)
    story.venue("HOTEL-1")
    story.officer("CA-0113")
    unused = [load_workbook(io.BytesIO(book(story.plan, ENGLISH))) for book in (officers_workbook, venues_workbook)]
    story.post("P-01", venue="HOTEL-1")
    story.placed("CA-0113")
    used = [load_workbook(io.BytesIO(book(story.plan, ENGLISH))) for book in (officers_workbook, venues_workbook)]

    assert [[book.properties.category for book in books] for books in (unused, used)] == [
        [None, None],
        ["TOP SECRET", "TOP SECRET"],
    ]
