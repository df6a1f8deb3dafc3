"""A proposed roster obeys what stands in visits that are hidden from who asks, and names nothing of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import Actor, Role
from planner.access.reader import Reader
from planner.application import Planner
from planner.preview import loads
from planner.rostering.made import Made, make
from planner.rostering.proposing import Effort
from planner.rostering.reasons import open_shifts
from planner.rostering.seating import Asked
from planner.rostering.told import as_json
from planner.text import Speaker
from tests.examples import OTHER_VISIT, VISIT, officer_details, post_details, visit_details
from tests.planner.acting import HOA, Clock

#: Plans the first visit alone; the duty of CA-0113 in the other is hidden from her.
LAN = Actor("lan", frozenset({Role.PLANNER}))
HIDDEN = (OTHER_VISIT, "P-77", "Chốt bí mật")


@pytest.fixture
def planner(tmp_path: Path) -> Iterator[Planner]:
    """Two officers, one of them busy elsewhere all day; a post of the visit needs one of them."""
    opened = Planner(tmp_path / "data", tmp_path / "key", clock=Clock())
    for code, name in (("CA-0113", "Nguyễn Thị Phương Thảo"), ("CA-0114", "Trần Đức Nghĩa")):
        opened.register_officer(code, officer_details(name), by=HOA)
    opened.register_visit(OTHER_VISIT, visit_details(), by=HOA)
    opened.create_post(OTHER_VISIT, "P-77", post_details("07:00", "19:00", task=HIDDEN[2]), by=HOA)
    opened.assign_officer(OTHER_VISIT, "P-77", "CA-0113", by=HOA)
    opened.register_visit(VISIT, visit_details(), by=LAN)
    opened.create_post(VISIT, "P-01", post_details("08:00", "12:00"), by=LAN)
    yield opened
    opened.close()


def proposed(planner: Planner, by: Actor) -> Made:
    reader = Reader(planner, by)
    asked = Asked(VISIT, planner.clock(), told=reader.clearance.told)
    return make(reader.plan, asked, effort=Effort(seconds=5))


def said(made: Made) -> str:
    uncovered = open_shifts(made, prove=1)
    reasons = [reason for one in uncovered for reason in one.reasons]
    findings = [finding.message for finding in made.findings]
    return str(as_json(made, uncovered)) + " ".join(Speaker("en").say(one) for one in (*reasons, *findings))


def test_a_busy_officer_is_passed_over_without_a_word_on_why(planner: Planner) -> None:
    made = proposed(planner, LAN)

    assert [(given.post, given.officer) for one in made.changes for given in one.given] == [("P-01", "CA-0114")]
    assert [word for word in HIDDEN if word in said(made)] == []


def test_a_place_that_nobody_is_free_for_stays_open_without_naming_the_other_visit(planner: Planner) -> None:
    planner.retire_officer("CA-0114", by=HOA, reason="Chuyển đơn vị")

    made = proposed(planner, LAN)

    assert len(made.open) == 1
    assert [word for word in HIDDEN if word in said(made)] == []


def test_hours_in_hidden_visits_are_counted(planner: Planner) -> None:
    planner.create_post(VISIT, "P-02", post_details("08:00", "12:00", day=2), by=LAN)
    planner.assign_officer(VISIT, "P-02", "CA-0113", by=LAN)
    numbers = planner.plan.numbers(planner.clock())

    (theirs,) = loads(Reader(planner, LAN).plan, VISIT, numbers)

    assert (theirs[0].key, theirs[1].week.total_seconds() / 3600) == ("CA-0113", 12 + 4)
