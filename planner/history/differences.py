"""The difference between any two plans, in sentences.

Plans share every entity that did not change, so most of a plan is passed over by comparing identities. Two
plans of the same log differ in what events did between them; plans of other origin are compared just as well.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from domain.assignment import Assignment
from domain.base import Entity, by_code
from domain.erasure import Erasure
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import DEFAULT_POLICY, Policy, PolicyNumbers, PolicyVersion
from domain.venue import Venue
from domain.visit import Activity, Visit
from domain.ways import Ways
from planner.history.changes import changes, joined, stated
from planner.history.erasures import erased
from planner.history.facts import FACTS
from planner.history.names import Names, named
from planner.text import Sentence

#: The nouns in the order in which people read a plan.
ORDER = (
    *("visit", "delegation", "activity", "venue", "route", "ways", "officer", "post", "assignment"),
    *("policy", "membership", "emergency", "signer", "erasure"),
)


class DifferenceKind(StrEnum):
    """What happened to a thing between two plans."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: which (``post/LA-2026-01/P-07``), how, and every changed fact in one sentence."""

    subject: str
    kind: DifferenceKind
    message: Message

    @property
    def noun(self) -> str:
        """The kind of thing, such as ``post``; differences come grouped by it."""
        return self.subject.partition("/")[0]


def differences(
    a: Plan, b: Plan, visit: str | None = None, *, only: Collection[str] | None = None, whole: bool | None = None
) -> tuple[Difference, ...]:
    """What is different in ``b`` against ``a``, in the order of ``ORDER`` and then of the codes.

    With ``visit`` only what belongs to that visit, the venues and officers that it uses, and the policy; with
    ``only`` just these originator ids, where the caller knows that nothing else can differ: the rest of a large plan
    need not be looked at. Codes are said ``whole``, with their visit, where all visits are compared.
    """
    if a is b or a.entities is b.entities:
        return ()
    told: list[Difference] = []
    whole = visit is None if whole is None else whole
    for key, old, new in _pairs(a, b, only) if visit is None else _pairs_of(a, b, visit, only):
        before, after = Names(a, key, whole=whole), Names(b, key, whole=whole)
        told += _differing(old, new, before, after)
    return tuple(sorted(told, key=lambda d: (ORDER.index(d.noun), d.subject)))


# Which entities may differ

type Pair = tuple[str, Entity | None, Entity | None]


def _pairs(a: Plan, b: Plan, only: Collection[str] | None) -> Iterator[Pair]:
    if only is not None:
        return _named(a, b, only)
    return ((key, old, new) for key, new, old in b.entities.differing(a.entities))


def _pairs_of(a: Plan, b: Plan, visit: str, only: Collection[str] | None) -> Iterator[Pair]:
    keys = dict.fromkeys((*_keys_of(a, visit), *_keys_of(b, visit)))
    return _named(a, b, keys if only is None else [key for key in only if key in keys])


def _named(a: Plan, b: Plan, keys: Iterable[str]) -> Iterator[Pair]:
    for key in keys:
        old, new = a.entities.get(key), b.entities.get(key)
        if old is not new:
            yield key, old, new


def _keys_of(plan: Plan, visit: str) -> Iterable[str]:
    """The visit, what belongs to it, the venues and officers that it uses, and the policy."""
    yield f"visit/{visit}"
    own = plan.entities.get(f"visit/{visit}")
    venues: set[str | None] = {a.venue for a in own.activities} if isinstance(own, Visit) else set()
    officers: set[str | None] = set()
    yield from (delegation.id for delegation in plan.delegations(visit))
    for route in plan.routes(visit):
        venues |= {route.details.origin, route.details.destination}
        yield route.id
    yield f"{Ways.kind}/{visit}/{Ways.CODE}"
    for post in plan.posts(visit):
        venues.add(post.details.venue)
        officers.add(post.details.commander)
        yield post.id
    for assignment in plan.assignments(visit):
        officers.add(assignment.officer)
        yield assignment.id
    yield from (one.id for one in plan.said_of_members(visit))
    yield from (f"{Venue.kind}/{code}" for code in venues - {None})
    yield from (f"{Officer.kind}/{code}" for code in officers - {None})
    yield DEFAULT_POLICY.id


# What differs in them


