"""Erasing what is known of a person, or a whole visit, for good: the record that stays, and what is refused afterwards.

The facts themselves are destroyed with the person's key, by the store; from then on every event of the person, past
ones too, opens to one without them. With a visit's key every event of the visit is gone: in no plan, past ones too, is
anything of it but the record. What accounts did in it stays in the logs: memberships, emergencies, reads.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from rpds import HashTrieSet

from domain.assignment import Assignment, AssignmentStatus
from domain.base import Act, Decision, Event
from domain.delegation import Delegation, Member
from domain.emergency import EmergencyAccess
from domain.erasure import Erasure, PersonErased, VisitErased, erased_refusal
from domain.indexes import NOBODY, index_keys
from domain.membership import Membership
from domain.officer import Officer
from domain.personal import person_of, personal_facts
from domain.plan import Plan
from domain.post import Post
from domain.refusals import InvalidInput, NotPossible
from domain.route import Route
from domain.values import Contact
from domain.venue import Venue
from domain.visit import Visit
from domain.ways import Ways


def person_named(plan: Plan, code: str) -> str:
    """The person of a code: an officer's, ``VISIT/DELEGATION/MEMBER``, or ``venue/CODE`` for a venue's contacts."""
    parts = code.removeprefix("officer/").removeprefix("delegation/").split("/")
    match parts:
        case [officer]:
            return plan.officer(officer).id
        case ["venue", venue]:
            return plan.venue(venue).id
        case [visit, delegation, member]:
            return person_of(plan.delegation(visit, delegation).id, member)
    raise InvalidInput.because(
        "«{code}» names nobody: give the code of an officer, VISIT/DELEGATION/MEMBER for a member, "
        "or venue/CODE for the contacts of a venue.",
        code=code,
    )


def entity_of_person(person: str) -> str:
    """The originator id of the entity that tells of a person."""
    return "/".join(person.split("/")[: 3 if person.startswith(f"{Delegation.kind}/") else 2])


def erase(plan: Plan, person: str, keys: tuple[str, ...], act: Act) -> Decision:
    """The record that a person's keys are destroyed. Refused without a reason, and where it names the person."""
    act.needs_reason()
    if not keys:
        raise NotPossible.because("Nothing personal is kept of {person}: it was erased before.", person=person)
    for name in _names(plan, person):
        if name.casefold() in act.reason.casefold():
            raise InvalidInput.because("The reason must not name the person: it is kept.")
    known = plan.entities.get(f"{Erasure.kind}/{person}")
    stamp = act.founds(Erasure, person) if known is None else act.on(known)
    return (PersonErased(**stamp, keys=keys),)


#: Kinds whose key begins with the code of the visit that they tell of.
_OF_A_VISIT: Final = frozenset(
    kind.kind for kind in (Visit, Delegation, Route, Ways, Post, Assignment, Membership, EmergencyAccess)
)
#: Those of them whose events are destroyed with the visit.
_DESTROYED: Final = _OF_A_VISIT - {Membership.kind, EmergencyAccess.kind}


def erase_visit(plan: Plan, code: str, keys: tuple[str, ...], act: Act) -> Decision:
    """The record that a visit's key is destroyed. Refused while it is not over, or something of it is still open."""
    act.needs_reason()
    visit = plan.visit(code)
    if not visit.cancelled:
        _refuse_going_on(plan, visit, act.recorded_at)
    if any(one.to_review for one in plan.emergencies(code)):
        raise NotPossible.because(
            "Somebody opened visit {visit} in an emergency and nobody has reviewed it yet. Review it first.", visit=code
        )
    if not keys:
        raise NotPossible.because("Visit {visit} has no key of its own, so it cannot be erased.", visit=code)
    if visit.details.title.casefold() in act.reason.casefold():
        raise InvalidInput.because("The reason must not name what is erased: it is kept.")
    accounts = tuple(sorted({act.by, *(one.user for one in plan.memberships(code))}))
    return (VisitErased(**act.founds(Erasure, visit.id), keys=keys, accounts=accounts),)


