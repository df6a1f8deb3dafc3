"""R07: no room holds more persons than it may, across all visits."""

from typing import Any

import pytest

from domain.finding import Severity
from domain.venue import Capacity
from domain.visit import Layout
from tests.examples import OTHER_VISIT, VISIT, Story, at, member, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.visit(OTHER_VISIT)
    story.venue("HOTEL-1")
    story.room("R-1", 100)
    return story


def meet(story: Story, code: str, start: str, end: str, persons: int, visit: str = VISIT, **changes: Any) -> None:
    place = {"venue": "HOTEL-1", "room": "R-1", **changes}
    story.activity(code, start, end, visit=visit, headcount=persons, **place)


def found(story: Story) -> list[tuple[Severity, object]]:
    return [(finding.severity, finding.window) for finding in story.findings("R07")]


def test_ninety_of_a_hundred_are_clean(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 90)

    assert found(story) == []


def test_ninety_one_of_a_hundred_warn(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 91)

    assert found(story) == [(Severity.WARN, window("09:00", "10:00"))]


def test_a_full_room_only_warns(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 100)

    assert found(story) == [(Severity.WARN, window("09:00", "10:00"))]


def test_one_person_too_many_blocks(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 101)

    assert found(story) == [(Severity.BLOCK, window("09:00", "10:00"))]


def test_the_persons_of_two_visits_add_up_while_both_are_there(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 60)
    meet(story, "B-01", "09:30", "11:00", 60, visit=OTHER_VISIT)

    finding = story.findings("R07")[0]

    assert found(story) == [(Severity.BLOCK, window("09:30", "10:00"))]
    assert finding.subjects == ("activity/KH-2026-02/B-01", "activity/LA-2026-01/A-01", "room/HOTEL-1/R-1")


def test_one_after_the_other_does_not_add_up(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 60)

    meet(story, "B-01", "10:00", "11:00", 60, visit=OTHER_VISIT)

    assert found(story) == []


def test_a_crowd_that_grows_is_one_finding_with_its_worst_number(story: Story) -> None:
    meet(story, "A-01", "09:00", "12:00", 101)
    meet(story, "B-01", "10:00", "11:00", 50, visit=OTHER_VISIT)

    assert found(story) == [(Severity.BLOCK, window("09:00", "12:00"))]
    assert story.findings("R07")[0].message.values["persons"] == 151


def test_the_fire_limit_counts_where_it_is_smaller(story: Story) -> None:
    story.room("R-2", 100, fire_limit=50)

    meet(story, "A-01", "09:00", "10:00", 51, room="R-2")

    assert found(story) == [(Severity.BLOCK, window("09:00", "10:00"))]


def test_the_layout_decides_the_capacity(story: Story) -> None:
    capacities = (Capacity(layout=Layout.STANDING, persons=100), Capacity(layout=Layout.BANQUET, persons=40))
    story.room("R-2", capacities=capacities)
    meet(story, "A-01", "09:00", "10:00", 80, room="R-2", layout=Layout.STANDING)
    assert found(story) == []

    meet(story, "A-02", "11:00", "12:00", 80, room="R-2", layout=Layout.BANQUET)

    assert found(story) == [(Severity.BLOCK, window("11:00", "12:00"))]


def test_a_room_without_capacity_is_not_surveyed(story: Story) -> None:
    story.room("R-2", None)

    meet(story, "A-01", "09:00", "10:00", 10, room="R-2")

    assert found(story) == [(Severity.WARN, window("09:00", "10:00"))]


def test_a_room_that_was_removed_is_told(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 10)
    assert found(story) == []

    story.tell(story.plan.venue("HOTEL-1").remove_room("R-1", story.act()))

    assert found(story) == [(Severity.WARN, window("09:00", "10:00"))]


def test_without_a_stated_headcount_the_guests_count(story: Story) -> None:
    story.delegation("LA", members=6)
    story.room("R-2", 5)

    meet(story, "A-01", "09:00", "10:00", 0, room="R-2", delegation="LA")

    assert story.findings("R07")[0].message.values["persons"] == 6


def test_a_delegation_counts_as_large_as_planned_while_its_list_is_short(story: Story) -> None:
    story.delegation("LA", members=6, planned_size=30)
    story.room("R-2", 5)

    meet(story, "A-01", "09:00", "10:00", 0, room="R-2")

    assert story.findings("R07")[0].message.values["persons"] == 30


def test_a_party_that_is_elsewhere_does_not_count(story: Story) -> None:
    delegation = story.delegation("LA", members=6)
    story.tell(delegation.add_member(member("M-07", party="spouses"), story.act()))
    story.room("R-2", 5)
    meet(story, "A-01", "09:00", "10:00", 0, room="R-2")
    assert story.findings("R07")[0].message.values["persons"] == 7

    meet(story, "A-02", "09:30", "10:30", 0, party="spouses")

    assert story.findings("R07")[0].message.values["persons"] == 6


def test_a_withdrawn_delegation_does_not_count(story: Story) -> None:
    delegation = story.delegation("LA", members=6)
    story.room("R-2", 5)
    meet(story, "A-01", "09:00", "10:00", 0, room="R-2")
    assert len(found(story)) == 1

    story.tell(delegation.withdraw(story.act()))

    assert found(story) == []


@pytest.mark.parametrize("what", ["activity", "visit"])
def test_what_is_cancelled_does_not_count(story: Story, what: str) -> None:
    meet(story, "A-01", "09:00", "10:00", 101)
    assert len(found(story)) == 1

    visit = story.plan.visit(VISIT)
    story.tell(visit.cancel(story.act()) if what == "visit" else visit.cancel_activity("A-01", story.act()))

    assert found(story) == []


def test_without_a_room_nothing_is_found(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 5000, room=None)

    assert found(story) == []


def test_the_share_that_warns_is_the_policys(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 60)
    assert found(story) == []

    story.policy(at("00:00", day=-30), capacity_warn_share=0.5)

    assert found(story) == [(Severity.WARN, window("09:00", "10:00"))]


def test_room_and_venue_are_said_by_their_names(story: Story) -> None:
    meet(story, "A-01", "09:00", "10:00", 101)

    values = story.findings("R07")[0].message.values

    assert values["room"] == "R-1 «Phòng khánh tiết tầng hai»"
    assert values["venue"] == "HOTEL-1 «Khách sạn Mường Thanh Grand Luang Prabang»"
