"""R01: nobody is in two places at once, on duty while away, or on duty after retiring."""

from datetime import timedelta

import pytest

from domain.assignment import AssignmentStatus, DutyEnded, DutyStarted
from domain.finding import Finding, Severity
from domain.rules.duty import duties_of, near
from tests.examples import OTHER_VISIT, VISIT, Story, absence, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    return story


def said(story: Story) -> list[tuple[Severity, object]]:
    return [(finding.severity, finding.window) for finding in story.findings("R01")]


def test_touching_duties_are_clean(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")

    story.duty("CA-0113", "12:00", "16:00")

    assert said(story) == []


def test_one_minute_in_two_places_blocks(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")

    story.duty("CA-0113", "11:59", "16:00")

    assert said(story) == [(Severity.BLOCK, window("11:59", "12:00"))]
    assert story.findings("R01")[0].message.values["length"] == timedelta(minutes=1)


def test_both_duties_and_the_officer_are_named(story: Story) -> None:
    one = story.duty("CA-0113", "08:00", "12:00")
    other = story.duty("CA-0113", "11:59", "16:00")

    finding = story.findings("R01")[0]

    assert finding.subjects == ("officer/CA-0113", one.id, other.id)


def test_two_places_in_two_visits_block(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.duty("CA-0113", "08:00", "12:00", visit=VISIT)

    story.duty("CA-0113", "08:00", "12:00", visit=OTHER_VISIT)

    assert said(story) == [(Severity.BLOCK, window("08:00", "12:00"))]


def test_a_night_duty_clashes_with_the_next_morning(story: Story) -> None:
    story.duty("CA-0113", "22:00", "06:00")

    story.duty("CA-0113", "05:00", "07:00", day=2)

    assert said(story) == [(Severity.BLOCK, window("05:00", "06:00", day=2))]


def test_three_duties_at_once_are_three_pairs(story: Story) -> None:
    for _ in range(3):
        story.duty("CA-0113", "08:00", "09:00")

    assert len(said(story)) == 3


def test_a_long_duty_clashes_with_every_short_one_within(story: Story) -> None:
    story.duty("CA-0113", "06:00", "18:00")
    story.duty("CA-0113", "07:00", "08:00")
    story.duty("CA-0113", "16:00", "17:00")

    assert [finding.window for finding in story.findings("R01")] == [window("07:00", "08:00"), window("16:00", "17:00")]


def test_a_proposed_duty_counts(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")
    story.post("P-99", "09:00", "10:00")

    story.placed("CA-0113", "P-99", tentative=True)

    assert said(story) == [(Severity.BLOCK, window("09:00", "10:00"))]


@pytest.mark.parametrize("end", ["withdrawn", "ended"])
def test_a_withdrawn_or_ended_duty_no_longer_counts(story: Story, end: str) -> None:
    story.duty("CA-0113", "08:00", "12:00")
    duty = story.duty("CA-0113", "09:00", "10:00")
    assert len(said(story)) == 1

    if end == "withdrawn":
        story.tell(duty.withdraw(story.act()))
    else:
        started = DutyStarted(**story.act().on(duty))
        story.tell((started, DutyEnded(**story.act().on(duty.evolve(started)))))

    assert said(story) == []


def test_a_cancelled_post_is_ignored(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")
    story.duty("CA-0113", "09:00", "10:00", post="P-99")
    assert len(said(story)) == 1

    story.tell(story.plan.post(VISIT, "P-99").cancel(story.act()))

    assert said(story) == []


def test_a_cancelled_visit_is_ignored(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.duty("CA-0113", "08:00", "12:00")
    story.duty("CA-0113", "09:00", "10:00", visit=OTHER_VISIT)
    assert len(said(story)) == 1

    story.tell(story.plan.visit(OTHER_VISIT).cancel(story.act()))

    assert said(story) == []


def test_a_duty_during_an_absence_blocks(story: Story) -> None:
    duty = story.duty("CA-0113", "08:00", "12:00")

    story.away("CA-0113", absence("11:00", "18:00"))

    finding = story.findings("R01")[0]
    assert said(story) == [(Severity.BLOCK, window("11:00", "12:00"))]
    assert finding.subjects == ("officer/CA-0113", duty.id, "absence/CA-0113/ABS-1")


def test_an_absence_that_begins_when_the_duty_ends_is_clean(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")

    story.away("CA-0113", absence("12:00", "18:00"))

    assert said(story) == []


def test_a_cancelled_absence_is_clean(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")
    officer = story.away("CA-0113", absence("08:00", "18:00"))
    assert len(said(story)) == 1

    story.tell(officer.cancel_absence("ABS-1", story.act()))

    assert said(story) == []


def test_a_retired_officer_with_a_duty_blocks(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")
    assert said(story) == []

    story.tell(story.plan.officer("CA-0113").retire(story.act()))

    assert said(story) == [(Severity.BLOCK, window("08:00", "12:00"))]


def test_two_officers_at_the_same_time_are_clean(story: Story) -> None:
    story.officer("CA-0200")
    story.duty("CA-0200", "08:00", "12:00")

    story.duty("CA-0113", "08:00", "12:00")

    assert said(story) == []


def test_the_identity_survives_recomputation_and_dies_with_the_facts(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00")
    duty = story.duty("CA-0113", "11:00", "16:00")
    first: Finding = story.findings("R01")[0]
    story.officer("CA-0200")
    again = story.findings("R01")[0]

    story.placed("CA-0113", duty.post, window=window("11:30", "16:00"))

    assert first.id == again.id
    assert first.id in {finding.id for finding in story.findings("R01")}
    assert len({finding.id for finding in story.findings("R01")}) == 3
    assert story.plan.assignment(VISIT, duty.code).status is AssignmentStatus.CONFIRMED


def test_near_a_window_are_the_duties_that_share_more_than_an_instant_with_it(story: Story) -> None:
    night = story.duty("CA-0113", "22:00", "18:00")
    story.duty("CA-0113", "06:00", "10:00", day=2)
    inside = story.duty("CA-0113", "10:30", "11:00", day=2)
    story.duty("CA-0113", "12:00", "16:00", day=2)

    beside = near(duties_of(story.plan, "CA-0113"), window("10:00", "12:00", day=2))

    assert list(beside) == [night, inside]
