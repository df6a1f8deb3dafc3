"""R09: every party gets from one activity to its next in time."""

from datetime import timedelta
from typing import Any

import pytest

from domain.finding import Finding, Severity
from domain.route import RouteKind, RouteSource
from domain.rules.legs import MOST_NAMED
from domain.visit import ActivityType, Journey, TravelMode
from tests.examples import VISIT, Story, at, member, window

# A route of 10 minutes × 1.3, 3 min + 10 s × 6 persons to embark, 3 min to disembark, 5 min margin.
NEEDED = 25


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.delegation("LA", members=6)
    story.venue("HOTEL-1", lat=19.88)
    story.venue("HALL-1", lat=19.90)
    story.route("R-01", "HOTEL-1", "HALL-1", minutes=10)
    return story


def leg(story: Story, start: str, *, fixed: bool = True, **changes: Any) -> list[Finding]:
    """Talks at the hotel until 10:00, then the next activity elsewhere."""
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1")
    story.activity("A-02", start, "14:00", **{"venue": "HALL-1", "fixed": fixed, **changes})
    return story.findings("R09")


def clock(minutes: int) -> str:
    return f"{10 + minutes // 60}:{minutes % 60:02d}"


def test_a_leg_that_takes_exactly_the_time_between_is_clean(story: Story) -> None:
    assert leg(story, clock(NEEDED)) == []


def test_a_minute_missing_before_a_fixed_activity_blocks(story: Story) -> None:
    finding = leg(story, clock(NEEDED - 1))[0]

    assert (finding.severity, finding.message.values["missing"]) == (Severity.BLOCK, timedelta(minutes=1))
    assert finding.subjects == ("activity/LA-2026-01/A-01", "activity/LA-2026-01/A-02")


def test_a_minute_missing_before_a_movable_activity_warns_with_when_it_can_start(story: Story) -> None:
    finding = leg(story, clock(NEEDED - 1), fixed=False)[0]

    assert (finding.severity, finding.message.values["earliest"]) == (Severity.WARN, at(clock(NEEDED)))


def test_what_would_move_along_is_named(story: Story) -> None:
    story.activity("A-03", "14:00", "15:00", venue="HALL-1", room="R-1")
    story.activity("A-04", "20:00", "21:00", venue="HALL-1", room="R-1")

    finding = leg(story, clock(NEEDED - 10), fixed=False)[0]

    assert finding.message.values["moving"] == ["A-03 «Hội đàm với lãnh đạo tỉnh»"]


def test_of_very_many_that_would_move_along_the_first_are_named(story: Story) -> None:
    for number in range(3, 60):
        story.activity(f"A-{number:02d}", "14:00", "15:00", venue="HALL-1", room="R-1")

    finding = next(one for one in leg(story, clock(NEEDED - 10), fixed=False) if one.subjects[0].endswith("A-01"))

    moving = finding.message.values["moving"]
    assert (len(moving), moving[:2]) == (
        MOST_NAMED,
        [f"{code} «Hội đàm với lãnh đạo tỉnh»" for code in ("A-03", "A-04")],
    )
    assert "and more after them" in finding.message.text


def test_half_a_minute_is_rounded_up(story: Story) -> None:
    story.policy(route_time_factor=1.35)

    finding = leg(story, clock(NEEDED))[0]

    assert finding.message.values["missing"] == timedelta(minutes=1)


