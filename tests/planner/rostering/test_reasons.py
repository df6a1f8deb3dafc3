"""What stays open is explained in sentences about the plan, and so is why this officer and not that one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.values import Qualification, TimeWindow
from planner.rostering.made import Made, make, replaced
from planner.rostering.problem import NONE
from planner.rostering.proposing import Effort
from planner.rostering.reasons import choices, missing_said, open_shifts
from planner.rostering.seating import Asked
from planner.text import Speaker
from tests.examples import PLANNING, VISIT, Story, qualification

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
    ]
    assert [reason.text for reason in told.reasons if EN.say(reason) == VI.say(reason)] == []


def test_where_rest_is_in_the_way_the_rule_to_relax_is_named(story: Story) -> None:
    story.tell(story.plan.officer("CA-1").grant(_always("NIGHT"), story.act()))
    story.post("P-01", "08:00", "16:00", required=("NIGHT",))
    story.post("P-02", "20:00", "04:00", required=("NIGHT",))

    made = proposed(story)
    (told,) = open_shifts(made, prove=1)

    assert told.core is not None
    assert [rule.value for rule in told.core.relax] == ["rest", "qualification"]
    assert EN.say(told.reasons[-1]) == "They could be if one of these rules were relaxed: rest, qualification."


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