def _refuse_going_on(plan: Plan, visit: Visit, moment: datetime) -> None:
    """Refuse while a day, an activity or a post of the visit lies ahead, or somebody stands on post."""
    midnight = datetime.combine(visit.details.last_day, time.max, tzinfo=ZoneInfo(visit.details.zone))
    posts = [post for post in plan.posts(visit.key) if not post.cancelled]
    ends = max([midnight, *(one.window.end for one in visit.programme), *(one.window.end for one in posts)])
    if moment <= ends:
        raise NotPossible.because(
            "Visit {visit} is not over before {moment}. Erase it after that, or cancel it first.",
            visit=visit.key,
            moment=ends,
        )
    if any(duty.status is AssignmentStatus.ON_POST for duty in plan.assignments(visit.key)):
        raise NotPossible.because(
            "Somebody is still on post in visit {visit}: report them off post first.", visit=visit.key
        )


def without_visit(plan: Plan, code: str) -> Plan:
    """The plan without what was planned for a visit: it remembers nothing of it."""
    indexes = {f"{kind} of visit/{code}" for kind in _DESTROYED}
    keys = {f"{Visit.kind}/{code}", f"{Ways.kind}/{code}/{Ways.CODE}"}
    keys.update(key for index in indexes for key in plan.indexes.get(index, ()))
    gone = {key: entity for key in keys if (entity := plan.entities.get(key)) is not None}
    left: dict[str, HashTrieSet[str]] = {}
    for key, entity in gone.items():
        for index in index_keys(entity):
            left[index] = left.get(index, plan.indexes.get(index, NOBODY)).discard(key)
    parked = plan.parked
    for key in plan.parked:
        if of_visit(key) == code:
            parked = parked.discard(key)
    return dataclasses.replace(
        plan,
        entities=plan.entities.without(gone),
        indexes=plan.indexes.replacing(left),
        parked=parked,
        _lists={},
        _stale={},
        _memo={},
    )


def of_visit(subject: str) -> str:
    """The visit whose key sealed what is told of a thing; empty where it is shared by all visits."""
    kind, _, key = subject.partition("/")
    return key.partition("/")[0] if kind in _DESTROYED else ""


def erasure_of_visit(plan: Plan, code: str) -> Erasure | None:
    """The record of a visit's erasure; None where it was not erased."""
    found = plan.entities.get(f"{Erasure.kind}/{Visit.kind}/{code}")
    return found if isinstance(found, Erasure) else None


def erased(plan: Plan, person: str) -> bool:
    """True where what was known of a person was destroyed."""
    return f"{Erasure.kind}/{person}" in plan.entities


def erasures(plan: Plan) -> tuple[Erasure, ...]:
    """All erasures so far."""
    keys = plan.indexes.get(Erasure.kind, ())
    return tuple(found for key in sorted(keys) if isinstance(found := plan.entities.get(key), Erasure))


def refuse_erased(plan: Plan, events: Iterable[Event]) -> None:
    """Refuse recording anything of an erased visit, or anything personal of an erased person: by hand, import, undo.

    The contacts of a venue are whoever works there now, so new ones may be recorded.
    """
    if Erasure.kind not in plan.indexes:
        return
    for event in events:
        if event.kind in _OF_A_VISIT and (gone := erasure_of_visit(plan, event.key.partition("/")[0])) is not None:
            raise erased_refusal(gone)
        facts = personal_facts(type(event))
        if facts is not None and event.kind != Venue.kind and erased(plan, person := facts.person(event)):
            raise NotPossible.because(
                "{person} was erased; nothing more is recorded under this code. Choose another code.", person=person
            )


def _names(plan: Plan, person: str) -> Iterable[str]:
    """What the person is called now."""
    found = plan.entities.get(entity_of_person(person))
    people: tuple[Officer | Member | Contact, ...] = ()
    if isinstance(found, Officer):
        people = (found,)
    elif isinstance(found, Delegation):
        people = tuple(member for member in found.members if person_of(found.id, member.code) == person)
    elif isinstance(found, Venue):
        people = found.details.contacts
    for one in people:
        name = one.name
        yield from (name,) if isinstance(name, str) else filter(None, (name.romanised, name.original))
