"""The policy's numbers count from their effective date, later adopted ones first."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.policy import DEFAULT_POLICY, PolicyNumbers
from domain.refusals import ReasonRequired
from tests.examples import PLANNING, Story, act, at


def test_without_a_policy_the_estimates_count() -> None:
    assert Story().plan.numbers(PLANNING) == PolicyNumbers()


def test_adopted_numbers_count_from_their_date_on() -> None:
    story = Story()

    story.policy(at("00:00"), min_rest_hours=10)

    assert story.plan.numbers(at("23:59", day=0)).min_rest_hours == 12
    assert story.plan.numbers(at("00:00")).min_rest_hours == 10


def test_of_two_versions_the_one_in_force_later_counts() -> None:
    story = Story()
    story.policy(at("00:00", day=5), min_rest_hours=8)

    story.policy(at("00:00"), min_rest_hours=10)

    assert [story.plan.numbers(at("12:00", day)).min_rest_hours for day in (0, 1, 5)] == [12, 10, 8]


def test_of_two_versions_from_one_moment_the_later_adopted_counts() -> None:
    story = Story()
    story.policy(at("00:00"), min_rest_hours=8)

    story.policy(at("00:00"), min_rest_hours=10)

    assert story.plan.numbers(at("00:00")).min_rest_hours == 10


def test_adopting_needs_a_reason() -> None:
    with pytest.raises(ReasonRequired):
        DEFAULT_POLICY.adopt(PolicyNumbers(min_rest_hours=10), at("00:00"), act())


def test_adopting_what_counts_already_is_no_event() -> None:
    assert DEFAULT_POLICY.adopt(PolicyNumbers(), at("00:00"), act("theo chỉ đạo")) == ()


def test_the_first_adoption_founds_the_policy() -> None:
    story = Story()

    story.tell(story.plan.policy.adopt(PolicyNumbers(min_rest_hours=10), at("00:00"), story.act()))

    assert (story.plan.policy.version, len(story.plan.policy.versions)) == (1, 1)


@pytest.mark.parametrize(
    "wrong", [{"min_rest_hours": 0}, {"max_span_hours": -1}, {"night_starts_hour": 24}, {"capacity_warn_share": 1.1}]
)
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PolicyNumbers(**wrong)
