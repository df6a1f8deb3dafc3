"""A planner with something to plan, and the accounts that act on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.application import Planner
from tests.examples import (
    VIETNAMESE_OFFICERS,
    VISIT,
    officer_details,
    post_details,
    venue_details,
    visit_details,
)
from tests.planner.acting import HOA, Clock, another


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def planner(tmp_path: Path, clock: Clock) -> Iterator[Planner]:
    """A planner with a visit, two officers, and a post of four hours at a hotel."""
    opened = another(tmp_path, clock)
    with opened.together(HOA):
        opened.register_visit(VISIT, visit_details(), by=HOA)
        opened.register_venue("HOTEL-1", venue_details(), by=HOA)
        opened.register_officer("CA-0113", officer_details(VIETNAMESE_OFFICERS[0]), by=HOA)
        opened.register_officer("CA-0114", officer_details(VIETNAMESE_OFFICERS[1]), by=HOA)
        opened.create_post(VISIT, "P-01", post_details(venue="HOTEL-1"), by=HOA)
        opened.create_post(VISIT, "P-02", post_details(task="Tuần tra vòng ngoài"), by=HOA)
    yield opened
    opened.close()
