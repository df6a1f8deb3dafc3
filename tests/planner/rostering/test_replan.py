"""After a loss only the lost seats change hands, and pinned ones never do."""

from __future__ import annotations

import dataclasses

import numpy as np

from planner.rostering.problem import NONE, Ints, Problem
from planner.rostering.proposing import Effort, propose
from planner.rostering.replan import replan
from planner.rostering.roster import Roster, allowed, broken_for, sound
from tests.planner.rostering.small import officers, problem, random_problem, seats


def without(asked: Problem, lost: Ints, since: int, until: int) -> Problem:
    """The problem with officers away for a time."""
    gone = np.array([(officer, since, until) for officer in lost], dtype=np.int64).reshape(-1, 3)
    away = np.concatenate([asked.officers.away, gone])
    return dataclasses.replace(asked, officers=dataclasses.replace(asked.officers, away=away))


def test_a_lost_seat_goes_to_whoever_is_free_and_nothing_else_moves() -> None:
    asked = problem(seats((0, 480), (0, 480)), officers((0,), (0,), (0,)))
    holder = np.array([0, 1])

    done = replan(without(asked, np.array([0]), 0, 480), holder)

    assert (done.roster.holder.tolist(), done.lost.tolist(), done.moved.tolist()) == ([2, 1], [0], [0])


def test_a_hand_is_freed_where_nobody_else_can_take_the_lost_seat() -> None:
    asked = problem(seats((0, 480), (0, 480), needs=[1, 0]), officers((1,), (0, 1), (0,)))
    holder = np.array([0, 1])

    done = replan(without(asked, np.array([0]), 0, 480), holder)

    assert (done.roster.holder.tolist(), len(done.open)) == ([1, 2], 0)


def test_a_pinned_seat_does_not_move_even_to_free_a_hand() -> None:
    asked = problem(
        seats((0, 480), (0, 480), needs=[1, 0]),
        officers((1,), (0, 1), (0,)),
        published=np.array([NONE, 1]),
        pinned=np.array([False, True]),
    )

    done = replan(without(asked, np.array([0]), 0, 480), np.array([0, 1]))

    assert done.roster.holder.tolist() == [NONE, 1]


def test_two_with_one_rare_qualification_lost_at_once_leave_their_seats_open() -> None:
    asked = problem(seats((0, 60), (0, 60), (0, 60), needs=[1, 1, 0]), officers((1,), (1,), (0,)))

    done = replan(without(asked, np.array([0, 1]), 0, 60), np.array([0, 1, 2]))

    assert (done.roster.holder.tolist(), done.open.tolist()) == ([NONE, NONE, 2], [0, 1])


def test_what_stands_stays_in_many_random_plans() -> None:
    for seed in range(40):
        asked = random_problem(seed)
        holder = propose(asked, effort=Effort(seconds=5, early_steps=5, late_steps=5)).holder
        done = replan(without(asked, np.array([0]), 0, 10_000), holder)

        assert sound(done.roster)
        assert np.all(done.roster.holder != 0)
        assert len(np.setdiff1d(done.moved, done.lost)) <= len(done.lost)


def test_whoever_holds_what_cannot_be_held_together_is_found_for_everybody_at_once() -> None:
    for seed in range(60):
        asked, draw = random_problem(seed), np.random.default_rng(seed)
        holder = np.where(draw.random(asked.n) < 0.5, NONE, draw.integers(0, asked.m, asked.n))

        broken = broken_for(asked, holder)

        one_by_one = [j for j in range(asked.m) if not allowed(asked, j, np.flatnonzero(holder == j).tolist())]
        assert (seed, broken.tolist()) == (seed, one_by_one)


def test_whom_a_seat_is_closed_to_is_found_with_the_whole_table_and_without() -> None:
    for seed in range(40):
        asked, draw = random_problem(seed), np.random.default_rng(seed)
        holder = np.where(asked.pinned, asked.published, draw.integers(-1, asked.m, asked.n))
        every = np.arange(asked.n)

        roster = Roster.of(asked, holder)
        alone, whole = roster.blocked_at(every), roster.blocked > 0

        assert (seed, np.array_equal(alone, whole)) == (seed, True)


def test_seats_given_all_at_once_leave_the_same_tables_as_one_by_one() -> None:
    for seed in range(40):
        asked, draw = random_problem(seed), np.random.default_rng(seed)
        holder = np.where(asked.pinned, asked.published, draw.integers(-1, asked.m, asked.n))

        at_once, one_by_one = Roster.of(asked, holder), Roster(asked)
        assert not one_by_one.blocked.any()
        for seat in np.flatnonzero((holder != NONE) & ~asked.pinned).tolist():
            one_by_one.give(seat, int(holder[seat]))

        assert np.array_equal(at_once.blocked, one_by_one.blocked)
        assert np.array_equal(at_once.minutes, one_by_one.minutes)
        assert at_once.duties == one_by_one.duties
