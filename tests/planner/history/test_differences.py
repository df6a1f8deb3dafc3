"""The difference between any two plans says every fact that changed, and nothing else."""

from __future__ import annotations

import dataclasses
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import Event
from domain.plan import Plan
from planner.history.differences import ORDER, Difference, DifferenceKind, differences
from planner.history.names import subject_id
from planner.text import Speaker
from tests.examples import OTHER_VISIT, VISIT, Story, a_visit, absence, at, shift, window
from tests.planner.history.whole_story import whole_story

EN = Speaker("en")
VI = Speaker("vi")
EVENTS = tuple(whole_story().events)
PLANS = tuple(Plan().after(EVENTS[:count]) for count in range(len(EVENTS) + 1))
positions = st.integers(0, len(EVENTS))

MIRROR = {
    DifferenceKind.ADDED: DifferenceKind.REMOVED,
    DifferenceKind.REMOVED: DifferenceKind.ADDED,
    DifferenceKind.CHANGED: DifferenceKind.CHANGED,
}


def said(found: tuple[Difference, ...], speaker: Speaker = EN) -> list[str]:
    return [speaker.say(difference.message) for difference in found]


@given(positions)
def test_nothing_differs_between_a_plan_and_itself_or_its_like(position: int) -> None:
    plan, refolded = PLANS[position], Plan().after(EVENTS[:position])

    found = differences(plan, plan), differences(plan, refolded), differences(plan, refolded, VISIT)

    assert found == ((), (), ())


@given(positions, positions)
def test_differences_there_and_back_mirror_each_other(first: int, second: int) -> None:
    a, b = PLANS[first], PLANS[second]

    there, back = differences(a, b), differences(b, a)

    assert [(d.subject, MIRROR[d.kind]) for d in there] == [(d.subject, d.kind) for d in back]


@given(positions, positions)
def test_only_what_the_events_between_touched_can_differ(first: int, second: int) -> None:
    early, late = sorted((first, second))

    found = differences(PLANS[early], PLANS[late])

    assert {d.subject for d in found} <= {subject_id(event) for event in EVENTS[early:late]}


def test_every_thing_that_was_founded_is_told_once() -> None:
    touched = {subject_id(event) for event in EVENTS}

    found = differences(Plan(), PLANS[-1])

    assert [d.subject for d in found] == sorted(
        touched, key=lambda subject: (ORDER.index(subject.partition("/")[0]), subject)
    )


@pytest.mark.parametrize("number", range(len(EVENTS)), ids=lambda n: f"{n}-{type(EVENTS[n]).__name__}")
def test_each_single_event_makes_exactly_one_difference_in_both_languages(number: int) -> None:
    event: Event = EVENTS[number]

    found = differences(PLANS[number], PLANS[number + 1])

    assert [d.subject for d in found] == [subject_id(event)]
    assert said(found)[0][0].isupper()
    assert said(found) != said(found, VI)


def test_a_post_says_all_changed_facts_in_one_sentence() -> None:
    story = a_visit()
    story.post("P-07", "08:00", "12:00", task="Cổng chính", headcount=2)
    before = story.plan
    post = before.post(VISIT, "P-07")
    story.tell(post.amend(dataclasses.replace(post.details, headcount=3), story.act()))
    story.tell(story.plan.post(VISIT, "P-07").reschedule(window("09:00", "12:00"), None, story.act()))
    story.shifts("P-07", shift("S-1", "09:00", "12:00", headcount=3))

    found = differences(before, story.plan, VISIT)

    assert said(found) == [
        (
            "Post P-07 «Cổng chính»: time Tue 24/11/2026 08:00–12:00 → 09:00–12:00 (UTC+7); officers needed 2 → 3; "
            "shift S-1 added (time Tue 24/11/2026 09:00–12:00 (UTC+7); officers needed 3)"
        )
    ]
    assert said(found, VI) == [
        (
            "Chốt P-07 «Cổng chính»: thời gian Th 3, 24/11/2026 08:00–12:00 → 09:00–12:00 (UTC+7); "
            "số cán bộ cần 2 → 3; thêm ca S-1 (thời gian Th 3, 24/11/2026 09:00–12:00 (UTC+7); số cán bộ cần 3)"
        )
    ]


