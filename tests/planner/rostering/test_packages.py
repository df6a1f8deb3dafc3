"""Details go to one unit, interpreters speak, drivers may drive: in the search and in its reasons."""

from __future__ import annotations

import pytest

from domain.post import PostKind
from domain.rules import check
from planner.rostering.made import Made, make
from planner.rostering.proposing import Effort
from planner.rostering.reasons import open_shifts
from planner.rostering.seating import Asked
from planner.text import Speaker
from tests.examples import PLANNING, VISIT, Story, absence, qualification

QUICK = Effort(seconds=20, early_steps=20, late_steps=20)


@pytest.fixture
def story() -> Story:
    """Three officers of each of two units."""
    story = Story()
    story.visit()
    for number in range(1, 7):
        story.officer(f"CA-{number}", unit="Đội 1" if number < 4 else "Đội 2")
    return story


def proposed(story: Story) -> Made:
    return make(story.plan, Asked(VISIT, PLANNING), effort=QUICK)


def given(made: Made) -> dict[str, set[str]]:
    return {change.post: {one.officer for one in change.given} for change in made.changes}


def units(story: Story, made: Made, *posts: str) -> set[str]:
    return {story.plan.officer(one).details.unit for post in posts for one in given(made)[post]}


def test_a_detail_goes_to_one_unit_as_a_whole(story: Story) -> None:
    for code, need in (("P-01", ()), ("P-02", ("K9",)), ("P-03", ())):
        story.post(code, required=need, detail="TIEP-CAN")
    story.qualified("CA-5", qualification("K9"))

    made = proposed(story)

    assert units(story, made, "P-01", "P-02", "P-03") == {"Đội 2"}
    assert (made.open, [f for f in made.findings if f.rule == "R16"]) == ((), [])


def test_two_details_at_one_time_go_to_two_units(story: Story) -> None:
    for code, detail in (("P-01", "A"), ("P-02", "A"), ("P-03", "A"), ("P-04", "B"), ("P-05", "B"), ("P-06", "B")):
        story.post(code, detail=detail)

    made = proposed(story)

    first, second = units(story, made, "P-01", "P-02", "P-03"), units(story, made, "P-04", "P-05", "P-06")
    assert (len(first), len(second), first & second) == (1, 1, set())


def test_a_detail_that_no_unit_can_fill_is_split_rather_than_left_open_and_that_is_found(story: Story) -> None:
    story.post("P-01", headcount=5, detail="TIEP-CAN")

    made = proposed(story)

    assert (len(given(made)["P-01"]), made.open) == (5, ())
    assert [f.rule for f in made.findings] == ["R16"]
    assert (made.terms["detail"], made.terms["unit"]) == (2 * 48.0, 0.0)


def test_the_unit_that_has_most_of_a_detail_already_keeps_it(story: Story) -> None:
    story.post("P-01", headcount=3, detail="TIEP-CAN")
    story.placed("CA-5", "P-01")

    assert given(proposed(story))["P-01"] == {"CA-4", "CA-6"}


def test_a_detail_goes_to_the_unit_whose_duty_in_it_stays(story: Story) -> None:
    for code, day in (("P-01", 1), ("P-02", 1), ("P-03", 5)):
        story.post(code, day=day, detail="TIEP-CAN")
    story.placed("CA-5", "P-01", code="D-1")
    story.tell(story.plan.assignment(VISIT, "D-1").pin(story.act("quen địa bàn")))

    made = proposed(story)

    assert units(story, made, "P-02", "P-03") == {"Đội 2"}
    assert (made.open, [f for f in made.findings if f.rule == "R16"]) == ((), [])


def test_a_detail_is_completed_days_later_by_the_unit_that_has_it(story: Story) -> None:
    for code, day in (("P-01", 1), ("P-02", 5)):
        story.post(code, day=day, detail="TIEP-CAN")
    story.placed("CA-5", "P-01", code="D-1")
    story.tell(story.plan.assignment(VISIT, "D-1").pin(story.act("quen địa bàn")))

    assert units(story, proposed(story), "P-02") == {"Đội 2"}


def test_a_pinned_duty_of_a_detail_adds_nothing_to_the_cost(story: Story) -> None:
    story.post("P-01", headcount=4, detail="TIEP-CAN")
    for officer in ("CA-1", "CA-5"):
        story.placed(officer, "P-01", code=f"D-{officer}")
        story.tell(story.plan.assignment(VISIT, f"D-{officer}").pin(story.act("quen địa bàn")))

    made = proposed(story)

    assert (len(units(story, made, "P-01")), made.cost) == (1, 0.0)


def test_details_of_several_days_go_round_the_units(story: Story) -> None:
    for day in (1, 2, 3, 4):
        story.post(f"P-0{day}", day=day, headcount=3, detail=f"D-{day}")

    made = proposed(story)

    assert [units(story, made, f"P-0{day}") for day in (1, 2, 3, 4)] == [{"Đội 1"}, {"Đội 2"}] * 2


def test_posts_without_a_detail_are_not_bound_together(story: Story) -> None:
    for number in (1, 2, 3):
        story.away(f"CA-{number}", absence("08:00", "09:00"))
    story.post("P-01", headcount=4)

    assert len(proposed(story).open) == 1


def test_an_interpreter_speaks_the_language_and_a_driver_has_the_licence(story: Story) -> None:
    story.officer("CA-7", languages=("vi", "lo"))
    story.officer("CA-8", licences=("D2",))
    story.post("P-01", kind=PostKind.INTERPRETER, languages=("lo",))
    story.post("P-02", kind=PostKind.DRIVER, licence="D1")

    made = proposed(story)

    assert given(made) == {"P-01": {"CA-7"}, "P-02": {"CA-8"}}
    assert [f for f in check(story.plan, PLANNING) if f.rule == "R04"] == []


def test_what_nobody_speaks_stays_open_and_says_how_many_do_not(story: Story) -> None:
    story.post("P-01", languages=("km",), licence="D")

    made = proposed(story)
    (one,) = open_shifts(made, prove=1)

    said = [Speaker("en").say(reason) for reason in one.reasons]
    assert said[:3] == [
        "6 officers have not all that the post requires.",
        "6 officers do not speak Khmer.",
        "6 officers have no driving licence of class D.",
    ]


def test_more_interpreters_wanted_than_there_are_is_proved_by_the_language(story: Story) -> None:
    story.officer("CA-7", languages=("lo",))
    for number in (1, 2):
        story.post(f"P-0{number}", languages=("lo",))

    made = proposed(story)
    (one,) = open_shifts(made, prove=1)

    assert any("need Lao; only 1 officers" in Speaker("en").say(reason) for reason in one.reasons)
