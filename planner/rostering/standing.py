"""What is known for sure of an open place of a proposal: as ``verdict``, held against the rules of the domain."""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np

from domain.assignment import Assignment
from planner.rostering.changes import Change, Given
from planner.rostering.checked import tried
from planner.rostering.made import Made
from planner.rostering.problem import NONE, Ints
from planner.rostering.roster import Roster
from planner.rostering.verdict import SECONDS, Filling, Unsettled, Verdict, verdict


def as_refused(made: Made) -> Roster:
    """The roster in a problem in which nobody may hold what the rules refused."""
    number = {officer.key: place for place, officer in enumerate(made.laid.seating.officers)}
    refused = [(number[one.given.officer], one.given.seat) for one in made.refused]
    return _without(made.roster, refused) if refused else made.roster


def stands(made: Made, roster: Roster, seat: int) -> Verdict:
    """What is known for sure of an open seat; a way to fill it is one that no rule refuses."""
    until = time.monotonic() + SECONDS
    while (left := until - time.monotonic()) > 0:
        found = verdict(roster, seat, left)
        if not isinstance(found, Filling):
            return found
        refused = _refused(made, found)
        if not refused:
            return found
        roster = _without(roster, refused)
    return Unsettled()


def _without(roster: Roster, refused: Iterable[tuple[int, int]]) -> Roster:
    able = roster.problem.able.copy()
    for officer, seat in refused:
        able[officer, seat] = False
    return Roster.of(roster.problem.with_able(able), roster.holder)


def _refused(made: Made, found: Filling) -> list[tuple[int, int]]:
    """Officer and seat of what the rules refuse of the changes, once all else is as proposed."""
    holder = made.holder.copy()
    for seat, officer in found.moves:
        holder[seat] = officer
    number = {officer.key: place for place, officer in enumerate(made.laid.seating.officers)}
    said = tried(made.then, made.visit, _changes(made, holder), made.laid.asked.act)
    return [(number[one.given.officer], one.given.seat) for one in said.refused]


def _changes(made: Made, holder: Ints) -> list[Change]:
    """What makes this roster of the proposed one, shift by shift."""
    laid, seats = made.laid, dict[tuple[str, str], list[int]]()
    differ = {_shift(made, seat) for seat in np.flatnonzero(holder != made.holder).tolist()}
    for seat in laid.place.tolist():
        if _shift(made, seat) in differ:
            seats.setdefault(_shift(made, seat), []).append(seat)
    duties = {(duty.post, duty.shift, duty.officer): duty for duty in made.then.assignments(made.visit) if duty.counts}
    return [_change(made, duties, holder, *shift, own) for shift, own in seats.items()]


def _change(
    made: Made, duties: dict[tuple[str, str, str], Assignment], holder: Ints, post: str, shift: str, seats: list[int]
) -> Change:
    before = {made.laid.seating.officers[int(made.holder[s])].key for s in seats if made.holder[s] != NONE}
    after = {made.laid.seating.officers[int(holder[s])].key: s for s in seats if holder[s] != NONE}
    window = made.laid.seating.places[int(made.laid.seat[seats[0]])].window
    return Change(
        post,
        shift,
        tuple(duties[post, shift, officer] for officer in sorted(before - after.keys())),
        tuple(Given(post, shift, officer, window, after[officer]) for officer in sorted(after.keys() - before)),
    )


def _shift(made: Made, seat: int) -> tuple[str, str]:
    place = made.laid.seating.places[int(made.laid.seat[seat])]
    return place.post.code, place.shift.code
