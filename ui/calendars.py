"""The calendar of an officer's own duties: behind a secret address for calendar programs, and as a download."""

from __future__ import annotations

from collections.abc import Mapping

from domain.refusals import NotFound
from planner.access.reader import Reader
from planner.exports.calendar import officer_calendar
from planner.exports.watermark import Watermark
from ui.downloads import File, Guard, calendar, download, speaker_for


@calendar
@download("duties.ics", "export_own_duties", Guard.OWN)
def own_duties(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """All duties of the officer the account is linked to, withdrawn ones as cancelled."""
    if reader.actor.officer is None:
        raise NotFound.because("This account is linked to no officer.")
    content = officer_calendar(reader.plan, reader.actor.officer, speaker_for(asked), watermark=watermark)
    return File(f"{reader.actor.officer}.ics", "text/calendar; charset=utf-8", content)
