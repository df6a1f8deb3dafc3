"""What is refused, and in which words: a visit that somebody has no part in is answered like one that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.base import Actor, Event, Role
from domain.erasure import erased_refusal
from domain.plan import Plan
from domain.refusals import NotAllowed, NotFound, PlanningError
from planner.access.members import erased_for, roles_in, seeing_in
from planner.access.registry import CHANGES, Rule, rule_of


def may(actor: Actor, action: str) -> bool:
    """True where the account may do it at all: in some visit, if it is a member there."""
    return bool(rule_of(action).roles & actor.roles)


def permit(actor: Actor, action: str) -> None:
    """Refuse what the account may do nowhere."""
    if not may(actor, action):
        raise _not_allowed(actor, rule_of(action))


def permitted(plan: Plan, actor: Actor, action: str, visit: str, moment: datetime) -> frozenset[Role]:
    """The roles in which the actor acts or reads there; refused where none of them may."""
    rule = rule_of(action)
    permit(actor, action)
    if not rule.of_visit:
        return actor.roles
    held = _held(plan, actor, rule, visit, moment)
    if not held:
        for gone in erased_for(plan, actor, moment):
            if gone.of_visit == visit:
                raise erased_refusal(gone)
        raise _no_visit(visit)
    if not held & rule.roles:
        raise _not_allowed(actor, rule)
    return held


def refuse_hidden(visit: str, visible: frozenset[str] | None) -> None:
    """Refuse what belongs to a visit outside ``visible`` (None: none is hidden) as if there were no such visit."""
    if visible is not None and visit not in visible:
        raise _no_visit(visit)


def may_in(plan: Plan, actor: Actor, action: str, visit: str, moment: datetime) -> bool:
    """True where the actor may do it in that visit."""
    rule = rule_of(action)
    if not rule.of_visit:
        return may(actor, action)
    return bool(_held(plan, actor, rule, visit, moment) & rule.roles)


def _held(plan: Plan, actor: Actor, rule: Rule, visit: str, moment: datetime) -> frozenset[Role]:
    """The roles that count for a rule of visits."""
    return (seeing_in if rule.emergency else roles_in)(plan, actor, visit, moment)


def permit_undo(plan: Plan, actor: Actor, events: Iterable[Event], unknown: PlanningError, moment: datetime) -> None:
    """Refuse taking back what the actor could not have changed; ``unknown`` where it is of a hidden visit."""
    for kind, visit in sorted({(event.kind, _visit_of(event)) for event in events}):
        try:
            permitted(plan, actor, _change(kind, visit), visit, moment)
        except NotFound:
            raise unknown from None


def _change(kind: str, visit: str) -> str:
    return "amend_site_membership" if kind == "membership" and not visit else CHANGES[kind]


def _visit_of(event: Event) -> str:
    return event.key if event.kind == "visit" else event.key.rpartition("/")[0]


def _not_allowed(actor: Actor, rule: Rule) -> PlanningError:
    return NotAllowed.because(
        "Account {user} may not do this; it needs one of these roles: {roles}.",
        user=actor.user,
        roles=tuple(sorted(rule.roles)),
    )


def _no_visit(code: str) -> PlanningError:
    return NotFound.because("There is no visit {code}.", code=code)
