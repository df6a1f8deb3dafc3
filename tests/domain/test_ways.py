"""What was measured between places, and what cannot have been."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.undo import undone
from domain.values import Coordinates
from domain.ways import MOST_PLACES, Roads, Walk, WaysMeasured
from tests.examples import VISIT, Story, place

TWO = (place(), place(19.9, 102.2))


def roads(minutes: float = 8.0) -> Roads:
    return Roads(places=TWO, driving=((0.0, minutes), (minutes, 0.0)))


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    return story


def test_measuring_the_same_again_records_nothing(story: Story) -> None:
    story.tell(story.plan.ways(VISIT).measure(roads(), story.act()))

    assert story.plan.ways(VISIT).measure(roads(), story.act()) == ()


def test_the_last_measuring_counts_and_says_when(story: Story) -> None:
    story.tell(story.plan.ways(VISIT).measure(roads(8.0), story.act()))
    (event,) = story.plan.ways(VISIT).measure(roads(9.0), story.act())
    story.tell((event,))

    assert (story.plan.ways(VISIT).roads, story.plan.ways(VISIT).measured_at) == (roads(9.0), event.occurred_at)


@pytest.mark.parametrize("measured", [1, 2])
def test_undo_restores_what_was_measured_before_or_nothing(story: Story, measured: int) -> None:
    for minutes in range(measured - 1):
        story.tell(story.plan.ways(VISIT).measure(roads(minutes + 1.0), story.act()))
    before = story.plan
    events = before.ways(VISIT).measure(roads(99.0), story.act())
    after = story.tell(events)

    story.tell(undone(events, before, after, story.plan, story.act()))

    assert story.plan.ways(VISIT).roads == before.ways(VISIT).roads
    assert isinstance(story.events[-1], WaysMeasured)


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": TWO, "driving": ((0.0, 1.0),)},
        {"places": TWO, "driving": ((0.0,), (0.0,))},
        {"places": (TWO[0], TWO[0]), "driving": ((0.0, 1.0), (1.0, 0.0))},
        {"places": TWO, "driving": ((0.0, -1.0), (1.0, 0.0))},
        {"places": TWO, "driving": ((0.0, 1.0), (1.0, 0.0)), "walks": (Walk(origin=0, destination=2, minutes=1.0),)},
        {"places": tuple(Coordinates(lat=0.1, lon=n / 10) for n in range(MOST_PLACES + 1)), "driving": ()},
    ],
)
def test_what_cannot_have_been_measured_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Roads(**wrong)
