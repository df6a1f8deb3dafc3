"""The life of an assignment, and the duty that an acknowledgement binds."""

import itertools
from collections.abc import Callable

import pytest

from domain.assignment import (
    AcknowledgementLapsed,
    Assignment,
    AssignmentReinstated,
    AssignmentRescheduled,
    AssignmentStatus,
)
from domain.base import Act, Decision, Role, changed
from domain.duty import duty, lapsed
from domain.refusals import NotAllowed, NotPossible, ReasonRequired
from domain.undo import undone
from tests.examples import OTHER_VISIT, VISIT, Story, act, key_point, place, venue_details, window

S = AssignmentStatus


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.venue("HOTEL-1")
    story.officer("CA-0113")
    story.post("P-01", venue="HOTEL-1")
    story.placed("CA-0113", "P-01", tentative=True)
    return story


def assignment(story: Story) -> Assignment:
    return story.plan.assignment(VISIT, "A-0001")


def own(reason: str = "") -> Act:
    return act(reason, by="officer.0113", officer="CA-0113", role=Role.OFFICER)


def fingerprint(story: Story) -> str:
    return duty(story.plan, assignment(story)).fingerprint


def brought_to(story: Story, status: AssignmentStatus) -> Assignment:
    """The assignment after the shortest way to a status."""
    steps: dict[AssignmentStatus, Callable[[], Decision]] = {
        S.CONFIRMED: lambda: assignment(story).confirm(act()),
        S.ACKNOWLEDGED: lambda: assignment(story).acknowledge(fingerprint(story), None, own()),
        S.ON_POST: lambda: assignment(story).start(act()),
        S.ENDED: lambda: assignment(story).end(act()),
    }
    if status is S.WITHDRAWN:
        story.tell(assignment(story).withdraw(act("đổi người")))
        return assignment(story)
    for step, decide in steps.items():
        if assignment(story).status is status:
            break
        story.tell(decide())
        assert assignment(story).status is step
    return assignment(story)


#: From which states each step may be taken.
STEPS = {
    "confirm": {S.PROPOSED},
    "acknowledge": {S.CONFIRMED, S.ACKNOWLEDGED, S.ON_POST},
    "start": {S.CONFIRMED, S.ACKNOWLEDGED},
    "end": {S.ON_POST},
    "withdraw": {S.PROPOSED, S.CONFIRMED, S.ACKNOWLEDGED, S.ON_POST},
}


@pytest.mark.parametrize(("step", "status"), list(itertools.product(STEPS, S)))
def test_each_step_is_taken_from_its_states_only(story: Story, step: str, status: AssignmentStatus) -> None:
    present = brought_to(story, status)
    steps: dict[str, Callable[[], Decision]] = {
        "confirm": lambda: present.confirm(act()),
        "acknowledge": lambda: present.acknowledge(fingerprint(story), None, own()),
        "start": lambda: present.start(act()),
        "end": lambda: present.end(act()),
        "withdraw": lambda: present.withdraw(act("đổi người")),
    }
    decide = steps[step]

    if status in STEPS[step]:
        decide()
    else:
        with pytest.raises(NotPossible):
            decide()


@pytest.mark.parametrize("status", S)
def test_it_counts_until_it_is_withdrawn_or_ended(story: Story, status: AssignmentStatus) -> None:
    assert brought_to(story, status).counts == (status not in (S.WITHDRAWN, S.ENDED))


