"""The duty sheet of the officer the account is linked to, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping

from domain.refusals import NotFound
from planner.access.reader import Reader
from planner.exports.pdf import officer_sheet
from ui.downloads import File, download, speaker_for


@download("duties.pdf", "export_own_duties")
def own_sheet(reader: Reader, asked: Mapping[str, str]) -> File:
    """All duties of the officer the account is linked to, to be printed."""
    if reader.actor.officer is None:
        raise NotFound.because("This account is linked to no officer.")
    content = officer_sheet(reader.plan, reader.actor.officer, speaker_for(asked), asked.get("visit") or None)
    return File(f"{reader.actor.officer}.pdf", "application/pdf", content)
