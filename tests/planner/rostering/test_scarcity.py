"""A repair spares whom others may need: between officers who cost the same, those who hold what few hold stay free."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.base import Role
from domain.values import Qualification, TimeWindow
from planner.rostering.explain import candidates
from planner.rostering.made import replaced
from planner.rostering.problem import CRITICAL, NONE, Numbers, Problem
from planner.rostering.reasons import choices
from planner.rostering.replan import replan
from planner.rostering.roster import Roster
from planner.rostering.scarcity import LEAST, full_day, scarcity
from planner.rostering.seating import Asked
from planner.rostering.told import as_json
from planner.text import Speaker
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story, at
from tests.planner.rostering.small import officers, problem, random_problem, seats

EN, VI = Speaker("en"), Speaker("vi")
#: Who is ill in these tests stands first, then whoever holds the rare qualification 1 and could step in.
ILL = [(0, -10_000, 10_000)]


def repaired(asked: Problem, *holder: int) -> list[int]:
    done: list[int] = replan(asked, np.array(holder)).roster.holder.tolist()
    return done


def test_who_holds_what_another_post_asks_for_is_spared() -> None:
    asked = problem(seats((0, 480), (0, 480), needs=[0, 1]), officers((0,), (0, 1), (0,), (1,), away=ILL))

    assert repaired(asked, 0, 3) == [2, 3]


def test_where_no_post_asks_for_it_nobody_is_spared() -> None:
    asked = problem(seats((0, 480), (0, 480)), officers((0,), (0, 1), (0,), (0,), away=ILL))

    assert repaired(asked, 0, 3) == [1, 3]


def test_a_second_loss_still_has_somebody_to_step_in() -> None:
    asked = problem(seats((0, 480), (0, 480), needs=[0, 1]), officers((0,), (0, 1), (0,), (1,), away=ILL))
    first = replan(asked, np.array([0, 3])).roster.holder
    both_ill = problem(asked.seats, officers((0,), (0, 1), (0,), (1,), away=[*ILL, (3, -10_000, 10_000)]))

    second = replan(both_ill, first)

    assert (second.roster.holder.tolist(), second.moved.tolist()) == ([2, 1], [1])


def test_nobody_gets_a_second_critical_post_where_somebody_else_can_take_it() -> None:
    """Officer 1 is on a critical post the day after and of the unit asked for: dearer is better then."""
    who = dataclasses.replace(officers((0,), (0,), (0,), away=ILL), unit=np.array([0, 0, 1]))
    asked = {"needs": [0, 0], "unit": [0, 0]}
    critical = problem(seats((0, 480), (2000, 2480), priority=[CRITICAL, CRITICAL], **asked), who)
    usual = problem(seats((0, 480), (2000, 2480), priority=[1, CRITICAL], **asked), who)
    alone = problem(critical.seats, dataclasses.replace(who, away=np.array([*ILL, (2, -10_000, 10_000)])))

    assert repaired(critical, 0, 1) == [2, 1]
    assert repaired(usual, 0, 1) == [1, 1]
    assert repaired(alone, 0, 1) == [1, 1], "coverage goes first"


def test_nobody_gets_more_than_a_full_day_where_somebody_dearer_can_take_it() -> None:
    """Officer 1 is of the unit asked for and on duty eight hours after the lost seat; officer 2 is neither."""
    who = dataclasses.replace(officers((0,), (0,), (0,), away=ILL), unit=np.array([0, 0, 1]))
    asked = seats((0, 480), (960, 1440), unit=[0, 0])
    numbers = Numbers(min_rest=480, max_span=720)
    twelve, sixteen = (dataclasses.replace(numbers, most_in_day=hours * 60) for hours in (12, 16))
    alone = dataclasses.replace(who, away=np.array([*ILL, (2, -10_000, 10_000)]))

    assert repaired(problem(asked, who, twelve), 0, 1) == [2, 1]
    assert repaired(problem(asked, who, sixteen), 0, 1) == [1, 1]
    assert repaired(problem(asked, alone, twelve), 0, 1) == [1, 1], "coverage goes first"


@given(st.integers(0, 3000), st.integers(1, 720), st.integers(0, 3000), st.integers(1, 720), st.integers(60, 1000))
def test_a_day_is_full_where_some_24_hours_hold_more_than_is_meant(
    a: int, long: int, b: int, other: int, most: int
) -> None:
    first, second = sorted((a, b))
    second = max(second, first + long)
    # What is too long by itself is no matter of who does it.
    assume(max(long, other) <= most)
    windows = ((first, first + long), (second, second + other))
    numbers = dataclasses.replace(Numbers(min_rest=480, max_span=720), most_in_day=most)
    roster = Roster.of(problem(seats(*windows), officers((0,)), numbers), np.array([0, NONE]))

    worked = [
        sum(max(0, min(end, since + 1440) - max(start, since)) for start, end in windows)
        for since in range(first - 1440, second + other)
    ]
    assert bool(full_day(roster, np.array([1]))[0, 0]) == (max(worked) > most)


def test_a_post_of_the_next_morning_that_rest_forbids_counts() -> None:
    asked = problem(seats((0, 480), (900, 1380), needs=[0, 1]), officers((0,), (0, 1), (0,), (1,), away=ILL))

    assert repaired(asked, 0, 3) == [2, 3]


def test_a_post_that_can_be_held_besides_does_not_count() -> None:
    asked = problem(seats((0, 480), (960, 1440), needs=[0, 1]), officers((0,), (0, 1), (0,), (1,), away=ILL))

    assert repaired(asked, 0, 3) == [1, 3]


def test_of_two_qualifications_the_one_with_more_other_holders_is_given_up() -> None:
    asked = problem(
        seats((0, 480), (0, 480), (0, 480), needs=[0, 1, 2]),
        officers((0,), (0, 1), (0, 2), (1,), (2,), (2,), away=ILL),
    )

    assert repaired(asked, 0, 3, 4) == [2, 3, 4]


def test_who_is_away_then_is_no_other_holder() -> None:
    asked = problem(
        seats((0, 480), (0, 480), (0, 480), needs=[0, 1, 2]),
        officers((0,), (0, 1), (0, 2), (1,), (1,), (2,), (2,), (2,), away=[*ILL, (6, 0, 480), (7, 0, 480)]),
    )

    assert repaired(asked, 0, 3, 5) == [1, 3, 5]


def test_whom_a_freed_hand_makes_way_for_is_chosen_the_same_way() -> None:
    asked = problem(
        seats((0, 480), (0, 480), (0, 480), needs=[2, 0, 1]),
        officers((2,), (0, 2), (0, 1), (0,), (1,), away=ILL),
    )

    assert repaired(asked, 0, 1, 4) == [1, 3, 4]


def test_cost_goes_before_scarcity() -> None:
    own_unit = dataclasses.replace(
        officers((0,), (0, 1), (0,), (1,), away=ILL), unit=np.array([0, 0, 1, 0], dtype=np.int64)
    )
    asked = problem(seats((0, 480), (0, 480), needs=[0, 1], unit=[0, NONE]), own_unit)

    assert repaired(asked, 0, 3) == [1, 3]


def test_in_no_choice_scarcity_weighs_as_much_as_a_minute_above_the_fair_share() -> None:
    minute = Numbers().hour_above_fair / 60
    for seed in range(60):
        asked = random_problem(seed)

        weighed = scarcity(asked, np.arange(asked.n))

        assert minute > LEAST
        assert (seed, bool(weighed.min() >= 0), bool(weighed.max(axis=0).sum() <= LEAST)) == (seed, True, True)


def test_candidates_who_cost_the_same_stand_in_the_order_in_which_a_repair_takes_them() -> None:
    asked = problem(seats((0, 480), (0, 480), needs=[0, 1]), officers((0,), (0, 1), (0,), (1,)))

    ranked = candidates(Roster.of(asked, np.array([0, 3])), 0)

    assert [(one.officer, one.added) for one in ranked] == [(0, 0.0), (2, 0.0), (1, 0.0)]


# In the plan of a visit


@pytest.fixture
def story() -> Story:
    """A guard falls ill; the medic and somebody without a qualification could step in, the medic first by code."""
    story = Story()
    story.visit()
    for code in ("CA-1", "CA-2", "CA-3"):
        story.officer(code)
    whole = TimeWindow(start=at("00:00"), end=at("00:00", day=30))
    story.qualified("CA-2", Qualification(code="MEDIC", valid=whole))
    story.duty("CA-1", "08:00", "12:00")
    return story


@pytest.fixture
def ward(story: Story) -> Story:
    """Another post at the same time asks for a medic, and the only other one stands there."""
    story.officer("CA-4")
    story.qualified("CA-4", Qualification(code="MEDIC", valid=TimeWindow(start=at("00:00"), end=at("00:00", day=30))))
    story.duty("CA-4", "10:00", "14:00", required=("MEDIC",))
    return story


def stepped_in(story: Story) -> list[tuple[str, str]]:
    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))
    return [(one.post, one.officer) for change in made.changes for one in change.given]


def test_the_medic_is_kept_for_a_post_that_is_still_open(story: Story) -> None:
    story.post("P-02", "08:00", "12:00", required=("MEDIC",))

    assert stepped_in(story) == [("P-01", "CA-3")]


def test_the_medic_steps_in_where_the_open_post_is_of_another_day(story: Story) -> None:
    story.post("P-02", "08:00", "12:00", day=3, required=("MEDIC",))

    assert stepped_in(story) == [("P-01", "CA-2")]


def test_the_only_other_interpreter_is_kept_for_the_interpreter_who_may_fall_ill_next(story: Story) -> None:
    story.officer("CA-0", languages=("lo",))
    story.officer("CA-4", languages=("lo",))
    story.duty("CA-4", "10:00", "14:00", languages=("lo",))

    assert stepped_in(story) == [("P-01", "CA-2")]


def test_the_driver_with_the_greater_licence_is_kept_for_the_bus(story: Story) -> None:
    story.officer("CA-0", licences=("D",))
    story.officer("CA-4", licences=("D",))
    story.duty("CA-4", "10:00", "14:00", licence="D")

    assert stepped_in(story) == [("P-01", "CA-2")]


def test_the_medic_is_kept_for_the_medic_whose_duty_is_pinned(ward: Story) -> None:
    ward.tell(ward.plan.assignments(VISIT)[1].pin(ward.act()))

    assert stepped_in(ward) == [("P-01", "CA-3")]


def test_the_medic_is_kept_for_a_duty_in_another_visit(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.officer("CA-4")
    story.duty("CA-4", "10:00", "14:00", visit=OTHER_VISIT, required=("MEDIC",))

    assert stepped_in(story) == [("P-01", "CA-3")]


def test_a_duty_that_is_over_and_a_pinned_one_of_another_day_ask_for_nobody(story: Story) -> None:
    story.officer("CA-4")
    story.visit(OTHER_VISIT)
    over = story.duty("CA-4", "10:00", "14:00", visit=OTHER_VISIT, required=("MEDIC",))
    story.tell(over.start(story.act(role=Role.COMMANDER)))
    story.tell(story.plan.assignment(OTHER_VISIT, over.code).end(story.act(role=Role.COMMANDER)))
    later = story.duty("CA-4", "10:00", "14:00", day=3, required=("MEDIC",))
    story.tell(later.pin(story.act()))

    assert stepped_in(story) == [("P-01", "CA-2")]


def told(story: Story, speaker: Speaker = EN) -> dict[str, str]:
    """What is said of each officer for the post of the guard who fell ill."""
    made = replaced(story.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))
    seat = made.changes[0].given[0].seat
    return {one.officer: speaker.say(one.said) for one in choices(made, made.roster, seat)}


def test_whoever_is_kept_free_is_told_by_what_few_have(ward: Story) -> None:
    english, vietnamese = (told(ward, speaker)["CA-2"] for speaker in (EN, VI))

    assert english == "as good, but kept free: other posts ask for MEDIC, and only 2 officers present then have it"
    assert vietnamese == (
        "tốt ngang nhau, nhưng được để dành: chốt khác cần MEDIC, mà chỉ có 2 cán bộ có mặt lúc đó đáp ứng"
    )


def test_the_command_line_tells_it_too(ward: Story) -> None:
    made = replaced(ward.plan, Asked(VISIT, PLANNING, without=frozenset({"CA-1"})))

    (given,) = as_json(made, ())["changes"][0]["given"]

    said = {one["officer"]: one["message"]["en"] for one in given["why"]}
    assert said == told(ward)


def test_the_only_one_who_has_it_is_told_so(story: Story) -> None:
    story.post("P-02", "08:00", "12:00", required=("MEDIC",))

    said = told(story)["CA-2"]

    assert said == "as good, but kept free: other posts ask for MEDIC, and nobody else present then has it"


def test_a_language_that_few_speak_is_told_by_its_name(story: Story) -> None:
    story.officer("CA-5", languages=("lo",))
    story.post("P-02", "08:00", "12:00", languages=("lo",))

    said = told(story)["CA-5"]

    assert said == "as good, but kept free: other posts ask for Lao, and nobody else present then has it"


def test_where_no_post_asks_for_it_nobody_is_told_to_be_kept_free(story: Story) -> None:
    assert sorted(told(story).values()) == ["as good", "chosen, at a cost of 30: another officer than now"]
