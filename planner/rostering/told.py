"""A proposal as JSON: codes and numbers for scripts, sentences in both languages for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from domain.values import TimeWindow
from planner.rostering.changes import Change
from planner.rostering.made import Made
from planner.rostering.problem import NONE
from planner.rostering.reasons import Open, choices, open_shifts, term
from planner.rostering.roster import Roster
from planner.text import both
from planner.zones import zone_of


def as_json(made: Made, *, prove: int = 20, why: bool = True) -> dict[str, Any]:
    """``{visit, position, cost, …, assignments, changes, uncovered}``; places in order of time.

    Of a roster that is only repaired nothing is proved: ``bound`` and ``gap`` are null, ``uncovered`` is what is lost.
    ``prove`` says for how many uncovered shifts a proof is looked for, up to a second each; ``why`` whether each
    change tells why this officer, and what the next best would cost.
    """
    zone = zone_of(made.plan, f"visit/{made.visit}")
    roster = made.roster
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
        "changes": [_change(made, change, zone, why=why) for change in made.changes],
        "uncovered": [_open(one, zone) for one in open_shifts(made, roster, prove=prove)],
        "refused": [
            {"post": one.given.post, "officer": one.given.officer, "message": both(one.why, zone)}
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
            officer = made.laid.seating.officers[int(made.holder[seat])].key
            yield {
                "post": place.post.code,
                "shift": place.shift.code,
                "officer": officer,
                "window": _window(place.window),
            }


def _change(made: Made, change: Change, zone: str, *, why: bool) -> dict[str, Any]:
    roster = made.roster
    return {
        "code": change.code,
        "withdrawn": [{"assignment": duty.code, "officer": duty.officer} for duty in change.withdrawn],
        "given": [
            {
                "officer": given.officer,
                "window": _window(given.window),
                **({"why": _why(made, roster, given.seat, zone)} if why else {}),
            }
            for given in change.given
        ],
    }


def _why(made: Made, roster: Roster, seat: int, zone: str) -> list[dict[str, Any]]:
    return [
        {"officer": one.officer, "added": round(one.candidate.added, 2), "message": both(one.said, zone)}
        for one in choices(made, roster, seat, 3)
    ]


def _open(one: Open, zone: str) -> dict[str, Any]:
    return {
        "post": one.place.post.code,
        "shift": one.place.shift.code,
        "window": _window(one.place.window),
        "missing": one.missing,
        "counters": {reason.value: n for reason, n in one.counters.counts.items() if n},
        "relax": [] if one.core is None else [rule.value for rule in one.core.relax],
        "reasons": [both(said, zone) for said in one.reasons],
    }


def _window(span: TimeWindow) -> dict[str, str]:
    return {"start": span.start.isoformat(), "end": span.end.isoformat()}