def _differing(old: Entity | None, new: Entity | None, before: Names, after: Names) -> Iterator[Difference]:
    match old, new:
        case ((Policy() | None), (Policy() | None)):
            yield from _policy(old or DEFAULT_POLICY, new or DEFAULT_POLICY, before, after)
            return
        case _, Erasure():
            if old != new:
                told = erased(new.key)
                yield Difference(after.about, DifferenceKind.ADDED, Sentence(told.text, told.values))
        case None, Entity():
            yield Difference(after.about, DifferenceKind.ADDED, _added(new, after))
        case Entity(), None:
            yield Difference(before.about, DifferenceKind.REMOVED, _removed(before.thing()))
        case Entity(), Entity():
            facts = changes(old, new, before, after, FACTS)
            if facts:
                thing = after.thing() if isinstance(new, Assignment) else before.thing()
                yield Difference(after.about, DifferenceKind.CHANGED, _changed(thing, facts))
    if isinstance(old, Visit | None) and isinstance(new, Visit | None):
        yield from _programme(old, new, before, after)


def _added(entity: Entity, names: Names) -> Message:
    told = stated(entity, names, FACTS)
    if not told:
        return Sentence("{thing}: added", {"thing": names.thing()})
    return Sentence("{thing}: added; {facts}", {"thing": names.thing(), "facts": joined(told)})


def _removed(thing: Message) -> Message:
    return Sentence("{thing}: removed", {"thing": thing})


def _changed(thing: Message, told: list[Message]) -> Message:
    return Sentence("{thing}: {facts}", {"thing": thing, "facts": joined(told)})


def _programme(old: Visit | None, new: Visit | None, before: Names, after: Names) -> Iterator[Difference]:
    """The activities that differ; a cancelled one is still there and says so."""
    was = {} if old is None else by_code(old.activities)
    now = {} if new is None else by_code(new.activities)
    for code in dict.fromkeys((*was, *now)):
        subject = f"activity/{after.visit}/{code}"
        if code not in was:
            told = [*stated(now[code], after, FACTS), *_called_off(None, new, code)]
            facts = {"thing": _activity(now[code], after), "facts": joined(told)}
            yield Difference(subject, DifferenceKind.ADDED, Sentence("{thing}: added; {facts}", facts))
        elif code not in now:
            yield Difference(subject, DifferenceKind.REMOVED, _removed(_activity(was[code], before)))
        else:
            told = [*changes(was[code], now[code], before, after, FACTS), *_called_off(old, new, code)]
            if told:
                thing = _activity(was[code], before)
                yield Difference(subject, DifferenceKind.CHANGED, _changed(thing, told))


def _activity(activity: Activity, names: Names) -> Message:
    code = f"{names.visit}/{activity.code}" if names.whole else activity.code
    return message("activity {activity}", activity=named(code, activity.title))


def _called_off(old: Visit | None, new: Visit | None, code: str) -> list[Message]:
    was = old is not None and code in old.called_off
    now = new is not None and code in new.called_off
    if was == now:
        return []
    return [message("cancelled") if now else message("reinstated")]


def _policy(old: Policy, new: Policy, before: Names, after: Names) -> Iterator[Difference]:
    """The versions of the numbers that only one of both plans knows, each against what counted without it."""
    shared = 0
    while shared < min(len(old.versions), len(new.versions)) and old.versions[shared] == new.versions[shared]:
        shared += 1
    told = [
        message("no longer from {moment}: {facts}", moment=version.effective_from, facts=facts)
        for version, facts in _steps(old, shared, before, after)
    ]
    told += [
        message("from {moment}: {facts}", moment=version.effective_from, facts=facts)
        for version, facts in _steps(new, shared, before, after)
    ]
    if told:
        yield Difference(DEFAULT_POLICY.id, DifferenceKind.CHANGED, _changed(after.thing(), told))


def _steps(policy: Policy, shared: int, before: Names, after: Names) -> Iterator[tuple[PolicyVersion, Message]]:
    for number in range(shared, len(policy.versions)):
        version = policy.versions[number]
        counted: PolicyNumbers = dataclasses.replace(policy, versions=policy.versions[:number]).at(
            version.effective_from
        )
        yield version, joined(changes(counted, version.numbers, before, after, FACTS))
