"""R03: duty periods leave rest, and duty does not heap up in a day, a week, or nights in a row."""

from datetime import timedelta

import pytest

from domain.assignment import DutyEnded, DutyStarted
from domain.finding import Severity
from domain.policy import PolicyNumbers
from domain.rules.duty import duties_of
from domain.rules.rest import Burden, heaviest
from domain.values import TimeWindow
from tests.examples import PLANNING, Story, at, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    return story


def blocks(story: Story) -> list[object]:
    return [f.window for f in story.findings("R03") if f.severity is Severity.BLOCK]


def warned(story: Story, text: str) -> list[object]:
    found = [f for f in story.findings("R03") if f.severity is Severity.WARN]
    return [f.window for f in found if text in f.message.text]


def test_twelve_hours_of_rest_are_clean(story: Story) -> None:
    story.duty("CA-0113", "14:00", "22:00")

    story.duty("CA-0113", "10:00", "14:00", day=2)

    assert blocks(story) == []


def test_a_minute_less_than_twelve_hours_of_rest_blocks(story: Story) -> None:
    story.duty("CA-0113", "14:00", "22:00")

    story.duty("CA-0113", "09:59", "14:00", day=2)

    assert blocks(story) == [TimeWindow(start=at("14:00"), end=at("14:00", day=2))]
    assert story.findings("R03")[0].message.values["gap"] == timedelta(hours=11, minutes=59)


def test_a_morning_and_an_afternoon_are_one_short_period(story: Story) -> None:
    story.duty("CA-0113", "08:00", "10:00")

    story.duty("CA-0113", "13:00", "15:00")

    assert story.findings("R03") == []


def test_a_period_of_exactly_twelve_hours_is_clean(story: Story) -> None:
    story.duty("CA-0113", "06:00", "10:00")
    story.duty("CA-0113", "14:00", "18:00")

    assert blocks(story) == []


def test_a_period_a_minute_longer_blocks(story: Story) -> None:
    story.duty("CA-0113", "06:00", "10:00")
    story.duty("CA-0113", "14:00", "18:01")

    assert blocks(story) == [window("06:00", "18:01")]


def test_a_single_post_that_is_too_long_blocks(story: Story) -> None:
    story.duty("CA-0113", "06:00", "18:01")

    assert blocks(story) == [window("06:00", "18:01")]


def test_the_span_counts_to_the_last_end_not_the_end_of_the_last(story: Story) -> None:
    story.duty("CA-0113", "06:00", "18:30")
    story.duty("CA-0113", "07:00", "08:00")

    assert blocks(story) == [window("06:00", "18:30")]


def test_the_policy_of_the_force_counts(story: Story) -> None:
    story.duty("CA-0113", "14:00", "22:00")
    story.duty("CA-0113", "08:00", "12:00", day=2)
    assert len(blocks(story)) == 1

    story.policy(min_rest_hours=10)

    assert blocks(story) == []


def test_duty_that_was_worked_counts_for_rest(story: Story) -> None:
    worked = story.duty("CA-0113", "14:00", "22:00")
    story.duty("CA-0113", "08:00", "12:00", day=2)

    started = DutyStarted(**story.act().on(worked))
    story.tell((started, DutyEnded(**story.act().on(worked.evolve(started)))))

    assert len(blocks(story)) == 1


def test_nothing_is_found_about_duties_that_are_all_over(story: Story) -> None:
    worked = story.duty("CA-0113", "06:00", "20:00")
    assert len(story.findings("R03")) == 2

    started = DutyStarted(**story.act().on(worked))
    story.tell((started, DutyEnded(**story.act().on(worked.evolve(started)))))

    assert story.findings("R03") == []


def test_hours_of_a_day_slide_and_do_not_follow_the_calendar(story: Story) -> None:
    story.policy(min_rest_hours=2, max_span_hours=12)
    story.duty("CA-0113", "16:00", "23:00")

    story.duty("CA-0113", "06:00", "11:01", day=2)

    assert warned(story, "24 hours") == [TimeWindow(start=at("11:01"), end=at("11:01", day=2))]


