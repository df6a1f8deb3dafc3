"""Why a seat stays open, and why this officer and not that one: as data and as messages, never finished text.

First the counters: what stands against each officer. Then a proof that no plan fills all of a set of seats: seats
that pairwise clash and need more hands than there are able officers (Hall). Where there is no such set: ``verdict``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from domain.messages import Message, counted
from planner.rostering.problem import NONE, Bools, Floats, Ints, Problem
from planner.rostering.roster import Roster, allowed
from planner.rostering.scarcity import Scarce, full_day, scarcest, scarcity, second_critical


class Against(StrEnum):
    """What stands against an officer at a seat, the first that applies."""

    QUALIFICATION = "qualification"
    RANK = "rank"
    AWAY = "away"
    PINNED = "pinned"
    OVERLAP = "overlap"
    TRAVEL = "travel"
    REST = "rest"
    HOURS = "hours"
    NOTHING = "nothing"


REASONS = list(Against)


@dataclasses.dataclass(frozen=True, slots=True)
class Counters:
    """Of how many officers what stands against a seat, and the cheapest displacement: officer, seats given up, and what
    that adds to the cost."""

    seat: int
    officers: int
    counts: dict[Against, int]
    displaced: tuple[int, tuple[int, ...], float] | None

    @property
    def messages(self) -> tuple[Message, ...]:
        """One sentence for each reason that applies to somebody."""
        return tuple(said(reason, n) for reason, n in self.standing)

    @property
    def standing(self) -> tuple[tuple[Against, int], ...]:
        """What stands against somebody, and of how many."""
        return tuple((reason, n) for reason, n in self.counts.items() if n and reason is not Against.NOTHING)


def said(reason: Against, n: int) -> Message:
    """Of how many officers a reason stands against a seat."""
    match reason:
        case Against.QUALIFICATION:
            return counted("{n} officer lacks a qualification.", "{n} officers lack a qualification.", n)
        case Against.RANK:
            return counted("{n} officer is below the rank.", "{n} officers are below the rank.", n)
        case Against.AWAY:
            return counted("{n} officer is away.", "{n} officers are away.", n)
        case Against.PINNED:
            return counted(
                "{n} officer is kept by a duty that is pinned or outside the proposal.",
                "{n} officers are kept by duties that are pinned or outside the proposal.",
                n,
            )
        case Against.OVERLAP:
            return counted("{n} officer is on duty elsewhere.", "{n} officers are on duty elsewhere.", n)
        case Against.TRAVEL:
            return counted("{n} officer could not get there in time.", "{n} officers could not get there in time.", n)
        case Against.REST:
            return counted("{n} officer would not have enough rest.", "{n} officers would not have enough rest.", n)
        case _:
            return counted("{n} officer has no hours left.", "{n} officers have no hours left.", n)


def against(roster: Roster, seat: int) -> Ints:
    """For each officer the index in ``REASONS`` of what stands against the seat in this plan."""
    problem = roster.problem
    seats = problem.seats
    code = np.full(problem.m, REASONS.index(Against.NOTHING))
    away = problem.officers.away
    gone = np.zeros(problem.m, dtype=np.bool_)
    gone[away[(away[:, 1] < seats.end[seat]) & (away[:, 2] > seats.start[seat]), 0]] = True
    needed = np.flatnonzero(seats.needs[seat])
    held = (problem.officers.held_from[:, needed] <= seats.start[seat]) & (
        problem.officers.held_until[:, needed] >= seats.end[seat]
    )
    code[~roster.free_for([seat])[:, 0]] = REASONS.index(Against.REST)
    code[roster.minutes + problem.minutes[seat] > problem.numbers.most_minutes] = REASONS.index(Against.HOURS)
    for officer in np.flatnonzero(roster.blocked_at([seat])[:, 0]):
        code[officer] = REASONS.index(_clash(problem, seat, roster.duties[officer]))
    code[~problem.able[:, seat]] = REASONS.index(Against.PINNED)
    if problem.minutes[seat] > problem.numbers.most_minutes:
        code[:] = REASONS.index(Against.HOURS)
    code[gone] = REASONS.index(Against.AWAY)
    code[problem.officers.rank < seats.rank[seat]] = REASONS.index(Against.RANK)
    code[~held.all(axis=1)] = REASONS.index(Against.QUALIFICATION)
    return code


def _clash(problem: Problem, seat: int, duties: Sequence[int]) -> Against:
    found = Against.REST
    for duty in duties:
        if duty == seat or not problem.clashing(seat)[duty]:
            continue
        one, two = min(seat, duty), max(seat, duty)
        if problem.seats.start[two] < problem.seats.end[one]:
            return Against.OVERLAP
        if not problem.follows[one, two]:
            found = Against.TRAVEL
    return found


def counters(roster: Roster, seat: int) -> Counters:
    """What stands against each officer at an open seat, and whom it would cost least to move there."""
    counts = np.bincount(against(roster, seat), minlength=len(REASONS))
    return Counters(
        seat, roster.problem.m, {reason: int(counts[k]) for k, reason in enumerate(REASONS)}, _displaced(roster, seat)
    )


def _displaced(roster: Roster, seat: int) -> tuple[int, tuple[int, ...], float] | None:
    """Of the officers for whom it is enough to give up what clashes with a seat the one for whom that costs least."""
    problem, clashing = roster.problem, roster.problem.clashing(seat)
    clashes = np.flatnonzero(clashing & (roster.holder != NONE))
    cost = _added(roster, seat, clashes, roster.holder[clashes])
    could = problem.able[:, seat] & roster.blocked_at([seat])[:, 0]
    could[roster.holder[clashes[problem.pinned[clashes]]]] = False
    for officer in np.flatnonzero(could)[np.argsort(cost[could], kind="stable")].tolist():
        duties = roster.duties[officer]
        if allowed(problem, officer, [seat, *(duty for duty in duties if not clashing[duty])]):
            return officer, tuple(duty for duty in duties if clashing[duty]), float(cost[officer])
    return None


def _added(roster: Roster, seat: int, gives_up: Ints, officers: Ints) -> Floats:
    """What it adds to the cost that each officer takes an open seat and leaves others open; these seats are theirs."""
    problem = roster.problem
    lost = problem.open_cost[gives_up] - problem.cost[officers, gives_up]
    cost = problem.cost[:, seat] - problem.open_cost[seat] + np.bincount(officers, lost, minlength=problem.m)
    freed = np.bincount(officers, problem.minutes[gives_up], minlength=problem.m).astype(np.int64)
    after = roster.minutes + problem.minutes[seat] - freed
    found: Floats = cost + problem.hours_cost(after) - problem.hours_cost(roster.minutes)
    return found


def given_up(problem: Problem, officer: int, own: Iterable[int], kept: Iterable[int]) -> list[int]:
    """Of duties that an officer would keep those that cannot stand beside others; not the fewest where hours and spans
    of several decide."""
    own, kept = list(own), list(kept)
    lost = [duty for duty in kept if problem.clashing(duty)[own].any()]
    kept = [duty for duty in kept if duty not in lost]
    while kept and not allowed(problem, officer, [*own, *kept]):
        lost.append(kept.pop())
    return lost


def _gives_up(roster: Roster, officer: int, seat: int) -> tuple[int, ...]:
    """What an officer would have to give up for a seat; nothing where that is pinned."""
    lost = given_up(roster.problem, officer, [seat], roster.duties[officer])
    return () if roster.problem.pinned[lost].any() else tuple(lost)


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """Seats that pairwise clash, and all officers who could hold any of them: fewer than the seats."""

    seats: tuple[int, ...]
    officers: tuple[int, ...]


def hall(problem: Problem, seat: int) -> Proof | None:
    """A Hall set with this seat, if a clique of seats around it has one; None where no such proof was found.

    Cliques are the seats that go on at one moment of the seat, and those of them that need the same.
    """
    if not problem.able[:, seat].any():
        return Proof((seat,), ())
    around = np.flatnonzero(problem.clashing(seat))
    moments = np.unique(problem.seats.start[np.append(around, seat)])
    moments = moments[(moments >= problem.seats.start[seat]) & (moments < problem.seats.end[seat])]
    for moment in moments:
        on = (problem.seats.start <= moment) & (problem.seats.end > moment)
        found = _hall_set(problem.able, np.flatnonzero(on), seat)
        if found is not None:
            return found
    return None


def _hall_set(able: Bools, seats: Ints, seat: int) -> Proof | None:
    """What an alternating walk from the open seat reaches: too few officers for the seats it reaches."""
    links = able[:, seats].T
    holder = maximum_bipartite_matching(csr_array(links), perm_type="column").astype(np.int64)
    place = int(np.flatnonzero(seats == seat)[0])
    for start in [place, *np.flatnonzero(holder == NONE)]:
        if holder[start] != NONE:
            continue
        reached, officers = _walk(links, holder, int(start))
        if place in reached:
            return Proof(tuple(int(seats[k]) for k in sorted(reached)), tuple(sorted(officers)))
    return None


def _walk(links: Bools, holder: Ints, start: int) -> tuple[set[int], set[int]]:
    of = {int(officer): seat for seat, officer in enumerate(holder) if officer != NONE}
    seats, officers, todo = {start}, set[int](), [start]
    while todo:
        for officer in np.flatnonzero(links[todo.pop()]):
            if int(officer) in officers:
                continue
            officers.add(int(officer))
            if int(officer) in of and of[int(officer)] not in seats:
                seats.add(of[int(officer)])
                todo.append(of[int(officer)])
    return seats, officers


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """One officer for one seat: what stands against it, what it would cost by term, what would have to be given up.

    ``spared`` is what others need of an officer who would cost the same as who is chosen, where they need more of it;
    ``full_day`` and ``second_critical`` what more than that an officer is spared.
    """

    officer: int
    against: Against
    terms: dict[str, float]
    added: float
    given_up: tuple[int, ...]
    spared: Scarce | None = None
    full_day: bool = False
    second_critical: bool = False


def candidates(roster: Roster, seat: int) -> list[Candidate]:
    """All able officers for a seat in this plan, its holder aside, the cheapest first: why this one, why not that one.

    Who is spared comes last, and of those who cost the same, who is least needed elsewhere first, as a repair would
    have it. ``added`` is against the plan as it is: seats given up are counted as open.
    """
    problem = roster.problem
    holder = int(roster.holder[seat])
    if holder != NONE:
        roster.take(seat)
    code = against(roster, seat)
    gives_up = {
        officer: _gives_up(roster, officer, seat)
        for officer in np.flatnonzero(problem.able[:, seat] & (code != REASONS.index(Against.NOTHING))).tolist()
    }
    cost = _added(
        roster,
        seat,
        np.array([duty for duties in gives_up.values() for duty in duties], dtype=np.int64),
        np.repeat(np.array(list(gives_up), dtype=np.int64), [len(duties) for duties in gives_up.values()]),
    )
    now = cost[holder] if holder != NONE else 0.0
    found = []
    able = np.flatnonzero(problem.able[:, seat])
    terms = problem.terms(able, np.full(len(able), seat))
    too_much, second = full_day(roster, np.array([seat]))[:, 0], second_critical(roster, np.array([seat]))[:, 0]
    for place, officer in enumerate(able.tolist()):
        found.append(
            Candidate(
                officer,
                REASONS[code[officer]],
                {name: float(values[place]) for name, values in terms.items()},
                float(cost[officer] - now),
                gives_up.get(officer, ()),
                full_day=bool(too_much[officer]),
                second_critical=bool(second[officer]),
            )
        )
    if holder != NONE:
        roster.give(seat, holder)
    return _in_order(problem, seat, holder, found)


def _in_order(problem: Problem, seat: int, holder: int, found: Sequence[Candidate]) -> list[Candidate]:
    """As a repair would have it; who costs the same as the holder and is needed more elsewhere says so."""
    spared, scarce = scarcity(problem, np.array([seat]))[:, 0], scarcest(problem, seat)
    equal = (one for one in found if one.officer in scarce and round(one.added, 6) == 0 and not one.given_up)
    kept = {one.officer for one in equal if holder != NONE and spared[one.officer] > spared[holder]}
    return sorted(
        (dataclasses.replace(one, spared=scarce[one.officer]) if one.officer in kept else one for one in found),
        key=lambda one: (
            one.against is not Against.NOTHING,
            one.second_critical,
            one.full_day,
            round(one.added, 6),
            spared[one.officer],
            one.officer,
        ),
    )
