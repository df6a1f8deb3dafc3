"""Downloads of the venues: all of them as a workbook that can be imported again, and an empty one."""

from __future__ import annotations

from collections.abc import Mapping

from planner.access.reader import Reader
from planner.exports.registers_xlsx import template, venues_workbook
from planner.exports.watermark import Watermark
from ui.downloads import File, Guard, download, speaker_for

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@download("venues.xlsx", "export_venues")
def venues(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The venues with their rooms and key points, to be edited and imported again."""
    speaker = speaker_for(asked)
    return File(f"{speaker('venues')}.xlsx", _WORKBOOK, venues_workbook(reader.plan, speaker, watermark=watermark))


@download("venues_template.xlsx", "export_venues", Guard.EMPTY)
def venues_template(_reader: Reader, asked: Mapping[str, str], _watermark: Watermark) -> File:
    """An empty workbook of venues."""
    speaker = speaker_for(asked)
    return File(f"{speaker('venues')}.xlsx", _WORKBOOK, template("venues", speaker.zone.key, speaker))
