"""The duty sheet of the officer the account is linked to, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping

from domain.base import Actor
from domain.refusals import NotFound
from planner.application import Planner
from planner.exports.pdf import officer_sheet
from ui.downloads import File, download, speaker_for


@download("duties.pdf")
def own_sheet(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """All duties of the officer the account is linked to, to be printed."""
    if actor.officer is None:
        raise NotFound.because("This account is linked to no officer.")
    content = officer_sheet(planner.plan, actor.officer, speaker_for(asked), asked.get("visit") or None)
    return File(f"{actor.officer}.pdf", "application/pdf", content)
