"""The minutes between all sites at once are those of the rule, whatever speaks for a pair."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from domain.post import Post
from domain.rules.travel import place_of, way
from domain.values import Coordinates, TimeWindow
from domain.ways import Inside, Roads
from planner.rostering.ways import minutes_between
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story, key_point, place

VISITS = (VISIT, OTHER_VISIT)


def posts_of(story: Story) -> list[Post]:
    return [post for visit in VISITS for post in story.plan.posts(visit)]


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


@pytest.mark.parametrize("seed", range(24))
def test_whatever_speaks_for_a_pair_the_minutes_are_those_of_the_rule(seed: int) -> None:
    """Posts of two visits at few venues: at their doors, at rooms inside, at places of their own, at the same ones;
    routes there and back, some closed while somebody is on them; ways that were measured, some of them lost."""
    story, draw = Story(), np.random.default_rng(seed)
    spots = [place(round(19.88 + north, 4), round(102.13 + east, 4)) for north, east in draw.normal(0, 0.1, (9, 2))]
    for visit in VISITS:
        story.visit(visit)
    _posts(story, draw, spots)
    _routes(story, draw)
    for visit in VISITS[: draw.integers(3)]:
        known = [spots[at] for at in sorted(draw.choice(len(spots), 6, replace=False))]
        inside = Inside.of((4, 0, 3), _seconds(draw, 3, 900))
        story.tell(story.plan.ways(visit).measure(Roads.of(known, _seconds(draw, 6, 5400), (inside,)), story.act()))

    assert_as_the_rule_says(story)


def _posts(story: Story, draw: np.random.Generator, spots: list[Coordinates]) -> None:
    for number in range(5):
        story.venue(f"V-{number}", spots[number].lat, spots[number].lon)
        for inside in range(2):
            point = key_point(f"K-{inside}", coordinates=spots[draw.integers(len(spots))])
            story.tell(story.plan.venue(f"V-{number}").mark_key_point(point, story.act()))
    for number in range(24):
        venue, room, spot = f"V-{draw.integers(5)}", f"K-{draw.integers(2)}", spots[draw.integers(len(spots))]
        said: tuple[dict[str, Any], ...] = (
            {"venue": venue},
            {"venue": venue, "key_point": room},
            {"venue": venue, "key_point": room, "coordinates": spot},
            {"coordinates": spot},
        )
        story.post(f"P-{number:02d}", visit=VISITS[draw.integers(2)], **said[draw.integers(4)])


def _routes(story: Story, draw: np.random.Generator) -> None:
    for number in range(8):
        visit = VISITS[draw.integers(2)]
        origin, destination = draw.choice(5, 2, replace=False).tolist()
        story.route(f"R-{number}", f"V-{origin}", f"V-{destination}", minutes=float(draw.integers(1, 50)), visit=visit)
        if draw.random() < 0.5:
            starts = PLANNING + timedelta(minutes=int(draw.integers(-40, 60)))
            closed = TimeWindow(start=starts, end=starts + timedelta(minutes=30))
            story.tell(story.plan.route(visit, f"R-{number}").close(closed, story.act("ngập")))


def _seconds(draw: np.random.Generator, places: int, most: int) -> list[list[int | None]]:
    return [[int(draw.integers(most)) if draw.random() < 0.8 else None for _ in range(places)] for _ in range(places)]


def test_a_post_whose_place_is_unknown_is_not_guessed(story: Story) -> None:
    lost = story.post("P-99")

    assert place_of(story.plan, lost) is None
    with pytest.raises(KeyError):
        minutes_between(story.plan, story.plan.numbers(PLANNING), posts_of(story), PLANNING)


def test_no_posts_have_no_ways(story: Story) -> None:
    assert minutes_between(story.plan, story.plan.numbers(PLANNING), [], PLANNING).shape == (0, 0)
