"""Load: what a proposal would pile on one officer within a day, a week or nights in a row, others take if they can.

The totals of R03 are counted in windows that slide over all duties of an officer; no pair of places shows them, so the
search does not see them. The rule itself is asked of whoever is given something, and places are taken from whoever
would have more than is meant and given to somebody else; then the whole is held against all rules. Nothing more is left
open for it: coverage goes before comfort.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from itertools import islice

import numpy as np

from domain.assignment import Assignment, AssignmentStatus
from domain.finding import Finding, Severity
from domain.rules import for_reader
from domain.rules.duty import duties_of, found_by, in_order
from domain.rules.rest import rest_and_load_of
from planner.rostering.checked import Sound, sound_by_the_rules
from planner.rostering.from_plan import Laid
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.replan import replan
from planner.rostering.seating import Place

#: So often places are given to others, and so often what comes of it is held against all rules.
ROUNDS, CHECKS = 8, 3


@dataclasses.dataclass(frozen=True, slots=True)
class Eased:
    """The roster as the rules have it, and who was spared which seat (seat, officer)."""

    sound: Sound
    spared: frozenset[tuple[int, int]] = frozenset()


def eased(laid: Laid, holder: Ints, stop: Callable[[], bool] | None = None) -> Eased:
    """The roster without what the rules refuse, and with fewer warnings of too much duty where others can take the
    places.

    ``stop`` is asked before each round: a stopped search answers with what it has.
    """
    now = Eased(sound_by_the_rules(laid, holder))
    able = now.sound.able.copy()
    for _ in range(CHECKS if _warnings(now.sound) else 0):
        work = _Work(laid, now.sound.holder)
        spared = _given_to_others(work, able, stop)
        if not spared:
            break
        found = sound_by_the_rules(laid, work.holder, able)
        missing = np.any((found.holder == NONE) & (now.sound.holder != NONE))
        if not missing and _warnings(found) < _warnings(now.sound):
            refused = now.sound.refused + found.refused
            now = Eased(dataclasses.replace(found, refused=refused), now.spared | spared)
        if not found.refused:
            break
        # Nobody is given again what the rules refused.
        able = now.sound.able & (found.able | ~able)
    return now


def _warnings(sound: Sound) -> int:
    return sum(finding.rule == "R03" for finding in sound.said.findings)


def _given_to_others(work: _Work, able: Bools, stop: Callable[[], bool] | None) -> frozenset[tuple[int, int]]:
    """Who was spared which seat; who is spared is no longer able to hold it."""
    unavoidable, at_once, spared = set[int](), len(work.laid.seating.places), set[tuple[int, int]]()
    for _ in range(ROUNDS):
        heavy = dict(islice(work.heavy(unavoidable).items(), at_once))
        if not heavy or (stop is not None and stop()):
            break
        seats, officers = list(heavy), list(heavy.values())
        able[officers, seats] = False
        trial = work.holder.copy()
        trial[seats] = NONE
        if work.take(replan(work.laid.problem.with_able(able), trial).roster.holder):
            spared |= set(heavy.items())
            continue
        able[officers, seats] = True
        if len(heavy) == 1:
            unavoidable |= set(heavy)
        at_once = max(1, len(heavy) // 2)
    return frozenset(spared)


@dataclasses.dataclass(frozen=True, slots=True)
class _TooMuch:
    """A finding of R03, and the seats that are newly given in it; ``eases`` where it is only a warning."""

    seats: tuple[int, ...]
    eases: bool


class _Work:
    """A roster being eased: who holds which seat, and what R03 newly finds of whom."""

    def __init__(self, laid: Laid, holder: Ints) -> None:
        self.laid, self.holder = laid, holder
        self.numbers = laid.plan.numbers(laid.asked.as_of)
        given = np.unique(holder[(holder != laid.problem.published) & (holder != NONE)])
        self.found = self._about(given, holder)

    def heavy(self, unavoidable: Collection[int]) -> dict[int, int]:
        """For each warning of too much duty the last seat that is newly given in it, and who holds it."""
        found: dict[int, int] = {}
        start = self.laid.problem.seats.start
        for officer, findings in self.found.items():
            for one in findings:
                seats = [seat for seat in one.seats if seat not in unavoidable]
                if one.eases and seats:
                    found[max(seats, key=lambda seat: (start[seat], seat))] = officer
        return found

    def take(self, holder: Ints) -> bool:
        """Go on with another roster, where it leaves nothing more open and has fewer findings."""
        differ = np.flatnonzero(holder != self.holder)
        if np.any(holder[differ] == NONE):
            return False
        concerned = np.setdiff1d(np.append(holder[differ], self.holder[differ]), NONE)
        found = self._about(concerned, holder)
        if sum(map(len, found.values())) >= sum(len(self.found.get(officer, ())) for officer in found):
            return False
        self.holder = holder
        self.found |= found
        return True

    def _about(self, officers: Ints, holder: Ints) -> dict[int, list[_TooMuch]]:
        """What R03 newly finds of officers who hold these seats."""
        return {officer: self._of(officer, holder) for officer in officers.tolist()}

    def _of(self, officer: int, holder: Ints) -> list[_TooMuch]:
        laid, member = self.laid, self.laid.seating.officers[officer]
        places, published = laid.seating.places.stood, laid.problem.published
        was = {_shift(places[n]): places[n].held for n in laid.seat[published == officer].tolist() if n != NONE}
        now = {_shift(places[n]): n for n in laid.seat[holder == officer].tolist() if n != NONE}
        lost = {duty.id for shift, duty in was.items() if duty is not None and shift not in now}
        fresh = [self._duty(member.key, number) for shift, number in now.items() if was.get(shift) is None]
        stay = (duty for duty in duties_of(laid.plan, member.key) if duty.id not in lost)
        findings = tuple(rest_and_load_of(laid.plan, self.numbers, member, in_order((*stay, *fresh))))
        # Mostly nothing is found; then nobody need know what was found before.
        if not findings:
            return []
        known = {one.id for one in found_by(rest_and_load_of, laid.plan, self.numbers, member.key)}
        seats = {duty.id: int(laid.place[int(duty.code)]) for duty in fresh}
        newly = for_reader((one for one in findings if one.id not in known), laid.asked.told)
        return [_too_much(one, seats) for one in newly]

    def _duty(self, officer: str, number: int) -> Assignment:
        """The duty that an officer would have in a place."""
        places = self.laid.seating.places
        place = places.stood[number]
        return Assignment(
            key=f"{self.laid.asked.visit}/{number}",
            version=0,
            post=place.post.code,
            shift=place.shift.code,
            officer=officer,
            window=place.window.shifted(places.by),
            status=AssignmentStatus.CONFIRMED,
        )


def _shift(place: Place) -> tuple[str, str]:
    return place.post.code, place.shift.code


def _too_much(finding: Finding, given: Mapping[str, int]) -> _TooMuch:
    seats = tuple(given[subject] for subject in finding.subjects if subject in given)
    return _TooMuch(seats, finding.severity is Severity.WARN)
