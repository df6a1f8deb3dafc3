"""What stays open is explained in sentences about the plan, and so is why this officer and not that one."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import numpy as np
import pytest

from domain.messages import message
from domain.values import Qualification, TimeWindow
from planner.rostering.alone import Relaxed
from planner.rostering.changes import Given
from planner.rostering.checked import Refused
from planner.rostering.made import Made, make, replaced
from planner.rostering.problem import NONE
from planner.rostering.proposing import Effort
from planner.rostering.reasons import choices, missing_said, open_shifts, proven
from planner.rostering.seating import Asked
from planner.rostering.verdict import Filling, Impossible
from planner.text import Speaker
from tests.examples import PLANNING, VIETNAMESE_OFFICERS, VISIT, Story, qualification

EN, VI = Speaker("en"), Speaker("vi")


def proposed(story: Story) -> Made:
    return make(story.plan, Asked(VISIT, PLANNING), effort=Effort(seconds=20, early_steps=20, late_steps=20))


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    for number in range(1, 4):
        story.officer(f"CA-{number}")
    return story


def test_ten_places_that_need_one_qualification_and_nine_who_hold_it(story: Story) -> None:
    for number in range(4, 14):
        story.officer(f"CA-{number}")
    for number in range(1, 10):
        story.qualified(f"CA-{number}", qualification("K9"))
    story.post("P-01", required=("K9",), headcount=10)

    made = proposed(story)
    (told,) = open_shifts(made, prove=1)

    assert (told.missing, EN.say(missing_said(told))[:5]) == (1, "Post ")
    assert [EN.say(reason) for reason in told.reasons] == [
        "4 officers lack a qualification.",
        "9 officers are on duty elsewhere.",
        "10 places at the same time need K9; only 9 officers who hold that could come: P-01.",
        "They could all be held if one of these rules were relaxed: requirements of the post.",
    ]
    assert [reason.text for reason in told.reasons if EN.say(reason) == VI.say(reason)] == []


def test_where_rest_is_in_the_way_the_rule_to_relax_is_named(story: Story) -> None:
    story.tell(story.plan.officer("CA-1").grant(_always("NIGHT"), story.act()))
    story.post("P-01", "08:00", "16:00", required=("NIGHT",))
    story.post("P-02", "20:00", "04:00", required=("NIGHT",))

    made = proposed(story)
    (told,) = open_shifts(made, prove=1)

    assert [EN.say(reason) for reason in told.reasons[-2:]] == [
        "These 2 places cannot all be held, by whomever: P-01, P-02.",
        "They could all be held if one of these rules were relaxed: rest, requirements of the post.",
    ]


def test_a_repair_that_would_have_to_move_others_says_whom(story: Story) -> None:
    """The interpreter is lost; who could interpret too leads the way, and who could do that guards the gate."""
    for code, held in (("CA-1", ("LAO",)), ("CA-2", ("LAO", "LEAD")), ("CA-3", ("LEAD", "GATE"))):
        for one in held:
            story.qualified(code, _always(one))
    story.officer("CA-4")
    story.qualified("CA-4", _always("GATE"))
    for number, need in enumerate(("LAO", "LEAD", "GATE"), start=1):
        story.post(f"P-0{number}", required=(need,))
        story.placed(f"CA-{number}", f"P-0{number}")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))
    (told,) = open_shifts(made, prove=1)

    name = f"Đại uý {VIETNAMESE_OFFICERS[0]}"
    assert isinstance(told.verdict, Filling)
    changes = f"{name} (CA-2) to P-01, {name} (CA-3) to P-02, {name} (CA-4) to P-03"
    assert [EN.say(reason) for reason in told.reasons[-2:]] == [
        f"It could be held with these changes, 940 cheaper: {changes}.",
        "A repair leaves the duties of others alone: propose a roster to have them moved.",
    ]
    assert VI.say(told.reasons[-1]).startswith("Việc sửa lịch trực giữ nguyên")


def test_a_way_to_fill_a_place_that_the_rules_refuse_is_none(story: Story) -> None:
    """What the rules refused of the engine's own roster is not said to be possible either."""
    story.post("P-01")
    story.post("P-02", required=("K9",))
    story.qualified("CA-1", _always("K9"))
    story.placed("CA-1", "P-01")
    made = dataclasses.replace(proposed(story), holder=np.array([0, NONE]), then=story.plan)
    (seat, place), *_ = made.open
    refused = Refused(Given(place.post.code, place.shift.code, "CA-1", place.window, seat), message("for a test"))

    free = open_shifts(made, prove=1)[0].verdict
    barred = open_shifts(dataclasses.replace(made, refused=(refused,)), prove=1)[0]

    assert isinstance(free, Filling)
    assert isinstance(barred.verdict, Impossible)
    assert (barred.verdict.seats, barred.verdict.remedy.rules) == ((seat,), (Relaxed.QUALIFICATION,))
    assert "for a test" in [EN.say(reason) for reason in barred.reasons]


