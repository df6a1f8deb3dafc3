"""What the exact check says of changes is what the commands would say, one after the other."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
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
OFFICERS = tuple(f"CA-{number:04d}" for number in range(6))
POSTS = tuple(f"P-{number:02d}" for number in range(9))


def manned(draw: random.Random) -> Story:
    """Nine posts within four days, some at the same time; three of six officers hold one each."""
    story = Story()
    story.visit()
    for code in OFFICERS:
        story.officer(code, f"Cán bộ {code}")
    for code in POSTS:
        start = at("06:00") + timedelta(minutes=30 * draw.randrange(192))
        window = TimeWindow(start=start, end=start + timedelta(hours=draw.choice((2, 4, 8))))
        story.post(code, window=window)
    for officer, code in zip(OFFICERS, draw.sample(POSTS, 3), strict=False):
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


def one_by_one(plan: Plan, asked: Sequence[Change], given: Iterable[Given]) -> tuple[Plan, bool]:
    """As people would: every withdrawal, then every duty on the plan that all before it have made; whether all can."""
    plan, all_can = plan.after([AssignmentWithdrawn(**ACT.on(duty)) for one in asked for duty in one.withdrawn]), True
    for one in given:
        try:
            plan = plan.after(assign(plan, VISIT, one.post, one.officer, ACT, shift=one.shift))
        except PlanningError:
            all_can = False
    return plan, all_can


def standing(plan: Plan) -> set[tuple[str, str, str]]:
    return {(duty.code, duty.post, duty.officer) for duty in plan.assignments(VISIT) if duty.counts}


def test_what_is_let_through_the_commands_take_one_after_the_other() -> None:
    whole, in_part = 0, 0
    for seed in range(200):
        draw = random.Random(seed)
        plan = manned(draw).plan
        asked = changes(plan, draw)
        given = [one for change in asked for one in change.given]

        found = tried(plan, VISIT, asked, ACT)

        expected, all_can = one_by_one(plan, asked, given)
        assert all_can is (not found.refused)
        if all_can:
            assert standing(found.plan) == standing(expected)
            whole += bool(given)
        else:
            _, rest_can = one_by_one(plan, asked, found.given.values())
            assert rest_can
            in_part += bool(found.given)
    assert whole > 20, "too little was let through for this to say anything"
    assert in_part > 20, "too little was taken out for this to say anything"


def test_two_places_at_one_time_are_not_for_one_officer() -> None:
    """On the plan as it is, each of them is."""
    story, whole = Story(), TimeWindow(start=at("08:00"), end=at("12:00"))
    story.visit()
    story.officer(OFFICERS[0], "Cán bộ")
    for code in POSTS[:2]:
        story.post(code, window=whole)
    given = [Given(code, "ALL", OFFICERS[0], whole, seat) for seat, code in enumerate(POSTS[:2])]

    found = tried(story.plan, VISIT, [Change(one.post, "ALL", (), (one,)) for one in given], ACT)
    alone = [tried(story.plan, VISIT, [Change(one.post, "ALL", (), (one,))], ACT) for one in given]

    assert [one.given for one in found.refused] == given
    assert [one.refused for one in alone] == [(), ()]
