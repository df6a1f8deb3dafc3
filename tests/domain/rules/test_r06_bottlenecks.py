"""R06 of streets: a stretch that all routes of a leg run along is found, of two legs it blocks."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from domain.finding import Severity
from domain.polyline import encode
from domain.route import RouteKind, RouteSource
from domain.rules import new_findings
from planner.text import Speaker
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story

#: Metres of a degree of latitude, and what is a doorstep in these tests.
DEGREE_M, DOORSTEP_M = 111_195.0, 300.0
ALTERNATE, EMERGENCY = RouteKind.ALTERNATE, RouteKind.EMERGENCY


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    for code in ("AIRPORT", "HOTEL-1", "PALACE"):
        story.venue(code)
    return story


def line(*corners: tuple[float, float]) -> str:
    """A way by corners in metres to the north and to the east; every hundred metres there is a point."""
    points = [corners[0]]
    for (north, east), (to_north, to_east) in pairwise(corners):
        steps = round(max(abs(to_north - north), abs(to_east - east)) / 100)
        points += [
            (north + (to_north - north) * k / steps, east + (to_east - east) * k / steps) for k in range(1, steps + 1)
        ]
    return encode([(19.9 + north / DEGREE_M, 102.1 + east / DEGREE_M) for north, east in points])


#: Two kilometres to the north; around the middle on the west side, on the east side, and with 400 m of it in common.
STRAIGHT = line((0, 0), (2000, 0))
WEST = line((0, 0), (0, -500), (2000, -500), (2000, 0))
MIDDLE = line((0, 0), (0, 500), (800, 500), (800, 0), (1200, 0), (1200, 500), (2000, 500), (2000, 0))
#: The last two hundred metres alone.
DOORSTEP = line((0, 0), (0, 500), (1800, 500), (1800, 0), (2000, 0))


def planned(story: Story, *geometries: str, leg: tuple[str, str] = ("HOTEL-1", "PALACE"), since: int = 1) -> None:
    """A primary route, then an alternate, then an emergency route."""
    for number, (kind, geometry) in enumerate(zip((RouteKind.PRIMARY, ALTERNATE, EMERGENCY), geometries, strict=False)):
        story.route(f"R-{since + number:02d}", *leg, kind=kind, geometry=geometry)


def found(story: Story) -> list[tuple[Severity, tuple[str, ...]]]:
    return [(one.severity, one.subjects) for one in story.findings("R06")]


def routes(*numbers: int, visit: str = VISIT) -> tuple[str, ...]:
    return (f"visit/{visit}", *(f"route/{visit}/R-{number:02d}" for number in numbers))


def test_a_stretch_that_primary_and_alternate_share_is_found_and_told(story: Story) -> None:
    planned(story, STRAIGHT, MIDDLE)

    (one,) = story.findings("R06")

    assert (one.severity, one.subjects) == (Severity.WARN, routes(1, 2))
    days = story.plan.visit(VISIT).details
    assert one.window is not None
    assert (one.window.start, one.window.end) == (
        datetime.combine(days.first_day, time.min, ZoneInfo(days.zone)),
        datetime.combine(days.last_day + timedelta(days=1), time.min, ZoneInfo(days.zone)),
    )
    said = [Speaker(language).say(one.message) for language in ("en", "vi")]
    assert ["400 m" in text and "HOTEL-1" in text for text in said] == [True, True]
    assert "from 0.8 km after HOTEL-1 on" in said[0]


def test_a_third_route_around_it_is_a_way_left(story: Story) -> None:
    planned(story, STRAIGHT, MIDDLE, WEST)

    assert found(story) == []


def test_what_is_shared_at_the_doorsteps_alone_is_none(story: Story) -> None:
    planned(story, STRAIGHT, DOORSTEP)

    assert found(story) == []


def test_the_doorstep_of_the_policy_counts(story: Story) -> None:
    planned(story, STRAIGHT, DOORSTEP)
    before = story.plan
    routing = before.numbers(PLANNING).routing
    story.policy(routing=type(routing)(doorstep_m=50.0))

    assert found(story) == [(Severity.WARN, routes(1, 2))]


def test_two_legs_on_one_stretch_block_in_either_direction(story: Story) -> None:
    back = [line(*reversed(corners)) for corners in (((0, 0), (2000, 0)),)]
    around = line((2000, 0), (2000, 500), (1200, 500), (1200, 0), (800, 0), (800, 500), (0, 500), (0, 0))
    planned(story, STRAIGHT, MIDDLE)
    planned(story, *back, around, leg=("PALACE", "HOTEL-1"), since=3)

    (one,) = story.findings("R06")

    assert (one.severity, one.subjects) == (Severity.BLOCK, routes(1, 2, 3, 4))


def test_a_leg_without_an_alternate_or_off_the_network_is_not_judged(story: Story) -> None:
    planned(story, STRAIGHT)
    story.route("R-05", "AIRPORT", "PALACE", geometry=STRAIGHT)
    story.route("R-06", "AIRPORT", "PALACE", kind=ALTERNATE, geometry=STRAIGHT, source=RouteSource.ESTIMATE)

    assert found(story) == []


def test_a_withdrawn_route_is_no_way(story: Story) -> None:
    planned(story, STRAIGHT, MIDDLE, WEST)
    emergency = story.plan.route(VISIT, "R-03")
    before = story.plan
    events = emergency.withdraw(story.act())
    story.tell(events)

    made = new_findings(before, story.plan, events, PLANNING)

    assert [(one.rule, one.subjects) for one in made if one.rule == "R06"] == [("R06", routes(1, 2))]


def test_a_cancelled_visit_and_a_line_that_is_none_are_left_alone(story: Story) -> None:
    planned(story, STRAIGHT, "not a line")
    unreadable = found(story)
    story.tell(story.plan.visit(VISIT).cancel(story.act()))

    assert (unreadable, found(story)) == ([], [])


def test_routes_of_two_visits_are_judged_each_by_itself(story: Story) -> None:
    story.visit(OTHER_VISIT)
    planned(story, STRAIGHT, MIDDLE)
    story.route("R-01", "HOTEL-1", "PALACE", visit=OTHER_VISIT, geometry=STRAIGHT)
    story.route("R-02", "HOTEL-1", "PALACE", visit=OTHER_VISIT, kind=ALTERNATE, geometry=MIDDLE)

    assert {one for _, one in found(story)} == {routes(1, 2), routes(1, 2, visit=OTHER_VISIT)}
    assert [one.subjects for one in story.findings("R06", frozenset({f"visit/{VISIT}"}))] == [routes(1, 2)]
