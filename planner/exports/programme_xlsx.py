"""The programme of a visit as a workbook that can be edited and imported again, and empty ones to fill in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from domain.messages import Message, message
from domain.plan import Plan
from domain.secrecy import mark_of
from planner.exports.watermark import Watermark
from planner.exports.workbook import workbook
from planner.imports.programme import programme_table
from planner.text import Speaker, ZoneCode


def programme_workbook(plan: Plan, visit: str, speaker: Speaker, *, watermark: Watermark | None = None) -> bytes:
    """The activities that take place, in order of time, with times in the visit's zone. Raises ``NotFound``."""
    whole = plan.visit(visit)
    said = [
        message("Programme of visit {visit}: {title}", visit=whole.key, title=whole.details.title),
        message("As of event {position}.", position=str(plan.position)),
        *_said(whole.details.zone),
    ]
    table = programme_table(ZoneInfo(whole.details.zone))
    return workbook([(table, whole.programme)], said, speaker, mark_of(plan, whole.key), watermark)


def programme_template(zone: str, speaker: Speaker) -> bytes:
    """An empty programme."""
    return workbook([(programme_table(ZoneInfo(zone)), ())], _said(zone), speaker)


def _said(zone: str) -> list[Message]:
    return [
        message("All times are in {zone}.", zone=ZoneCode(zone)),
        message("Columns may stand in any order; columns with other headings are left out. Red headings are needed."),
        message("A row with a code that exists changes that activity; one without a code adds an activity."),
        message("Rows that are missing here are not taken out of the programme."),
    ]
