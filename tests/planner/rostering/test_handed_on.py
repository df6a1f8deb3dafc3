"""What a plan hands on to the next for laying out a problem is what that would work out afresh, whatever changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

import domain.plan
from domain.base import Decision, changed
from domain.plan import Plan
from domain.refusals import PlanningError
from domain.values import Coordinates
from planner.rostering.from_plan import laid
from planner.rostering.seating import Asked
from tests.domain.rules.test_moving import random_story
from tests.examples import PLANNING, VISIT, Story, absence, qualification
from tests.planner.rostering.test_moved import said

DAY = timedelta(days=1)
QUESTIONS = (
    Asked(VISIT, PLANNING),
    Asked(VISIT, PLANNING, shift=DAY),
    Asked(VISIT, PLANNING, without=frozenset({"CA-1"})),
)


def change(story: Story, draw: Random) -> Decision:
    """Something that happens to a plan and may matter for its roster; nothing where that is not possible there."""
    plan, act = story.plan, story.act()
    post, officer = draw.choice(plan.posts(VISIT)), draw.choice(plan.officers)
    venue = plan.venues[0]
    moved = changed(venue.details, coordinates=Coordinates(lat=19.9 + draw.random() / 10, lon=102.2))
    kinds: list[Callable[[], Decision]] = [
        lambda: officer.record_absence(absence("08:00", "20:00", code=f"OM-{plan.position}"), act),
        lambda: officer.grant(qualification(f"K{plan.position}"), act),
        lambda: officer.retire(act),
        lambda: officer.amend(changed(officer.details, unit=f"Đội {plan.position}"), act),
        lambda: post.amend(changed(post.details, critical=not post.details.critical, required=("K9",)), act),
        lambda: post.amend(changed(post.details, backups=(officer.key,), desired=("K9",)), act),
        lambda: post.appoint_commander(officer.key, act),
        lambda: post.reschedule(post.window.shifted(timedelta(hours=1)), None, act),
        lambda: post.cancel(act),
        lambda: venue.amend(moved, act),
    ]
    if duties := plan.assignments(VISIT):
        duty = draw.choice(duties)
        kinds += [lambda: duty.unpin(act) if duty.pinned else duty.pin(act), lambda: duty.withdraw(act)] * 2
    try:
        return draw.choice(kinds)()
    except PlanningError:
        return ()


def unlike(seeds: range) -> int:
    """How often something is laid out otherwise in plans one after the other than afresh."""
    found = 0
    for seed in seeds:
        draw = Random(seed)
        story = random_story(draw)
        for _ in range(6):
            for asked in QUESTIONS:
                found += said(laid(story.plan, asked)) != said(laid(afresh(story.plan), asked))
            story.tell(change(story, draw))
    return found


def afresh(plan: Plan) -> Plan:
    return plan.replacing({})


def test_plans_one_after_the_other_lay_out_what_each_would_afresh() -> None:
    assert unlike(range(40)) == 0


def test_the_control_forgets_who_is_concerned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain.plan, "concerned", lambda *_: set())

    assert unlike(range(40)) > 0
