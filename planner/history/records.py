"""The history as rows for files and scripts: one event a row, the same columns everywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

import orjson

from planner.exports.watermark import Watermark
from planner.history.names import subject_id
from planner.history.steps import Step
from planner.text import Speaker, both
from planner.zones import speaker_of, zone_of

#: What a row of the history holds, in this order.
COLUMNS = ("position", "recorded_at", "occurred_at", "by", "event", "subject", "reason", "sentence")
NOTHING: Mapping[str, str] = {}
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


def as_json(steps: Iterable[Step], watermark: Watermark | None = None) -> bytes:
    """The events as one JSON list, each with its sentence in both languages and the visit's zone.

    A file that is taken out is ``{"export": …, "mark", "events": [...]}``.
    """
    events = [record_said(step) for step in steps]
    if watermark is None:
        return orjson.dumps(events)
    return orjson.dumps({"export": watermark.fields(), "mark": watermark.mark.value, "events": events})


def as_csv(steps: Iterable[Step], speaker: Speaker, beside: Mapping[str, str] = NOTHING) -> bytes:
    """The events as a table that spreadsheets open: UTF-8 with its mark, no cell a formula."""
    out = io.StringIO()
    write_csv(out, steps, speaker, beside)
    return out.getvalue().encode("utf-8-sig", "replace")


def write_csv(out: TextIO, steps: Iterable[Step], speaker: Speaker, beside: Mapping[str, str] = NOTHING) -> None:
    """Writes a line of headings and one for each event; sentences carry the zone of the event's visit."""

    def told(step: Step) -> tuple[Any, ...]:
        there = speaker_of(speaker, step.after, step.event.originator_id)
        fields = {**record(step), "sentence": there.say(step.sentence)}
        return tuple(fields[name] for name in COLUMNS)

    write_rows(out, COLUMNS, map(told, steps), beside)


def write_rows(
    out: TextIO, headings: Sequence[str], rows: Iterable[Iterable[Any]], beside: Mapping[str, str] = NOTHING
) -> None:
    """A table as CSV, no cell a formula; ``beside`` are columns that say the same in every row: the secrecy mark, and
    for whom it was taken out. A line above the headings would break the programs that read such files."""
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow((*headings, *beside))
    for row in rows:
        table.writerow([as_text(cell) for cell in (*row, *beside.values())])


def as_text(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
