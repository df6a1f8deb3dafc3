"""Nobody is given more than is meant in a day, a week or nights in a row, where somebody else could take it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from domain.base import changed
from domain.values import Qualification, TimeWindow
from planner.rostering.checked import sound_by_the_rules
from planner.rostering.easing import eased
from planner.rostering.from_plan import laid
from planner.rostering.made import Made, make, replaced
from planner.rostering.proposing import Effort, propose
from planner.rostering.reasons import choices
from planner.rostering.seating import Asked
from planner.text import Speaker
from tests.examples import PLANNING, VISIT, Story, absence, at

QUICK = Effort(seconds=20, early_steps=20, late_steps=20)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    for number in (1, 2):
        story.officer(f"CA-{number}")
    return story


def proposed(story: Story) -> Made:
    return make(story.plan, Asked(VISIT, PLANNING), effort=QUICK)


def nights(story: Story, number: int, start: str = "22:00", end: str = "06:00") -> None:
    for day in range(1, number + 1):
        story.post(f"N-{day:02d}", start, end, day=day)


def held(made: Made) -> dict[str, int]:
    found: dict[str, int] = {}
    for change in made.changes:
        for one in change.given:
            found[one.officer] = found.get(one.officer, 0) + 1
    return found


def loads(made: Made) -> list[str]:
    return [finding.message.text for finding in made.findings if finding.rule == "R03"]


def test_more_nights_in_a_row_than_are_meant_are_shared(story: Story) -> None:
    """Who has the first four nights would be cheapest for the fifth too: the other is away, and comes back for it."""
    story.away("CA-2", absence("00:00", "12:00", day=1))
    nights(story, 4)
    for day in range(1, 5):
        story.placed("CA-1", f"N-{day:02d}")
    story.post("N-05", "22:00", "06:00", day=5)

    made = proposed(story)

    assert (held(made), loads(made), made.open) == ({"CA-2": 1}, [], ())


def test_where_nobody_else_can_the_place_is_held_and_the_load_is_found(story: Story) -> None:
    story.tell(story.plan.officer("CA-2").retire(story.act()))
    nights(story, 5)

    made = proposed(story)

    assert (held(made), made.open) == ({"CA-1": 5}, ())
    assert loads(made) == ["{officer} has {n} nights on duty in a row ({window}); at most {most} are meant."]


@pytest.mark.parametrize("number", [5, 8, 9])
def test_a_week_of_nights_goes_round(story: Story, number: int) -> None:
    nights(story, number)

    made = proposed(story)

    assert (loads(made), made.open, sum(held(made).values())) == ([], (), number)


def test_hours_within_seven_days_are_counted_in_windows_that_slide(story: Story) -> None:
    story.policy(max_hours_7d=40)
    for day in range(1, 11):
        story.post(f"D-{day:02d}", "08:00", "18:00", day=day)
    story.officer("CA-3")

    made = proposed(story)

    assert (loads(made), made.open) == ([], ())


@pytest.fixture
def tempting(story: Story) -> Story:
    """A fifth night in a row for which who had the first four is the better choice by the cost."""
    nights(story, 4)
    for day in range(1, 5):
        story.placed("CA-1", f"N-{day:02d}")
    story.post("N-05", "22:00", "06:00", day=5, commander="CA-1", desired=("K9",))
    story.qualified("CA-1", Qualification(code="K9", valid=TimeWindow(start=at("00:00"), end=at("00:00", day=30))))
    details = story.plan.officer("CA-2").details
    story.tell(story.plan.officer("CA-2").amend(changed(details, unit="Đội khác"), story.act()))
    return story


def test_without_easing_the_engine_would_give_the_fifth_night(tempting: Story) -> None:
    """The control: what is spared below would have been found."""
    asked = Asked(VISIT, PLANNING)
    set_out = laid(tempting.plan, asked)
    holder = propose(set_out.problem, effort=QUICK).holder

    found = sound_by_the_rules(set_out, holder)

    assert [finding.rule for finding in found.said.findings if finding.rule == "R03"] == ["R03"]


def test_who_is_spared_is_told_why_not(tempting: Story) -> None:
    made = proposed(tempting)
    seat = next(given.seat for change in made.changes for given in change.given)

    said = {one.officer: Speaker("en").say(one.said) for one in choices(made, made.roster, seat)}
    assert (held(made), loads(made)) == ({"CA-2": 1}, [])
    assert said["CA-1"] == "spared: would have more duty than is meant in a day, a week or nights in a row"


def test_who_stands_in_for_somebody_is_spared_too(story: Story) -> None:
    story.officer("CA-3")
    nights(story, 5)
    for day in range(1, 5):
        story.placed("CA-1", f"N-{day:02d}")
    story.placed("CA-2", "N-05")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-2"})))

    assert (held(made), loads(made)) == ({"CA-3": 1}, [])


def test_who_would_have_too_full_a_day_is_not_even_asked_to_stand_in(story: Story) -> None:
    """CA-2 has what is wished and is on duty eight hours later; CA-3 is dearer."""
    story.policy(min_rest_hours=8)
    story.officer("CA-3", unit="Đội khác")
    story.post("P-01", "06:00", "14:00", commander="CA-1", desired=("K9",))
    story.qualified("CA-2", Qualification(code="K9", valid=TimeWindow(start=at("00:00"), end=at("00:00", day=30))))
    story.post("P-02", "22:00", "06:00")
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-02")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))

    seat = made.changes[0].given[0].seat
    said = {one.officer: Speaker("en").say(one.said) for one in choices(made, made.roster, seat)}
    assert (held(made), loads(made), made.spared) == ({"CA-3": 1}, [], frozenset())
    assert said["CA-2"] == "spared: would have more duty than is meant in a day, a week or nights in a row"


def test_who_is_at_a_critical_post_is_not_asked_to_stand_in_at_a_second(story: Story) -> None:
    story.officer("CA-3", unit="Đội khác")
    for post, day in (("P-01", 1), ("P-02", 4)):
        story.post(post, "08:00", "10:00", day=day, critical=True, commander="CA-1")
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-02")

    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))

    seat = made.changes[0].given[0].seat
    said = {one.officer: Speaker("en").say(one.said) for one in choices(made, made.roster, seat)}
    assert (held(made), said["CA-2"]) == ({"CA-3": 1}, "spared: is at a critical post already")


def test_one_place_that_the_rules_refuse_does_not_end_the_easing(story: Story) -> None:
    """The engine is made to believe that anybody can do K9 at one post, so that the rules take that out."""
    nights(story, 5)
    for day in range(1, 5):
        story.placed("CA-1", f"N-{day:02d}")
    story.officer("CA-3", unit="Đội khác")
    story.post("P-01", "08:00", "10:00", day=20, required=("K9",))
    asked = Asked(VISIT, PLANNING)
    honest = laid(story.plan, asked)
    able = honest.problem.able.copy()
    able[:, int(honest.place[-1])] = True
    careless = dataclasses.replace(honest, problem=honest.problem.with_able(able))
    holder = careless.problem.published.copy()
    holder[[int(seat) for seat in careless.place[-2:]]] = 0

    sound = sound_by_the_rules(careless, holder)
    found = eased(careless, holder)

    assert ({one.given.post for one in sound.refused}, [f.rule for f in sound.said.findings][:1]) == ({"P-01"}, ["R03"])
    assert [f.rule for f in found.sound.said.findings if f.rule == "R03"] == []


def test_a_place_stays_with_who_has_too_much_where_the_rules_refuse_whoever_would_take_it(tempting: Story) -> None:
    """The engine is made to believe that CA-2 is here on the fifth night."""
    tempting.away("CA-2", absence("22:00", "06:00", day=5))
    honest = laid(tempting.plan, Asked(VISIT, PLANNING))
    able = np.ones_like(honest.problem.able)
    careless = dataclasses.replace(honest, problem=honest.problem.with_able(able))
    holder = np.zeros_like(honest.problem.published)

    sound = sound_by_the_rules(careless, holder)
    found = eased(careless, holder)

    assert [finding.rule for finding in sound.said.findings if finding.rule == "R03"] == ["R03"]
    assert (found.sound.holder.tolist(), found.spared) == (sound.holder.tolist(), frozenset())


def test_whoever_stops_the_search_stops_the_easing_too(tempting: Story) -> None:
    set_out = laid(tempting.plan, Asked(VISIT, PLANNING))
    holder = propose(set_out.problem, effort=QUICK).holder

    stopped = eased(set_out, holder, stop=lambda: True)

    assert (stopped.sound.holder.tolist(), stopped.spared) == (holder.tolist(), frozenset())
    assert eased(set_out, holder, stop=lambda: False).spared != frozenset()


def test_easing_is_the_same_each_time(story: Story) -> None:
    nights(story, 9)

    first, second = proposed(story), proposed(story)

    assert first.changes == second.changes