def test_twelve_hours_within_a_day_are_clean(story: Story) -> None:
    story.policy(min_rest_hours=2, max_span_hours=12)
    story.duty("CA-0113", "16:00", "23:00")

    story.duty("CA-0113", "06:00", "11:00", day=2)

    assert warned(story, "24 hours") == []


def test_an_hour_in_two_places_is_worked_once(story: Story) -> None:
    story.duty("CA-0113", "06:00", "14:00")
    story.duty("CA-0113", "06:00", "14:00")

    assert warned(story, "24 hours") == []


def test_sixty_hours_within_seven_days_are_clean(story: Story) -> None:
    for day in range(1, 7):
        story.duty("CA-0113", "08:00", "18:00", day=day)

    assert warned(story, "seven days") == []


def test_a_minute_more_than_sixty_hours_within_seven_days_warns(story: Story) -> None:
    for day in range(1, 7):
        story.duty("CA-0113", "08:00", "18:00" if day > 1 else "18:01", day=day)

    assert warned(story, "seven days") == [TimeWindow(start=at("18:00", day=-1), end=at("18:00", day=6))]


def test_weeks_that_are_apart_are_told_apart(story: Story) -> None:
    for day in (1, 2, 3, 4, 5, 6, 7, 21, 22, 23, 24, 25, 26, 27):
        story.duty("CA-0113", "08:00", "18:00", day=day)

    assert len(warned(story, "seven days")) == 2


def test_four_nights_in_a_row_are_clean(story: Story) -> None:
    for day in range(1, 5):
        story.duty("CA-0113", "22:00", "02:00", day=day)

    assert warned(story, "nights") == []


def test_a_fifth_night_in_a_row_warns(story: Story) -> None:
    for day in range(1, 6):
        story.duty("CA-0113", "22:00", "02:00", day=day)

    assert warned(story, "nights") == [TimeWindow(start=at("22:00"), end=at("06:00", day=6))]


def test_a_night_off_begins_a_new_row(story: Story) -> None:
    for day in (1, 2, 3, 5, 6, 7):
        story.duty("CA-0113", "22:00", "02:00", day=day)

    assert warned(story, "nights") == []


def test_less_than_three_hours_are_no_night(story: Story) -> None:
    for day in range(1, 6):
        story.duty("CA-0113", "20:00", "00:59", day=day)

    assert warned(story, "nights") == []


def test_two_short_duties_of_one_night_add_up(story: Story) -> None:
    for day in range(1, 6):
        story.duty("CA-0113", "22:00", "23:30", day=day)
        story.duty("CA-0113", "04:30", "06:00", day=day + 1)

    assert len(warned(story, "nights")) == 1


def test_nights_are_those_of_the_place_of_the_visit(story: Story) -> None:
    story.visit("CL-2026-01", zone="America/Santiago")
    for day in range(1, 6):
        story.duty("CA-0113", "22:00", "02:00", day=day, visit="CL-2026-01")

    assert warned(story, "nights") == []


def test_the_heaviest_day_week_and_run_of_nights_slide_over_the_duties() -> None:
    story = Story()
    story.visit()
    story.officer("CA-1")
    for day in (1, 2, 3):
        story.duty("CA-1", "20:00", "04:00", day)
    story.duty("CA-1", "12:00", "14:00", day=9)

    numbers = story.plan.numbers(PLANNING)
    most = heaviest(story.plan, numbers, duties_of(story.plan, "CA-1"))

    assert (most.day, most.week, most.nights) == (timedelta(hours=8), timedelta(hours=24), 3)
    assert heaviest(story.plan, numbers, ()) == (timedelta(0), timedelta(0), 0)


@pytest.mark.parametrize(
    ("hours_a_day", "hours_a_week", "nights", "above"),
    [(12, 60, 4, (False, False, False)), (12.1, 60, 4, (True, False, False)), (0, 60.1, 5, (False, True, True))],
)
def test_a_load_is_above_what_is_meant_only_beyond_it(
    hours_a_day: float, hours_a_week: float, nights: int, above: tuple[bool, bool, bool]
) -> None:
    load = Burden(timedelta(hours=hours_a_day), timedelta(hours=hours_a_week), nights)

    assert load.above(PolicyNumbers()) == above
