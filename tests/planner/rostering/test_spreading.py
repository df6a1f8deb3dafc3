"""Nobody is put on two critical posts where others could take one: without that officer two would be uncovered."""

from __future__ import annotations

import pytest

from domain.finding import Severity
from planner.rostering.made import Made, make, replaced
from planner.rostering.proposal import Ended
from planner.rostering.proposing import Effort
from planner.rostering.seating import Asked
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story, qualification

QUICK = Effort(seconds=20, early_steps=20, late_steps=20)
#: Two posts of one day with no rest between them, so that one officer could hold both.
EARLY, LATE = ("08:00", "10:00"), ("11:00", "13:00")


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    for number in (1, 2):
        story.officer(f"CA-{number}")
    return story


def proposed(story: Story, visit: str = VISIT) -> Made:
    return make(story.plan, Asked(visit, PLANNING), effort=QUICK)


def blocking(made: Made) -> list[str]:
    return [one.rule for one in made.findings if one.severity is Severity.BLOCK]


def given(made: Made) -> list[tuple[str, str]]:
    return [(change.post, one.officer) for change in made.changes for one in change.given]


def test_two_critical_posts_are_given_to_two_officers(story: Story) -> None:
    """The one from the unit that leads there is cheaper for both."""
    story.officer("CA-3", unit="Phòng Cảnh vệ")
    story.post("P-01", *EARLY, critical=True, commander="CA-3")
    story.post("P-02", *LATE, critical=True, commander="CA-3")

    made = proposed(story)

    assert (len({officer for _, officer in given(made)}), made.open, blocking(made)) == (2, (), [])


def test_who_stands_at_a_critical_post_of_another_visit_is_not_put_on_one(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.officer("CA-3", unit="Phòng Cảnh vệ")
    story.post("P-01", *EARLY, critical=True, visit=OTHER_VISIT)
    story.placed("CA-3", "P-01", visit=OTHER_VISIT)
    story.post("P-02", *LATE, critical=True, commander="CA-3")

    made = proposed(story)

    assert ([officer for _, officer in given(made)] != ["CA-3"], made.open, blocking(made)) == (True, (), [])


def test_coverage_goes_first_where_nobody_else_could_take_one(story: Story) -> None:
    story.qualified("CA-1", qualification("K9"))
    for code, hours in (("P-01", EARLY), ("P-02", LATE)):
        story.post(code, *hours, critical=True, required=("K9",))

    made = proposed(story)

    assert (given(made), blocking(made)) == ([("P-01", "CA-1"), ("P-02", "CA-1")], ["R06"])


def test_a_repair_does_so_too(story: Story) -> None:
    story.officer("CA-3", unit="Phòng Cảnh vệ")
    story.officer("CA-4", unit="Phòng Cảnh vệ")
    story.post("P-01", *EARLY, critical=True, commander="CA-3")
    story.post("P-02", *LATE, critical=True, commander="CA-3")
    story.placed("CA-3", "P-01")
    story.placed("CA-4", "P-02")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-4"})))

    assert ([code for code, _ in given(made)], made.open, blocking(made)) == (["P-02"], (), [])


def test_one_that_cannot_be_helped_keeps_no_other_from_it(story: Story) -> None:
    """CA-1 alone has K9 for two posts; two others hang on CA-3 only because the unit that leads there is cheaper."""
    story.qualified("CA-1", qualification("K9"))
    story.officer("CA-3", unit="Phòng Cảnh vệ")
    for code, hours in (("P-01", EARLY), ("P-02", LATE)):
        story.post(code, *hours, critical=True, required=("K9",))
    for code, hours in (("P-03", EARLY), ("P-04", LATE)):
        story.post(code, *hours, critical=True, commander="CA-3")

    made = proposed(story)

    alone = [one.subjects[0] for one in made.findings if one.severity is Severity.BLOCK]
    assert (len(given(made)), made.open, alone) == (4, (), ["officer/CA-1"])


def test_another_place_is_given_up_for_a_critical_post_where_somebody_else_can_take_that(story: Story) -> None:
    """CA-2 alone could take the second one, and stands at the gate then; CA-3 can stand at the gate only."""
    story.officer("CA-3")
    for number in (1, 2):
        story.qualified(f"CA-{number}", qualification("K9"))
    for code, hours in (("P-01", EARLY), ("P-02", LATE)):
        story.post(code, *hours, critical=True, required=("K9",))
    story.post("P-03", *LATE)
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-03")

    made = proposed(story)

    assert (dict(given(made)), made.open, blocking(made)) == ({"P-02": "CA-2", "P-03": "CA-3"}, (), [])
    # What is proposed is no longer the cheapest, and is not called so.
    assert made.bound is not None
    assert (made.cost > made.bound, made.ended) == (True, Ended.EASED)


def test_who_alone_can_take_a_critical_post_is_relieved_of_the_one_held_before(story: Story) -> None:
    story.qualified("CA-1", qualification("K9"))
    story.post("P-01", *EARLY, critical=True)
    story.placed("CA-1", "P-01")
    story.post("P-02", *LATE, critical=True, required=("K9",))

    made = proposed(story)

    assert (dict(given(made)), made.open, blocking(made)) == ({"P-01": "CA-2", "P-02": "CA-1"}, (), [])


def test_nobody_is_relieved_of_a_duty_that_stays(story: Story) -> None:
    story.qualified("CA-1", qualification("K9"))
    story.post("P-01", *EARLY, critical=True)
    stays = story.placed("CA-1", "P-01")
    story.post("P-02", *LATE, critical=True, required=("K9",))

    made = make(story.plan, Asked(VISIT, PLANNING, pinned=frozenset({stays.code})), effort=QUICK)

    assert (dict(given(made)), made.open, blocking(made)) == ({"P-02": "CA-1"}, (), ["R06"])


def test_a_repair_relieves_nobody_of_what_was_held_before(story: Story) -> None:
    story.officer("CA-3")
    for code in ("CA-1", "CA-3"):
        story.qualified(code, qualification("K9"))
    story.post("P-01", *EARLY, critical=True)
    story.placed("CA-1", "P-01")
    story.post("P-02", *LATE, critical=True, required=("K9",))
    story.placed("CA-3", "P-02")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-3"})))

    assert (dict(given(made)), made.open, blocking(made)) == ({"P-02": "CA-1"}, (), ["R06"])
