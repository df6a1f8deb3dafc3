"""Every role, command and query, in every situation, held against a second statement of the same policy in Cedar."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import cedarpy
import pytest

from domain.base import Actor, Role
from domain.emergency import ROLES as EMERGENCY_ROLES
from domain.membership import ROLES, Terms
from domain.plan import Plan
from domain.refusals import PlanningError
from planner.access import COMMANDS, QUERIES, RULES, may_in
from planner.access.permits import permitted
from planner.access.registry import rule_of
from planner.application import commands
from tests.access.canaries import downloads
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story
from ui.downloads import DOWNLOADS

POLICY = (Path(__file__).parent / "policy.cedar").read_text()
ACTIONS = (*COMMANDS, *QUERIES)
USER = "somebody"


@dataclasses.dataclass(frozen=True)
class Situation:
    """How somebody stands to the visit that is meant, in one role: what the plan says, and what Cedar is told."""

    name: str
    role: Role
    terms: Terms | None = None
    in_visit: str | None = VISIT
    account: frozenset[Role] = frozenset()
    on_duty: bool = False
    #: The visit that was opened by break-glass, and for how many minutes more.
    emergency: str | None = None
    minutes: int = 60

    @property
    def open(self) -> bool:
        return self.terms is not None and self.terms.holds(PLANNING)


def situations(role: Role) -> Iterator[Situation]:
    """A role in every way in which it can be held or missed."""
    own = frozenset({role})
    yield Situation("stranger", role, account=own)
    yield Situation("on duty", role, account=own, on_duty=True)
    if role in EMERGENCY_ROLES:
        yield Situation("break-glass", role, account=own, emergency=VISIT)
        yield Situation("break-glass, its last minute", role, account=own, emergency=VISIT, minutes=1)
        yield Situation("break-glass is over", role, account=own, emergency=VISIT, minutes=0)
        yield Situation("break-glass of another visit", role, account=own, emergency=OTHER_VISIT)
        yield Situation(
            "break-glass in a role the account lost", role, account=frozenset({Role.PRESS}), emergency=VISIT
        )
        press = Terms(roles=frozenset({Role.PRESS}))
        yield Situation("press who broke the glass", role, press, account=own | {Role.PRESS}, emergency=VISIT)
    if role not in ROLES:
        return
    terms = Terms(roles=own)
    hour = timedelta(hours=1)
    yield Situation("member", role, terms, account=own)
    yield Situation("member of another visit", role, terms, OTHER_VISIT, account=own)
    yield Situation("member of every visit", role, terms, "", account=own)
    yield Situation("member without the role in the account", role, terms, account=frozenset({Role.PRESS}) - own)
    yield Situation("not yet", role, Terms(roles=own, opens=PLANNING + hour), account=own)
    yield Situation("no longer", role, Terms(roles=own, closes=PLANNING), account=own)
    yield Situation("just open", role, Terms(roles=own, opens=PLANNING, closes=PLANNING + hour), account=own)
    for other in sorted(ROLES - own):
        both = frozenset({role, other})
        yield Situation(f"account is {other} too", role, terms, account=both)


SITUATIONS = [situation for role in Role for situation in situations(role)]


def told(situation: Situation) -> tuple[Plan, Actor]:
    """The plan in which it is so, and who asks."""
    story = Story()
    for visit in (VISIT, OTHER_VISIT):
        story.visit(visit)
    if situation.terms is not None:
        membership = story.plan.membership(situation.in_visit or "", USER)
        story.tell(membership.grant(situation.terms, story.act(by="binh", role=Role.COMMANDER)))
    if situation.emergency is not None:
        opened_at = PLANNING - timedelta(minutes=60 - situation.minutes)
        act = dataclasses.replace(story.act(by=USER), recorded_at=opened_at)
        story.tell(story.plan.emergency(situation.emergency, USER).open(frozenset({situation.role}), 60, act))
    if situation.on_duty:
        story.officer("CA-0113")
        story.post("P-01")
        story.placed("CA-0113")
    return story.plan, Actor(USER, situation.account, "CA-0113")


def request(action: str, plan: Plan, actor: Actor) -> dict[str, Any]:
    """One question as Cedar takes it."""
    where = f'Visit::"{VISIT}"' if rule_of(action).of_visit else 'Site::"site"'
    return {"principal": f'User::"{USER}"', "action": f'Action::"{action}"', "resource": where, "context": {}}


def entities(situation: Situation) -> list[dict[str, Any]]:
    """What Cedar knows: said from the situation, not from the plan."""
    member, everywhere = [], []
    if situation.open and situation.terms is not None:
        roles = [str(role) for role in situation.terms.roles]
        everywhere = roles if situation.in_visit == "" else []
        member = [{"visit": situation.in_visit, "role": role} for role in roles if situation.in_visit]
    broken = situation.emergency is not None and situation.minutes > 0
    user = {
        "emergency": [{"visit": situation.emergency, "role": str(situation.role)}] if broken else [],
        "account": sorted(situation.account),
        "member": member,
        "everywhere": everywhere,
        "duties": [VISIT] if situation.on_duty else [],
    }
    return [
        {"uid": {"type": "User", "id": USER}, "attrs": user, "parents": []},
        {"uid": {"type": "Visit", "id": VISIT}, "attrs": {"code": VISIT}, "parents": []},
        {"uid": {"type": "Site", "id": "site"}, "attrs": {}, "parents": []},
    ]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: f"{s.role}: {s.name}")
def test_both_statements_of_the_policy_allow_the_same(situation: Situation) -> None:
    plan, actor = told(situation)
    asked = [request(action, plan, actor) for action in ACTIONS]

    ours = {action for action in ACTIONS if may_in(plan, actor, action, VISIT, PLANNING)}
    answers = cedarpy.is_authorized_batch(asked, POLICY, entities(situation))
    theirs = {action for action, answer in zip(ACTIONS, answers, strict=True) if answer.allowed}

    assert not [error for answer in answers for error in answer.diagnostics.errors]
    assert ours == theirs


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: f"{s.role}: {s.name}")
def test_what_is_refused_is_refused_alike_whether_the_visit_is_there(situation: Situation) -> None:
    plan, actor = told(situation)
    if may_in(plan, actor, "read_visit", VISIT, PLANNING) or situation.on_duty:
        return

    answers = [
        [refusal(plan, actor, action, visit) for action in ACTIONS if rule_of(action).of_visit]
        for visit in (VISIT, "NOBODY-KNOWS-IT")
    ]

    assert [one.replace(VISIT, "CODE") for one in answers[0]] == [
        one.replace("NOBODY-KNOWS-IT", "CODE") for one in answers[1]
    ]


def refusal(plan: Plan, actor: Actor, action: str, visit: str) -> str:
    """The refusal of an action; empty where it is allowed."""
    try:
        permitted(plan, actor, action, visit, PLANNING)
    except PlanningError as refused:
        return f"{refused.name}: {refused}"
    return ""


def test_the_comparison_finds_a_rule_that_says_something_else() -> None:
    """The control: a policy in which auditors may assign officers is found to differ."""
    situation = next(one for one in SITUATIONS if (one.role, one.name) == (Role.AUDITOR, "member"))
    plan, actor = told(situation)
    wrong = POLICY + 'permit (principal, action == Action::"assign_officer", resource is Visit);'

    answer = cedarpy.is_authorized(request("assign_officer", plan, actor), wrong, entities(situation))

    assert answer.allowed != may_in(plan, actor, "assign_officer", VISIT, PLANNING)


def test_every_command_query_and_download_has_exactly_one_rule() -> None:
    named = list(itertools.chain.from_iterable(rule.actions for rule in RULES))

    assert sorted(named) == sorted(set(named))
    assert set(COMMANDS) == set(commands())
    assert len(downloads()) > 10
    assert {listed.query for listed in DOWNLOADS.values()} <= set(QUERIES)


def test_the_matrix_is_as_large_as_it_is_said_to_be() -> None:
    assert (len(SITUATIONS) > 50, len(ACTIONS) > 80) == (True, True)


def test_nothing_is_allowed_that_no_rule_names() -> None:
    with pytest.raises(LookupError):
        may_in(Plan(), Actor(USER, frozenset(Role)), "fly", VISIT, PLANNING)
