"""A visit that is moved is laid out as it stood: nothing of that may differ from laying out the plan after the move."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from domain.refusals import PlanningError
from domain.shifting import shifted
from planner.rostering.from_plan import Laid, laid
from planner.rostering.made import replaced
from planner.rostering.seating import Asked
from tests.domain.rules.test_moving import random_story
from tests.examples import PLANNING, VISIT, at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOVES = (HOUR, timedelta(seconds=90), DAY, -HOUR, -DAY, HOUR)


def said(found: Laid) -> dict[str, Any]:
    """All that was laid out, with arrays as lists."""
    seats, problem = found.seating, found.problem
    arrays = {
        f"{type(part).__name__}.{field.name}": getattr(part, field.name)
        for part in (problem.seats, problem.officers)
        for field in dataclasses.fields(part)
    }
    arrays |= {"travel": problem.travel, "published": problem.published, "pinned": problem.pinned}
    arrays |= {"able": problem.able, "place": found.place, "seat": found.seat}
    return {
        **{name: array.tolist() for name, array in arrays.items()},
        "numbers": problem.numbers,
        "skills": found.skills,
        "places": list(seats.places),
        "open": list(seats.open),
        "fixed": seats.fixed,
        "officers": seats.officers,
        "beyond": seats.beyond,
    }


@pytest.mark.parametrize("seeds", [range(15), pytest.param(range(15, 200), marks=pytest.mark.slow)])
@pytest.mark.parametrize("as_of", [PLANNING, at("10:00")])
def test_each_move_asked_of_one_plan_is_laid_out_as_the_plan_after_it(seeds: range, as_of: datetime) -> None:
    as_it_stood = Counter[bool]()
    for seed in seeds:
        plan = random_story(Random(seed)).plan
        for by in MOVES:
            asked = Asked(VISIT, as_of, shift=by, anew=True)
            try:
                then = plan.after(shifted(plan, VISIT, by, asked.act), plan.position)
            except PlanningError as refusal:
                with pytest.raises(type(refusal)):
                    laid(plan, asked)
                continue

            found = laid(plan, asked)

            assert (seed, by, said(found)) == (seed, by, said(laid(then, Asked(VISIT, as_of))))
            as_it_stood[bool(found.seating.places.by)] += 1
    assert min(as_it_stood[True], as_it_stood[False]) > 0


def test_what_is_kept_of_one_move_is_no_part_of_another() -> None:
    """One officer gives up the duties, then another, then nobody; each as of a plan of which nothing was asked."""
    changed = 0
    for seed in range(12):
        plan = random_story(Random(seed)).plan
        for without in (("CA-1",), ("CA-2",), (), ("CA-1",)):
            for by in (HOUR, DAY):
                asked = Asked(VISIT, PLANNING, shift=by, without=frozenset(without))

                found, fresh = replaced(plan, asked), replaced(plan.replacing({}), asked)

                assert (seed, found.changes, found.findings) == (seed, fresh.changes, fresh.findings)
                assert found.cost == fresh.cost
                changed += bool(found.changes)
    assert changed > 10
