"""What one reader may see of a plan: which kinds of things of which visits, which registers, and the own duties."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from domain.base import Actor, Role
from domain.delegation import Delegation
from domain.erasing import entity_of_person
from domain.erasure import Erasure
from domain.founding import FOUNDERS
from domain.plan import Plan
from planner.access.members import erased_for, everywhere, opened_by, visits_of
from planner.access.registry import QUERIES, SEEING, rule_of

#: Kinds that belong to one visit; the programme is told apart from the visit that it is part of.
PROGRAMME = "activity"
OF_A_VISIT = ("visit", PROGRAMME, "delegation", "route", "ways", "post", "assignment", "membership", "emergency")
SHARED = ("venue", "officer", "policy")

_unseen = {event.__module__.rpartition(".")[2] for event in FOUNDERS} - SEEING.keys()
if _unseen:
    raise LookupError(f"planner.access.registry does not say who sees {', '.join(sorted(_unseen))}")


@functools.cache
def kinds_for(roles: frozenset[Role]) -> frozenset[str]:
    """The kinds of things of a visit that members in these roles see."""
    queries = {kind: SEEING.get(kind, "read_programme") for kind in OF_A_VISIT}
    return frozenset(kind for kind, query in queries.items() if roles & rule_of(query).roles)


#: What is seen of no single visit: the memberships of every visit, and with which keys their holders sign.
_SITE_MEMBERS = frozenset({"membership", "signer"})
ALL_KINDS = frozenset(OF_A_VISIT)
ALL_SHARED = frozenset(SHARED)


@dataclasses.dataclass(frozen=True)
class Clearance:
    """``visits``: the kinds seen of each visit; ``shared``: the registers; ``own``: single things by their ids.

    The empty code among the visits stands for what is of every visit. ``whole`` where nothing in the plan is hidden.
    """

    visits: Mapping[str, frozenset[str]]
    shared: frozenset[str]
    own: frozenset[str] = frozenset()
    whole: bool = False

    @functools.cached_property
    def key(self) -> object:
        """The same for all readers who see the same."""
        return (self.whole, tuple(sorted(self.visits.items())), self.shared, self.own)

    @property
    def told(self) -> frozenset[str] | None:
        """The visits whose affairs may be named where they stand against others; None where all may."""
        if self.whole:
            return None
        return frozenset(code for code, kinds in self.visits.items() if PROGRAMME in kinds)

    def kinds(self, visit: str) -> frozenset[str]:
        """What is seen of a visit; nothing of one that is hidden or not there."""
        return self.visits.get(visit, frozenset())

    def sees(self, key: str) -> bool:
        """True where the reader sees the thing of that originator id."""
        if self.whole or key in self.own:
            return True
        kind, _, code = key.partition("/")
        if kind == Erasure.kind:
            return not code.startswith("visit/") and self.sees(entity_of_person(code))
        if kind in SHARED:
            return kind in self.shared
        visit = code if kind == "visit" else code.rpartition("/")[0]
        return kind in self.kinds(visit)

    def subjects(self) -> Iterator[str]:
        """What is seen, as originator ids; one that ends in ``/`` stands for all that begin so."""
        yield from (f"{kind}/" for kind in sorted(self.shared))
        yield from (f"{Erasure.kind}/{kind}/" for kind in sorted(self.shared))
        for visit, kinds in sorted(self.visits.items()):
            if not visit:
                continue
            if PROGRAMME in kinds:
                yield f"visit/{visit}"
            yield from (f"{kind}/{visit}/" for kind in sorted(kinds - {"visit", PROGRAMME}))
            if Delegation.kind in kinds:
                yield f"{Erasure.kind}/{Delegation.kind}/{visit}/"
        kept = (one for one in sorted(self.own) if not one.startswith("visit/"))
        yield from (one for one in kept if one.partition("/")[0] not in self.shared)


#: What whoever holds the data and their key may see: nothing can be hidden from who can decrypt it.
KEY_HOLDER = Clearance({}, ALL_SHARED, whole=True)


def clearance(plan: Plan, actor: Actor, moment: datetime, *, emergencies: bool = True) -> Clearance:
    """What an account may see of the current plan: a few look-ups in indexes, however large the plan.

    ``emergencies`` False leaves out what was opened by break-glass: for what leaves the house.
    """
    shared = frozenset(kind for kind in SHARED if actor.roles & QUERIES[SEEING[kind]].roles)
    own = frozenset((*_own(plan, actor), *(one.id for one in erased_for(plan, actor, moment))))
    base = kinds_for(everywhere(plan, actor, moment))
    if base == ALL_KINDS and shared == ALL_SHARED:
        return Clearance({}, ALL_SHARED, own, whole=True)
    held = dict(visits_of(plan, actor, moment))
    for code, roles in opened_by(plan, actor, moment).items() if emergencies else ():
        held[code] = held.get(code, frozenset()) | roles
    visits = {code: kinds_for(roles) for code, roles in held.items()}
    every = len(visits) == len(plan.indexes.get("visit", ()))
    whole = every and shared == ALL_SHARED and all(kinds == ALL_KINDS for kinds in visits.values())
    site = {"": _SITE_MEMBERS} if actor.roles & QUERIES["read_site_members"].roles else {}
    return Clearance({**visits, **site}, shared, own, whole=whole and bool(visits))


def _own(plan: Plan, actor: Actor) -> Iterator[str]:
    """The duties of the officer that an account is, and what must be told with them."""
    if actor.officer is None or Role.OFFICER not in actor.roles:
        return
    yield f"officer/{actor.officer}"
    for duty in plan.assignments_ever_of(actor.officer):
        yield duty.id
        yield f"post/{duty.post_key}"
        yield f"visit/{duty.visit}"
        yield from _told_with(plan, duty.visit, duty.post)


def _told_with(plan: Plan, visit: str, code: str) -> Iterable[str]:
    details = plan.post(visit, code).details
    if details.venue is not None:
        yield f"venue/{details.venue}"
    if details.commander is not None:
        yield f"officer/{details.commander}"
