"""The duty sheet of the officer the account is linked to, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping

from domain.refusals import NotFound
from planner.access.reader import Reader
from planner.exports.pdf import officer_sheet
from planner.exports.watermark import Watermark
from ui.downloads import File, Guard, download, speaker_for


@download("duties.pdf", "export_own_duties", Guard.OWN)
def own_sheet(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """All duties of the officer the account is linked to, to be printed."""
    if reader.actor.officer is None:
        raise NotFound.because("This account is linked to no officer.")
    content = officer_sheet(
        reader.plan, reader.actor.officer, speaker_for(asked), asked.get("visit") or None, watermark=watermark
    )
    return File(f"{reader.actor.officer}.pdf", "application/pdf", content)
