"""A repair leaves open what only others' duties could fill; asked anew, they are moved for it. And both in numbers."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from planner.rostering.compared import Compared, compared
from planner.rostering.made import Made, make, replaced
from planner.rostering.proposing import Effort
from planner.rostering.seating import Asked
from tests.examples import PLANNING, VISIT, Story, qualification

QUICK = Effort(seconds=20, early_steps=20, late_steps=20)
LOST = Asked(VISIT, PLANNING, without=frozenset({"CA-1"}))
ANEW = dataclasses.replace(LOST, anew=True)


@pytest.fixture
def story() -> Story:
    """The one at the critical post is lost; the only other who could stand there is at a usual one."""
    story = Story()
    story.visit()
    for officer in ("CA-1", "CA-2"):
        story.officer(officer)
        story.qualified(officer, qualification("K9"))
    story.post("P-01", required=("K9",), critical=True)
    story.post("P-02")
    story.post("P-03")
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-02")
    return story


def given(made: Made) -> list[tuple[str, str]]:
    return [(change.code, one.officer) for change in made.changes for one in change.given]


def test_a_repair_opens_no_other_place_and_says_what_it_leaves_open(story: Story) -> None:
    made = replaced(story.plan, LOST)

    assert given(made) == []
    told = compared(made)
    assert (told.new, told.moved, told.withdrawn) == (0, 0, 1)
    assert (told.open, told.critical, told.open_before, told.leaves) == (1, 1, 1, True)


def test_a_visit_that_is_moved_while_nobody_is_on_duty_keeps_its_places_open() -> None:
    story = Story()
    story.visit()
    story.post("P-01", critical=True)

    told = compared(replaced(story.plan, Asked(VISIT, PLANNING, shift=timedelta(hours=1))))

    assert (told.places, told.open, told.open_before, told.critical, told.leaves) == (1, 0, 1, 1, True)


def test_asked_anew_the_critical_post_is_held_and_the_lost_officer_is_not_used(story: Story) -> None:
    made = make(story.plan, ANEW, effort=QUICK)

    assert given(made) == [("P-01/ALL", "CA-2")]
    told = compared(made)
    assert (told.new, told.moved, told.withdrawn) == (0, 1, 1)
    assert (told.open, told.critical, told.open_before, told.leaves) == (2, 0, 0, False)
    assert made.gap == 0.0


def test_what_still_stands_is_not_moved_when_asked_anew(story: Story) -> None:
    story.officer("CA-3")
    story.qualified("CA-3", qualification("K9"))

    made = make(story.plan, ANEW, effort=QUICK)

    assert given(made) == [("P-01/ALL", "CA-3")]
    assert compared(made).moved == 1


def test_the_cost_of_the_present_roster_is_told_by_cause(story: Story) -> None:
    told = compared(make(story.plan, ANEW, effort=QUICK))

    # CA-1 is lost: the critical place, whose duty is lost for it, and the one that was open before.
    assert {name: cost for name, cost in told.terms_before.items() if cost} == {"open": 3030.0 + 1000.0}


def test_nothing_to_do_is_told_as_nothing(story: Story) -> None:
    empty = Story()
    empty.visit()

    told = compared(make(empty.plan, Asked(VISIT, PLANNING), effort=QUICK))

    assert told == Compared(0, 0, 0, 0, 0, 0, told.terms_before, places=0, leaves=False)
    assert set(told.terms_before.values()) <= {0.0}
    assert compared(make(story.plan, ANEW, effort=QUICK)).places == 3
