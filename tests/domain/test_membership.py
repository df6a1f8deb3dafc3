"""Who belongs to a visit: let in by others, in roles, for a time."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.base import Role
from domain.membership import FIRST_MEMBER, Terms
from domain.plan import Plan
from domain.refusals import NotAllowed, NotPossible, ReasonRequired
from tests.examples import OTHER_VISIT, VISIT, Story, act, at

PLANNERS = Terms(roles=frozenset({Role.PLANNER}))
AUDITORS = Terms(roles=frozenset({Role.AUDITOR}))


@pytest.fixture
def story() -> Story:
    """Two visits, both registered by planner.hoa."""
    told = Story()
    told.visit()
    told.visit(OTHER_VISIT)
    return told


def test_whoever_registered_a_visit_is_its_first_member(story: Story) -> None:
    first = story.plan.membership(VISIT, "planner.hoa")

    assert (first.terms, first.version) == (FIRST_MEMBER, 0)
    assert story.plan.membership(VISIT, "lan").terms is None
    assert story.plan.memberships(VISIT) == (first,)


def test_a_member_of_one_visit_has_no_part_in_another(story: Story) -> None:
    story.tell(story.plan.membership(VISIT, "lan").grant(PLANNERS, story.act()))

    held = [story.plan.membership(visit, "lan").roles_at(at("08:00")) for visit in (VISIT, OTHER_VISIT, "")]

    assert held == [frozenset({Role.PLANNER}), frozenset(), frozenset()]


def test_a_membership_is_open_from_its_first_moment_and_closed_from_its_last(story: Story) -> None:
    terms = Terms(roles=frozenset({Role.PLANNER}), opens=at("08:00"), closes=at("12:00"))
    story.tell(story.plan.membership(VISIT, "lan").grant(terms, story.act()))

    held = [
        bool(story.plan.membership(VISIT, "lan").roles_at(at(clock))) for clock in ("07:59", "08:00", "11:59", "12:00")
    ]

    assert held == [False, True, True, False]


def test_the_first_member_is_amended_and_ended_like_any_other(story: Story) -> None:
    by = {"by": "binh", "role": Role.COMMANDER}
    story.tell(story.plan.membership(VISIT, "planner.hoa").amend(PLANNERS, story.act(**by)))
    amended = story.plan.membership(VISIT, "planner.hoa")
    story.tell(story.plan.membership(VISIT, "planner.hoa").end(story.act(**by)))
    story.tell(story.plan.membership(OTHER_VISIT, "planner.hoa").end(story.act(by="planner.hoa")))

    ended = [story.plan.membership(visit, "planner.hoa").terms for visit in (VISIT, OTHER_VISIT)]

    assert (amended.terms, ended) == (PLANNERS, [None, None])
    assert (story.plan.memberships(VISIT), story.plan.memberships(OTHER_VISIT)) == ((), ())


def test_nobody_lets_oneself_in_or_gives_oneself_more(story: Story) -> None:
    mine = story.plan.membership(VISIT, "planner.hoa")

    with pytest.raises(NotAllowed):
        story.plan.membership("", "planner.hoa").grant(AUDITORS, act("vì cần"))
    with pytest.raises(NotAllowed):
        mine.amend(PLANNERS, act("vì cần"))

    assert [type(event).__name__ for event in mine.end(act("hết việc"))] == ["MembershipEnded"]


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.AUDITOR])
def test_only_a_commander_lets_commanders_and_auditors_in(story: Story, role: Role) -> None:
    terms = Terms(roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        story.plan.membership(VISIT, "lan").grant(terms, act("vì cần"))

    assert len(story.plan.membership(VISIT, "lan").grant(terms, act("vì cần", by="binh", role=Role.COMMANDER))) == 1


def test_a_planner_does_not_put_a_commander_out_or_change_one(story: Story) -> None:
    commander = Terms(roles=frozenset({Role.COMMANDER, Role.PLANNER}))
    story.tell(story.plan.membership(VISIT, "nam").grant(commander, story.act(by="binh", role=Role.COMMANDER)))

    with pytest.raises(NotAllowed):
        story.plan.membership(VISIT, "nam").amend(PLANNERS, act("vì cần"))
    with pytest.raises(NotAllowed):
        story.plan.membership(VISIT, "nam").end(act("vì cần"))


def test_every_decision_needs_its_reason_and_a_member_who_is_there(story: Story) -> None:
    nobody = story.plan.membership(VISIT, "lan")

    with pytest.raises(ReasonRequired):
        nobody.grant(PLANNERS, act(""))
    with pytest.raises(NotPossible):
        nobody.amend(PLANNERS, act("vì cần"))
    with pytest.raises(NotPossible):
        nobody.end(act("vì cần"))
    story.tell(nobody.grant(PLANNERS, story.act()))
    with pytest.raises(NotPossible):
        story.plan.membership(VISIT, "lan").grant(PLANNERS, act("vì cần"))


@pytest.mark.parametrize("roles", [set(), {Role.ADMINISTRATOR}, {Role.OFFICER}, {Role.PLANNER, Role.ADMINISTRATOR}])
def test_a_member_has_a_role_and_never_that_of_administrator_or_officer(roles: set[Role]) -> None:
    with pytest.raises(ValidationError):
        Terms(roles=frozenset(roles))


def test_memberships_of_an_account_are_found_without_looking_at_others(story: Story) -> None:
    for visit, user in ((VISIT, "lan"), (OTHER_VISIT, "lan"), (VISIT, "minh"), ("", "lan")):
        story.tell(story.plan.membership(visit, user).grant(PLANNERS, story.act()))

    assert sorted(one.visit for one in story.plan.memberships_of_user("lan")) == sorted(("", VISIT, OTHER_VISIT))
    assert [one.user for one in story.plan.memberships("")] == ["lan"]
    assert [visit.key for visit in story.plan.visits_registered_by("planner.hoa")] == [OTHER_VISIT, VISIT]
    assert Plan().memberships_of_user("lan") == ()
