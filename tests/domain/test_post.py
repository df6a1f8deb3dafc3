"""A post and its shifts."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from domain.base import Decision
from domain.post import WHOLE, Post
from domain.refusals import InvalidInput, NotFound, NotPossible, ReasonRequired
from tests.examples import VISIT, Story, act, post_details, shift, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    story.post("P-01", "08:00", "16:00", headcount=2)
    return story


def post(story: Story) -> Post:
    return story.plan.post(VISIT, "P-01")


def test_a_post_without_shifts_has_one_over_the_whole_window(story: Story) -> None:
    (whole,) = post(story).shifts

    assert (whole.code, whole.window, whole.headcount) == (WHOLE, window("08:00", "16:00"), 2)


def test_shifts_are_in_order_of_time(story: Story) -> None:
    story.shifts("P-01", shift("S2", "12:00", "16:00"), shift("S1", "08:00", "12:00"))

    assert [part.code for part in post(story).shifts] == ["S1", "S2"]
    assert post(story).shift("S2").window == window("12:00", "16:00")


def test_an_unknown_shift_is_not_found(story: Story) -> None:
    with pytest.raises(NotFound):
        post(story).shift("S9")


@pytest.mark.parametrize(("start", "end"), [("07:59", "12:00"), ("12:00", "16:01")])
def test_a_shift_outside_the_window_is_refused(story: Story, start: str, end: str) -> None:
    with pytest.raises(InvalidInput):
        post(story).plan_shifts((shift("S1", start, end),), act())


def test_two_shifts_of_one_code_are_refused(story: Story) -> None:
    with pytest.raises(InvalidInput):
        post(story).plan_shifts((shift("S1", "08:00", "12:00"), shift("S1", "12:00", "16:00")), act())


def test_planning_the_shifts_that_are_is_no_event(story: Story) -> None:
    parts = (shift("S1", "08:00", "12:00"),)
    story.shifts("P-01", *parts)

    assert post(story).plan_shifts(parts, act()) == ()


def test_without_shifts_the_whole_window_is_manned_again(story: Story) -> None:
    story.shifts("P-01", shift("S1", "08:00", "12:00"))

    story.tell(post(story).plan_shifts((), act()))

    assert [part.code for part in post(story).shifts] == [WHOLE]


def test_amending_changes_everything_but_the_window(story: Story) -> None:
    details = post_details("08:00", "16:00", task="Bảo vệ vòng trong", critical=True, required=("K9",))

    story.tell(post(story).amend(details, act()))

    assert post(story).details == details
    assert post(story).amend(details, act()) == ()
    with pytest.raises(InvalidInput):
        post(story).amend(post_details("08:00", "16:01"), act())


def test_shifts_move_along_with_a_window_of_the_same_length(story: Story) -> None:
    story.shifts("P-01", shift("S1", "08:00", "12:00"), shift("S2", "12:00", "16:00"))

    story.tell(post(story).reschedule(window("09:30", "17:30"), None, act()))

    assert [part.window for part in post(story).shifts] == [window("09:30", "13:30"), window("13:30", "17:30")]


def test_a_window_that_leaves_out_a_shift_needs_other_shifts(story: Story) -> None:
    story.shifts("P-01", shift("S1", "08:00", "12:00"))

    with pytest.raises(InvalidInput):
        post(story).reschedule(window("09:00", "16:00"), None, act())
    story.tell(post(story).reschedule(window("09:00", "16:00"), (shift("S1", "09:00", "12:00"),), act()))

    assert (post(story).window, post(story).shift("S1").window) == (window("09:00", "16:00"), window("09:00", "12:00"))


def test_shifts_stay_where_a_longer_window_still_holds_them(story: Story) -> None:
    story.shifts("P-01", shift("S1", "08:00", "12:00"))

    story.tell(post(story).reschedule(window("08:00", "18:00"), None, act()))

    assert post(story).shift("S1").window == window("08:00", "12:00")


def test_rescheduling_to_what_is_is_no_event(story: Story) -> None:
    assert post(story).reschedule(window("08:00", "16:00"), None, act()) == ()


def test_the_post_order_is_issued(story: Story) -> None:
    story.tell(post(story).issue_order("Kiểm tra giấy tờ.\nKhông cho xe lạ vào.", act()))

    assert post(story).details.instructions == "Kiểm tra giấy tờ.\nKhông cho xe lạ vào."
    assert post(story).issue_order("Kiểm tra giấy tờ.\nKhông cho xe lạ vào.", act()) == ()


def test_a_commander_is_appointed_and_relieved(story: Story) -> None:
    story.tell(post(story).appoint_commander("CA-0113", act()))
    assert post(story).details.commander == "CA-0113"
    assert post(story).appoint_commander("CA-0113", act()) == ()

    story.tell(post(story).appoint_commander(None, act()))

    assert post(story).details.commander is None


def test_a_post_is_cancelled_with_a_reason_and_needed_again(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        post(story).cancel(act())
    story.tell(post(story).cancel(act("thừa")))
    assert post(story).cancelled

    story.tell(post(story).reinstate(act()))

    assert not post(story).cancelled


def test_a_post_that_is_needed_is_not_reinstated(story: Story) -> None:
    with pytest.raises(NotPossible):
        post(story).reinstate(act())


def test_a_cancelled_post_is_not_changed(story: Story) -> None:
    story.tell(post(story).cancel(act("thừa")))
    cancelled = post(story)

    decisions: tuple[Callable[[], Decision], ...] = (
        lambda: cancelled.amend(post_details("08:00", "16:00", critical=True), act()),
        lambda: cancelled.reschedule(window("09:00", "16:00"), None, act()),
        lambda: cancelled.issue_order("x", act()),
        lambda: cancelled.appoint_commander("CA-0113", act()),
        lambda: cancelled.plan_shifts((), act()),
        lambda: cancelled.cancel(act("x")),
    )

    for decide in decisions:
        with pytest.raises(NotPossible):
            decide()


@pytest.mark.parametrize("headcount", [0, -1, 501])
def test_a_headcount_is_at_least_one(headcount: int) -> None:
    with pytest.raises(ValidationError):
        post_details(headcount=headcount)
