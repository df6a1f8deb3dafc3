"""What is worked out for a few seats alone is what the whole tables say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from planner.rostering.problem import NONE, Problem
from tests.planner.rostering.small import random_problem


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


def published(seed: int) -> Problem:
    """A random problem in which every third seat is held by somebody, and units and prices differ."""
    asked = random_problem(seed)
    draw = np.random.default_rng(seed)
    holder = np.where(np.arange(asked.n) % 3 == 0, draw.integers(0, asked.m, asked.n), NONE)
    numbers = dataclasses.replace(asked.numbers, split_detail=40.0, distance_per_minute=0.3)
    return dataclasses.replace(asked, published=holder, numbers=numbers)
