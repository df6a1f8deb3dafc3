"""The prices climb to a bound that no plan is below, and the rosters met on the way make a good plan."""

from __future__ import annotations

import numpy as np
import pytest

from planner.rostering.columns import Columns
from planner.rostering.dive import dive
from planner.rostering.prices import Prices
from planner.rostering.pricing import price_rosters
from planner.rostering.problem import Ints, Problem
from planner.rostering.roster import Roster, sound
from planner.rostering.waves import fill, first_plan
from tests.benchmarks.rostering_problems import generated
from tests.planner.rostering.enumerated import allowed_rosters, cheapest
from tests.planner.rostering.small import officers, problem, random_problem, seats


@pytest.mark.slow
def test_no_plan_of_a_small_problem_is_below_the_bound() -> None:
    for seed in range(60):
        asked = random_problem(seed)
        best = cheapest(asked)

        found = climbed(asked)

        assert best is not None
        assert (seed, found.bound <= best + 0.01) == (seed, True)


def test_an_officers_least_value_is_that_of_the_best_of_all_rosters_there_are() -> None:
    for seed in range(60):
        asked = random_problem(seed)
        prices = np.random.default_rng(seed).random(asked.n) * 60

        priced = price_rosters(asked, prices, np.zeros(asked.m))

        assert priced.exact
        assert priced.least == pytest.approx([least(asked, prices, officer) for officer in range(asked.m)], abs=1e-3)


def test_only_those_asked_about_are_priced() -> None:
    asked = problem(seats((0, 60), (0, 60)), officers((0,), (0,)))
    among = (np.array([False, True]), np.array([True, False]))

    priced = price_rosters(asked, np.array([5.0, 9.0]), np.zeros(2), among=among)

    assert (priced.least.tolist(), priced.officers.tolist()) == ([0.0, -5.0], [1])


@pytest.mark.slow
def test_bound_and_plan_of_a_middling_problem_meet_within_a_per_cent() -> None:
    asked = generated(300, 200, 3, seed=1)

    found = climbed(asked)
    roster = dived(found)

    assert sound(roster)
    assert found.bound <= roster.cost <= 1.01 * found.bound


def test_a_roster_is_a_column_once_and_costs_what_its_officer_adds() -> None:
    asked = random_problem(4)
    roster = first_plan(asked)
    columns = Columns(asked)

    first, again = columns.add(*roster.rosters()), columns.add(*roster.rosters())

    open_cost = asked.open_cost[roster.open].sum()
    assert (len(first), len(again)) == (len(columns), 0)
    assert columns.costs.sum() + open_cost == pytest.approx(roster.cost)
    assert columns.holders(first).tolist() == roster.holder.tolist()


def climbed(asked: Problem) -> Prices:
    """Prices after all rounds that help, sixty at the most."""
    found = Prices(asked, first_plan(asked))
    for _ in range(60):
        if found.done:
            break
        for _ in found.round():
            pass
    return found


def dived(found: Prices) -> Roster:
    """The plan that a dive leaves, filled where somebody is free."""
    holders: list[Ints] = [holder for holder in dive(found) if holder is not None]
    roster = Roster.of(found.problem, holders[-1])
    fill(roster)
    return roster


def least(asked: Problem, prices: np.ndarray, officer: int) -> float:
    """The least of all that an officer's rosters are worth, one by one."""
    values = [0.0]
    for duties in allowed_rosters(asked, officer):
        held = list(duties)
        if held and all(asked.able[officer, seat] for seat in held):
            minutes = asked.minutes[held].sum()
            hours = float(asked.hours_cost(np.array([minutes]))[0])
            values.append(float(asked.cost[officer, held].sum() - prices[held].sum()) + hours)
    return min(values)
