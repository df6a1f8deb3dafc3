"""Another officer is taken for a place of the proposal: what that officer gives up others take, or it is open."""

from __future__ import annotations

import pytest

from domain.refusals import NotFound, NotPossible
from planner.rostering.chosen import chosen
from planner.rostering.made import Made, make
from planner.rostering.proposal import Ended
from planner.rostering.proposing import Effort
from planner.rostering.reasons import open_shifts
from planner.rostering.seating import Asked
from planner.rostering.verdict import Filling
from tests.examples import PLANNING, VISIT, Story, absence, qualification

QUICK = Effort(seconds=20, early_steps=20, late_steps=20)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    for officer in ("CA-1", "CA-2", "CA-3"):
        story.officer(officer)
    story.post("P-01")
    story.placed("CA-1", "P-01")
    return story


def made_of(story: Story) -> Made:
    return make(story.plan, Asked(VISIT, PLANNING), effort=QUICK)


def holders(made: Made) -> dict[str, str]:
    officers = made.laid.seating.officers
    return {
        place.post.code: officers[int(made.holder[seat])].key if made.holder[seat] >= 0 else "–"
        for seat, place in zip(made.laid.place, made.laid.seating.places, strict=True)
    }


def seat_of(made: Made, post: str) -> int:
    return next(
        int(seat)
        for seat, place in zip(made.laid.place, made.laid.seating.places, strict=True)
        if place.post.code == post
    )


def test_somebody_else_is_taken_at_the_price_that_was_told(story: Story) -> None:
    made = made_of(story)

    now = chosen(made, seat_of(made, "P-01"), "CA-3")

    assert (holders(made), holders(now)) == ({"P-01": "CA-1"}, {"P-01": "CA-3"})
    assert [(one.code, one.withdrawn[0].officer, one.given[0].officer) for one in now.changes] == [
        ("P-01/ALL", "CA-1", "CA-3")
    ]
    assert (now.cost - made.cost, now.ended, now.bound) == (30.0, Ended.CHOSEN, made.bound)


def test_a_place_that_is_given_up_is_taken_by_who_is_free(story: Story) -> None:
    story.post("P-02")
    story.placed("CA-2", "P-02")
    made = made_of(story)

    now = chosen(made, seat_of(made, "P-01"), "CA-2")

    # Nobody was asked for P-02: CA-1, who is free now, or CA-3.
    assert (holders(now)["P-01"], holders(now)["P-02"] in ("CA-1", "CA-3"), now.open) == ("CA-2", True, ())


def test_a_place_that_nobody_else_can_take_is_left_open(story: Story) -> None:
    story.qualified("CA-2", qualification("K9"))
    story.post("P-02", required=("K9",))
    story.placed("CA-2", "P-02")
    made = made_of(story)

    now = chosen(made, seat_of(made, "P-01"), "CA-2")

    assert holders(now) == {"P-01": "CA-2", "P-02": "–"}


def test_what_is_left_open_then_is_explained_from_what_stands_then(story: Story) -> None:
    story.qualified("CA-1", qualification("K9"))
    story.post("P-02", required=("K9",))
    made = make(story.plan, Asked(VISIT, PLANNING), effort=QUICK)

    now = chosen(made, seat_of(made, "P-01"), "CA-1")

    (one,) = open_shifts(now, prove=1)
    assert holders(now) == {"P-01": "CA-1", "P-02": "–"}
    assert {duty.post: duty.officer for duty in now.then.assignments(VISIT) if duty.counts} == {"P-01": "CA-1"}
    assert isinstance(one.verdict, Filling)
    officers = made.laid.seating.officers
    assert {seat: officers[who].key != "CA-1" for seat, who in one.verdict.moves} == {
        seat_of(made, "P-01"): True,
        seat_of(made, "P-02"): False,
    }


def test_a_pinned_duty_is_not_given_up_and_an_unknown_officer_is_named(story: Story) -> None:
    duty = story.placed("CA-2", "P-01")
    story.post("P-02")
    made = make(story.plan, Asked(VISIT, PLANNING, frozenset({duty.code})), effort=QUICK)

    with pytest.raises(NotPossible, match="CA-2"):
        chosen(made, seat_of(made, "P-02"), "CA-2")
    with pytest.raises(NotFound, match="CA-9"):
        chosen(made, seat_of(made, "P-02"), "CA-9")


def test_who_is_away_is_refused_with_the_reason(story: Story) -> None:
    story.away("CA-3", absence("09:00", "10:00"))
    made = made_of(story)

    with pytest.raises(NotPossible, match="CA-3"):
        chosen(made, seat_of(made, "P-01"), "CA-3")