def test_what_is_cancelled_and_reinstated_in_between_does_not_differ() -> None:
    story = a_visit()
    before = story.plan
    story.tell(story.plan.post(VISIT, "P-01").cancel(story.act()))
    cancelled = story.plan
    story.tell(story.plan.post(VISIT, "P-01").reinstate(story.act()))

    found = differences(before, story.plan)

    assert found == ()
    assert said(differences(before, cancelled, VISIT)) == [
        "Post P-01 «Kiểm soát người và phương tiện vào cổng chính»: cancelled"
    ]


def test_a_cancelled_activity_is_a_difference_of_the_programme_not_of_the_visit() -> None:
    story = a_visit()
    story.activity("A-05", title="Hội đàm")
    before = story.plan
    story.tell(story.plan.visit(VISIT).cancel_activity("A-05", story.act()))

    found = differences(before, story.plan, VISIT)

    assert [(d.subject, d.kind) for d in found] == [("activity/LA-2026-01/A-05", DifferenceKind.CHANGED)]
    assert said(found) == ["Activity A-05 «Hội đàm»: cancelled"]


def test_a_duty_acknowledged_again_after_a_change_says_so() -> None:
    before = next(p for e, p in zip(EVENTS, PLANS[1:], strict=False) if type(e).__name__ == "AssignmentAcknowledged")
    duty = before.assignment(VISIT, "D-1")
    again = dataclasses.replace(EVENTS[-1], originator_id=duty.id)  # any stamp will do
    after = Plan(entities=before.entities.update({duty.id: duty.with_(again, duty="fedcba9876543210")}))

    found = differences(before, after)

    assert said(found)[0].endswith(": acknowledged again, because the duty changed")


def test_one_visit_is_shown_with_the_venues_and_officers_it_uses_and_nothing_of_others() -> None:
    story = a_visit()
    story.visit(OTHER_VISIT)
    story.venue("ELSEWHERE")
    story.officer("CA-0999")
    story.post("P-01", visit=OTHER_VISIT, venue="ELSEWHERE", commander="CA-0999")
    story.placed("CA-0113")
    before = story.plan
    story.away("CA-0113", absence("08:00", "09:00"))
    story.away("CA-0999", absence("08:00", "09:00"))
    story.tell(story.plan.venue("HOTEL-1").retire(story.act()))
    story.tell(story.plan.venue("ELSEWHERE").retire(story.act()))
    story.policy(min_rest_hours=10)

    ours = differences(before, story.plan, VISIT)
    theirs = differences(before, story.plan, OTHER_VISIT)

    assert [d.subject for d in ours] == ["venue/HOTEL-1", "officer/CA-0113", "policy/site"]
    assert [d.subject for d in theirs] == ["venue/ELSEWHERE", "officer/CA-0999", "policy/site"]


def test_posts_of_several_visits_are_told_apart_by_their_visit() -> None:
    story = a_visit()
    before = story.plan
    story.tell(story.plan.post(VISIT, "P-01").cancel(story.act()))

    found = differences(before, story.plan)

    assert said(found) == ["Post LA-2026-01/P-01 «Kiểm soát người và phương tiện vào cổng chính»: cancelled"]


def test_policy_numbers_say_from_when_they_count_and_against_what() -> None:
    story = Story()
    story.policy(min_rest_hours=10)
    before = story.plan
    story.policy(at("00:00"), min_rest_hours=8, routing={"max_overlap": 0.5})

    there, back = differences(before, story.plan), differences(story.plan, before)

    change = "least rest between duties 10 h → 8 h; most overlap of further routes 35 % → 50 %"
    assert said(there) == [f"Policy numbers: from Tue 24/11/2026 00:00 (UTC+7): {change}"]
    assert said(back) == [f"Policy numbers: no longer from Tue 24/11/2026 00:00 (UTC+7): {change}"]


@pytest.mark.slow
def test_one_change_among_a_hundred_thousand_posts_is_found_at_once() -> None:
    story = a_visit()
    post = story.plan.post(VISIT, "P-01")
    many = {f"post/X/P-{n}": dataclasses.replace(post, key=f"X/P-{n}") for n in range(100_000)}
    before = dataclasses.replace(story.plan, entities=story.plan.entities.update(many))
    after = before.after(post.cancel(story.act()))

    started = time.process_time()
    found = differences(before, after)
    seconds = time.process_time() - started

    assert [d.subject for d in found] == ["post/LA-2026-01/P-01"]
    assert seconds < 1
