"""An import costs for each row the same, however many there are: measured, with a control that grows faster."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import thread_time

import pytest

from domain.base import replaced
from domain.visit import Activity
from planner.imports.preview import Existing
from planner.imports.programme import preview_programme
from tests.examples import FIRST_DAY, VISIT, activity, venue_details, visit_details
from tests.planner.acting import HOA, Clock, another
from tests.planner.imports.test_programme import workbook

FEW, MANY = 1_000, 4_000
#: Four times as many rows may take so many times as long: a busy machine's noise, while a square takes sixteen.
MOST = 6.0
SQUARE = 10.0


def growth(work: Callable[[int], float]) -> float:
    """How many times as long it takes for ``MANY`` as for ``FEW``, measured before and after: machines change speed."""
    before = work(FEW)
    many = work(MANY)
    return many * 2 / (before + work(FEW))


def programme(rows: int) -> bytes:
    """Days of ten activities for each of very many parties, at forty places, so that all rules have work to do."""
    heading = ["Code", "Day", "Start", "End", "Title", "Venue", "Persons", "Party"]
    return workbook(
        heading,
        *(
            [
                f"X-{n:05d}",
                f"{FIRST_DAY + timedelta(days=n // 10 % 2):%d/%m/%Y}",
                f"{8 + n % 10:02d}:00",
                f"{8 + n % 10:02d}:40",
                f"Hoạt động {n}",
                f"HALL-{n % 40}",
                10,
                f"p{n // 20}",
            ]
            for n in range(rows)
        ),
    )


def one_day(rows: int) -> bytes:
    """A workbook in which somebody filled the same day down: everything follows on everything."""
    heading = ["Code", "Start", "End", "Title", "Venue"]
    return workbook(
        heading,
        *(
            [f"X-{n:05d}", f"24/11/2026 {n % 900 // 60:02d}:{n % 60:02d}", "23:59", "Làm việc", f"HALL-{n % 40}"]
            for n in range(rows)
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize("written", [programme, one_day])
def test_four_times_the_rows_take_about_four_times_as_long(
    written: Callable[[int], bytes], tmp_path: Path, clock: Clock
) -> None:
    def work(rows: int) -> float:
        content = written(rows)
        planner = another(tmp_path / f"{rows}-{len(list(tmp_path.iterdir()))}", clock)
        with planner.together(HOA):
            planner.register_visit(VISIT, visit_details(), by=HOA)
            for n in range(40):
                planner.register_venue(f"HALL-{n}", venue_details(f"Hội trường {n}"), by=HOA)
        gc.collect()
        started = thread_time()
        preview = preview_programme(content, planner.plan, VISIT)
        outcome = planner.import_programme(VISIT, preview.items, Existing.AMEND, by=HOA)
        again = preview_programme(content, planner.plan, VISIT)
        taken = thread_time() - started
        assert (len(outcome.events), len(again.items)) == (rows, rows)
        planner.close()
        return taken

    assert growth(work) < MOST


@pytest.mark.slow
def test_what_walks_all_rows_for_each_is_found_by_the_same_measure() -> None:
    def work(rows: int) -> float:
        held: tuple[Activity, ...] = ()
        made = [activity(f"X-{n:05d}") for n in range(rows)]
        started = thread_time()
        for one in made:
            held = replaced(held, one)
        return thread_time() - started

    assert growth(work) > SQUARE
