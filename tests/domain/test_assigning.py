"""Giving duties: what is refused, what an authority may accept, and what moves along with a post."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assigning import assign, why_not
from domain.assignment import AssignmentRescheduled, AssignmentStatus, OfficerAssigned
from domain.finding import Severity
from domain.refusals import (
    CodeTaken,
    DutyTooLong,
    InvalidInput,
    NotFound,
    NotPossible,
    OfficerDoubleBooked,
    PlanningError,
    QualificationMissing,
    ReasonRequired,
    RestTooShort,
)
from tests.examples import OTHER_VISIT, PLANNING, TASK, VISIT, Story, absence, act, shift, window

COMMANDER = "Trưởng ban chỉ đạo"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    story.post("P-01", "08:00", "12:00")
    return story


def given_duty(story: Story, post: str = "P-01", officer: str = "CA-0113", **asked: Any) -> OfficerAssigned:
    event = assign(story.plan, VISIT, post, officer, story.act(), **asked)[0]
    assert isinstance(event, OfficerAssigned)
    return event


def refused(story: Story, refusal: type[PlanningError], post: str = "P-01", **asked: Any) -> PlanningError:
    with pytest.raises(refusal) as refused:
        given_duty(story, post, **asked)
    return refused.value


# What is meant


def test_the_only_shift_and_its_whole_window_are_meant(story: Story) -> None:
    event = given_duty(story)

    assert (event.key, event.shift, event.window, event.override) == (
        "LA-2026-01/A-0001",
        "ALL",
        window("08:00", "12:00"),
        None,
    )


def test_of_several_shifts_one_must_be_named(story: Story) -> None:
    story.shifts("P-01", shift("S1", "08:00", "10:00"), shift("S2", "10:00", "12:00"))

    refusal = refused(story, InvalidInput)

    assert refusal.message.values["shifts"] == ["S1", "S2"]
    assert given_duty(story, shift="S2").window == window("10:00", "12:00")


def test_a_part_of_the_window_may_be_asked_for(story: Story) -> None:
    assert given_duty(story, window=window("09:00", "10:00")).window == window("09:00", "10:00")


def test_a_window_outside_the_post_is_refused(story: Story) -> None:
    refusal = refused(story, InvalidInput, window=window("08:00", "12:01"))

    assert refusal.message.values == {
        "window": window("08:00", "12:01"),
        "post": "P-01",
        "whole": window("08:00", "12:00"),
    }


def test_a_tentative_duty_is_only_proposed(story: Story) -> None:
    story.tell((given_duty(story, tentative=True),))

    assert story.plan.assignment(VISIT, "A-0001").status is AssignmentStatus.PROPOSED


@pytest.mark.parametrize(
    ("visit", "post", "officer", "shift"),
    [
        ("X", "P-01", "CA-0113", None),
        (VISIT, "X", "CA-0113", None),
        (VISIT, "P-01", "X", None),
        (VISIT, "P-01", "CA-0113", "X"),
    ],
)
def test_unknown_codes_are_refused(story: Story, visit: str, post: str, officer: str, shift: str | None) -> None:
    with pytest.raises(NotFound):
        assign(story.plan, visit, post, officer, act(), shift=shift)


def test_a_cancelled_post_takes_nobody(story: Story) -> None:
    story.tell(story.plan.post(VISIT, "P-01").cancel(story.act()))

    assert str(refused(story, NotPossible)) == "Post P-01 is cancelled; reinstate it first."


def test_a_cancelled_visit_takes_nobody(story: Story) -> None:
    story.tell(story.plan.visit(VISIT).cancel(story.act()))

    assert str(refused(story, NotPossible)) == f"Visit {VISIT} is cancelled; reinstate it first."


def test_a_retired_officer_is_refused(story: Story) -> None:
    story.tell(story.plan.officer("CA-0113").retire(story.act()))

    told = str(refused(story, NotPossible))
    assert told == "Officer CA-0113 is retired; reinstate or choose another officer."


# Codes


def test_numbers_go_on_and_are_never_used_twice(story: Story) -> None:
    story.tell((given_duty(story),))
    story.tell(story.plan.assignment(VISIT, "A-0001").withdraw(story.act()))

    assert given_duty(story).key == "LA-2026-01/A-0002"


def test_a_number_that_was_taken_by_hand_is_passed_over(story: Story) -> None:
    story.officer("CA-0200")
    story.tell((given_duty(story, officer="CA-0200", code="A-0002"),))

    assert given_duty(story).key == "LA-2026-01/A-0003"


def test_a_code_may_be_chosen_but_not_twice(story: Story) -> None:
    story.tell((given_duty(story, code="CHỐT-A"),))

    refusal = refused(story, CodeTaken, code="CHỐT-A")
    assert refusal.message.values == {"code": "CHỐT-A"}


# What is refused


def test_the_same_officer_twice_in_one_post_is_refused(story: Story) -> None:
    story.tell((given_duty(story),))

    refusal = refused(story, OfficerDoubleBooked)
    assert (refusal.rule, str(refusal).count(f"post P-01 «{TASK}» of visit LA-2026-01")) == ("R01", 2)


def test_a_clash_is_refused_and_both_duties_are_named(story: Story) -> None:
    story.duty("CA-0113", "11:59", "14:00", post="P-02")

    refusal = refused(story, OfficerDoubleBooked)

    assert refusal.rule == "R01"
    assert f"post P-01 «{TASK}» of visit LA-2026-01" in str(refusal)
    assert f"post P-02 «{TASK}» of visit LA-2026-01" in str(refusal)


def test_a_clash_in_a_visit_that_may_not_be_seen_says_only_on_other_duty(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.duty("CA-0113", "11:00", "14:00", visit=OTHER_VISIT)

    hidden = refused(story, OfficerDoubleBooked, visible={VISIT})
    shown = refused(story, OfficerDoubleBooked)

    assert (OTHER_VISIT in str(hidden), "on other duty" in str(hidden)) == (False, True)
    assert OTHER_VISIT in str(shown)


def test_an_officer_who_is_away_is_refused(story: Story) -> None:
    story.away("CA-0113", absence("11:00", "18:00"))

    refusal = refused(story, OfficerDoubleBooked)
    assert (refusal.rule, "is away (sick, " in str(refusal)) == ("R01", True)


def test_too_little_rest_is_refused(story: Story) -> None:
    story.duty("CA-0113", "14:00", "22:00")
    story.post("P-09", "09:59", "14:00", day=2)

    assert refused(story, RestTooShort, post="P-09").rule == "R03"


def test_twelve_hours_of_rest_are_accepted(story: Story) -> None:
    story.duty("CA-0113", "14:00", "22:00")
    story.post("P-09", "10:00", "14:00", day=2)

    assert given_duty(story, post="P-09").officer == "CA-0113"


def test_duty_upon_duty_without_a_break_is_refused_as_too_long(story: Story) -> None:
    story.duty("CA-0113", "12:00", "20:01")

    assert refused(story, DutyTooLong).rule == "R03"


def test_a_post_that_is_too_long_by_itself_is_found_and_not_refused(story: Story) -> None:
    story.post("P-09", "06:00", "20:00")

    story.tell((given_duty(story, post="P-09"),))

    assert [finding.severity for finding in story.findings("R03")] == [Severity.BLOCK, Severity.WARN]


def test_too_much_duty_in_a_week_is_found_and_not_refused(story: Story) -> None:
    for day in range(2, 8):
        story.duty("CA-0113", "08:00", "18:00", day=day)

    story.tell((given_duty(story),))

    assert [finding.severity for finding in story.findings("R03")] == [Severity.WARN]


def test_a_missing_qualification_is_refused(story: Story) -> None:
    story.post("P-09", "14:00", "15:00", required=("K9",))

    assert refused(story, QualificationMissing, post="P-09").rule == "R04"


def test_a_missing_wish_is_not_refused(story: Story) -> None:
    story.post("P-09", "14:00", "15:00", desired=("K9",))

    assert given_duty(story, post="P-09").override is None


def test_what_was_broken_before_does_not_stop_another_duty(story: Story) -> None:
    story.duty("CA-0113", "08:00", "12:00", post="P-02", required=("K9",))
    story.duty("CA-0113", "09:00", "12:00", post="P-03")
    story.post("P-09", "08:00", "10:00", day=3)

    assert given_duty(story, post="P-09").override is None


# Overrides


def test_an_authority_with_a_reason_overrides(story: Story) -> None:
    story.duty("CA-0113", "11:59", "14:00", post="P-02")

    event = given_duty(story, override_authority=COMMANDER)

    assert event.override is not None
    assert (event.override.rules, event.override.authority) == (("R01",), COMMANDER)


def test_an_override_needs_a_reason(story: Story) -> None:
    story.duty("CA-0113", "11:59", "14:00", post="P-02")

    with pytest.raises(ReasonRequired):
        assign(story.plan, VISIT, "P-01", "CA-0113", act(""), override_authority=COMMANDER)


@pytest.mark.parametrize("authority", [None, "", "  "])
def test_an_override_needs_an_authority(story: Story, authority: str | None) -> None:
    story.duty("CA-0113", "11:59", "14:00", post="P-02")

    assert refused(story, OfficerDoubleBooked, override_authority=authority).rule == "R01"


def test_where_nothing_is_broken_nothing_is_overridden(story: Story) -> None:
    assert given_duty(story, override_authority=COMMANDER).override is None


def test_what_was_overridden_warns_names_the_authority_and_covers(story: Story) -> None:
    story.duty("CA-0113", "11:59", "14:00", post="P-02")
    assert story.findings("R01") == []

    story.tell((given_duty(story, override_authority=COMMANDER),))

    found = story.findings("R01")
    assert [(finding.severity, finding.message.values["authority"]) for finding in found] == [
        (Severity.WARN, COMMANDER)
    ]
    assert story.findings("R05") == []


def test_an_override_does_not_excuse_a_later_clash(story: Story) -> None:
    story.duty("CA-0113", "11:59", "14:00", post="P-02")
    story.tell((given_duty(story, override_authority=COMMANDER),))
    story.post("P-09", "09:00", "10:00")

    refusal = refused(story, OfficerDoubleBooked, post="P-09")
    assert f"post P-09 «{TASK}» of visit LA-2026-01" in str(refusal)


def test_an_override_dies_when_the_facts_change(story: Story) -> None:
    other = story.duty("CA-0113", "11:59", "14:00", post="P-02")
    story.tell((given_duty(story, override_authority=COMMANDER),))

    moved = AssignmentRescheduled(**story.act().on(other), window=window("11:30", "14:00"))
    story.tell((moved,))

    assert [finding.severity for finding in story.findings("R01")] == [Severity.BLOCK]


# Why not


def test_one_who_can_take_the_duty_has_nothing_against_it(story: Story) -> None:
    assert why_not(story.plan, VISIT, "P-01", "CA-0113", as_of=PLANNING) == ()


def test_everything_against_an_officer_is_told_worst_first(story: Story) -> None:
    story.duty("CA-0113", "07:00", "08:30")
    story.away("CA-0113", absence("10:00", "11:00"))
    story.post("P-09", "08:00", "21:00", required=("K9",), desired=("EOD",))

    against = why_not(story.plan, VISIT, "P-09", "CA-0113", as_of=PLANNING)

    assert [(finding.rule, finding.severity) for finding in against] == [
        ("R01", Severity.BLOCK),
        ("R01", Severity.BLOCK),
        ("R03", Severity.BLOCK),
        ("R04", Severity.BLOCK),
        ("R03", Severity.WARN),
        ("R04", Severity.WARN),
    ]


def test_a_retired_officer_is_told_by_a_finding(story: Story) -> None:
    story.tell(story.plan.officer("CA-0113").retire(story.act()))

    assert [f.rule for f in why_not(story.plan, VISIT, "P-01", "CA-0113", as_of=PLANNING)] == ["R01"]


def test_a_clash_that_may_not_be_seen_is_masked(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.duty("CA-0113", "11:00", "14:00", visit=OTHER_VISIT)

    against = why_not(story.plan, VISIT, "P-01", "CA-0113", as_of=PLANNING, visible={VISIT})

    assert [str(finding.message).startswith("Officer CA-0113 is on other duty") for finding in against] == [True]


STARTS = st.integers(0, 60)


@given(st.lists(st.tuples(STARTS, st.integers(1, 14)), max_size=5), STARTS, st.integers(1, 14))
def test_why_not_tells_what_the_whole_check_would_find_anew(
    duties: list[tuple[int, int]], start: int, hours: int
) -> None:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    for begin, length in duties:
        code = f"P-{len(story.events):03d}"
        story.post(code, f"{begin}:00", f"{begin + length}:00", required=("K9",) if length == 1 else ())
        story.placed("CA-0113", code)
    story.post("P-NEW", f"{start}:00", f"{start + hours}:00", desired=("EOD",))
    known = {finding.id for finding in story.findings()}

    against = why_not(story.plan, VISIT, "P-NEW", "CA-0113", as_of=PLANNING)

    story.placed("CA-0113", "P-NEW", code="NEW")
    anew = [f for f in story.findings() if f.id not in known and f.rule in ("R01", "R03", "R04")]
    assert [(f.rule, f.severity, f.window) for f in against] == [(f.rule, f.severity, f.window) for f in anew]
