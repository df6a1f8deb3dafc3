"""Of a set that cannot all be held each seat is needed, however large it is, and a rule to relax is found in time."""

from __future__ import annotations

import time

import numpy as np
import pytest

from planner.rostering.alone import Depth, only, settled
from planner.rostering.exchanges import exchanges
from planner.rostering.explain import hall
from planner.rostering.problem import NONE, Ints, Problem
from planner.rostering.proposing import Effort, propose
from planner.rostering.roster import Roster, sound
from planner.rostering.verdict import Impossible, verdict
from planner.rostering.waves import first_plan
from tests.benchmarks.rostering_problems import generated
from tests.planner.rostering.small import officers, problem, random_problem, seats


@pytest.mark.parametrize("seed", range(40))
def test_each_exchange_leaves_one_other_seat_open_and_breaks_nothing(seed: int) -> None:
    asked = random_problem(seed)
    plan = first_plan(asked)

    for seat in plan.open.tolist():
        for freed, holder in exchanges(asked, plan.holder, seat):
            still = {*plan.open.tolist()} - {seat} | ({freed} - {NONE})
            assert {*np.flatnonzero(holder == NONE).tolist()} == still
            assert sound(Roster.of(asked, holder))


def test_an_exchange_of_three_fills_the_seat() -> None:
    """Only the second can take the first seat, only the third the second's; a fourth is free for the last."""
    asked = problem(seats(*[(0, 480)] * 3, needs=[0, 1, 2]), officers((0, 1), (1, 2), (2,)))

    found = list(exchanges(asked, np.array([NONE, 0, 1]), 0))

    assert [(freed, holder.tolist()) for freed, holder in found] == [
        (1, [0, NONE, 1]),
        (2, [0, 1, NONE]),
        (NONE, [0, 1, 2]),
    ]


def test_a_pinned_seat_is_never_the_one_left_open() -> None:
    asked = problem(
        seats((0, 480), (0, 480)), officers((0,)), published=np.array([NONE, 0]), pinned=np.array([False, True])
    )

    assert list(exchanges(asked, np.array([NONE, 0]), 0)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 5])
def test_of_a_large_core_each_seat_is_needed_and_every_rule_is_tried(seed: int) -> None:
    """A hundred places of one day and sixty officers: too few hands, so that half of the places are in a core."""
    asked = generated(100, 60, 1, seed)
    roster = propose(asked, effort=Effort(seconds=5, early_steps=10, late_steps=10)).roster()
    larger = 0

    for seat in [seat for seat in roster.open.tolist() if hall(asked, seat) is None][:4]:
        began = time.thread_time()
        found = verdict(roster, seat, seconds=20)
        took = time.thread_time() - began
        assert isinstance(found, Impossible)
        assert settled(only(asked, np.array(found.seats)), Depth.EXACT).binding is not None
        assert not_needed(asked, np.array(found.seats)) == []
        assert (bool(found.remedy.rules), found.remedy.all_tried, took < 1.0) == (True, True, True)
        larger += len(found.seats) > 30

    assert larger > 0


def not_needed(asked: Problem, core: Ints) -> list[int]:
    """The seats without which it is not proven that the others could be held."""
    return [seat for seat in core.tolist() if not settled(only(asked, core[core != seat]), Depth.EXACT).possible]
