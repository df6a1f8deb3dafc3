"""What the exact check says of changes is what the commands would say, one after the other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from domain.assigning import assign
from domain.assignment import AssignmentWithdrawn
from domain.plan import Plan
from domain.refusals import PlanningError
from domain.values import TimeWindow
from planner.rostering.changes import Change, Given
from planner.rostering.checked import tried
from planner.rostering.seating import Asked
from tests.examples import PLANNING, VISIT, Story, at

ACT = Asked(VISIT, PLANNING).act
OFFICERS = ("CA-0001", "CA-0002", "CA-0003")
POSTS = tuple(f"P-{number:02d}" for number in range(9))


def manned(draw: random.Random) -> Story:
    """Nine posts within two days, many at the same time; three officers hold up to three of them."""
    story = Story()
    story.visit()
    for code in OFFICERS:
        story.officer(code, f"Cán bộ {code}")
    for code in POSTS:
        start = at("06:00") + timedelta(minutes=30 * draw.randrange(72))
        window = TimeWindow(start=start, end=start + timedelta(hours=draw.choice((2, 4, 8))))
        story.post(code, window=window)
    for officer, code in zip(OFFICERS, draw.sample(POSTS, 3), strict=True):
        story.assigned(officer, code)
    return story


def changes(plan: Plan, draw: random.Random) -> list[Change]:
    """For each post up to two officers, often with other duties at the time; mostly whoever stands there goes."""
    held = {duty.post: duty for duty in plan.assignments(VISIT)}
    found = []
    for seat, code in enumerate(POSTS):
        window = plan.post(VISIT, code).window
        given = tuple(Given(code, "ALL", who, window, seat) for who in draw.sample(OFFICERS, draw.randrange(3)))
        gone = (held[code],) if code in held and draw.random() < 0.7 else ()
        found.append(Change(code, "ALL", gone, given))
    return found


def one_by_one(plan: Plan, asked: Sequence[Change]) -> tuple[Plan, set[tuple[str, str]]]:
    """As people would: every withdrawal, then every duty on the plan that all before it have made."""
    refused = set()
    plan = plan.after([AssignmentWithdrawn(**ACT.on(duty)) for change in asked for duty in change.withdrawn])
    for given in (given for change in asked for given in change.given):
        try:
            plan = plan.after(assign(plan, VISIT, given.post, given.officer, ACT, shift=given.shift))
        except PlanningError:
            refused.add((given.post, given.officer))
    return plan, refused


def standing(plan: Plan) -> set[tuple[str, str]]:
    return {(duty.post, duty.officer) for duty in plan.assignments(VISIT) if duty.counts}


def codes(plan: Plan) -> set[str]:
    return {duty.code for duty in plan.assignments(VISIT)}


def test_changes_are_decided_as_one_after_the_other() -> None:
    decided = turned_down = 0
    for seed in range(100):
        draw = random.Random(seed)
        plan = manned(draw).plan
        asked = changes(plan, draw)

        found = tried(plan, VISIT, asked, ACT)

        expected, refused = one_by_one(plan, asked)
        assert standing(found.plan) == standing(expected)
        assert codes(found.plan) == codes(expected)
        assert {(one.given.post, one.given.officer) for one in found.refused} == refused
        assert {(given.post, given.officer) for given in found.given.values()} <= standing(expected)
        decided, turned_down = decided + len(found.given), turned_down + len(refused)
    assert decided > 200, "too little was given for this to say anything"
    assert turned_down > 200, "too little was refused for this to say anything"


def test_of_two_places_at_one_time_an_officer_is_given_the_first() -> None:
    """Decided on the same plan both would be given."""
    story, whole = Story(), TimeWindow(start=at("08:00"), end=at("12:00"))
    story.visit()
    story.officer(OFFICERS[0], "Cán bộ")
    for code in POSTS[:2]:
        story.post(code, window=whole)
    given = (Given(code, "ALL", OFFICERS[0], whole, seat) for seat, code in enumerate(POSTS[:2]))

    found = tried(story.plan, VISIT, [Change(one.post, "ALL", (), (one,)) for one in given], ACT)

    assert [one.given.post for one in found.refused] == [POSTS[1]]
    assert standing(found.plan) == {(POSTS[0], OFFICERS[0])}
