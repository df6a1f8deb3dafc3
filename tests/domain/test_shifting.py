"""A whole visit moved by hours or days: what goes with it, what stays, and what cannot be."""

from datetime import timedelta

import pytest

from domain.assigning import moved_shifts
from domain.base import Act, Decision, Event, changed
from domain.plan import Plan
from domain.refusals import InvalidInput, NotFound, NotPossible
from domain.shifting import as_shifted, shifted
from domain.undo import undone
from domain.values import TimeWindow
from tests.examples import FIRST_DAY, VISIT, Story, at, shift, window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def story() -> Story:
    """Talks on both days, a post with two shifts, and an officer in each of them."""
    story = Story()
    story.visit()
    story.activity("A-01", "09:00", "10:00")
    story.activity("A-02", "22:30", "23:30", day=2)
    story.post("P-01", "08:00", "16:00")
    story.shifts("P-01", shift("S1", "08:00", "12:00"), shift("S2", "12:00", "16:00"))
    for number in (1, 2):
        story.officer(f"CA-{number}")
        story.placed(f"CA-{number}", "P-01", shift=f"S{number}")
    return story


def moved(story: Story, by: timedelta, *, at_clock: str | None = None) -> Decision:
    act = story.act() if at_clock is None else story.act(recorded_at=at(at_clock))
    decision = shifted(story.plan, VISIT, by, act)
    story.tell(decision)
    return decision


def times(story: Story) -> list[TimeWindow]:
    return times_of(story.plan)


def times_of(plan: Plan) -> list[TimeWindow]:
    return [
        *(activity.window for activity in plan.visit(VISIT).programme),
        plan.post(VISIT, "P-01").window,
        *(one.window for one in plan.post(VISIT, "P-01").shifts),
        *(duty.window for duty in plan.assignments(VISIT)),
    ]


@pytest.mark.parametrize("by", [HOUR, -HOUR, DAY, -DAY, timedelta(minutes=1)])
def test_programme_posts_shifts_and_duties_move_together(story: Story, by: timedelta) -> None:
    before = times(story)

    moved(story, by)

    assert times(story) == [one.shifted(by) for one in before]


@pytest.mark.parametrize("clock", ["07:00", "10:00"])
def test_each_event_is_what_would_be_decided_once_those_before_it_had_happened(story: Story, clock: str) -> None:
    story.post("P-02", "13:00", "15:00")
    story.placed("CA-1", "P-02")
    plan, act = story.plan, story.act(recorded_at=at(clock))

    decision = shifted(plan, VISIT, DAY, act)

    for number, event in enumerate(decision):
        before = plan.after(decision[:number]).entities[event.originator_id]
        assert (number, event.originator_version) == (number, before.version + 1)
    assert decision == (*one_after_the_other(plan, act), decision[-1])


def one_after_the_other(plan: Plan, act: Act) -> Decision:
    """All but the days of the visit, each decided on the plan that the earlier decisions make."""
    events: list[Event] = []

    def take(decision: Decision) -> None:
        nonlocal plan
        events.extend(decision)
        plan = plan.after(decision)

    for activity in plan.visit(VISIT).programme:
        if activity.window.start >= act.occurred_at:
            take(plan.visit(VISIT).move_activity(activity.code, activity.window.shifted(DAY), act))
    for post in plan.posts(VISIT):
        coming = [one for one in post.shifts if one.window.start >= act.occurred_at]
        before = plan
        if coming == list(post.shifts):
            take(post.reschedule(post.window.shifted(DAY), None, act))
        else:
            own = tuple(changed(one, window=one.window.shifted(DAY)) if one in coming else one for one in post.shifts)
            whole = TimeWindow(start=post.window.start, end=post.window.end + DAY)
            take(post.reschedule(whole, own, act))
        take(moved_shifts(before, plan, post.key, act))
    return tuple(events)


