"""The history as rows for files and scripts: one event a row, the same columns everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, TextIO

import orjson

from planner.history.names import subject_id
from planner.history.steps import Step
from planner.text import Speaker, both
from planner.zones import speaker_of, zone_of

#: What a row of the history holds, in this order.
COLUMNS = ("position", "recorded_at", "occurred_at", "by", "event", "subject", "reason", "sentence")
#: A cell that begins so would be a formula in a spreadsheet; it is written with the apostrophe that makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def record(step: Step) -> dict[str, Any]:
    """The facts of an event, without its sentence."""
    event = step.event
    return {
        "position": step.position,
        "recorded_at": event.recorded_at.isoformat(),
        "occurred_at": event.occurred_at.isoformat(),
        "by": event.by,
        "event": type(event).__name__,
        "subject": subject_id(event),
        "reason": event.reason,
        "command_id": event.command_id,
        "via": event.via,
    }


def record_said(step: Step) -> dict[str, Any]:
    """The facts of an event and its sentence in both languages, with the times of its visit's zone."""
    return {**record(step), "sentence": both(step.sentence, zone_of(step.after, step.event.originator_id))}


def as_json(steps: Iterable[Step]) -> bytes:
    """The events as one JSON list, each with its sentence in both languages and the visit's zone."""
    return orjson.dumps([record_said(step) for step in steps])


def as_csv(steps: Iterable[Step], speaker: Speaker) -> bytes:
    """The events as a table that spreadsheets open: UTF-8 with its mark, no cell a formula."""
    out = io.StringIO()
    write_csv(out, steps, speaker)
    return out.getvalue().encode("utf-8-sig", "replace")


def write_csv(out: TextIO, steps: Iterable[Step], speaker: Speaker) -> None:
    """Writes a line of headings and one for each event; sentences carry the zone of the event's visit."""
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for step in steps:
        there = speaker_of(speaker, step.after, step.event.originator_id)
        told = {**record(step), "sentence": there.say(step.sentence)}
        rows.writerow([as_text(told[name]) for name in COLUMNS])


def as_text(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
