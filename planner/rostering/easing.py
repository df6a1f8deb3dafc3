"""Load: what a proposal would pile on one officer within a day, a week or nights in a row, others take if they can.

The totals of R03 are counted in windows that slide over all duties of an officer; no pair of places shows them, so the
search does not see them. The rule itself is asked of the finished roster, and places are taken from whoever would have
more than is meant and given to somebody else. Nothing more is left open for it: coverage goes before comfort.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import islice

import numpy as np

from domain.finding import Severity
from planner.rostering.checked import Sound, Tried, sound_by_the_rules
from planner.rostering.from_plan import Laid
from planner.rostering.problem import NONE, Bools
from planner.rostering.replan import replan

#: So often places are given to others and the rules asked anew.
ROUNDS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Eased:
    """The roster as the rules have it, and who was spared which seat (seat, officer)."""

    sound: Sound
    spared: frozenset[tuple[int, int]] = frozenset()


def eased(laid: Laid, sound: Sound, stop: Callable[[], bool] | None = None) -> Eased:
    """A roster that breaks no rule, with fewer warnings of too much duty where others can take the places.

    ``stop`` is asked before each round: a stopped search answers with what it has.
    """
    able, now = sound.able.copy(), Eased(sound)
    unavoidable, at_once = set[int](), len(laid.seating.places)
    for _ in range(ROUNDS):
        heavy = dict(islice(_heavy(now, unavoidable).items(), at_once))
        if not heavy or (stop is not None and stop()):
            break
        for seat, officer in heavy.items():
            able[officer, seat] = False
        found = _without(laid, now, heavy, able)
        if found is not None:
            now, able = found, found.sound.able.copy()
            continue
        for seat, officer in heavy.items():
            able[officer, seat] = True
        if len(heavy) == 1:
            unavoidable |= set(heavy)
        at_once = max(1, len(heavy) // 2)
    return now


def _heavy(now: Eased, unavoidable: set[int]) -> dict[int, int]:
    """For each warning of too much duty the last seat that is newly given in it, and who holds it."""
    found: dict[int, int] = {}
    said = now.sound.said
    for finding in said.findings:
        if finding.rule != "R03" or finding.severity is not Severity.WARN:
            continue
        given = [said.given[subject] for subject in finding.subjects if subject in said.given]
        seats = [one for one in given if one.seat not in unavoidable]
        if seats:
            last = max(seats, key=lambda one: (one.window.start, one.seat))
            found[last.seat] = int(now.sound.holder[last.seat])
    return found


def _without(laid: Laid, now: Eased, heavy: dict[int, int], able: Bools) -> Eased | None:
    """The roster where others hold these seats; None where somebody is missing then, or as many have too much."""
    trial = now.sound.holder.copy()
    trial[list(heavy)] = NONE
    filled = replan(laid.problem.with_able(able), trial).roster.holder
    found = sound_by_the_rules(laid, filled, able)
    missing = np.any((found.holder == NONE) & (now.sound.holder != NONE))
    if missing or _warnings(found.said) >= _warnings(now.sound.said):
        return None
    refused = now.sound.refused + found.refused
    return Eased(dataclasses.replace(found, refused=refused), now.spared | frozenset(heavy.items()))


def _warnings(said: Tried) -> int:
    return sum(finding.rule == "R03" for finding in said.findings)
