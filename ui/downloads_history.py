"""Downloads of the history: events as CSV and JSON, the plan as of an event as JSON, and the difference of two."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Final

from domain.refusals import InvalidInput, NotFound
from planner.access.reader import Reader
from planner.exports.plan_json import plan_json
from planner.exports.watermark import Watermark
from planner.history.questions import late_of, write_csv
from planner.history.records import as_csv, as_json, write_rows
from planner.history.steps import steps
from planner.history.walks import Asked
from planner.zones import speaker_of
from ui.components.comparing import FROM, TO, compared
from ui.components.replay import AT, asked_position
from ui.downloads import File, download, speaker_for

#: More events than this take too long for a page; the command line writes any number.
MOST_EVENTS: Final = 30_000
_CSV, _JSON = "text/csv; charset=utf-8", "application/json"


@download("history.csv", "export_history")
def history_csv(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The events of ``visit``, ``kind``, ``by`` and words ``q`` (all where nothing is said) as a table."""
    walk, speaker = _walk(reader, asked), speaker_for(asked)
    return File("history.csv", _CSV, as_csv(steps(reader.timeline, map(int, walk)), speaker, watermark.beside()))


@download("history.json", "export_history")
def history_json(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The same as JSON, with sentences in both languages."""
    walk = _walk(reader, asked)
    return File("history.json", _JSON, as_json(steps(reader.timeline, map(int, walk)), watermark))


@download("plan.json", "export_plan")
def plan_as_of(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The plan of the ``visit`` as of ``at``: an event or a moment, the present where nothing is said."""
    position = _position(reader, asked.get(AT, ""), reader.plan.position)
    visit = asked.get("visit", "")
    return File(f"{visit}-{position}.json", _JSON, plan_json(reader.timeline.at(position), visit, watermark=watermark))


@download("differences.csv", "export_history")
def differences_csv(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """What differs between ``from`` and ``to``, of one ``visit`` or of all."""
    last = reader.plan.position
    start, end = _position(reader, asked.get(FROM, ""), last), _position(reader, asked.get(TO, ""), last)
    speaker = speaker_for(asked)
    out = io.StringIO()
    found = compared(reader, start, end, asked.get("visit", ""), force=reader.sees_force)
    plan = reader.plan
    rows = ((one.subject, one.kind.value, speaker_of(speaker, plan, one.subject).say(one.message)) for one in found)
    write_rows(out, ("subject", "kind", "sentence"), rows, watermark.beside())
    return File(f"differences-{start}-{end}.csv", _CSV, out.getvalue().encode("utf-8-sig", "replace"))


@download("questions.csv", "read_questions")
def questions_csv(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The cases of all audit questions of the ``visit``; ``late`` is the number of hours that is late."""
    visit = asked.get("visit", "")
    out = io.StringIO()
    write_csv(out, reader.answers(visit, late_of(asked.get("late", ""))), speaker_for(asked), watermark.beside())
    return File(f"{visit}-questions.csv", _CSV, out.getvalue().encode("utf-8-sig", "replace"))


def _walk(reader: Reader, asked: Mapping[str, str]) -> Sequence[int]:
    visit = asked.get("visit", "")
    wanted = Asked(visit, asked.get("kind", ""), asked.get("by", ""), asked.get("q", ""), reader.sees_force)
    walk = reader.along(wanted)
    if len(walk) > MOST_EVENTS:
        raise InvalidInput.because(
            "{n} events are too many for one file here: choose fewer, or use the command line (planner history).",
            n=len(walk),
        )
    return walk


def _position(reader: Reader, typed: str, otherwise: int) -> int:
    if not typed:
        return otherwise
    position = asked_position(reader, typed)
    if position is None:
        raise NotFound.because("«{typed}» is neither an event that exists nor a moment.", typed=typed)
    return position
