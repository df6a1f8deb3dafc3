"""A crowded programme is looked at in parts: so many activities at a time, those of a delegation, those of a venue."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.delegation import Delegation
from domain.plan import Plan
from domain.venue import Venue
from domain.visit import Activity
from planner.text import Speaker
from ui.maps.places import venue_name

#: More activities than this are too many for one picture: on a desk that is a chart of two screens.
MANY = 40

type Parts = Mapping[str, Sequence[Activity]]
"""Activities by the code of their part: ``1``, ``2`` … in order of time, ``delegation/FR``, ``venue/DD-01``."""


def parts_of(listed: Sequence[Activity]) -> Parts:
    """The parts of a list in order of time; one alone where it is short."""
    parts: dict[str, Sequence[Activity]] = {
        str(number): some for number, some in enumerate(itertools.batched(listed, MANY), 1)
    }
    if len(parts) < 2:
        return {"1": listed}
    groups: dict[str, list[Activity]] = {}
    for kind in ("delegation", "venue"):
        for activity in sorted(listed, key=lambda one: getattr(one, kind) or ""):
            if code := getattr(activity, kind):
                groups.setdefault(f"{kind}/{code}", []).append(activity)
    return parts | groups


def part_at(parts: Parts, code: str | None, now: datetime) -> str:
    """The part with the activity of that code; without one, the first that is not over yet, else the first."""
    in_time = [name for name in parts if name.isdecimal()]
    if code is not None:
        return next((name for name in in_time if any(one.code == code for one in parts[name])), in_time[0])
    return next((name for name in in_time if any(one.window.end > now for one in parts[name])), in_time[0])


def part_label(plan: Plan, visit: str, parts: Parts, name: str, speaker: Speaker) -> str:
    """«08:00–09:30 · 40 activities», «FR · France · 5 activities», «Palace · 3 activities»."""
    some = parts[name]
    kind, _, code = name.partition("/")
    match kind:
        case "delegation":
            held = plan.entities.get(f"delegation/{visit}/{code}")
            said = f"{code} · {held.details.name}" if isinstance(held, Delegation) else code
        case "venue":
            held = plan.entities.get(f"venue/{code}")
            said = venue_name(held, speaker) if isinstance(held, Venue) else code
        case _:
            said = _starts(some, speaker)
    return f"{said} · {speaker.counted('{n} activity', '{n} activities', len(some))}"


def _starts(some: Sequence[Activity], speaker: Speaker) -> str:
    """From the first start to the last one, with their days where these differ."""
    first, last = (speaker.local(one.window.start) for one in (some[0], some[-1]))
    if first.date() == last.date():
        return f"{speaker.clock(first)}–{speaker.clock(last)}"
    return f"{speaker.day(first)} {speaker.clock(first)} – {speaker.day(last)} {speaker.clock(last)}"