def test_the_time_to_embark_may_be_stated(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", embark_minutes=0)

    story.activity("A-02", clock(NEEDED - 4), "14:00", venue="HALL-1", fixed=True)

    assert story.findings("R09") == []


def test_a_stated_headcount_with_hosts_does_not_lengthen_embarking(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", headcount=400)

    story.activity("A-02", clock(NEEDED), "14:00", venue="HALL-1", fixed=True)

    assert story.findings("R09") == []


# Which way


def test_the_alternate_counts_while_the_primary_is_closed(story: Story) -> None:
    story.route("R-02", "HOTEL-1", "HALL-1", minutes=20, kind=RouteKind.ALTERNATE)
    assert leg(story, clock(NEEDED)) == []

    story.tell(story.plan.route(VISIT, "R-01").close(window("10:00", "10:05"), story.act()))

    assert story.findings("R09")[0].message.values["missing"] == timedelta(minutes=13)


def test_a_closure_at_another_time_does_not_matter(story: Story) -> None:
    story.tell(story.plan.route(VISIT, "R-01").close(window("10:17", "12:00"), story.act()))

    assert leg(story, clock(NEEDED)) == []


def test_where_every_route_is_closed_an_estimate_says_so(story: Story) -> None:
    story.tell(story.plan.route(VISIT, "R-01").close(window("09:00", "12:00"), story.act()))

    finding = leg(story, clock(5))[0]

    driven = finding.message.values["way"].values["driven"]
    assert driven.text == "{minutes} by estimate, as the planned routes are closed"


def test_a_withdrawn_route_does_not_count(story: Story) -> None:
    story.tell(story.plan.route(VISIT, "R-01").withdraw(story.act()))

    finding = leg(story, clock(5))[0]

    assert finding.message.values["way"].values["driven"].text == "{minutes} by estimate, as no route is planned"


def test_an_emergency_route_is_not_for_the_programme(story: Story) -> None:
    story.tell(story.plan.route(VISIT, "R-01").withdraw(story.act()))
    story.route("R-03", "HOTEL-1", "HALL-1", minutes=1, kind=RouteKind.EMERGENCY)

    finding = leg(story, clock(5))[0]

    assert finding.message.values["way"].values["driven"].text == "{minutes} by estimate, as no route is planned"


def test_a_route_of_the_way_back_does_not_count(story: Story) -> None:
    story.tell(story.plan.route(VISIT, "R-01").withdraw(story.act()))
    story.route("R-04", "HALL-1", "HOTEL-1", minutes=1)

    finding = leg(story, clock(5))[0]

    assert finding.message.values["way"].values["driven"].text == "{minutes} by estimate, as no route is planned"


def test_an_estimate_that_is_too_long_blocks_like_a_route(story: Story) -> None:
    story.tell(story.plan.route(VISIT, "R-01").withdraw(story.act()))

    assert [finding.severity for finding in leg(story, clock(5))] == [Severity.BLOCK]


def estimated(story: Story) -> None:
    """The same minutes as the planned route, but only guessed."""
    story.tell(story.plan.route(VISIT, "R-01").withdraw(story.act()))
    story.route("R-05", "HOTEL-1", "HALL-1", minutes=10, source=RouteSource.ESTIMATE)


def test_an_estimate_that_just_suffices_only_warns(story: Story) -> None:
    estimated(story)

    assert [finding.severity for finding in leg(story, clock(NEEDED + 4))] == [Severity.WARN]


def test_an_estimate_with_another_margin_to_spare_is_clean(story: Story) -> None:
    estimated(story)

    assert leg(story, clock(NEEDED + 5)) == []


def test_inside_one_venue_a_walk_is_enough(story: Story) -> None:
    assert leg(story, "10:05", venue="HOTEL-1") == []


def test_inside_one_venue_a_minute_less_blocks(story: Story) -> None:
    assert [finding.severity for finding in leg(story, "10:04", venue="HOTEL-1")] == [Severity.BLOCK]


def test_in_one_room_nobody_walks(story: Story) -> None:
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", room="R-1")
    story.activity("A-02", "10:00", "11:00", venue="HOTEL-1", room="R-1", fixed=True)

    assert story.findings("R09") == []


def test_an_unknown_place_is_told(story: Story) -> None:
    assert [finding.severity for finding in leg(story, "12:00", venue=None)] == [Severity.INFO]


def test_an_unknown_place_does_not_excuse_two_activities_at_once(story: Story) -> None:
    assert [finding.severity for finding in leg(story, "09:59", venue=None)] == [Severity.BLOCK]


# Who


def test_each_party_has_its_own_way(story: Story) -> None:
    assert leg(story, "10:00", party="spouses") == []


def test_each_delegation_has_its_own_way(story: Story) -> None:
    story.delegation("KH")
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", delegation="LA")

    story.activity("A-02", "10:00", "11:00", venue="HALL-1", delegation="KH", fixed=True)

    assert story.findings("R09") == []


def test_an_activity_of_all_delegations_follows_on_each(story: Story) -> None:
    story.delegation("KH")
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", delegation="KH")

    story.activity("A-02", "10:00", "11:00", venue="HALL-1", fixed=True)

    assert len(story.findings("R09")) == 1


def test_a_leg_of_two_delegations_is_one_finding(story: Story) -> None:
    story.delegation("KH")

    assert len(leg(story, "10:00")) == 1


def test_a_delegation_that_does_not_come_needs_no_time(story: Story) -> None:
    delegation = story.delegation("KH")
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", delegation="KH")
    story.activity("A-02", "10:00", "11:00", venue="HALL-1", delegation="KH", fixed=True)
    assert len(story.findings("R09")) == 1

    story.tell(delegation.withdraw(story.act()))

    assert story.findings("R09") == []


def test_more_guests_embark_longer(story: Story) -> None:
    assert leg(story, clock(NEEDED)) == []

    story.tell(story.plan.delegation(VISIT, "LA").add_member(member("M-07"), story.act()))

    assert len(story.findings("R09")) == 1


def test_joint_activities_at_once_are_no_leg(story: Story) -> None:
    story.activity("A-00", "09:00", "10:00", venue="HOTEL-1")
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", room="R-1", joint_with=("A-00",))

    assert story.findings("R09") == []


def test_a_late_arrival_ends_as_much_later(story: Story) -> None:
    journey = Journey(mode=TravelMode.AIR, number="QV 312")
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", type=ActivityType.ARRIVAL, journey=journey)
    story.activity("A-02", clock(NEEDED), "14:00", venue="HALL-1", fixed=True)
    assert story.findings("R09") == []

    story.tell(story.plan.visit(VISIT).report_journey("A-01", at("09:20"), story.act()))

    assert story.findings("R09")[0].message.values["missing"] == timedelta(minutes=20)


@pytest.mark.parametrize("what", ["activity", "visit"])
def test_what_is_cancelled_needs_no_time(story: Story, what: str) -> None:
    assert len(leg(story, "10:00")) == 1

    visit = story.plan.visit(VISIT)
    story.tell(visit.cancel(story.act()) if what == "visit" else visit.cancel_activity("A-02", story.act()))

    assert story.findings("R09") == []


def test_over_a_cancelled_activity_the_leg_leads_to_the_next(story: Story) -> None:
    story.activity("A-03", "10:10", "10:20", venue="HOTEL-1")
    story.activity("A-04", "10:30", "11:00", venue="HALL-1", fixed=True)
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1")
    assert len(story.findings("R09")) == 1

    story.tell(story.plan.visit(VISIT).cancel_activity("A-03", story.act()))

    assert story.findings("R09") == []