def test_a_day_moves_the_days_of_the_visit_too(story: Story) -> None:
    moved(story, DAY)

    details = story.plan.visit(VISIT).details
    assert (details.first_day, details.last_day) == (FIRST_DAY + DAY, FIRST_DAY + 2 * DAY)


def test_hours_leave_the_days_unless_something_then_begins_on_another(story: Story) -> None:
    moved(story, HOUR)
    first = story.plan.visit(VISIT).details

    moved(story, HOUR)

    assert first.last_day == FIRST_DAY + DAY
    assert story.plan.visit(VISIT).details.last_day == FIRST_DAY + 2 * DAY


def test_what_has_begun_stays_and_the_rest_of_a_post_moves(story: Story) -> None:
    moved(story, HOUR, at_clock="09:00")

    post = story.plan.post(VISIT, "P-01")
    assert [one.window for one in post.shifts] == [window("08:00", "12:00"), window("13:00", "17:00")]
    assert post.window == window("08:00", "17:00")
    assert [duty.window for duty in story.plan.assignments(VISIT)] == [one.window for one in post.shifts]
    assert story.plan.visit(VISIT).activity("A-01").window == window("10:00", "11:00")


def test_what_is_cancelled_or_withdrawn_does_not_move(story: Story) -> None:
    story.post("P-02")
    story.tell(story.plan.post(VISIT, "P-02").cancel(story.act()))
    story.tell(story.plan.visit(VISIT).cancel_activity("A-01", story.act()))
    story.tell(story.plan.assignment(VISIT, "A-0001").withdraw(story.act()))

    moved(story, HOUR)

    assert story.plan.post(VISIT, "P-02").window == window("08:00", "12:00")
    assert story.plan.visit(VISIT).activity("A-01").window == window("09:00", "10:00")
    assert story.plan.assignment(VISIT, "A-0001").window == window("08:00", "12:00")


def test_it_is_taken_back_whole(story: Story) -> None:
    before = story.plan
    events = moved(story, DAY)

    story.tell(undone(events, before, story.plan, story.plan, story.act()))

    assert times(story) == times_of(before)
    assert story.plan.visit(VISIT).details == before.visit(VISIT).details


def test_what_is_moved_without_events_is_moved_wherever_it_is_asked_for(story: Story) -> None:
    story.post("P-02")
    story.placed("CA-2", "P-02")
    then = story.plan.after(shifted(story.plan, VISIT, DAY, story.act()))
    gone = "post/" + then.post(VISIT, "P-02").key

    moved = as_shifted(story.plan, VISIT, DAY, story.act()).plan

    assert (moved.posts(VISIT), moved.assignments(VISIT)) == (then.posts(VISIT), then.assignments(VISIT))
    assert moved.assignments_of_officer("CA-2") == then.assignments_of_officer("CA-2")
    assert (dict(moved.entities), len(moved.entities)) == (dict(then.entities), len(then.entities))
    assert (moved.entities.get("post/NONE"), "post/NONE" in moved.entities) == (None, False)
    assert dict(moved.entities.without([gone])) == {k: one for k, one in then.entities.items() if k != gone}
    with pytest.raises(KeyError):
        moved.entities["post/NONE"]


def test_nothing_moves_by_nothing(story: Story) -> None:
    assert shifted(story.plan, VISIT, timedelta(0), story.act()) == ()


def test_nothing_is_moved_into_the_past(story: Story) -> None:
    act = story.act(recorded_at=at("07:30"))

    with pytest.raises(InvalidInput):
        shifted(story.plan, VISIT, -HOUR, act)


def test_a_visit_that_is_over_cancelled_or_unknown_is_refused(story: Story) -> None:
    over = story.act(recorded_at=at("24:00", day=3))

    with pytest.raises(NotPossible):
        shifted(story.plan, VISIT, HOUR, over)
    with pytest.raises(NotFound):
        shifted(story.plan, "NONE", HOUR, story.act())
    story.tell(story.plan.visit(VISIT).cancel(story.act()))
    with pytest.raises(NotPossible):
        shifted(story.plan, VISIT, HOUR, story.act())
