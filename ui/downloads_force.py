"""Downloads of the force: duty sheets of officers and posts for print, and both registers as workbooks."""

from __future__ import annotations

from collections.abc import Mapping

from planner.access.reader import Reader
from planner.exports.pdf import officer_sheet, post_sheet
from planner.exports.registers_xlsx import officers_workbook, posts_workbook, template
from planner.exports.watermark import Watermark
from planner.text import Speaker
from ui.downloads import File, Guard, download, speaker_for

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@download("officer.pdf", "export_officers")
def officer(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The duty sheet of the ``officer``, in one ``visit`` or in all."""
    held = reader.plan.officer(asked.get("officer", ""))
    speaker, visit = speaker_for(asked), asked.get("visit") or None
    if visit is not None:
        speaker = Speaker(speaker.language, reader.plan.visit(visit).details.zone)
    return File(
        f"{held.key}.pdf", "application/pdf", officer_sheet(reader.plan, held.key, speaker, visit, watermark=watermark)
    )


@download("post.pdf", "export_force")
def post(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The duty sheet of a ``post`` of the ``visit``."""
    visit, speaker = _asked(reader, asked)
    code = asked.get("post", "")
    return File(
        f"{visit}-{code}.pdf", "application/pdf", post_sheet(reader.plan, visit, code, speaker, watermark=watermark)
    )


@download("posts.xlsx", "export_force")
def posts(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The posts of the ``visit`` with their shifts, to be edited and imported again."""
    visit, speaker = _asked(reader, asked)
    return File(
        f"{visit}-{speaker('posts')}.xlsx", _WORKBOOK, posts_workbook(reader.plan, visit, speaker, watermark=watermark)
    )


@download("posts_template.xlsx", "export_force", Guard.EMPTY)
def posts_template(reader: Reader, asked: Mapping[str, str], _watermark: Watermark) -> File:
    """An empty workbook of posts with times in the zone of the ``visit``."""
    _, speaker = _asked(reader, asked)
    return File(f"{speaker('posts')}.xlsx", _WORKBOOK, template("posts", speaker.zone.key, speaker))


@download("officers.xlsx", "export_officers")
def officers(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The personnel register, to be edited and imported again."""
    speaker = speaker_for(asked)
    return File(f"{speaker('officers')}.xlsx", _WORKBOOK, officers_workbook(reader.plan, speaker, watermark=watermark))


@download("officers_template.xlsx", "export_officers", Guard.EMPTY)
def officers_template(_reader: Reader, asked: Mapping[str, str], _watermark: Watermark) -> File:
    """An empty workbook of officers."""
    speaker = speaker_for(asked)
    return File(f"{speaker('officers')}.xlsx", _WORKBOOK, template("officers", speaker.zone.key, speaker))


def _asked(reader: Reader, asked: Mapping[str, str]) -> tuple[str, Speaker]:
    """The visit's code, and the reader's speaker with times of the visit's zone. Raises ``NotFound``."""
    visit = reader.plan.visit(asked.get("visit", ""))
    return visit.key, Speaker(speaker_for(asked).language, visit.details.zone)
