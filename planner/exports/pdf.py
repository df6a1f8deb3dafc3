"""Duty sheets and programmes as PDF (A4), set by Typst from data: the same bytes for the same event number.

Every page carries the secrecy mark, the event number, the zone of its times, a hash of what the sheet says and a
QR code of these. Names go in as data and are never read as markup.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import io
import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import segno
import typst

from domain.plan import Plan
from domain.refusals import NotPossible
from domain.values import SecrecyLevel
from planner.exports.fonts import FontsMissing, font_folder
from planner.exports.sheets import Sheet, at_the_place, of_officer, of_post, of_programme
from planner.exports.watermark import Watermark, printed_mark
from planner.text import Speaker, zone_label

TEMPLATES = Path(__file__).parent / "templates"
#: Sheets set at one time, by all people of this process; one more waits its turn.
SIDE_BY_SIDE = 2
_PRINTING = threading.BoundedSemaphore(SIDE_BY_SIDE)


def officer_sheet(
    plan: Plan, officer: str, speaker: Speaker, visit: str | None = None, *, watermark: Watermark | None = None
) -> bytes:
    """The duties of an officer, in one visit or in all. Raises ``NotFound``; ``NotPossible`` without fonts."""
    there = at_the_place(plan, officer, speaker, visit)
    return printed(of_officer(plan, officer, there, visit), plan, there, watermark)


def post_sheet(plan: Plan, visit: str, post: str, speaker: Speaker, *, watermark: Watermark | None = None) -> bytes:
    """The order of a post and who stands there. Raises ``NotFound``; ``NotPossible`` without fonts."""
    return printed(of_post(plan, visit, post, speaker), plan, speaker, watermark)


def programme_sheet(plan: Plan, visit: str, speaker: Speaker, *, watermark: Watermark | None = None) -> bytes:
    """The programme of a visit. Raises ``NotFound``; ``NotPossible`` without fonts."""
    return printed(of_programme(plan, visit, speaker), plan, speaker, watermark)


def printed(sheet: Sheet, plan: Plan, speaker: Speaker, watermark: Watermark | None = None) -> bytes:
    """A sheet as a PDF, with the watermark across every page and in its foot."""
    moment = plan.recorded_at or datetime(1970, 1, 1, tzinfo=UTC)
    said = dataclasses.asdict(sheet)
    said["lang"] = speaker.language
    mark = SecrecyLevel.highest(sheet.secrecy, watermark.mark if watermark else SecrecyLevel.NONE)
    said["mark"] = printed_mark(mark, speaker)
    said["event"] = speaker("Event {position}, {moment}", position=str(plan.position), moment=moment)
    said["zone"] = _clock(sheet, speaker, moment)
    said["page"] = speaker("Page")
    del said["secrecy"], said["about"], said["clocks"]
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    said["hash"] = f"SHA-256 {digest[:32]}"
    said["code"] = f"{sheet.reference} event {plan.position} sha256 {digest}"
    said["qr"] = _qr(said["code"])
    # Not in the hash: two copies of one sheet say the same, whoever they are for.
    said |= {"across": [], "foot": []} if watermark is None else _issued(watermark, said["mark"], speaker)
    fonts = _fonts()
    with _PRINTING:
        return bytes(
            typst.compile(
                TEMPLATES / "sheet.typ",
                root=TEMPLATES,
                font_paths=fonts,
                ignore_system_fonts=True,
                sys_inputs={"sheet": json.dumps(said, ensure_ascii=False)},
                format="pdf",
                timestamp=int(moment.timestamp()),
            )
        )


def _clock(sheet: Sheet, speaker: Speaker, moment: datetime) -> str:
    """Whose clock the times of the sheet have."""
    if sheet.clocks:
        return speaker("Times: of the place of each duty, as its day says")
    offset = zone_label(speaker.local(sheet.about or moment))
    return speaker("Times: {zone} ({offset})", zone=speaker.zone_name(str(speaker.zone)), offset=offset)


def _issued(watermark: Watermark, mark: str, speaker: Speaker) -> dict[str, list[str]]:
    """The lines that stand across every page, and the one in its foot."""
    under = " · ".join(filter(None, (mark, watermark.under(speaker))))
    across = [watermark.recipient, f"{watermark.by} · {speaker.second(watermark.at)}", under]
    return {"across": across, "foot": [f"{watermark.for_whom(speaker)} · {watermark.under(speaker)}"]}


def _fonts() -> list[Path]:
    try:
        return [font_folder()]
    except FontsMissing:
        raise NotPossible.because("The fonts for PDFs are missing. Run «make setup» once; it fetches them.") from None


@functools.lru_cache(maxsize=64)
def _qr(code: str) -> str:
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
