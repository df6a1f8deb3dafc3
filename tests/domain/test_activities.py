"""The activities of a visit: a tuple to who reads them, found by code and counted by venue for who plans."""

from __future__ import annotations

from domain.activities import Activities
from domain.base import changed
from domain.visit import Activity
from tests.examples import VISIT, Story, activity

ONE = activity("A-01", venue="HOTEL-1")
TWO = activity("A-02", "11:00", "12:00", venue="HALL-1")
NOWHERE = activity("A-03", "13:00", "14:00")


def test_they_stand_in_the_order_in_which_they_came() -> None:
    held = Activities[Activity]().holding(TWO).holding(NOWHERE).holding(ONE)

    assert (list(held), len(held), held[0], held[-1], held[1:]) == ([TWO, NOWHERE, ONE], 3, TWO, ONE, (NOWHERE, ONE))
    assert held == (TWO, NOWHERE, ONE) == tuple(held)
    assert held == Activities((TWO, NOWHERE, ONE))
    assert held != (ONE, TWO, NOWHERE)
    assert hash(held) == hash((TWO, NOWHERE, ONE))


def test_one_that_changes_keeps_its_place_and_the_older_ones_stay_as_they_were() -> None:
    before = Activities((ONE, TWO))

    after = before.holding(changed(ONE, title="Chào xã giao"))

    assert [one.title for one in after] == ["Chào xã giao", TWO.title]
    assert (before[0], before.find("A-01"), before.find("A-99")) == (ONE, ONE, None)
    assert after.find("A-01") == after[0]


def test_a_venue_counts_until_the_last_activity_has_left_it() -> None:
    both = Activities((ONE, changed(TWO, venue="HOTEL-1"), NOWHERE))

    one_left = both.holding(changed(ONE, venue="HALL-2"))
    none_left = one_left.holding(changed(TWO, venue=None))

    assert (both.venues, one_left.venues, none_left.venues) == (("HOTEL-1",), ("HALL-2", "HOTEL-1"), ("HALL-2",))


def test_nothing_at_all_is_nowhere() -> None:
    none = Activities[Activity]()

    assert (none == (), none.venues, none.find("A-01"), list(none)) == (True, (), None, [])


def test_a_copy_made_one_by_one_equals_one_made_at_once() -> None:
    told = Story()
    told.visit()
    for number in range(1, 60):
        told.activity(f"A-{number:02d}", venue=None)

    held = told.plan.visit(VISIT).activities

    assert held == Activities(tuple(held))
    assert [held.find(one.code) for one in held] == list(held)