def test_what_nobody_asked_to_prove_is_proven_when_asked(story: Story) -> None:
    story.post("P-01", required=("K9",))
    made = proposed(story)

    (quick,) = open_shifts(made)
    sure = proven(made, quick)

    assert quick.verdict is None
    assert [EN.say(reason) for reason in sure.reasons[len(quick.reasons) :]] == [
        "Nobody can take this place, whatever else is changed.",
        "It could be held if one of these rules were relaxed: requirements of the post.",
    ]


def test_proofs_tell_how_far_they_are_and_stop_when_told(story: Story) -> None:
    for number in (1, 2, 3):
        story.post(f"P-0{number}", required=(f"K{number}",))
    made, told = proposed(story), list[tuple[int, int]]()

    found = open_shifts(made, prove=2, progress=lambda done, of: told.append((done, of)))
    stopped = open_shifts(made, prove=2, stop=lambda: True)

    assert told == [(0, 2), (1, 2)]
    assert [one.verdict is None for one in found] == [False, False, True]
    assert [one.verdict for one in stopped] == [None] * 3


def test_of_many_open_shifts_those_of_critical_posts_come_first(story: Story) -> None:
    for number, critical in ((1, False), (2, True), (3, False)):
        story.post(f"P-0{number}", f"0{number}:00", f"1{number}:00", required=("K9",), critical=critical)
    made = proposed(story)

    every, two = (open_shifts(made, most=most) for most in (None, 2))

    assert [one.place.post.code for one in every] == ["P-02", "P-01", "P-03"]
    assert [one.place.post.code for one in two] == ["P-02", "P-01"]


def _always(code: str) -> Qualification:
    window = TimeWindow(start=PLANNING - timedelta(days=90), end=PLANNING + timedelta(days=90))
    return Qualification(code=code, valid=window)


def test_giving_up_less_than_a_critical_post_is_cheaper_and_said_so(story: Story) -> None:
    """A repair leaves the duties of others alone; that somebody could come from a lesser post is told."""
    story.post("P-01", critical=True)
    story.post("P-02")
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-02")
    story.tell(story.plan.officer("CA-3").retire(story.act()))

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))
    ((seat, _),) = made.open
    told = {one.officer: one.said for one in choices(made, made.roster, seat)}

    assert EN.say(told["CA-2"]) == "would have to give up P-02: 1,970 cheaper"
    assert VI.say(told["CA-2"]) == "phải bỏ P-02: rẻ hơn 1.970"


def test_why_this_officer_and_what_another_would_cost(story: Story) -> None:
    story.post("P-01")
    story.post("P-02")

    made = proposed(story)
    seat = int(made.laid.place[0])
    told = {one.officer: EN.say(one.said) for one in choices(made, made.roster, seat)}

    assert made.holder[seat] != NONE
    assert sorted(told.values()) == [
        "as good",
        "chosen: nothing speaks against it",
        "would have to give up P-02: 1,000 dearer",
    ]
