"""A visit's plan as a problem: what is filled, what stays, and that the rules have the last word."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import numpy as np
import pytest

from domain.finding import Severity
from domain.rules import check
from planner.rostering.changes import changes
from planner.rostering.checked import sound_by_the_rules, tried
from planner.rostering.from_plan import laid
from planner.rostering.made import Made, make, replaced
from planner.rostering.problem import NONE
from planner.rostering.proposing import Effort, propose
from planner.rostering.seating import Asked, seating
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story, absence, at, qualification, shift, window

QUICK = Effort(seconds=20, early_steps=20, late_steps=20)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.venue("HOTEL-1")
    story.venue("HALL-2", lat=19.95)
    for number in range(1, 4):
        story.officer(f"CA-{number}")
    return story


def proposed(story: Story, pinned: frozenset[str] = frozenset()) -> Made:
    return make(story.plan, Asked(VISIT, PLANNING, pinned), effort=QUICK)


def given(made: Made) -> list[tuple[str, str]]:
    return [(change.code, one.officer) for change in made.changes for one in change.given]


def withdrawn(made: Made) -> list[tuple[str, str]]:
    return [(change.code, one.officer) for change in made.changes for one in change.withdrawn]


def test_open_places_are_filled_and_what_stands_stays(story: Story) -> None:
    story.post("P-01", headcount=2, venue="HOTEL-1")
    story.placed("CA-2", "P-01")

    made = proposed(story)

    assert (given(made), withdrawn(made), made.open) == ([("P-01/ALL", "CA-1")], [], ())
    assert made.gap == 0.0


def test_each_shift_has_its_own_headcount(story: Story) -> None:
    story.post("P-01", "08:00", "16:00", headcount=1)
    story.shifts("P-01", shift("S1", "08:00", "12:00", headcount=2), shift("S2", "12:00", "16:00"))

    made = proposed(story)

    assert sorted(code for code, _ in given(made)) == ["P-01/S1", "P-01/S1", "P-01/S2"]


def test_two_halves_of_a_shift_fill_one_place(story: Story) -> None:
    story.post("P-01", headcount=1)
    story.placed("CA-1", "P-01", window=window("08:00", "10:00"))
    story.placed("CA-2", "P-01", window=window("10:00", "12:00"))

    assert not laid(story.plan, Asked(VISIT, PLANNING)).seating.places


def test_a_half_with_a_gap_leaves_the_place_open(story: Story) -> None:
    story.post("P-01", headcount=1)
    story.placed("CA-1", "P-01", window=window("08:00", "11:59"))

    made = proposed(story)

    assert [officer != "CA-1" for _, officer in given(made)] == [True]


def test_leave_another_visit_qualification_and_way_are_kept(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.away("CA-1", absence("09:00", "10:00"))
    story.duty("CA-2", "06:00", "07:55", visit=OTHER_VISIT, venue="HALL-2")
    story.post("P-01", required=("K9",), venue="HOTEL-1")
    for officer in ("CA-1", "CA-2"):
        story.qualified(officer, qualification("K9"))

    made = proposed(story)

    assert ([place.post.code for _, place in made.open], made.changes) == (["P-01"], ())


def test_rest_after_a_duty_in_another_visit_is_kept(story: Story) -> None:
    story.visit(OTHER_VISIT)
    for officer in ("CA-1", "CA-2", "CA-3"):
        story.duty(officer, "14:00", "22:00", visit=OTHER_VISIT)
    story.post("P-01", "09:59", "12:00", day=2)
    story.post("P-02", "10:00", "12:00", day=2)

    made = proposed(story)

    assert [place.post.code for _, place in made.open] == ["P-01"]


def test_who_is_ill_is_replaced_and_nobody_else_is_moved(story: Story) -> None:
    story.post("P-01", headcount=2)
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-01")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))

    assert (withdrawn(made), given(made)) == ([("P-01/ALL", "CA-1")], [("P-01/ALL", "CA-3")])


def test_a_pinned_duty_stays_even_where_another_place_is_worth_more(story: Story) -> None:
    story.qualified("CA-1", qualification("K9"))
    story.post("P-01", critical=True, required=("K9",))
    story.post("P-02")
    duty = story.placed("CA-1", "P-02")

    free, pinned = proposed(story), proposed(story, pinned=frozenset({duty.code}))

    assert withdrawn(free) == [("P-02/ALL", "CA-1")]
    assert (withdrawn(pinned), [place.post.code for _, place in pinned.open]) == ([], ["P-01"])


def test_a_pin_that_is_recorded_is_obeyed_until_its_officer_cannot_come(story: Story) -> None:
    story.qualified("CA-1", qualification("K9"))
    story.post("P-01", critical=True, required=("K9",))
    story.post("P-02")
    story.placed("CA-1", "P-02", code="D-1")
    story.tell(story.plan.assignment(VISIT, "D-1").pin(story.act("quen địa bàn")))

    made = proposed(story)
    ill = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))

    assert (withdrawn(made), [place.post.code for _, place in made.open]) == ([], ["P-01"])
    assert (withdrawn(ill), given(ill)) == ([("P-02/ALL", "CA-1")], [("P-02/ALL", "CA-2")])


def test_two_lost_at_once_who_alone_hold_a_qualification_leave_one_place_open(story: Story) -> None:
    story.officer("CA-4")
    for officer in ("CA-1", "CA-2", "CA-3"):
        story.qualified(officer, qualification("K9"))
    for number, officer in ((1, "CA-1"), (2, "CA-2")):
        story.post(f"P-0{number}", required=("K9",))
        story.placed(officer, f"P-0{number}")
    story.post("P-03")
    story.placed("CA-3", "P-03", code="D-3")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1", "CA-2"})))

    assert len(made.open) == 1
    assert sorted(given(made)) == [("P-01/ALL", "CA-3"), ("P-03/ALL", "CA-4")]
    assert sorted(withdrawn(made)) == [("P-01/ALL", "CA-1"), ("P-02/ALL", "CA-2"), ("P-03/ALL", "CA-3")]


def test_a_visit_moved_by_an_hour_changes_only_the_duties_that_no_longer_stand(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.post("P-01", headcount=2)
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-01")
    story.duty("CA-1", "12:00", "13:00", visit=OTHER_VISIT)

    made = replaced(story.plan, Asked(VISIT, PLANNING, shift=timedelta(hours=1)))

    assert (withdrawn(made), given(made)) == ([("P-01/ALL", "CA-1")], [("P-01/ALL", "CA-3")])
    assert made.plan.position == story.plan.position


def test_a_visit_moved_by_a_day_keeps_whoever_stands(story: Story) -> None:
    story.post("P-01", headcount=2)
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-01")

    made = replaced(story.plan, Asked(VISIT, PLANNING, shift=timedelta(days=1)))

    assert (made.changes, made.open) == ((), ())


def test_a_pinned_duty_stays_where_the_visit_is_moved_and_what_it_breaks_is_found(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.post("P-01")
    story.placed("CA-1", "P-01", code="D-1")
    story.tell(story.plan.assignment(VISIT, "D-1").pin(story.act("quen địa bàn")))
    story.duty("CA-1", "12:00", "13:00", visit=OTHER_VISIT)

    made = replaced(story.plan, Asked(VISIT, PLANNING, shift=timedelta(hours=1)))

    assert (made.changes, made.refused) == ((), ())
    assert [(one.rule, one.severity) for one in made.findings] == [
        ("R01", Severity.BLOCK),
        ("R05", Severity.WARN),
        ("R05", Severity.WARN),
    ]
    assert "assignment/" + story.plan.assignment(VISIT, "D-1").key in made.findings[0].subjects


def test_what_a_move_takes_along_is_not_what_it_breaks(story: Story) -> None:
    story.post("P-01", headcount=2)
    story.placed("CA-1", "P-01")
    story.post("P-02", required=("K9",))

    made = replaced(story.plan, Asked(VISIT, PLANNING, shift=timedelta(hours=1)))

    assert (made.changes, made.open, made.findings) == ((), (), ())


def test_a_repair_gives_nothing_to_anybody_but_what_was_lost(story: Story) -> None:
    story.post("P-01")
    story.post("P-02", headcount=2)
    story.placed("CA-1", "P-01")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))

    assert ([code for code, _ in given(made)], withdrawn(made)) == (["P-01/ALL"], [("P-01/ALL", "CA-1")])
    assert (made.bound, made.gap) == (None, None)


def test_what_has_begun_is_left_alone(story: Story) -> None:
    story.post("P-01", "08:00", "12:00")

    assert not make(story.plan, Asked(VISIT, at("08:01")), effort=QUICK).laid.seating.places


def test_an_officer_whose_own_duties_clash_already_is_given_nothing(story: Story) -> None:
    story.visit(OTHER_VISIT)
    for officer in ("CA-1", "CA-2"):
        story.duty(officer, "18:00", "20:00", visit=OTHER_VISIT)
        story.duty(officer, "19:00", "21:00", visit=OTHER_VISIT)
    story.post("P-01", headcount=2)

    made = proposed(story)

    assert ([officer for _, officer in given(made)], len(made.open)) == (["CA-3"], 1)


@pytest.mark.parametrize("posts", [0, 1])
def test_a_visit_without_posts_or_officers_has_nothing_to_propose(posts: int) -> None:
    story = Story()
    story.visit()
    if posts:
        story.post("P-01")

    made = proposed(story)

    assert (made.changes, len(made.open), made.gap) == ((), posts, 0.0)


def test_the_same_seed_proposes_the_same(story: Story) -> None:
    for number in range(6):
        story.post(f"P-{number}", f"{8 + number}:00", f"{12 + number}:00")

    first, second = proposed(story), proposed(story)

    assert given(first) == given(second)


def test_a_proposal_makes_no_blocking_finding(story: Story) -> None:
    for number in range(8):
        story.post(f"P-{number}", f"{6 + number}:30", f"{10 + number}:00", venue=("HOTEL-1", "HALL-2")[number % 2])

    made = proposed(story)

    assert [f for f in made.findings if f.severity is Severity.BLOCK] == []
    assert made.refused == ()


def test_what_the_rules_refuse_is_never_shown_though_the_engine_says_it(story: Story) -> None:
    """The control: an engine that forgets a rule. Its roster breaks the rules; what is shown does not."""
    story.post("P-01", required=("K9",))
    story.post("P-02", headcount=2)
    story.qualified("CA-3", qualification("K9"))
    story.away("CA-3", absence("08:00", "09:00"))
    honest = laid(story.plan, Asked(VISIT, PLANNING))
    careless = dataclasses.replace(honest, problem=honest.problem.with_able(np.ones_like(honest.problem.able)))

    holder = propose(careless.problem, effort=QUICK).holder
    found = sound_by_the_rules(careless, holder)

    assert [int(officer) for officer in holder if officer == NONE] == []
    assert "P-01" in {one.given.post for one in found.refused}
    made = tried(story.plan, VISIT, changes(careless, found.holder), Asked(VISIT, PLANNING).act)
    assert made.refused == ()
    assert [f.rule for f in check(made.plan, PLANNING) if f.rule in ("R01", "R02", "R03", "R04")] == []


def test_what_was_asked_before_of_the_same_plan_changes_nothing(story: Story) -> None:
    story.post("P-01", headcount=2)
    story.post("P-02", "13:00", "15:00")
    for officer, post in (("CA-1", "P-01"), ("CA-2", "P-01"), ("CA-1", "P-02")):
        story.placed(officer, post)
    plain = Asked(VISIT, PLANNING)
    asked = [
        plain,
        dataclasses.replace(plain, without=frozenset({"CA-1"})),
        dataclasses.replace(plain, pinned=frozenset({"A-0002"})),
        dataclasses.replace(plain, as_of=at("12:30")),
        plain,
    ]

    found = [seating(story.plan, one) for one in asked]

    assert found == [seating(story.plan.replacing({}), one) for one in asked]
    assert [len(one.places) for one in found] == [3, 3, 2, 1, 3]
