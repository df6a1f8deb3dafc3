"""What auditors ask: overrides, late changes, orders that nobody acknowledged, uncovered minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.assigning import assign
from domain.assignment import Assignment, Override
from domain.duty import duty, lapsed
from planner.history.cases import Case
from planner.history.questions import LATE, Question, answered, minutes
from planner.text import Speaker
from tests.examples import VISIT, Story, a_visit, at, post_details, window

ENGLISH = Speaker("en")
LONG_BEFORE, DURING, AFTER = at("00:00", -9), at("09:00"), at("23:00", 9)


def asked(story: Story, question: Question, now: datetime = LONG_BEFORE, late: timedelta = LATE) -> tuple[Case, ...]:
    return answered(enumerate(story.events, 1), story.plan, VISIT, now, late)[question]


def acknowledged(story: Story, one: Assignment, when: datetime = LONG_BEFORE) -> None:
    seen = duty(story.plan, story.plan.assignment(VISIT, one.code)).fingerprint
    act = story.act(officer=one.officer, recorded_at=when)
    story.tell(story.plan.assignment(VISIT, one.code).acknowledge(seen, seen, act))


def test_a_visit_without_anything_has_no_cases() -> None:
    story = Story()
    story.visit()

    assert answered(enumerate(story.events, 1), story.plan, VISIT, AFTER, LATE) == dict.fromkeys(
        [question for question in Question if question not in (Question.OUTSIDE_DUTY, Question.REFUSED)], ()
    )


# Overrides


def test_a_rule_that_was_overridden_is_a_case_with_who_and_why() -> None:
    story = a_visit()
    override = Override(rules=("R01",), authority="Đại tá Trần Văn Minh")
    given = story.placed(override=override)

    (case,) = asked(story, Question.OVERRIDES)

    event = story.events[-1]
    assert (case.subject, case.position, case.by, case.reason) == (given.id, len(story.events), event.by, event.reason)
    assert (case.recorded_at, case.window) == (event.recorded_at, given.window)
    assert "overriding rules R01 on the authority of Đại tá Trần Văn Minh" in ENGLISH.say(case.message)


def test_a_duty_that_breaks_no_rule_is_no_case() -> None:
    story = a_visit()
    story.placed()

    assert asked(story, Question.OVERRIDES) == ()


# Late changes


@pytest.mark.parametrize(("hours", "cases"), [(25, 0), (24, 0), (23.99, 1), (0, 1), (-2, 1)])
def test_what_changes_within_a_day_of_its_beginning_changed_late(hours: float, cases: int) -> None:
    story = a_visit()
    story.activity("A-01", "09:00", "10:00")
    moment = at("09:00") - timedelta(hours=hours)

    move = story.plan.visit(VISIT).move_activity("A-01", window("14:00", "15:00"), story.act(recorded_at=moment))
    story.tell(move)

    found = asked(story, Question.LATE_CHANGES)
    assert [case.notice for case in found] == [timedelta(hours=hours)] * cases


def test_a_time_that_moves_forward_counts_from_the_earlier_of_both() -> None:
    story = a_visit()
    story.activity("A-01", "09:00", "10:00", 2)
    act = story.act(recorded_at=at("20:00", 0))

    story.tell(story.plan.visit(VISIT).move_activity("A-01", window("08:00", "09:00"), act))

    (case,) = asked(story, Question.LATE_CHANGES)
    assert (case.window, case.notice) == (window("08:00", "09:00"), timedelta(hours=12))


def test_the_auditor_says_what_late_is() -> None:
    story = a_visit()
    story.activity("A-01", "09:00", "10:00")

    assert len(asked(story, Question.LATE_CHANGES, late=timedelta(days=60))) > 5
    assert asked(story, Question.LATE_CHANGES, late=timedelta(0)) == ()


def test_taking_and_beginning_a_duty_are_no_changes() -> None:
    story = a_visit()
    given = story.assigned()
    acknowledged(story, given, at("07:00"))
    story.tell(story.plan.assignment(VISIT, given.code).start(story.act(recorded_at=at("08:00"))))

    assert asked(story, Question.LATE_CHANGES, now=AFTER) == ()


def test_what_belongs_to_no_visit_is_no_late_change() -> None:
    story = a_visit()
    story.venue("HOTEL-2")

    assert {case.subject for case in asked(story, Question.LATE_CHANGES, late=timedelta(days=60))} == {
        f"visit/{VISIT}",
        f"delegation/{VISIT}/LA",
        f"post/{VISIT}/P-01",
    }


# Orders


def test_a_duty_that_nobody_acknowledged_is_a_case_before_and_after_it_begins() -> None:
    story = a_visit()
    given = story.assigned()

    before, after = (asked(story, Question.UNACKNOWLEDGED, now) for now in (at("07:59"), at("08:00")))

    assert [case.subject for case in (*before, *after)] == [given.id, given.id]
    assert ENGLISH.say(before[0].message).startswith("Nobody has acknowledged the duty of")
    assert ENGLISH.say(after[0].message).endswith(", when it began.")
    assert before[0].notice == given.window.start - story.events[-1].recorded_at


def test_an_acknowledged_duty_is_no_case_and_one_whose_acknowledgement_lapsed_is() -> None:
    story = a_visit()
    given = story.assigned()
    acknowledged(story, given)

    assert asked(story, Question.UNACKNOWLEDGED) == ()

    act = story.act()
    order = story.plan.post(VISIT, "P-01").issue_order("Chỉ cho xe có phù hiệu vào.", act)
    story.tell((*order, *lapsed(story.plan.after(order), order, act)))

    (case,) = asked(story, Question.UNACKNOWLEDGED)
    assert (case.subject, case.position) == (given.id, len(story.events))


def test_whoever_took_a_duty_too_late_is_a_case_still() -> None:
    story = a_visit()
    given = story.assigned()
    acknowledged(story, given, at("08:01"))

    assert [case.subject for case in asked(story, Question.UNACKNOWLEDGED, AFTER)] == [given.id]


def test_a_duty_that_was_given_when_it_had_begun_is_a_case_until_it_is_taken() -> None:
    story = a_visit()
    story.tell(story.plan.post(VISIT, "P-01").amend(post_details(radio="Kênh 4"), story.act(recorded_at=at("09:00"))))
    given = assign(story.plan, VISIT, "P-01", "CA-0113", story.act(recorded_at=at("09:05")))
    story.tell(given)

    assert [case.subject for case in asked(story, Question.UNACKNOWLEDGED, AFTER)] == [given[0].originator_id]


def test_duties_that_were_withdrawn_proposed_or_called_off_are_no_cases() -> None:
    story = a_visit()
    story.officer("CA-0114", "Trần Đức Nghĩa")
    gone = story.assigned()
    story.tell(story.plan.assignment(VISIT, gone.code).withdraw(story.act()))
    story.placed("CA-0114", tentative=True)

    assert asked(story, Question.UNACKNOWLEDGED, AFTER) == ()


# Coverage


def test_uncovered_minutes_are_those_that_a_post_lacks_officers() -> None:
    story = a_visit()
    story.placed(window=window("08:30", "11:00"))

    found = asked(story, Question.UNCOVERED)

    assert [case.window for case in found] == [window("08:00", "08:30"), window("11:00", "12:00")]
    assert (minutes(found), {case.subject for case in found}) == (90, {f"post/{VISIT}/P-01"})


def test_a_duty_that_is_over_was_there_and_a_cancelled_post_needs_nobody() -> None:
    story = a_visit()
    given = story.assigned()
    for word in ("start", "end"):
        story.tell(getattr(story.plan.assignment(VISIT, given.code), word)(story.act()))
    story.post("P-02", "10:00", "11:00")
    story.tell(story.plan.post(VISIT, "P-02").cancel(story.act()))

    assert asked(story, Question.UNCOVERED, AFTER) == ()
