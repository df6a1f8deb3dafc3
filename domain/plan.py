"""The plan: everything that is known at one position of the log, as one immutable value.

All entities stand in one persistent map by originator id, and what pages ask for («the assignments of this
officer») in one persistent map of indexes, kept up from the entities that changed, never by walking the plan.
An old plan is the same fold stopped earlier; readers share a plan without locks. Long lists that somebody asked
for, and what was worked out about officers, are handed on to the next plan: what changed is put in its place when
somebody asks again, which costs a hundredth of making it anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import batched, chain
from typing import Any, Final, cast

from rpds import HashTrieMap, HashTrieSet

from domain.assignment import Assignment
from domain.base import Entity, Event
from domain.delegation import Delegation
from domain.emergency import EmergencyAccess
from domain.erasure import Erased, refuse_gap
from domain.founding import FOUNDERS
from domain.indexes import NOBODY, concerned, listed_otherwise, patched, reindexed
from domain.layered import Layered
from domain.membership import FIRST_MEMBER, Membership, membership_key
from domain.officer import Officer
from domain.parked import Unreadable
from domain.policy import DEFAULT_POLICY, Policy, PolicyNumbers
from domain.post import Post
from domain.refusals import CodeTaken, NotFound
from domain.route import Route
from domain.venue import Venue
from domain.visit import Visit
from domain.ways import Ways

type _Stale = tuple[tuple[Any, ...], HashTrieSet[str]]

#: What stands where an event cannot be read, or was erased with its visit.
_NOT_FOLDED: Final = frozenset({Unreadable, Erased})
_NOTHING_PARKED: Final[HashTrieMap[str, Unreadable]] = HashTrieMap()
#: Where a plan remembers what was worked out about each officer and each post, and from what is given alone.
_OF_EACH: Final = "of each"
_FROM: Final = "from what is given"
_NOTHING: Final[HashTrieMap[str, dict[Hashable, Any]]] = HashTrieMap()
#: The kinds that stand at a time of their own.
_AT_TIMES: Final = frozenset({Visit.kind, Post.kind, Assignment.kind})
#: Lists from this length on are remembered; shorter ones are made as quickly as found.
LONG = 64
#: Up to so many changed entities are put into a remembered list one by one; after more it is made anew.
FEW = 64
#: After more than so many nothing is taken over: to find out what they concern costs as much as working it out anew.
MANY = 1024
#: Events read, then folded: in turns one by one they drive each other from the processor's caches, a tenth of a fold.
AT_A_TIME = 256


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """All entities after the event at ``position``, recorded at ``recorded_at``."""

    position: int = 0
    recorded_at: datetime | None = None
    entities: Layered[Entity] = dataclasses.field(default_factory=Layered)
    indexes: Layered[HashTrieSet[str]] = dataclasses.field(default_factory=Layered)
    #: What is parked because an event of it cannot be read, with the first of these.
    parked: HashTrieMap[str, Unreadable] = _NOTHING_PARKED
    _lists: dict[str, tuple[Any, ...]] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    #: Lists of a plan nearby, with the keys of what changed since: put right when somebody asks.
    _stale: dict[str, _Stale] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    _memo: dict[Hashable, Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    # Folding

    def after(self, events: Iterable[Event], position: int | None = None) -> Plan:
        """The plan after these events, one or a million; ``position`` where the log has gaps."""
        touched: dict[str, Entity] = {}
        count, last, parked = 0, self.recorded_at, self.parked
        for event in chain.from_iterable(batched(events, AT_A_TIME)):
            key = event.originator_id
            if type(event) in _NOT_FOLDED or (parked and key in parked):
                count += 1
                if type(event) is Unreadable and key not in parked:
                    parked = parked.insert(key, event)
                continue
            entity = touched.get(key) or self.entities.get(key)
            touched[key] = FOUNDERS[type(event)](event) if entity is None else entity.evolve(event)
            count += 1
            last = event.recorded_at
        plan = Plan(
            position=self.position + count if position is None else position,
            recorded_at=last,
            entities=self.entities.update(touched),
            indexes=reindexed(self.indexes, self.entities, touched),
            parked=parked,
        )
        plan.take_over(self, touched)
        return plan

    def replacing(self, entities: Mapping[str, Entity]) -> Plan:
        """This plan with other states of some entities, in the same indexes, which remembers nothing of theirs."""
        return dataclasses.replace(self, entities=self.entities.replacing(entities), _lists={}, _stale={}, _memo={})

    def at_other_times(self, entities: Layered[Entity], recorded_at: datetime) -> Plan:
        """This plan where a visit, posts and duties stand at other times: of these no index tells."""
        kept = {index: listed for index, listed in self._lists.items() if index.partition(" ")[0] not in _AT_TIMES}
        return Plan(self.position, recorded_at, entities, self.indexes, self.parked, kept)

    @property
    def worth_taking_over(self) -> bool:
        """True where somebody asked this plan for what costs much to make."""
        return bool(self._lists or self._stale or _OF_EACH in self._memo)

    def take_over(self, other: Plan, touched: Collection[str]) -> None:
        """Take over what was asked of a plan nearby, which differs in the ``touched`` entities and in nothing else."""
        if (handed_on := other._memo.get(_FROM)) is not None:
            self._memo[_FROM] = handed_on
        if len(touched) > MANY:
            return
        states = ((plan.entities, plan.indexes) for plan in (other, self))
        known = other._memo.get(_OF_EACH)
        if known and (differing := concerned(touched, *states)) is not None:
            for key in differing:
                known = known.discard(key)
            self._memo[_OF_EACH] = known
        self._take_over_lists(other, touched)

    def _take_over_lists(self, other: Plan, touched: Collection[str]) -> None:
        stale = {index: (listed, NOBODY) for index, listed in other._lists.items()} | other._stale
        for index, key in listed_otherwise(stale, touched, other.entities, self.entities):
            listed, keys = stale[index]
            stale[index] = listed, keys.insert(key)
        for index, (listed, keys) in stale.items():
            if not keys:
                self._lists[index] = listed
            elif len(keys) <= FEW:
                self._stale[index] = listed, keys

    # One thing, or a refusal that names what is missing

    def visit(self, code: str) -> Visit:
        return self._one(Visit, code, "There is no visit {code}.")

    def delegation(self, visit: str, code: str) -> Delegation:
        return self._one_of(Delegation, visit, code, "Visit {visit} has no delegation {code}.")

    def venue(self, code: str) -> Venue:
        return self._one(Venue, code, "There is no venue {code}.")

    def officer(self, code: str) -> Officer:
        return self._one(Officer, code, "There is no officer {code}.")

    def post(self, visit: str, code: str) -> Post:
        return self._one_of(Post, visit, code, "Visit {visit} has no post {code}.")

    def route(self, visit: str, code: str) -> Route:
        return self._one_of(Route, visit, code, "Visit {visit} has no route {code}.")

    def ways(self, visit: str) -> Ways:
        """The measured ways of a visit; without any where nobody has measured them."""
        self.visit(visit)
        key = f"{visit}/{Ways.CODE}"
        refuse_gap(self.parked, self.entities, f"{Ways.kind}/{key}")
        return cast(Ways, self.entities.get(f"{Ways.kind}/{key}", Ways(key=key, version=0)))

    def membership(self, visit: str, user: str) -> Membership:
        """The part that an account has in a visit (in every visit where that is empty); one without terms for none."""
        key = membership_key(visit, user)
        found = self.entities.get(f"{Membership.kind}/{key}")
        if isinstance(found, Membership):
            return found
        whole = self.entities.get(f"visit/{visit}")
        first = isinstance(whole, Visit) and whole.registrar == user
        return Membership(key=key, version=0, terms=FIRST_MEMBER if first else None)

    def emergency(self, visit: str, user: str) -> EmergencyAccess:
        """What an account has opened of a visit it does not belong to; one without openings for nothing."""
        key = membership_key(visit, user)
        found = self.entities.get(f"{EmergencyAccess.kind}/{key}")
        return found if isinstance(found, EmergencyAccess) else EmergencyAccess(key=key, version=0)

    def assignment(self, visit: str, code: str) -> Assignment:
        return self._one_of(Assignment, visit, code, "Visit {visit} has no assignment {code}.")

    @property
    def policy(self) -> Policy:
        return cast(Policy, self.entities.get(DEFAULT_POLICY.id, DEFAULT_POLICY))

    def numbers(self, moment: datetime) -> PolicyNumbers:
        """The policy's numbers that count at a moment."""
        return self.policy.at(moment)

    def has(self, kind: type[Entity], key: str) -> bool:
        return f"{kind.kind}/{key}" in self.entities

    def free(self, kind: type[Entity], key: str) -> str:
        """The key, refused where something of that kind carries it already."""
        if self.has(kind, key) or f"{kind.kind}/{key}" in self.parked:
            raise CodeTaken.because("{code} exists already; choose another code.", code=key.rpartition("/")[2])
        return key

    # Many things, in order of their codes

    @property
    def visits(self) -> tuple[Visit, ...]:
        return self._listed("visit")

    @property
    def venues(self) -> tuple[Venue, ...]:
        return self._listed("venue")

    @property
    def officers(self) -> tuple[Officer, ...]:
        return self._listed("officer")

    def delegations(self, visit: str) -> tuple[Delegation, ...]:
        return self._listed(f"delegation of visit/{visit}")

    def posts(self, visit: str) -> tuple[Post, ...]:
        """All posts of a visit, cancelled ones too."""
        return self._listed(f"post of visit/{visit}")

    def reserve_posts(self, visit: str) -> tuple[Post, ...]:
        """The posts of a visit that hold officers in reserve, cancelled ones too."""
        return self._listed(f"post of reserve/{visit}")

    def routes(self, visit: str) -> tuple[Route, ...]:
        """All routes of a visit, withdrawn ones too."""
        return self._listed(f"route of visit/{visit}")

    def assignments(self, visit: str) -> tuple[Assignment, ...]:
        """All assignments of a visit, withdrawn ones too."""
        return self._listed(f"assignment of visit/{visit}")

    def assignments_of_officer(self, officer: str) -> tuple[Assignment, ...]:
        """An officer's assignments in every visit, without withdrawn ones."""
        return self._listed(f"assignment of officer/{officer}")

    def number_of_duties(self, officer: str) -> int:
        """How many assignments an officer has in every visit, without withdrawn ones."""
        return len(self.indexes.get(f"assignment of officer/{officer}", ()))

    def assignments_ever_of(self, officer: str) -> tuple[Assignment, ...]:
        """An officer's assignments in every visit, withdrawn ones too."""
        return self._listed(f"assignment ever of officer/{officer}")

    def assignments_of_post(self, visit: str, post: str) -> tuple[Assignment, ...]:
        """A post's assignments, without withdrawn ones."""
        return self._listed(f"assignment of post/{visit}/{post}")

    def posts_at(self, venue: str) -> tuple[Post, ...]:
        return self._listed(f"post of venue/{venue}")

    def posts_of_detail(self, visit: str, detail: str) -> tuple[Post, ...]:
        """The posts that are given together as one detail, cancelled ones too."""
        return self._listed(f"post of detail/{visit}/{detail}")

    def posts_backed_by(self, officer: str) -> tuple[Post, ...]:
        """The posts that name an officer as a backup."""
        return self._listed(f"post backed by officer/{officer}")

    def visits_at(self, venue: str) -> tuple[Visit, ...]:
        """The visits that have or had an activity at a venue."""
        return self._listed(f"visit of venue/{venue}")

    def visits_registered_by(self, user: str) -> tuple[Visit, ...]:
        return self._listed(f"visit of registrar/{user}")

    def memberships_of_user(self, user: str) -> tuple[Membership, ...]:
        """What was said of an account's part in visits, ended ones too; of every visit under an empty code."""
        return self._listed(f"membership of user/{user}")

    def said_of_members(self, visit: str) -> tuple[Membership, ...]:
        """The memberships of a visit of which something was said, ended ones too."""
        return self._listed(f"membership of visit/{visit}")

    def memberships(self, visit: str) -> tuple[Membership, ...]:
        """The members of a visit, or of every visit where that is empty; who registered it first, ended ones not."""
        listed = {one.user: one for one in self.said_of_members(visit)}
        whole = self.entities.get(f"visit/{visit}")
        if isinstance(whole, Visit):
            listed = {whole.registrar: self.membership(visit, whole.registrar)} | listed
        return tuple(one for one in listed.values() if one.terms is not None)

    def emergencies(self, visit: str = "", *, user: str = "") -> tuple[EmergencyAccess, ...]:
        """What was opened by break-glass: of a visit, by an account, or all."""
        by = f" of visit/{visit}" if visit else f" of user/{user}" if user else ""
        return self._listed(f"emergency{by}")

    def assignments_ever_made(self, visit: str) -> int:
        """How many assignments a visit ever had, withdrawn ones too."""
        return len(self.indexes.get(f"assignment of visit/{visit}", ()))

    def takes_place(self, duty: Assignment) -> bool:
        """False for a duty at a cancelled post or in a cancelled visit."""
        post, visit = self.entities.get(f"post/{duty.post_key}"), self.entities.get(f"visit/{duty.visit}")
        return not (isinstance(post, Post) and post.cancelled) and not (isinstance(visit, Visit) and visit.cancelled)

    def remembered[V](self, key: Hashable, made: Callable[[], V]) -> V:
        """What was worked out from this plan once, kept with it: the plan never changes, so neither does it."""
        try:
            return cast(V, self._memo[key])
        except KeyError:
            found = self._memo[key] = made()
            return found

    def remembered_of[V](self, key: str, name: Hashable, made: Callable[[], V]) -> V:
        """As ``remembered``, of what follows from an officer, the own duties and their posts and visits alone, or from
        a post and its duties alone; the key is the officer's or the post's originator id.

        Plans after this one keep it until one of these changes.
        """
        each: HashTrieMap[str, dict[Hashable, Any]] = self._memo.get(_OF_EACH, _NOTHING)
        known = each.get(key)
        if known is None:
            known = {}
            self._memo[_OF_EACH] = each.insert(key, known)
        try:
            return cast(V, known[name])
        except KeyError:
            found = known[name] = made()
            return found

    def remembered_of_each[E: Entity, V](
        self, entities: Iterable[E], name: Hashable, made: Callable[[E], V]
    ) -> Iterator[V]:
        """As ``remembered_of``, of many officers or posts, one after the other."""
        each: HashTrieMap[str, dict[Hashable, Any]] = self._memo.get(_OF_EACH, _NOTHING)
        for entity in entities:
            known = each.get(entity.id)
            if known is not None and name in known:
                yield known[name]
            else:
                yield self.remembered_of(entity.id, name, partial(made, entity))

    def remembered_from[V](self, name: Hashable, given: object, made: Callable[[], V]) -> V:
        """As ``remembered``, of what follows from ``given`` alone; plans after this one keep the last of each name."""
        known = self._memo.setdefault(_FROM, dict[Hashable, tuple[object, Any]]())
        found = known.get(name)
        if found is None or found[0] != given:
            found = known[name] = (given, made())
        return cast(V, found[1])

    # Inside

    def _one[E: Entity](self, kind: type[E], code: str, text: str) -> E:
        found = self.entities.get(f"{kind.kind}/{code}")
        if found is None:
            refuse_gap(self.parked, self.entities, f"{kind.kind}/{code}")
            raise NotFound.because(text, code=code)
        return cast(E, found)

    def _one_of[E: Entity](self, kind: type[E], visit: str, code: str, text: str) -> E:
        self.visit(visit)
        found = self.entities.get(f"{kind.kind}/{visit}/{code}")
        if found is None:
            refuse_gap(self.parked, self.entities, f"{kind.kind}/{visit}/{code}")
            raise NotFound.because(text, visit=visit, code=code)
        return cast(E, found)

    def _listed(self, index: str) -> tuple[Any, ...]:
        """The entities of an index in order of their keys; long lists are remembered with this plan."""
        found = self._lists.get(index)
        if found is not None:
            return found
        members = self.indexes.get(index)
        if not members:
            return ()
        stale = self._stale.pop(index, None)
        if stale is not None:
            listed, keys = stale
            found = patched(listed, {key: self.entities[key] if key in members else None for key in keys})
        else:
            found = tuple(map(self.entities.__getitem__, sorted(members)))
        if len(found) >= LONG:
            self._lists[index] = found
        return found
