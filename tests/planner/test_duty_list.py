"""What an officer has to do: today, next, later, past, and what changed since it was acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import Actor, Role
from domain.values import TimeWindow
from domain.venue import KeyPointKind
from planner.application import Planner
from planner.duty_list import DutyList, changes_of, duty_list, lapse_of, starting_points
from planner.text import Speaker
from tests.examples import (
    VISIT,
    Story,
    at,
    key_point,
    officer_details,
    place,
    post_details,
    venue_details,
    visit_details,
    window,
)

ME = "CA-0113"
PLANNER = Actor("planner", frozenset({Role.PLANNER}))
OFFICER = Actor("officer", frozenset({Role.OFFICER}), ME)


@pytest.fixture
def story() -> Story:
    """Four duties of one officer: the morning and the evening of day 1, and days 2 and 3."""
    story = Story()
    story.visit()
    story.officer(ME)
    story.officer("CA-0114")
    story.duty(ME, "08:00", "10:00")
    story.duty(ME, "20:00", "23:00")
    story.duty(ME, "08:00", "10:00", day=2)
    story.duty(ME, "08:00", "10:00", day=3)
    return story


def posts(duties: DutyList) -> dict[str, list[str]]:
    names = ("today", "later", "past", "called_off")
    return {name: [one.duty.post.code for one in getattr(duties, name)] for name in names}


def test_duties_are_told_by_the_day_of_their_place(story: Story) -> None:
    duties = duty_list(story.plan, ME, at("12:00"))

    assert posts(duties) == {"today": ["P-02"], "later": ["P-03", "P-04"], "past": ["P-01"], "called_off": []}
    assert duties.next is not None
    assert duties.next.duty.post.code == "P-03"


@pytest.mark.parametrize(("clock", "today"), [("09:59", ["P-01", "P-02"]), ("10:00", ["P-02"])])
def test_a_duty_is_past_from_its_end_on(story: Story, clock: str, today: list[str]) -> None:
    assert posts(duty_list(story.plan, ME, at(clock)))["today"] == today


def test_a_night_duty_is_still_todays_after_midnight(story: Story) -> None:
    story.duty(ME, "22:00", "06:00", post="P-NIGHT", day=3)

    assert posts(duty_list(story.plan, ME, at("02:00", day=4)))["today"] == ["P-NIGHT"]


def test_the_duties_of_others_are_not_told(story: Story) -> None:
    story.duty("CA-0114", "12:00", "14:00", post="P-OTHER")

    mine, theirs = (duty_list(story.plan, officer, at("07:00")) for officer in (ME, "CA-0114"))

    assert "P-OTHER" not in posts(mine)["today"]
    assert posts(theirs)["today"] == ["P-OTHER"]


def test_a_proposal_is_not_told_before_it_stands(story: Story) -> None:
    story.post("P-09", "14:00", "15:00")
    proposed = story.placed(ME, "P-09", tentative=True)
    before = posts(duty_list(story.plan, ME, at("12:00")))["today"]

    story.tell(proposed.confirm(story.act()))

    assert (before, posts(duty_list(story.plan, ME, at("12:00")))["today"]) == (["P-02"], ["P-09", "P-02"])


def test_a_duty_at_a_cancelled_post_is_called_off(story: Story) -> None:
    story.tell(story.plan.post(VISIT, "P-03").cancel(story.act()))

    duties = posts(duty_list(story.plan, ME, at("12:00")))

    assert (duties["later"], duties["called_off"]) == (["P-04"], ["P-03"])


def test_an_officer_whom_nobody_knows_has_no_duties(story: Story) -> None:
    assert duty_list(story.plan, "CA-9999", at("12:00")) == DutyList()


def test_a_way_begins_at_the_post_before_or_where_officers_gather() -> None:
    story = Story()
    story.visit()
    story.officer(ME)
    story.venue("GATE-1", 19.90, 102.15)
    story.venue("HOTEL-1")
    gathering = key_point("K-2", KeyPointKind.COMMAND_POST, name="Sở chỉ huy", coordinates=place(19.881, 102.131))
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(gathering, story.act()))
    story.duty(ME, "08:00", "10:00", venue="GATE-1")
    story.duty(ME, "12:00", "14:00", venue="HOTEL-1")

    duties = duty_list(story.plan, ME, at("07:00"))
    points = starting_points(duties, duties.today[1])

    assert [point.at for point in points] == [place(19.90, 102.15), place(19.881, 102.131)]
    assert points[1].name == "Sở chỉ huy"


@pytest.fixture
def planner(tmp_path: Path) -> Iterator[Planner]:
    """One acknowledged duty at a hotel."""
    planner = Planner(tmp_path / "data", tmp_path / "key", clock=lambda: at("07:00"))
    planner.register_visit(VISIT, visit_details(), by=PLANNER)
    planner.register_venue("HOTEL-1", venue_details(), by=PLANNER)
    planner.register_officer(ME, officer_details(), by=PLANNER)
    planner.create_post(VISIT, "P-01", post_details(venue="HOTEL-1"), by=PLANNER)
    planner.assign_officer(VISIT, "P-01", ME, code="A-1", by=PLANNER)
    planner.acknowledge_assignment(VISIT, "A-1", by=OFFICER)
    yield planner
    planner.close()


def moved(planner: Planner, to: TimeWindow) -> None:
    planner.reschedule_post(VISIT, "P-01", to, by=PLANNER, reason="đoàn đến muộn")


def test_an_acknowledgement_that_holds_has_not_lapsed(planner: Planner) -> None:
    assert lapse_of(planner.timeline, planner.plan.assignment(VISIT, "A-1")) is None


def test_a_lapsed_acknowledgement_says_who_changed_what_and_why(planner: Planner) -> None:
    moved(planner, window("09:00", "13:00"))

    lapse = lapse_of(planner.timeline, planner.plan.assignment(VISIT, "A-1"))

    assert lapse is not None
    assert (lapse.by, lapse.reason) == ("planner", "đoàn đến muộn")
    said = [Speaker("en").say(change) for change in changes_of(planner.timeline, lapse)]
    assert any("09:00–13:00" in sentence for sentence in said)


def test_after_acknowledging_again_nothing_is_left_to_read(planner: Planner) -> None:
    moved(planner, window("09:00", "13:00"))

    planner.acknowledge_assignment(VISIT, "A-1", by=OFFICER)

    assert lapse_of(planner.timeline, planner.plan.assignment(VISIT, "A-1")) is None


def test_a_duty_that_was_never_acknowledged_did_not_lapse(planner: Planner) -> None:
    planner.create_post(VISIT, "P-02", post_details("20:00", "21:00", day=2), by=PLANNER)
    planner.assign_officer(VISIT, "P-02", ME, code="A-2", by=PLANNER)

    assert lapse_of(planner.timeline, planner.plan.assignment(VISIT, "A-2")) is None
