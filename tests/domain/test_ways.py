"""What was measured between places, and what cannot have been."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import to_json

from domain.undo import undone
from domain.values import Coordinates
from domain.ways import LONGEST, MOST_PLACES, Inside, Roads, WaysMeasured, packed
from planner.store.topics import Topic
from tests.examples import VISIT, Story, place

TWO = (place(), place(19.9, 102.2))


def roads(seconds: int = 480) -> Roads:
    return Roads.of(TWO, ((0, seconds), (seconds, 0)))


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    return story


def test_measuring_the_same_again_records_nothing(story: Story) -> None:
    story.tell(story.plan.ways(VISIT).measure(roads(), story.act()))

    assert story.plan.ways(VISIT).measure(roads(), story.act()) == ()


def test_the_last_measuring_counts_and_says_when(story: Story) -> None:
    story.tell(story.plan.ways(VISIT).measure(roads(480), story.act()))
    (event,) = story.plan.ways(VISIT).measure(roads(540), story.act())
    story.tell((event,))

    assert (story.plan.ways(VISIT).roads, story.plan.ways(VISIT).measured_at) == (roads(540), event.occurred_at)


@pytest.mark.parametrize("measured", [1, 2])
def test_undo_restores_what_was_measured_before_or_nothing(story: Story, measured: int) -> None:
    for minutes in range(measured - 1):
        story.tell(story.plan.ways(VISIT).measure(roads(60 * minutes + 60), story.act()))
    before = story.plan
    events = before.ways(VISIT).measure(roads(5940), story.act())
    after = story.tell(events)

    story.tell(undone(events, before, after, story.plan, story.act()))

    assert story.plan.ways(VISIT).roads == before.ways(VISIT).roads
    assert isinstance(story.events[-1], WaysMeasured)


def test_each_pair_is_read_as_it_was_measured() -> None:
    places = tuple(place(19.9, 102 + n / 100) for n in range(5))
    seconds = [[None if (a + b) % 4 == 3 else 300 * a + 7 * b for b in range(5)] for a in range(5)]
    measured = Roads.of(places, seconds, (Inside.of((4, 1), ((0, 61), (None, 0))),))

    driven = [[measured.drive(a, b) for b in range(5)] for a in range(5)]
    (inside,) = measured.inside

    assert driven == [[None if one is None else timedelta(seconds=one) for one in row] for row in seconds]
    assert [inside.walk(4, 1), inside.walk(1, 4), inside.walk(1, 1), inside.walk(4, 0)] == [
        timedelta(seconds=61),
        None,
        timedelta(0),
        None,
    ]


def test_the_longest_way_is_not_taken_for_none() -> None:
    far = Roads.of(TWO, ((0, LONGEST), (10**9, 0)))

    assert (far.drive(0, 1), far.drive(1, 0)) == (timedelta(seconds=LONGEST), timedelta(seconds=LONGEST))


def test_ways_that_were_recorded_in_minutes_are_read_as_what_they_said() -> None:
    """As the log holds them from before the second form."""
    places = [{"lat": 19.88, "lon": 102.13}, {"lat": 19.9, "lon": 102.2}, {"lat": 19.8805, "lon": 102.1305}]
    driving = [[0.0, 8.5, None], [9.1, 0.0, 1440.0], [0.2, 0.1, 0.0]]
    walks = [{"origin": 0, "destination": 2, "minutes": 95.1}, {"origin": 2, "destination": 0, "minutes": 94.0}]
    told = {"places": places, "driving": driving, "walks": walks, "pack": "ab12"}
    stamp = dict.fromkeys(("recorded_at", "occurred_at"), "2026-01-02T03:04:05Z") | {"by": "hoa", "command_id": "c"}
    written = to_json({"originator_id": f"ways/{VISIT}/roads", "originator_version": 1, **stamp, "roads": told})
    topic = Topic.of(WaysMeasured)

    event = topic.validate(topic.upcast(written, 1))

    assert isinstance(event, WaysMeasured)
    found = event.roads
    assert found == Roads(places=found.places, driving=found.driving, inside=found.inside, pack="ab12")
    assert [[found.drive(a, b) for b in range(3)] for a in range(3)] == [
        [timedelta(0), timedelta(minutes=8.5), None],
        [timedelta(minutes=9.1), timedelta(0), timedelta(seconds=LONGEST)],
        [timedelta(minutes=0.2), timedelta(minutes=0.1), timedelta(0)],
    ]
    (inside,) = found.inside
    assert (inside.walk(0, 2), inside.walk(2, 0), inside.walk(0, 1)) == (
        timedelta(minutes=95.1),
        timedelta(minutes=94),
        None,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": TWO, "driving": packed((0, 1))},
        {"places": TWO, "driving": packed((0, 1, 1, 0, 0))},
        {"places": TWO, "driving": "AAAAAAAAAAA"},
        {"places": TWO, "driving": "AAAA AAAAAA="},
        {"places": (TWO[0], TWO[0]), "driving": packed((0, 1, 1, 0))},
        {"places": TWO, "driving": packed((0, 1, 1, 0)), "inside": (Inside.of((0, 2), ((0, 1), (1, 0))),)},
        {"places": tuple(Coordinates(lat=0.1, lon=n / 10) for n in range(MOST_PLACES + 1)), "driving": ""},
    ],
)
def test_what_cannot_have_been_measured_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Roads(**wrong)


@pytest.mark.parametrize(("places", "seconds"), [((0, 1), (0, 1, 1)), ((0, 0), (0, 1, 1, 0))])
def test_what_cannot_have_been_walked_is_refused(places: tuple[int, ...], seconds: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError):
        Inside(places=places, walking=packed(seconds))
