"""Why a seat stays open: counters add up, whatever is said for sure is true, and something is always said."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

from planner.rostering.alone import Relaxed, only, without
from planner.rostering.core import Remedy
from planner.rostering.exact import held_by
from planner.rostering.explain import Against, candidates, counters, hall
from planner.rostering.problem import NONE, Numbers, Problem
from planner.rostering.proposing import Effort, propose
from planner.rostering.roster import Roster, sound
from planner.rostering.verdict import Filling, Impossible, Unsettled, Verdict, verdict
from planner.rostering.waves import first_plan
from tests.planner.rostering.enumerated import allowed_rosters, can_be_held
from tests.planner.rostering.small import officers, problem, random_problem, seats

QUICK = Effort(seconds=5, early_steps=10, late_steps=10)


def untrue(roster: Roster, seat: int, said: Verdict) -> list[str]:
    """What is wrong with what is said of an open seat, by CP-SAT over whole plans."""
    match said:
        case Impossible():
            return [*_untrue_proof(roster.problem, seat, said), *_untrue_remedy(roster.problem, said)]
        case Filling():
            return list(_untrue_filling(roster, seat, said))
    return ["nothing is said"]


def _untrue_proof(asked: Problem, seat: int, said: Impossible) -> list[str]:
    wrong = ["the seat is not among them"] if seat not in said.seats else []
    if can_be_held(asked, said.seats):
        wrong.append("they can all be held")
    able = {
        officer
        for officer in range(asked.m)
        for held in allowed_rosters(asked, officer)
        if not {*said.seats}.isdisjoint(held)
    }
    if said.officers is not None and able != {*said.officers}:
        wrong.append("others could hold one too")
    # What is pinned is held in every plan: it is named because the proof takes it.
    own = [one for one in said.seats if not asked.pinned[one]] if len(said.seats) > 1 else []
    needless = (one for one in own if not can_be_held(asked, {*said.seats} - {one}))
    wrong += [f"{one} is not needed" for one in needless]
    return wrong


def _untrue_remedy(asked: Problem, said: Impossible) -> list[str]:
    helps = {rule for rule in Relaxed if can_be_held(without(asked, rule), said.seats)}
    wrong = [f"{rule} does not help" for rule in said.remedy.rules if rule not in helps]
    return [*wrong, "another rule would do"] if said.remedy.all_tried and helps - {*said.remedy.rules} else wrong


def _untrue_filling(roster: Roster, seat: int, said: Filling) -> list[str]:
    holder = roster.holder.copy()
    for moved, officer in said.moves:
        holder[moved] = officer
    after = Roster.of(roster.problem, holder)
    wrong = [] if sound(after) else ["a rule is broken"]
    if {*after.open.tolist()} != {*roster.open.tolist()} - {seat}:
        wrong.append("not this seat is filled, or another is left open")
    return wrong if abs(after.cost - roster.cost - said.added) < 1e-6 else [*wrong, "it costs something else"]


def test_counters_tell_of_each_officer_what_stands_against_it() -> None:
    asked = problem(
        seats((0, 480), (0, 480), (490, 700), destination=[0, 0, 1], origin=[0, 0, 1]),
        officers((0,), (1,), (0,), (0,), away=[(2, 0, 2000)]),
    )
    roster = Roster.of(asked, np.array([0, 3, -1]))

    told = counters(roster, 2).counts

    assert {reason: n for reason, n in told.items() if n} == {
        Against.QUALIFICATION: 1,
        Against.AWAY: 1,
        Against.TRAVEL: 2,
    }


def test_a_seat_that_is_longer_than_all_hours_is_open_for_want_of_hours() -> None:
    asked = problem(seats((0, 900)), officers((0,), (0,)), Numbers(min_rest=480, max_span=960, most_minutes=600))

    roster = propose(asked, effort=QUICK).roster()

    assert counters(roster, 0).counts[Against.HOURS] == 2
    assert verdict(roster, 0) == Impossible((0,), (), Remedy((Relaxed.HOURS,), all_tried=True))


def test_whom_it_costs_least_to_move_could_then_really_stand_there() -> None:
    """The first officer would give up one seat, and still have too many hours with the other."""
    asked = problem(
        seats((0, 60), (480, 960), (480, 960), needs=[0, 1, 0]),
        officers((0, 1), (1,)),
        Numbers(min_rest=60, max_span=960, most_minutes=500),
    )
    roster = Roster.of(asked, np.array([0, NONE, NONE]))

    assert counters(roster, 2).displaced is None


def test_too_few_officers_for_seats_at_one_time_are_a_hall_set() -> None:
    asked = problem(seats(*[(0, 480)] * 10, needs=[1] * 10), officers(*[(1,)] * 9, (0,)))

    proof = hall(asked, 4)

    assert proof is not None
    assert (len(proof.seats), len(proof.officers)) == (10, 9)


def test_where_rest_is_what_forbids_the_core_says_so() -> None:
    asked = problem(seats((0, 480), (600, 1080)), officers((0,)))

    found = verdict(Roster.of(asked, np.array([NONE, 0])), 0)

    assert found == Impossible((0, 1), None, Remedy((Relaxed.REST,), all_tried=True))


def test_a_seat_that_could_be_held_says_how() -> None:
    """One officer could take either, the other only what the first one has."""
    asked = problem(seats((0, 480), (0, 480), needs=[0, 1]), officers((0, 1), (0,)))

    found = verdict(Roster.of(asked, np.array([0, NONE])), 1)

    assert found == Filling(((0, 1), (1, 0)), -1000.0)


def test_a_way_to_fill_a_seat_may_be_dearer_than_leaving_it_open() -> None:
    numbers = Numbers(min_rest=480, max_span=720, uncovered=10.0, changed=30.0)
    asked = problem(
        seats((0, 480), (0, 480), needs=[0, 1]), officers((0, 1), (0,)), numbers, published=np.array([0, NONE])
    )
    best = propose(asked, effort=QUICK)

    assert best.open.tolist() == [1]
    assert verdict(best.roster(), 1) == Filling(((0, 1), (1, 0)), 20.0)


def test_where_no_rule_alone_would_do_that_is_said() -> None:
    """The one officer lacks what the seat needs, and is away besides."""
    asked = problem(seats((0, 480), needs=[1]), officers((0,), away=[(0, 0, 480)]))

    assert verdict(Roster(asked), 0) == Impossible((0,), (), Remedy((), all_tried=True))


def test_whoever_is_lost_comes_back_by_no_rule() -> None:
    asked = problem(seats((0, 480)), officers((0,), away=[(0, -(10**10), 10**10)]))

    assert verdict(Roster(asked), 0) == Impossible((0,), (), Remedy((), all_tried=True))


@pytest.mark.parametrize("hours", [False, True])
def test_a_duty_that_is_pinned_keeps_its_officer(*, hours: bool) -> None:
    """By its hours, or because it stands in the way."""
    numbers = Numbers(min_rest=60, max_span=720, most_minutes=900 if hours else 10_000)
    later = (1500, 1980) if hours else (500, 980)
    asked = problem(
        seats((0, 480), later), officers((0,)), numbers, published=np.array([0, NONE]), pinned=np.array([True, False])
    )

    found = verdict(Roster(asked), 1)

    others = {Relaxed.HOURS} if hours else {Relaxed.REST}
    assert isinstance(found, Impossible)
    assert (found.seats, found.officers) == ((1,), ())
    assert {*found.remedy.rules} == {Relaxed.PINNED, *others}


def test_what_is_not_found_out_in_time_is_said_to_be_so() -> None:
    asked = problem(seats((0, 480), (600, 1080)), officers((0,)))
    roster = Roster.of(asked, np.array([NONE, 0]))

    assert (verdict(roster, 0, seconds=0.0), untrue(roster, 0, verdict(roster, 0))) == (Unsettled(), [])


# Hostile


def test_without_officers_every_seat_is_impossible() -> None:
    asked = problem(seats(*[(0, 480)] * 3), officers())

    assert [verdict(Roster(asked), seat) for seat in range(3)] == [
        Impossible((seat,), (), Remedy((), all_tried=True)) for seat in range(3)
    ]


def test_one_officer_for_all() -> None:
    asked = problem(seats(*[(day * 1440, day * 1440 + 480) for day in range(3) for _ in range(20)]), officers((0,)))
    roster = first_plan(asked)

    found = [verdict(roster, int(seat)) for seat in roster.open]

    assert {(len(one.seats), one.officers) for one in found if isinstance(one, Impossible)} == {(2, (0,))}
    assert len(found) == 57


def test_ten_thousand_identical_posts_are_proven_within_a_second() -> None:
    asked = problem(seats(*[(0, 480)] * 10_000), officers(*[(0,)] * 600))
    roster = Roster.of(asked, np.append(np.arange(600), np.full(9_400, NONE)))
    began = time.thread_time()

    found = verdict(roster, 9_999)

    assert isinstance(found, Impossible)
    assert (len(found.seats), len(found.officers or ())) == (601, 600)
    assert time.thread_time() - began < 1.0


# Against CP-SAT


def pinned_in_part(asked: Problem, seed: int) -> Problem:
    """The problem with a third of what its best plan holds pinned."""
    best = propose(asked, effort=QUICK)
    draw = np.random.default_rng(seed)
    held = np.flatnonzero(best.holder != NONE)
    pinned = np.zeros(asked.n, dtype=np.bool_)
    pinned[draw.choice(held, len(held) // 3, replace=False)] = True
    return dataclasses.replace(asked, published=np.where(pinned, best.holder, asked.published), pinned=pinned)


@pytest.mark.slow
def test_all_rosters_tried_tell_what_cp_sat_tells() -> None:
    """Branch and bound over all rosters, which the bound mostly leaves nothing to do."""
    told = set[bool]()
    for seed in range(150):
        asked = random_problem(seed)
        able = np.flatnonzero(asked.able.any(axis=0))[::2]
        if not len(able):
            continue
        alone = only(asked, able)
        holder = held_by(alone, np.inf)
        assert holder is not None
        held = bool((holder != NONE).all())
        assert (seed, held) == (seed, can_be_held(asked, able.tolist()))
        assert not held or sound(Roster.of(alone, holder))
        told.add(held)
    assert told == {True, False}


@pytest.mark.slow
@pytest.mark.parametrize("pins", [False, True])
def test_whatever_is_said_of_an_open_seat_of_the_best_roster_is_true(*, pins: bool) -> None:
    said, kinds = 0, set[object]()
    for seed in range(120):
        asked = pinned_in_part(random_problem(seed), seed) if pins else random_problem(seed)
        roster = propose(asked, effort=QUICK).roster()
        for seat in roster.open.tolist():
            found = verdict(roster, seat, seconds=10)
            assert (seed, seat, found, untrue(roster, seat, found)) == (seed, seat, found, [])
            said += 1
            kinds.add((type(found), isinstance(found, Impossible) and found.officers is None))
    assert said > 200
    assert kinds >= {(Impossible, True), (Impossible, False)}


@pytest.mark.slow
def test_whatever_is_said_of_a_roster_that_is_not_the_best_is_true() -> None:
    filled = 0
    for seed in range(120):
        asked = random_problem(seed)
        holder = first_plan(asked).holder
        holder[np.random.default_rng(seed).random(asked.n) < 0.3] = NONE
        roster = Roster.of(asked, holder)
        for seat in roster.open.tolist():
            found = verdict(roster, seat, seconds=10)
            assert (seed, seat, found, untrue(roster, seat, found)) == (seed, seat, found, [])
            filled += isinstance(found, Filling)
    assert filled > 100


def test_what_is_not_true_is_found_out() -> None:
    """The control of the tests above."""
    asked = problem(seats((0, 480), (0, 480), (480, 600), needs=[0, 1, 2]), officers((0, 1), (0,)))
    roster = Roster.of(asked, np.array([0, NONE, NONE]))

    assert untrue(roster, 1, Impossible((0, 1), None, Remedy())) == ["they can all be held"]
    assert untrue(roster, 2, Impossible((0, 2), (), Remedy((Relaxed.REST,)))) == [
        "others could hold one too",
        "0 is not needed",
        "rest does not help",
    ]
    assert untrue(roster, 2, Impossible((2,), (), Remedy((), all_tried=True))) == ["another rule would do"]
    assert untrue(roster, 1, Filling(((1, 0),), -1000.0)) == ["a rule is broken"]
    assert untrue(roster, 1, Filling(((1, 0), (0, NONE)), 0.0)) == ["not this seat is filled, or another is left open"]
    assert untrue(roster, 1, Filling(((0, 1), (1, 0)), 5.0)) == ["it costs something else"]
    assert untrue(roster, 1, Unsettled()) == ["nothing is said"]


def test_why_this_officer_and_what_another_would_cost() -> None:
    asked = problem(seats((0, 480), (0, 480)), officers((0,), (0,), (0,)))
    roster = Roster.of(asked, np.array([0, 1]))

    told = {one.officer: (one.against, one.added, one.given_up) for one in candidates(roster, 0)}

    assert told[0] == (Against.NOTHING, 0.0, ())
    assert told[2] == (Against.NOTHING, 0.0, ())
    assert told[1] == (Against.OVERLAP, 1000.0, (1,))
