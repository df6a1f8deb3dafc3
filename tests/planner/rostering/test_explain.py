"""Why a seat stays open: counters add up, every proof is one, and relaxing the named rule helps."""

from __future__ import annotations

import numpy as np
import pytest

from planner.rostering.core import Relaxed, core, impossible, only, relaxed
from planner.rostering.explain import Against, candidates, counters, hall
from planner.rostering.proposing import Effort, propose
from planner.rostering.roster import Roster
from tests.planner.rostering.enumerated import cheapest
from tests.planner.rostering.small import officers, problem, random_problem, seats


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


def test_too_few_officers_for_seats_at_one_time_are_a_hall_set() -> None:
    asked = problem(seats(*[(0, 480)] * 10, needs=[1] * 10), officers(*[(1,)] * 9, (0,)))

    proof = hall(asked, 4)

    assert proof is not None
    assert (len(proof.seats), len(proof.officers)) == (10, 9)
    assert str(proof.message) == ("10 places at the same time need different officers; only 9 could take any of them.")


def test_where_rest_is_what_forbids_the_core_says_so() -> None:
    asked = problem(seats((0, 480), (600, 1080)), officers((0,)))

    found = core(asked, 0)

    assert found is not None
    assert (found.seats, Relaxed.REST in found.relax, Relaxed.TRAVEL in found.relax) == ((0, 1), True, False)


def test_a_seat_that_can_be_held_has_no_proof() -> None:
    asked = problem(seats((0, 480)), officers((0,)))

    assert (hall(asked, 0), core(asked, 0)) == (None, None)


def test_why_this_officer_and_what_another_would_cost() -> None:
    asked = problem(seats((0, 480), (0, 480)), officers((0,), (0,), (0,)))
    roster = Roster.of(asked, np.array([0, 1]))

    told = {one.officer: (one.against, one.added, one.given_up) for one in candidates(roster, 0)}

    assert told[0] == (Against.NOTHING, 0.0, ())
    assert told[2] == (Against.NOTHING, 0.0, ())
    assert told[1] == (Against.OVERLAP, 1000.0, (1,))


@pytest.mark.slow
def test_every_proof_is_impossible_and_every_named_rule_helps() -> None:
    proofs = 0
    for seed in range(150):
        asked = random_problem(seed)
        for seat in propose(asked, effort=Effort(seconds=5, early_steps=10, late_steps=10)).open:
            proof, found = hall(asked, int(seat)), core(asked, int(seat), seconds=5)
            if proof is not None:
                proofs += 1
                assert cheapest(only(asked, np.array(proof.seats)), every_seat=True) is None
            if found is not None:
                proofs += 1
                assert cheapest(only(asked, np.array(found.seats)), every_seat=True) is None
                for rule in found.relax:
                    easier = only(relaxed(asked, rule), np.array(found.seats))
                    assert (seed, rule, cheapest(easier, every_seat=True) is None) == (seed, rule, False)
    assert proofs > 20


def test_what_can_be_held_is_never_called_impossible() -> None:
    for seed in range(60):
        asked = random_problem(seed)
        held = np.flatnonzero(propose(asked, effort=Effort(seconds=5, early_steps=5)).holder >= 0)

        assert not (len(held) and impossible(asked, held))
