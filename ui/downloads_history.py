"""Downloads of the history: events as CSV and JSON, the plan as of an event as JSON, and the difference of two."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from domain.base import Actor, Role
from domain.refusals import InvalidInput, NotAllowed, NotFound
from planner.access import permit
from planner.application import Planner
from planner.exports.plan_json import plan_json
from planner.history.records import as_csv, as_json, as_text
from planner.history.steps import steps
from planner.history.walks import Asked, walks
from ui.components.comparing import FROM, TO, compared
from ui.components.replay import AT, asked_position
from ui.downloads import File, download, speaker_for

#: More events than this take too long for a page; the command line writes any number.
MOST_EVENTS: Final = 30_000
#: Who may see where officers are.
FORCE: Final = frozenset({Role.PLANNER, Role.COMMANDER, Role.AUDITOR})
_CSV, _JSON = "text/csv; charset=utf-8", "application/json"


def sees_force(actor: Actor) -> bool:
    """True where the actor may see posts and duties."""
    return bool(FORCE & actor.roles)


@download("history.csv")
def history_csv(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The events of ``visit``, ``kind``, ``by`` and words ``q`` (all where nothing is said) as a table."""
    walk, speaker = _walk(planner, actor, asked), speaker_for(asked)
    return File("history.csv", _CSV, as_csv(steps(planner.timeline, map(int, walk)), speaker))


@download("history.json")
def history_json(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The same as JSON, with sentences in both languages."""
    walk = _walk(planner, actor, asked)
    return File("history.json", _JSON, as_json(steps(planner.timeline, map(int, walk))))


@download("plan.json")
def plan_as_of(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The plan of the ``visit`` as of ``at``: an event or a moment, the present where nothing is said."""
    permit(actor, "export_history")
    if not sees_force(actor):
        raise NotAllowed.because("The whole plan names posts and duties; your role does not see them.")
    position = _position(planner, asked.get(AT, ""), planner.plan.position)
    visit = asked.get("visit", "")
    return File(f"{visit}-{position}.json", _JSON, plan_json(planner.timeline.at(position), visit))


@download("differences.csv")
def differences_csv(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """What differs between ``from`` and ``to``, of one ``visit`` or of all."""
    permit(actor, "export_history")
    last = planner.plan.position
    start, end = _position(planner, asked.get(FROM, ""), last), _position(planner, asked.get(TO, ""), last)
    speaker = speaker_for(asked)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(("subject", "kind", "sentence"))
    for one in compared(planner, start, end, asked.get("visit", ""), force=sees_force(actor)):
        rows.writerow((as_text(one.subject), one.kind.value, as_text(speaker.say(one.message))))
    return File(f"differences-{start}-{end}.csv", _CSV, out.getvalue().encode("utf-8-sig", "replace"))


def _walk(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> Sequence[int]:
    permit(actor, "export_history")
    plan = planner.plan
    visit = asked.get("visit", "")
    if visit:
        plan.visit(visit)
    wanted = Asked(visit, asked.get("kind", ""), asked.get("by", ""), asked.get("q", ""), sees_force(actor))
    walk = walks(planner.timeline).along(wanted, plan)
    if len(walk) > MOST_EVENTS:
        raise InvalidInput.because(
            "{n} events are too many for one file here: choose fewer, or use the command line (planner history).",
            n=len(walk),
        )
    return walk


def _position(planner: Planner, typed: str, otherwise: int) -> int:
    if not typed:
        return otherwise
    position = asked_position(planner, typed)
    if position is None:
        raise NotFound.because("«{typed}» is neither an event that exists nor a moment.", typed=typed)
    return position
