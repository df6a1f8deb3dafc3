"""A proposal as JSON: codes and numbers for scripts, sentences in both languages for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from domain.values import TimeWindow
from planner.history.names import person
from planner.rostering.changes import Change
from planner.rostering.made import Made
from planner.rostering.problem import NONE
from planner.rostering.reasons import RANKED, Open, choices, term
from planner.rostering.roster import Roster
from planner.rostering.verdict import Filling, Impossible, Unsettled, Verdict
from planner.text import both
from planner.zones import zone_of


def as_json(made: Made, uncovered: Iterable[Open]) -> dict[str, Any]:
    """``{visit, position, cost, …, assignments, changes, uncovered}``; places in order of time, of those uncovered the
    critical ones first.

    Of a roster that is only repaired no bound is looked for: ``bound`` and ``gap`` are null, ``uncovered`` is what is
    lost.
    """
    zone = zone_of(made.plan, f"visit/{made.visit}")
    return {
        "visit": made.visit,
        "position": made.plan.position,
        "shift_minutes": round(made.laid.asked.shift / timedelta(minutes=1)),
        "seed": made.seed,
        "seconds": round(made.seconds, 3),
        "ended": made.ended.value,
        "cost": round(made.cost, 2),
        "cost_before": round(made.cost_before, 2),
        "terms": {name: {"cost": round(cost, 2), "label": both(term(name), zone)} for name, cost in made.terms.items()},
        "bound": None if made.bound is None else round(made.bound, 2),
        "gap": None if made.gap is None else round(made.gap, 6),
        "assignments": list(_assignments(made)),
        "changes": [_change(made, change, zone) for change in made.changes],
        "uncovered": [_open(made, one, zone) for one in uncovered],
        "refused": [
            {"post": one.given.post, **_named(made, one.given.officer), "message": both(one.why, zone)}
            for one in made.refused
        ],
        "findings": [
            {"rule": one.rule, "severity": one.severity.value, "message": both(one.message, zone)}
            for one in made.findings
        ],
    }


def _assignments(made: Made) -> Iterable[dict[str, Any]]:
    for seat, place in zip(made.laid.place, made.laid.seating.places, strict=True):
        if int(made.holder[seat]) != NONE:
            yield {
                "post": place.post.code,
                "shift": place.shift.code,
                **_named(made, _officer(made, int(made.holder[seat]))),
                "window": _window(place.window),
            }


def _change(made: Made, change: Change, zone: str) -> dict[str, Any]:
    roster = made.roster
    return {
        "code": change.code,
        "withdrawn": [{"assignment": duty.code, **_named(made, duty.officer)} for duty in change.withdrawn],
        "given": [
            {
                **_named(made, given.officer),
                "window": _window(given.window),
                "why": _why(made, roster, given.seat, zone),
            }
            for given in change.given
        ],
    }


def _why(made: Made, roster: Roster, seat: int, zone: str) -> list[dict[str, Any]]:
    return [
        {**_named(made, one.officer), "added": round(one.candidate.added, 2), "message": both(one.said, zone)}
        for one in choices(made, roster, seat, RANKED)
    ]


def _open(made: Made, one: Open, zone: str) -> dict[str, Any]:
    return {
        "post": one.place.post.code,
        "shift": one.place.shift.code,
        "window": _window(one.place.window),
        "missing": one.missing,
        "counters": {reason.value: n for reason, n in one.counters.counts.items() if n},
        "known": _known(made, one.verdict),
        "reasons": [both(said, zone) for said in one.reasons],
    }


def _known(made: Made, found: Verdict | None) -> dict[str, Any] | None:
    """What is known for sure of a place, None where nobody asked; places that are not of this visit are null."""
    match found:
        case Impossible():
            return {
                "kind": "core" if found.officers is None else "hall",
                "places": [_place(made, seat) for seat in found.seats],
                "officers": None if found.officers is None else len(found.officers),
                "relax": [rule.value for rule in found.remedy.rules],
                "all_rules_tried": found.remedy.all_tried,
            }
        case Filling():
            moves = [{"officer": _officer(made, officer), "to": _place(made, seat)} for seat, officer in found.moves]
            return {"kind": "filling", "added": round(found.added, 2), "changes": moves}
        case Unsettled():
            return {"kind": "unsettled"}
    return None


def _place(made: Made, seat: int) -> str | None:
    number = int(made.laid.seat[seat])
    if number == NONE:
        return None
    place = made.laid.seating.places[number]
    return f"{place.post.code}/{place.shift.code}"


def _officer(made: Made, number: int) -> str:
    return made.laid.seating.officers[number].key


def _named(made: Made, officer: str) -> dict[str, str]:
    """The code of an officer, and rank and name for people."""
    who = made.plan.officer(officer)
    return {"officer": officer, "name": person(who.name, who.details.rank)}


def _window(span: TimeWindow) -> dict[str, str]:
    return {"start": span.start.isoformat(), "end": span.end.isoformat()}