def test_withdrawing_needs_a_reason(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        assignment(story).withdraw(act())


def test_only_the_own_duty_is_acknowledged(story: Story) -> None:
    present = brought_to(story, S.CONFIRMED)

    with pytest.raises(NotAllowed):
        present.acknowledge(fingerprint(story), None, act(officer="CA-0200"))


def test_a_duty_that_changed_since_it_was_read_is_not_acknowledged(story: Story) -> None:
    present = brought_to(story, S.CONFIRMED)

    with pytest.raises(NotPossible):
        present.acknowledge(fingerprint(story), "0123456789abcdef", own())


def test_acknowledging_again_is_no_event(story: Story) -> None:
    present = brought_to(story, S.ACKNOWLEDGED)

    assert present.acknowledge(fingerprint(story), fingerprint(story), own()) == ()


def test_an_officer_reports_only_the_own_duty(story: Story) -> None:
    present = brought_to(story, S.CONFIRMED)

    with pytest.raises(NotAllowed):
        present.start(act(officer="CA-0200", role=Role.OFFICER))
    assert len(present.start(own())) == 1


def test_a_reinstated_duty_is_acknowledged_anew(story: Story) -> None:
    brought_to(story, S.ACKNOWLEDGED)
    gone = brought_to(story, S.WITHDRAWN)

    back = gone.evolve(AssignmentReinstated(**act().on(gone)))

    assert (back.status, back.duty) == (S.CONFIRMED, None)


def test_a_withdrawn_duty_stays_in_the_visit_but_leaves_officer_and_post(story: Story) -> None:
    assert len(story.plan.assignments_of_officer("CA-0113")) == 1

    brought_to(story, S.WITHDRAWN)

    assert len(story.plan.assignments(VISIT)) == 1
    assert story.plan.assignments_of_officer("CA-0113") == ()
    assert story.plan.assignments_of_post(VISIT, "P-01") == ()


# What an acknowledgement binds


def voided(story: Story, decision: Decision) -> list[str]:
    """The assignments whose acknowledgement a decision makes void."""
    after = story.tell(decision)
    return [event.key for event in lapsed(after, decision, story.act())]


def test_a_changed_order_voids_the_acknowledgement(story: Story) -> None:
    brought_to(story, S.ACKNOWLEDGED)

    decision = story.plan.post(VISIT, "P-01").issue_order("Kiểm tra túi xách.", story.act())

    assert voided(story, decision) == [f"{VISIT}/A-0001"]


def test_a_lapsed_acknowledgement_takes_the_duty_back_to_confirmed(story: Story) -> None:
    present = brought_to(story, S.ACKNOWLEDGED)

    story.tell((AcknowledgementLapsed(**act().on(present), duty="0123456789abcdef"),))

    assert (assignment(story).status, assignment(story).duty) == (S.CONFIRMED, None)


def test_a_new_headcount_does_not_void_it(story: Story) -> None:
    brought_to(story, S.ACKNOWLEDGED)
    details = story.plan.post(VISIT, "P-01").details

    amended = story.plan.post(VISIT, "P-01").amend(changed(details, headcount=2), story.act())

    assert len(amended) == 1
    assert voided(story, amended) == []


def test_another_time_voids_it(story: Story) -> None:
    present = brought_to(story, S.ACKNOWLEDGED)

    moved = AssignmentRescheduled(**story.act().on(present), window=window("08:30", "12:00"))

    assert voided(story, (moved,)) == [f"{VISIT}/A-0001"]


def test_a_venue_that_lies_elsewhere_voids_it(story: Story) -> None:
    brought_to(story, S.ACKNOWLEDGED)

    decision = story.plan.venue("HOTEL-1").amend(venue_details(coordinates=place(19.5)), story.act())

    assert voided(story, decision) == [f"{VISIT}/A-0001"]


def test_another_name_of_the_venue_does_not_void_it(story: Story) -> None:
    brought_to(story, S.ACKNOWLEDGED)

    decision = story.plan.venue("HOTEL-1").amend(venue_details("Khách sạn Bờ Sông"), story.act())

    assert voided(story, decision) == []


def test_another_post_does_not_void_it(story: Story) -> None:
    brought_to(story, S.ACKNOWLEDGED)
    story.visit(OTHER_VISIT)
    story.post("P-01", visit=OTHER_VISIT, venue="HOTEL-1")

    assert voided(story, story.plan.post(OTHER_VISIT, "P-01").issue_order("x", story.act())) == []


def test_a_duty_that_nobody_acknowledged_has_nothing_to_void(story: Story) -> None:
    assert voided(story, story.plan.post(VISIT, "P-01").issue_order("x", story.act())) == []


def test_the_place_is_the_posts_own_else_the_key_points_else_the_venues(story: Story) -> None:
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(key_point("K-1", coordinates=place(19.1)), act()))
    story.duty("CA-0113", "13:00", "14:00", venue="HOTEL-1", key_point="K-1")
    story.duty("CA-0113", "15:00", "16:00", venue="HOTEL-1", key_point="K-1", coordinates=place(19.2))
    story.duty("CA-0113", "17:00", "18:00")

    places = [duty(story.plan, each).coordinates for each in story.plan.assignments(VISIT)]

    assert places == [place(), place(19.1), place(19.2), None]


def test_a_pin_needs_a_reason_and_is_taken_back(story: Story) -> None:
    story.placed("CA-0113", "P-01", code="D-1")
    with pytest.raises(ReasonRequired):
        story.plan.assignment(VISIT, "D-1").pin(story.act(""))
    before = story.plan
    events = before.assignment(VISIT, "D-1").pin(story.act("quen địa bàn"))
    after = story.tell(events)

    again = story.plan.assignment(VISIT, "D-1").pin(story.act())
    story.tell(undone(events, before, after, after, story.act()))

    assert (after.assignment(VISIT, "D-1").pinned, again) == (True, ())
    assert not story.plan.assignment(VISIT, "D-1").pinned


def test_a_duty_that_is_over_is_not_pinned(story: Story) -> None:
    story.placed("CA-0113", "P-01", code="D-1")
    story.tell(story.plan.assignment(VISIT, "D-1").withdraw(story.act()))

    with pytest.raises(NotPossible):
        story.plan.assignment(VISIT, "D-1").pin(story.act())
