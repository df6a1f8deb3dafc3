"""A visit and its programme: what can be decided, and what is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.base import Decision
from domain.refusals import CodeTaken, InvalidInput, NotFound, NotPossible, ReasonRequired
from domain.values import SecrecyLevel
from domain.visit import ActivityType, Journey, TravelMode, Visit, VisitDetails
from tests.examples import FIRST_DAY, HOSTILE_NAMES, VISIT, Story, act, activity, at, visit_details, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.activity("A-01", "09:00", "10:00")
    return story


def visit(story: Story) -> Visit:
    return story.plan.visit(VISIT)


def test_a_visit_is_registered_with_its_details() -> None:
    story = Story()

    story.tell(Visit.register(VISIT, visit_details(title="Chuyến thăm"), act()))

    assert (visit(story).details.title, visit(story).cancelled, visit(story).programme) == ("Chuyến thăm", False, ())


def test_a_visit_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValidationError):
        visit_details(last_day=FIRST_DAY - timedelta(days=1))


def test_a_visit_of_one_day_is_fine() -> None:
    assert visit_details(last_day=FIRST_DAY).last_day == FIRST_DAY


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "", "UTC+7"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        visit_details(zone=zone)


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 201])
def test_a_title_is_one_line_that_can_be_read(title: str) -> None:
    with pytest.raises(ValidationError):
        visit_details(title=title)


@pytest.mark.parametrize("title", HOSTILE_NAMES)
def test_a_title_is_kept_exactly_as_typed(title: str) -> None:
    assert visit_details(title=title).title == title


def test_amending_changes_the_details(story: Story) -> None:
    details = visit_details(secrecy=SecrecyLevel.SECRET)

    story.tell(visit(story).amend(details, act()))

    assert visit(story).details == details


def test_amending_to_what_it_is_is_no_event(story: Story) -> None:
    assert visit(story).amend(visit(story).details, act()) == ()


def test_cancelling_needs_a_reason(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        visit(story).cancel(act(" "))

    story.tell(visit(story).cancel(act("hoãn")))

    assert visit(story).cancelled


def test_a_cancelled_visit_is_reinstated(story: Story) -> None:
    story.tell(visit(story).cancel(act("hoãn")))

    story.tell(visit(story).reinstate(act()))

    assert not visit(story).cancelled


def test_a_visit_that_takes_place_is_not_reinstated(story: Story) -> None:
    with pytest.raises(NotPossible):
        visit(story).reinstate(act())


def test_in_a_cancelled_visit_nothing_else_is_decided(story: Story) -> None:
    story.tell(visit(story).cancel(act("hoãn")))
    cancelled = visit(story)

    decisions: tuple[Callable[[], Decision], ...] = (
        lambda: cancelled.amend(visit_details(title="X"), act()),
        lambda: cancelled.cancel(act("x")),
        lambda: cancelled.schedule(activity("A-02"), act()),
        lambda: cancelled.move_activity("A-01", window("11:00", "12:00"), act()),
        lambda: cancelled.relocate_activity("A-01", None, None, act()),
        lambda: cancelled.amend_activity(activity("A-01"), act()),
        lambda: cancelled.cancel_activity("A-01", act("x")),
        lambda: cancelled.reinstate_activity("A-01", act()),
        lambda: cancelled.report_journey("A-01", at("09:00"), act()),
    )

    for decide in decisions:
        with pytest.raises(NotPossible):
            decide()


# The programme


def test_the_programme_is_in_order_of_time(story: Story) -> None:
    story.activity("A-02", "07:00", "08:00")
    story.activity("A-03", "09:00", "09:30")

    assert [slot.code for slot in visit(story).programme] == ["A-02", "A-03", "A-01"]


def test_a_code_is_not_scheduled_twice(story: Story) -> None:
    with pytest.raises(CodeTaken):
        visit(story).schedule(activity("A-01"), act())


def test_moving_changes_only_the_window(story: Story) -> None:
    before = visit(story).activity("A-01")

    story.tell(visit(story).move_activity("A-01", window("14:00", "15:00"), act()))

    moved = visit(story).activity("A-01")
    assert moved.window == window("14:00", "15:00")
    assert (moved.title, moved.type) == (before.title, before.type)


def test_moving_to_where_it_is_is_no_event(story: Story) -> None:
    assert visit(story).move_activity("A-01", window("09:00", "10:00"), act()) == ()


def test_relocating_changes_venue_and_room(story: Story) -> None:
    story.tell(visit(story).relocate_activity("A-01", "HOTEL-1", "R-1", act()))

    moved = visit(story).activity("A-01")
    assert (moved.venue, moved.room) == ("HOTEL-1", "R-1")
    assert visit(story).relocate_activity("A-01", "HOTEL-1", "R-1", act()) == ()


def test_amending_replaces_the_activity(story: Story) -> None:
    slot = activity("A-01", type=ActivityType.BANQUET, headcount=40)

    story.tell(visit(story).amend_activity(slot, act()))

    assert visit(story).activity("A-01") == slot
    assert visit(story).amend_activity(slot, act()) == ()


def test_a_cancelled_activity_leaves_the_programme_and_comes_back(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        visit(story).cancel_activity("A-01", act())
    story.tell(visit(story).cancel_activity("A-01", act("mưa bão")))
    assert visit(story).programme == ()

    story.tell(visit(story).reinstate_activity("A-01", act()))

    assert [slot.code for slot in visit(story).programme] == ["A-01"]


def test_a_cancelled_activity_is_not_changed(story: Story) -> None:
    story.tell(visit(story).cancel_activity("A-01", act("mưa bão")))

    with pytest.raises(NotPossible):
        visit(story).move_activity("A-01", window("14:00", "15:00"), act())


def test_an_activity_that_takes_place_is_not_reinstated(story: Story) -> None:
    with pytest.raises(NotPossible):
        visit(story).reinstate_activity("A-01", act())


@pytest.mark.parametrize("code", ["A-99", ""])
def test_an_unknown_activity_is_not_found(story: Story, code: str) -> None:
    with pytest.raises(NotFound):
        visit(story).move_activity(code, window("14:00", "15:00"), act())


def test_when_guests_really_came_is_reported(story: Story) -> None:
    journey = Journey(mode=TravelMode.BORDER_GATE, gate="Cửa khẩu quốc tế Lao Bảo")
    story.activity("A-02", "07:00", "08:00", type=ActivityType.ARRIVAL, journey=journey)

    story.tell(visit(story).report_journey("A-02", at("07:40"), act()))

    arrived = visit(story).activity("A-02").journey
    assert arrived is not None
    assert (arrived.actual, arrived.gate) == (at("07:40"), "Cửa khẩu quốc tế Lao Bảo")


def test_talks_have_no_arrival(story: Story) -> None:
    with pytest.raises(InvalidInput):
        visit(story).report_journey("A-01", at("07:40"), act())


@pytest.mark.parametrize("code", ["", " ", "A 1", "A/1", "-A", "<b>", "x" * 41])
def test_a_code_is_short_and_plain(code: str) -> None:
    with pytest.raises(ValidationError):
        activity(code)


@pytest.mark.parametrize("code", ["A-01", "CHỐT.7", "ຫຼວງ-1", "ភ្នំពេញ_2"])
def test_a_code_may_be_of_any_script(code: str) -> None:
    assert activity(code).code == code


def test_details_with_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        VisitDetails(title="X", first_day=FIRST_DAY, last_day=FIRST_DAY, colour="red")  # type: ignore[call-arg]  # what is tried
