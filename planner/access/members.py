"""In which roles an account takes part in visits: asked of the plan's indexes, never by walking the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.base import Actor, Role
from domain.erasing import erasures
from domain.erasure import Erasure
from domain.plan import Plan
from planner.access.reads import Standing
from planner.access.registry import QUERIES

_NONE: frozenset[Role] = frozenset()


def everywhere(plan: Plan, actor: Actor, moment: datetime) -> frozenset[Role]:
    """The roles in which an account is a member of every visit."""
    return plan.membership("", actor.user).roles_at(moment) & actor.roles


def roles_in(plan: Plan, actor: Actor, visit: str, moment: datetime) -> frozenset[Role]:
    """The roles of an account in a visit at a moment; none where it has no part in it, or there is no such visit.

    The same few look-ups whether the visit exists or not, so that the time of an answer tells nothing.
    """
    held = plan.membership(visit, actor.user).roles_at(moment) & actor.roles
    held |= everywhere(plan, actor, moment)
    if on_duty(plan, actor, visit):
        held |= {Role.OFFICER}
    return held if plan.entities.get(f"visit/{visit}") is not None else _NONE


def seeing_in(plan: Plan, actor: Actor, visit: str, moment: datetime) -> frozenset[Role]:
    """The roles in which an account may see a visit: its own there, and those in which it opened it by break-glass."""
    return roles_in(plan, actor, visit, moment) | in_emergency(plan, actor, visit, moment)


def in_emergency(plan: Plan, actor: Actor, visit: str, moment: datetime) -> frozenset[Role]:
    """The roles in which an account has a visit open by break-glass at a moment."""
    opening = plan.emergency(visit, actor.user).opening_at(moment)
    return _NONE if opening is None else opening.roles & actor.roles


def opened_by(plan: Plan, actor: Actor, moment: datetime) -> Mapping[str, frozenset[Role]]:
    """The visits that an account has open by break-glass at a moment, each with its roles there."""
    found = ((one.visit, in_emergency(plan, actor, one.visit, moment)) for one in plan.emergencies(user=actor.user))
    return {visit: roles for visit, roles in found if roles}


def on_duty(plan: Plan, actor: Actor, visit: str) -> bool:
    """True where the account is that of an officer who has a duty in the visit."""
    if actor.officer is None or Role.OFFICER not in actor.roles:
        return False
    return any(duty.visit == visit for duty in plan.assignments_of_officer(actor.officer))


def visits_of(plan: Plan, actor: Actor, moment: datetime) -> Mapping[str, frozenset[Role]]:
    """The visits that an account is a member of, each with its roles there; duties left aside."""
    base = everywhere(plan, actor, moment)
    if base:
        return {visit.key: base | _said(plan, actor, visit.key, moment) for visit in plan.visits}
    said = {membership.visit for membership in plan.memberships_of_user(actor.user)} - {""}
    codes = {code for code in said if plan.entities.get(f"visit/{code}") is not None}  # those of erased visits stay
    codes.update(visit.key for visit in plan.visits_registered_by(actor.user))
    found = ((code, _said(plan, actor, code, moment)) for code in sorted(codes))
    return {code: roles for code, roles in found if roles}


def erased_for(plan: Plan, actor: Actor, moment: datetime) -> Iterator[Erasure]:
    """The visits that were erased and that the account had a part in: to nobody else that is told."""
    every = bool(everywhere(plan, actor, moment))
    return (one for one in erasures(plan) if one.of_visit and (every or actor.user in one.accounts))


def _said(plan: Plan, actor: Actor, visit: str, moment: datetime) -> frozenset[Role]:
    return plan.membership(visit, actor.user).roles_at(moment) & actor.roles


def standing_in(plan: Plan, actor: Actor, visit: str, moment: datetime) -> Standing:
    """In which capacity an account reads a visit: by break-glass first, then as member, duty, one of all."""
    if plan.entities.get(f"visit/{visit}") is None:
        return Standing.NONE
    if in_emergency(plan, actor, visit, moment):
        return Standing.EMERGENCY
    if _said(plan, actor, visit, moment):
        return Standing.MEMBER
    if on_duty(plan, actor, visit):
        return Standing.DUTY
    return Standing.EVERYWHERE if everywhere(plan, actor, moment) else Standing.NONE


def told_visits(plan: Plan, actor: Actor, moment: datetime) -> frozenset[str] | None:
    """The visits whose affairs may be named to an account where they stand against its own; None where all may."""
    readers = QUERIES["read_programme"].roles
    if everywhere(plan, actor, moment) & readers:
        return None
    return frozenset(code for code, roles in visits_of(plan, actor, moment).items() if roles & readers)
