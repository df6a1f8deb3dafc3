"""Load: what a proposal would pile on one officer within a day, a week or nights in a row, others take if they can.

The totals of R03 are counted in windows that slide over all duties of an officer; no pair of places shows them, so the
search does not see them. The rule itself is asked of the finished roster, and places are taken from whoever would have
more than is meant and given to somebody else. Nothing more is left open for it: coverage goes before comfort.
"""

from __future__ import annotations

import dataclasses
from itertools import islice

from domain.base import Act
from domain.finding import Severity
from planner.rostering.changes import changes
from planner.rostering.checked import Tried, tried
from planner.rostering.from_plan import Laid
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.replan import replan

#: So often places are given to others and the rules asked anew.
ROUNDS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Eased:
    """The roster, what the rules say to it, and who was spared which seat (seat, officer)."""

    holder: Ints
    said: Tried
    spared: frozenset[tuple[int, int]] = frozenset()


def eased(laid: Laid, holder: Ints, said: Tried, act: Act) -> Eased:
    """A roster that breaks no rule, with fewer warnings of too much duty where others can take the places."""
    able, now = laid.problem.able.copy(), Eased(holder, said)
    unavoidable, at_once = set[int](), len(laid.seating.places)
    for _ in range(ROUNDS):
        heavy = dict(islice(_heavy(laid, now, unavoidable).items(), at_once))
        if not heavy:
            break
        for seat, officer in heavy.items():
            able[officer, seat] = False
        found = _without(laid, now, heavy, able, act)
        if found is not None:
            now = found
            continue
        for seat, officer in heavy.items():
            able[officer, seat] = True
        if len(heavy) == 1:
            unavoidable |= set(heavy)
        at_once = max(1, len(heavy) // 2)
    return now


def _heavy(laid: Laid, now: Eased, unavoidable: set[int]) -> dict[int, int]:
    """For each warning of too much duty the last seat that is newly given in it, and who holds it."""
    found: dict[int, int] = {}
    for finding in now.said.findings:
        if finding.rule != "R03" or finding.severity is not Severity.WARN:
            continue
        given = [now.said.given[subject] for subject in finding.subjects if subject in now.said.given]
        seats = [one for one in given if one.seat not in unavoidable]
        if seats:
            last = max(seats, key=lambda one: (one.window.start, one.seat))
            found[last.seat] = int(now.holder[last.seat])
    return found


def _without(laid: Laid, now: Eased, heavy: dict[int, int], able: Bools, act: Act) -> Eased | None:
    """The roster where others hold these seats; None where somebody is missing then, or as many have too much."""
    trial = now.holder.copy()
    trial[list(heavy)] = NONE
    holder = replan(laid.problem.with_able(able), trial).roster.holder.copy()
    if any(holder[seat] == NONE and now.holder[seat] != NONE for seat in range(len(holder))):
        return None
    said = tried(laid.plan, laid.asked.visit, changes(laid, holder), act)
    if said.refused or _warnings(said) >= _warnings(now.said):
        return None
    return Eased(holder, said, now.spared | frozenset(heavy.items()))


def _warnings(said: Tried) -> int:
    return sum(finding.rule == "R03" for finding in said.findings)
