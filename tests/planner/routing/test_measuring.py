"""Ways between the posts of a visit, measured on a real map."""

import pytest

from domain.refusals import NotPossible
from domain.rules.travel import way
from domain.values import Coordinates
from domain.ways import Roads
from planner.routing.engine import Router
from planner.routing.measuring import left_out, measured, places, unmeasured
from tests.examples import PLANNING, VISIT, Story, key_point, venue_details

SQUARE = Coordinates(lat=-29.9027, lon=-71.2519)
HARBOUR = Coordinates(lat=-29.9495, lon=-71.3363)
GARDEN = Coordinates(lat=-29.9060, lon=-71.2519)
AT_SEA = Coordinates(lat=-29.95, lon=-71.60)


@pytest.fixture
def story() -> Story:
    """A hall with a post at its door and one in its garden, and a post at the harbour."""
    story = Story()
    story.visit()
    story.venue("HALL", coordinates=SQUARE)
    story.venue("PIER", coordinates=HARBOUR)
    story.tell(story.plan.venue("HALL").mark_key_point(key_point("GARDEN", coordinates=GARDEN), story.act()))
    story.post("P-01", venue="HALL")
    story.post("P-02", venue="HALL", key_point="GARDEN")
    story.post("P-03", venue="PIER")
    return story


def record(story: Story, router: Router) -> None:
    story.tell(story.plan.ways(VISIT).measure(measured(story.plan, VISIT, router), story.act()))


def test_every_way_between_posts_is_measured_and_the_rules_use_it(story: Story, router: Router) -> None:
    record(story, router)

    door, pier = story.plan.post(VISIT, "P-01"), story.plan.post(VISIT, "P-03")
    found = way(story.plan, story.plan.numbers(PLANNING), door, pier, PLANNING)

    driven = router.way_to(SQUARE, HARBOUR).minutes * 1.3
    assert found.said.text == "{minutes} by car, as measured on the map"
    assert found.needed.total_seconds() / 60 == pytest.approx(driven, rel=0.15)


def test_inside_a_venue_the_walk_is_measured(story: Story, router: Router) -> None:
    roads = measured(story.plan, VISIT, router)

    walked = {(roads.places[one.origin], roads.places[one.destination]): one.minutes for one in roads.walks}
    assert set(walked) == {(SQUARE, GARDEN), (GARDEN, SQUARE)}
    assert 3 < walked[SQUARE, GARDEN] < 20


def test_a_place_off_the_network_has_no_way_and_stays_an_estimate(story: Story, router: Router) -> None:
    story.post("P-04", coordinates=AT_SEA)
    record(story, router)

    out, door = story.plan.post(VISIT, "P-04"), story.plan.post(VISIT, "P-01")
    found = way(story.plan, story.plan.numbers(PLANNING), door, out, PLANNING)

    assert found.said.text == "{minutes} by estimate, as no way is planned or measured"


def test_measuring_twice_gives_the_same(story: Story, router: Router) -> None:
    assert measured(story.plan, VISIT, router) == measured(story.plan, VISIT, router)


def test_a_venue_that_moves_must_be_measured_anew(story: Story, router: Router) -> None:
    record(story, router)
    before = unmeasured(story.plan, VISIT, places(story.plan, VISIT))
    moved = venue_details("Bến cảng", coordinates=Coordinates(lat=-29.96, lon=-71.33))
    story.tell(story.plan.venue("PIER").amend(moved, story.act()))

    after = unmeasured(story.plan, VISIT, places(story.plan, VISIT))
    assert (before, after) == ((), (Coordinates(lat=-29.96, lon=-71.33),))


def test_one_place_alone_is_refused(router: Router) -> None:
    story = Story()
    story.visit()
    story.post("P-01", coordinates=SQUARE)

    with pytest.raises(NotPossible):
        measured(story.plan, VISIT, router)


def scattered(count: int, besides: range = range(0)) -> Story:
    """A visit with a post at each of many places, and a second one at some of them; the southernmost is number 0."""
    story = Story()
    story.visit()
    for code, numbers in (("P", range(count)), ("Q", besides)):
        for number in numbers:
            story.post(f"{code}-{number:03d}", coordinates=at_place(number))
    return story


def at_place(number: int) -> Coordinates:
    return Coordinates(lat=-29.9 + number / 1000, lon=-71.25)


def test_of_very_many_places_those_with_most_posts_are_measured() -> None:
    story = scattered(210, besides=range(205, 210))

    found = places(story.plan, VISIT)

    assert len(found) == 200
    assert {at_place(number) for number in range(205, 210)} <= set(found)


@pytest.mark.parametrize("count", [199, 200, 201, 500])
def test_places_beyond_those_that_are_measured_are_named(count: int) -> None:
    story = scattered(count)

    beyond = left_out(story.plan, VISIT)

    assert beyond == tuple(at_place(number) for number in range(200, count))
    assert {*beyond, *places(story.plan, VISIT)} == {at_place(number) for number in range(count)}


def test_the_way_to_a_place_that_is_not_measured_is_an_estimate_that_says_so() -> None:
    story = scattered(201)
    minutes = tuple(tuple(float(a != b) for b in range(200)) for a in range(200))
    roads = Roads(places=places(story.plan, VISIT), driving=minutes)
    story.tell(story.plan.ways(VISIT).measure(roads, story.act()))

    said = [
        way(
            story.plan,
            story.plan.numbers(PLANNING),
            story.plan.post(VISIT, one),
            story.plan.post(VISIT, other),
            PLANNING,
        ).said.text
        for one, other in (("P-000", "P-199"), ("P-000", "P-200"))
    ]

    assert unmeasured(story.plan, VISIT, places(story.plan, VISIT)) == ()
    assert said == [
        "{minutes} by car, as measured on the map",
        "{minutes} by estimate, as no way is planned or measured",
    ]


def test_cancelled_posts_are_not_measured(story: Story) -> None:
    story.tell(story.plan.post(VISIT, "P-03").cancel(story.act()))

    assert places(story.plan, VISIT) == (GARDEN, SQUARE)
