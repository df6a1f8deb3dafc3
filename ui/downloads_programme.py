"""Downloads of a programme: a workbook that can be imported again, an empty one, a printed sheet and a calendar."""

from __future__ import annotations

from collections.abc import Mapping

from planner.access.reader import Reader
from planner.exports.calendar import visit_calendar
from planner.exports.pdf import programme_sheet
from planner.exports.programme_xlsx import programme_template, programme_workbook
from planner.exports.watermark import Watermark
from planner.text import Speaker
from ui.downloads import File, Guard, download, speaker_for

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@download("programme.xlsx", "export_programme")
def workbook(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The programme of the ``visit``, to be edited and imported again."""
    visit, speaker = _asked(reader, asked)
    return File(f"{visit}.xlsx", _WORKBOOK, programme_workbook(reader.plan, visit, speaker, watermark=watermark))


@download("programme_template.xlsx", "export_programme", Guard.EMPTY)
def template(reader: Reader, asked: Mapping[str, str], _watermark: Watermark) -> File:
    """An empty programme with times in the zone of the ``visit``."""
    visit, speaker = _asked(reader, asked)
    content = programme_template(speaker.zone.key, speaker)
    return File(f"{visit}-{speaker('programme')}.xlsx", _WORKBOOK, content)


@download("programme.pdf", "export_programme")
def sheet(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The programme of the ``visit`` for print."""
    visit, speaker = _asked(reader, asked)
    return File(f"{visit}.pdf", "application/pdf", programme_sheet(reader.plan, visit, speaker, watermark=watermark))


@download("programme.ics", "export_programme")
def calendar(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The programme of the ``visit`` for calendar programs."""
    visit, speaker = _asked(reader, asked)
    return File(
        f"{visit}.ics", "text/calendar; charset=utf-8", visit_calendar(reader.plan, visit, speaker, watermark=watermark)
    )


def _asked(reader: Reader, asked: Mapping[str, str]) -> tuple[str, Speaker]:
    """The visit's code, and the reader's speaker with times of the visit's zone. Raises ``NotFound``."""
    visit = reader.plan.visit(asked.get("visit", ""))
    return visit.key, Speaker(speaker_for(asked).language, visit.details.zone)
