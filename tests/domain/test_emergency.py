"""Break-glass: opened for a reason and for an hour at most, ended, reviewed by somebody else."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta

import pytest

from domain.base import Act, Role
from domain.emergency import ROLES, EmergencyAccess, refuse_unfounded
from domain.refusals import InvalidInput, NotAllowed, NotPossible, PlanningError, ReasonRequired
from domain.statement import statement
from tests.examples import PLANNING, VISIT, Story, act

WHY = "Cháy ở khách sạn, cần biết các chốt"


@dataclasses.dataclass(frozen=True)
class Signs:
    """A hand that signs, as far as the domain looks."""

    key: str = "lan+0a0b0c0d+AQ=="
    machine: str = ""

    def sign(self, statement: bytes) -> str:
        return "AA=="


def by(user: str, minutes: float = 0, reason: str = WHY) -> Act:
    given = act(reason, by=user, recorded_at=PLANNING + timedelta(minutes=minutes))
    return dataclasses.replace(given, signer=Signs())


def opened(minutes: int = 60) -> Story:
    story = Story()
    story.tell(story.plan.emergency(VISIT, "lan").open(ROLES, minutes, by("lan")))
    return story


def access(story: Story) -> EmergencyAccess:
    return story.plan.emergency(VISIT, "lan")


def open_at(story: Story, minutes: float) -> bool:
    return access(story).opening_at(PLANNING + timedelta(minutes=minutes)) is not None


@pytest.mark.parametrize("reason", ["", "x" * 19, " " * 40, "x" + " " * 30 + "y", "\n".join("x" * 5)])
def test_a_reason_shorter_than_twenty_characters_opens_nothing(reason: str) -> None:
    with pytest.raises(ReasonRequired):
        refuse_unfounded(60, by("lan", reason=reason))


@pytest.mark.parametrize("minutes", [-1, 0, 61, 1440])
def test_nothing_is_opened_for_more_than_an_hour_or_no_time(minutes: int) -> None:
    with pytest.raises(InvalidInput):
        refuse_unfounded(minutes, by("lan"))


def test_what_is_signed_says_the_roles_in_one_order_in_every_process() -> None:
    story = Story()
    opening = story.plan.emergency(VISIT, "lan").open(frozenset(Role), 60, by("lan"))

    (said,) = [json.loads(statement(event).partition(b"\n")[2])["roles"] for event in opening]

    assert said == sorted(Role)


def test_who_does_not_sign_opens_nothing() -> None:
    with pytest.raises(NotAllowed):
        refuse_unfounded(60, dataclasses.replace(by("lan"), signer=None))


@pytest.mark.parametrize(("minutes", "reason"), [(1, "x" * 20), (60, WHY)])
def test_the_bounds_themselves_are_enough(minutes: int, reason: str) -> None:
    refused = []
    try:
        refuse_unfounded(minutes, by("lan", reason=reason))
    except PlanningError as refusal:
        refused.append(refusal)

    assert refused == []


def test_it_ends_by_itself() -> None:
    story = opened(60)

    assert [open_at(story, minutes) for minutes in (-1, 0, 59.99, 60, 61)] == [False, True, True, False, False]


def test_it_is_ended_sooner() -> None:
    story = opened()

    story.tell(access(story).end(by("lan", 10)))

    assert [open_at(story, minutes) for minutes in (9, 10, 11)] == [True, False, False]
    with pytest.raises(NotPossible):
        access(story).end(by("lan", 11))


def test_it_is_not_opened_twice_at_a_time() -> None:
    story = opened()

    with pytest.raises(NotPossible):
        access(story).open(ROLES, 60, by("lan", 30))


def test_somebody_else_reviews_it_once_it_is_over() -> None:
    story = opened()
    with pytest.raises(NotPossible):
        access(story).review("Cần thiết", by("binh", 30))
    with pytest.raises(NotAllowed):
        access(story).review("Cần thiết", by("lan", 61))

    story.tell(access(story).review("Cần thiết", by("binh", 61)))

    (one,) = access(story).openings
    assert (one.verdict, one.reviewer, access(story).to_review) == ("Cần thiết", "binh", ())
    with pytest.raises(NotPossible):
        access(story).review("Nữa", by("binh", 62))


def test_who_does_not_sign_reviews_nothing() -> None:
    story = opened()

    with pytest.raises(NotAllowed):
        access(story).review("Cần thiết", dataclasses.replace(by("binh", 61), signer=None))


def test_a_review_is_overdue_after_a_day() -> None:
    (one,) = access(opened()).openings

    overdue = [one.overdue(PLANNING + timedelta(hours=hours)) for hours in (1, 23.99, 24)]

    assert overdue == [False, False, True]


def test_who_waits_too_long_for_a_review_opens_nothing_more() -> None:
    story = opened()
    again = access(story).open(ROLES, 60, by("lan", 23 * 60))

    with pytest.raises(NotPossible):
        access(story).open(ROLES, 60, by("lan", 24 * 60))

    story.tell(access(story).review("Cần thiết", by("binh", 24 * 60)))
    assert len(access(story).open(ROLES, 60, by("lan", 24 * 60))) == len(again) == 1


def test_each_time_is_reviewed_by_itself() -> None:
    story = opened()
    story.tell(access(story).open(frozenset({Role.PLANNER}), 30, by("lan", 120)))

    story.tell(access(story).review("Cần thiết", by("binh", 130)))

    first, second = access(story).openings
    assert (first.verdict, second.verdict, second.of) == ("Cần thiết", "", 2)


def test_later_facts_never_refuse_to_fold() -> None:
    story = opened()
    moment: datetime = PLANNING + timedelta(days=400)

    story.tell(access(story).review("Muộn", dataclasses.replace(by("binh"), recorded_at=moment)))

    assert access(story).to_review == ()
