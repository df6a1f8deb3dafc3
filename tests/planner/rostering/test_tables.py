"""What is worked out for a few seats alone is what the whole tables say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from planner.rostering.problem import NONE, Numbers, Problem
from planner.rostering.roster import allowed
from tests.planner.rostering.small import officers, problem, random_problem, seats


@pytest.mark.parametrize("seed", range(20))
def test_columns_and_cells_of_the_cost_are_those_of_the_table(seed: int) -> None:
    asked = published(seed)
    draw = np.random.default_rng(seed)
    some, who, where = (draw.integers(0, most, 9) for most in (asked.n, asked.m, asked.n))

    alone = asked.costing(some), asked.costs(who, where)

    assert "cost" not in asked.__dict__
    assert alone[0].tolist() == asked.cost[:, some].tolist()
    assert alone[1] == pytest.approx(asked.cost[who, where], rel=1e-12)
    assert asked.costs(who, where).tolist() == asked.cost[who, where].tolist()


def test_a_column_is_that_of_its_own_seat() -> None:
    asked = published(3)
    different = [seat for seat in range(asked.n) if asked.cost[:, seat].tolist() != asked.cost[:, 0].tolist()]

    assert published(3).costing(different[:1]).tolist() != asked.costing([0]).tolist()


@pytest.mark.parametrize("seed", range(20))
def test_who_is_able_is_whoever_is_here_and_holds_all_that_is_needed_the_whole_time(seed: int) -> None:
    asked = partly_away(seed)

    found = [[one_by_one(asked, officer, seat) for seat in range(asked.n)] for officer in range(asked.m)]

    assert asked.able.tolist() == found


def test_the_problems_hold_both_who_is_able_and_who_is_not_in_plenty() -> None:
    able = np.concatenate([partly_away(seed).able.ravel() for seed in range(20)])

    assert 0.1 < able.mean() < 0.9


@pytest.mark.parametrize("seed", range(20))
def test_of_seats_that_are_alike_each_clashes_with_the_others_and_none_with_itself(seed: int) -> None:
    """Seats with the same times and places are worked out once; between them stand others that begin then too."""
    draw = np.random.default_rng(seed)
    times = sorted((60 * int(draw.integers(0, 8)), int(draw.choice([60, 240]))) for _ in range(14))
    draw.shuffle(times := [(start, start + length) for start, length in times])
    times.sort(key=lambda one: one[0])
    asked = problem(seats(*times), officers((0,)), Numbers(min_rest=120, max_span=480))

    clash = [[one != two and not allowed(asked, 0, {one, two}) for two in range(asked.n)] for one in range(asked.n)]
    follows = [
        [one < two and times[two][0] - times[one][1] >= asked.travel[0, 0] for two in range(asked.n)]
        for one in range(asked.n)
    ]

    assert len(set(times)) < len(times)
    assert (asked.clash.tolist(), asked.follows.tolist()) == (clash, follows)


def one_by_one(asked: Problem, officer: int, seat: int) -> bool:
    who, start, end = asked.officers, asked.seats.start[seat], asked.seats.end[seat]
    needed = np.flatnonzero(asked.seats.needs[seat])
    held = all(who.held_from[officer, one] <= start and who.held_until[officer, one] >= end for one in needed)
    gone = any(one == officer and since < end and until > start for one, since, until in who.away.tolist())
    return bool(held and not gone and who.rank[officer] >= asked.seats.rank[seat])


def partly_away(seed: int) -> Problem:
    """A random problem in which absences and validities begin and end anywhere, with a seat and between two."""
    asked = random_problem(seed)
    draw = np.random.default_rng(seed)
    needs = draw.random(asked.seats.needs.shape) < 0.4
    moments = np.concatenate([asked.seats.start, asked.seats.end, asked.seats.start + 1])
    since, until = np.sort(draw.choice(moments, (2, asked.m)), axis=0)
    away = np.stack([draw.integers(0, asked.m, asked.m), since, until + 1], axis=1)
    who = asked.officers
    lasting = draw.random(who.held_until.shape) < 0.5
    held = np.where(lasting | (who.held_until < who.held_from), who.held_until, draw.choice(moments, lasting.shape))
    return dataclasses.replace(
        asked,
        seats=dataclasses.replace(asked.seats, needs=needs),
        officers=dataclasses.replace(who, away=away, held_until=held),
    )


def published(seed: int) -> Problem:
    """A random problem in which every third seat is held by somebody, and units and prices differ."""
    asked = random_problem(seed)
    draw = np.random.default_rng(seed)
    holder = np.where(np.arange(asked.n) % 3 == 0, draw.integers(0, asked.m, asked.n), NONE)
    numbers = dataclasses.replace(asked.numbers, split_detail=40.0, distance_per_minute=0.3)
    return dataclasses.replace(asked, published=holder, numbers=numbers)
