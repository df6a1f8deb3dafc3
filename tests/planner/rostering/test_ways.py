"""The minutes between all sites at once are those of the rule, whatever speaks for a pair."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from domain.post import Post
from domain.rules.travel import place_of, way
from domain.values import Coordinates
from domain.ways import Inside, Roads
from planner.rostering.ways import minutes_between
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story, place


def posts_of(story: Story) -> list[Post]:
    return [post for visit in (VISIT, OTHER_VISIT) for post in story.plan.posts(visit)]


@pytest.fixture
def story() -> Story:
    """Thirty posts of two visits at scattered venues, two of them at one venue and two at one place."""
    story, draw = Story(), np.random.default_rng(1)
    story.visit()
    story.visit(OTHER_VISIT)
    for number, (north, east) in enumerate(draw.normal(0, 0.2, (28, 2)).tolist()):
        story.venue(f"V-{number}", 19.88 + north, 102.13 + east)
        story.post(f"P-{number:02d}", venue=f"V-{number}", visit=OTHER_VISIT if number % 5 == 0 else VISIT)
    story.post("P-90", venue="V-1", coordinates=place(19.9, 102.2))
    story.post("P-91", coordinates=place(19.9, 102.2))
    return story


def assert_as_the_rule_says(story: Story) -> None:
    plan, posts, numbers = story.plan, posts_of(story), story.plan.numbers(PLANNING)

    found = minutes_between(plan, numbers, posts, PLANNING)

    for a, one in enumerate(posts):
        for b, other in enumerate(posts):
            needed = way(plan, numbers, one, other, PLANNING).needed if a != b else timedelta(0)
            assert (one.code, other.code, found[a, b]) == (
                one.code,
                other.code,
                math.ceil(needed / timedelta(minutes=1)),
            )


def test_estimates_are_those_of_the_rule(story: Story) -> None:
    assert_as_the_rule_says(story)


def test_planned_routes_and_measured_ways_go_before(story: Story) -> None:
    story.route("R-1", "V-2", "V-3", minutes=17)
    draw = np.random.default_rng(2)
    places = [story.plan.venue(f"V-{number}").details.coordinates for number in range(12)]
    inside: list[Coordinates] = [place(19.9, 102.2)]
    count = len(places) + len(inside)
    driving = draw.integers(1, 5400, (count, count)).tolist()
    driving[4][6] = None
    walks = (Inside.of((1, 12), ((0, 2640), (None, 0))),)
    roads = Roads.of((*places, *inside), driving, walks, pack="0" * 64)
    story.tell(story.plan.ways(VISIT).measure(roads, story.act()))

    assert_as_the_rule_says(story)


def test_a_post_whose_place_is_unknown_is_not_guessed(story: Story) -> None:
    lost = story.post("P-99")

    assert place_of(story.plan, lost) is None
    with pytest.raises(KeyError):
        minutes_between(story.plan, story.plan.numbers(PLANNING), posts_of(story), PLANNING)


def test_no_posts_have_no_ways(story: Story) -> None:
    assert minutes_between(story.plan, story.plan.numbers(PLANNING), [], PLANNING).shape == (0, 0)
