"""The plan: everything that is known at one position of the log, as one immutable value.

All entities stand in one persistent map by originator id, and what pages ask for («the assignments of this
officer») in one persistent map of indexes, kept up from the entities that changed, never by walking the plan.
An old plan is the same fold stopped earlier; readers share a plan without locks. Long lists that somebody asked
for are handed on to the next plan with what changed put in its place: sorting them anew costs a hundred times more.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from rpds import HashTrieSet

from domain.assignment import Assignment, AssignmentStatus, OfficerAssigned
from domain.base import Entity, Event
from domain.delegation import Delegation, DelegationRegistered
from domain.layered import Layered
from domain.officer import Officer, OfficerRegistered
from domain.policy import DEFAULT_POLICY, Policy, PolicyAdopted, PolicyNumbers
from domain.post import Post, PostCreated
from domain.refusals import CodeTaken, NotFound
from domain.route import Route, RoutePlanned
from domain.venue import Venue, VenueRegistered
from domain.visit import Visit, VisitRegistered

FOUNDERS: dict[type[Event], Callable[[Any], Entity]] = {
    VisitRegistered: Visit.founded,
    DelegationRegistered: Delegation.founded,
    VenueRegistered: Venue.founded,
    RoutePlanned: Route.founded,
    OfficerRegistered: Officer.founded,
    PostCreated: Post.founded,
    OfficerAssigned: Assignment.founded,
    PolicyAdopted: Policy.founded,
}


NOBODY: HashTrieSet[str] = HashTrieSet()
#: Lists from this length on are remembered; shorter ones are made as quickly as found.
LONG = 64
#: Up to so many changed entities are put into a remembered list one by one; after more it is made anew.
FEW = 64


def index_keys(entity: Entity) -> tuple[str, ...]:
    """The indexes in which an entity stands."""
    match entity:
        case Assignment():
            visit = entity.visit
            everywhere = f"assignment of visit/{visit}"
            if entity.status is AssignmentStatus.WITHDRAWN:
                return (everywhere,)
            return (
                everywhere,
                f"assignment of officer/{entity.officer}",
                f"assignment of post/{visit}/{entity.post}",
            )
        case Post(details=details):
            venue, commander = details.venue, details.commander
            return (
                f"post of visit/{entity.visit}",
                *([] if venue is None else [f"post of venue/{venue}"]),
                *([] if commander is None else [f"post commanded by officer/{commander}"]),
            )
        case Visit():
            venues = {activity.venue: None for activity in entity.activities if activity.venue is not None}
            return ("visit", *(f"visit of venue/{code}" for code in venues))
        case Delegation():
            return (f"delegation of visit/{entity.visit}",)
        case Route():
            return (f"route of visit/{entity.visit}",)
    return (entity.kind,)


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """All entities after the event at ``position``, recorded at ``recorded_at``."""

    position: int = 0
    recorded_at: datetime | None = None
    entities: Layered[Entity] = dataclasses.field(default_factory=Layered)
    indexes: Layered[HashTrieSet[str]] = dataclasses.field(default_factory=Layered)
    _lists: dict[str, tuple[Any, ...]] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    _memo: dict[Hashable, Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    # Folding

    def after(self, events: Iterable[Event], position: int | None = None) -> Plan:
        """The plan after these events, one or a million; ``position`` where the log has gaps."""
        touched: dict[str, Entity] = {}
        count, last = 0, self.recorded_at
        for event in events:
            key = event.originator_id
            entity = touched.get(key) or self.entities.get(key)
            touched[key] = FOUNDERS[type(event)](event) if entity is None else entity.evolve(event)
            count += 1
            last = event.recorded_at
        plan = Plan(
            position=self.position + count if position is None else position,
            recorded_at=last,
            entities=self.entities.update(touched),
            indexes=self._reindexed(touched),
        )
        plan.take_over_lists(self, touched)
        return plan

    @property
    def has_lists(self) -> bool:
        """True where somebody asked this plan for long lists."""
        return bool(self._lists)

    def take_over_lists(self, other: Plan, touched: Collection[str]) -> None:
        """Take over the long lists that were asked of a plan nearby, which differs in the ``touched`` entities."""
        lists = dict(other._lists)
        if not lists or len(touched) > FEW:
            return
        moved: dict[str, set[str]] = {}
        for key in touched:
            for entity in (other.entities.get(key), self.entities.get(key)):
                for index in index_keys(entity) if entity is not None else ():
                    if index in lists:
                        moved.setdefault(index, set()).add(key)
        for index, keys in moved.items():
            members = self.indexes.get(index, NOBODY)
            lists[index] = _patched(lists[index], {key: self.entities[key] if key in members else None for key in keys})
        self._lists.update(lists)

    def _reindexed(self, touched: dict[str, Entity]) -> Layered[HashTrieSet[str]]:
        joined: dict[str, list[str]] = {}
        left: dict[str, list[str]] = {}
        for key, entity in touched.items():
            old = self.entities.get(key)
            before = index_keys(old) if old is not None else ()
            now = index_keys(entity)
            if before == now:
                continue
            for index in now:
                if index not in before:
                    joined.setdefault(index, []).append(key)
            for index in before:
                if index not in now:
                    left.setdefault(index, []).append(key)
        changed: dict[str, HashTrieSet[str]] = {}
        for index, keys in joined.items():
            changed[index] = self.indexes.get(index, NOBODY).update(keys)
        for index, keys in left.items():
            members = changed[index] if index in changed else self.indexes[index]
            for key in keys:
                members = members.remove(key)
            changed[index] = members
        return self.indexes.update(changed)

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
        if self.has(kind, key):
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

    def routes(self, visit: str) -> tuple[Route, ...]:
        """All routes of a visit, withdrawn ones too."""
        return self._listed(f"route of visit/{visit}")

    def assignments(self, visit: str) -> tuple[Assignment, ...]:
        """All assignments of a visit, withdrawn ones too."""
        return self._listed(f"assignment of visit/{visit}")

    def assignments_of_officer(self, officer: str) -> tuple[Assignment, ...]:
        """An officer's assignments in every visit, without withdrawn ones."""
        return self._listed(f"assignment of officer/{officer}")

    def assignments_of_post(self, visit: str, post: str) -> tuple[Assignment, ...]:
        """A post's assignments, without withdrawn ones."""
        return self._listed(f"assignment of post/{visit}/{post}")

    def posts_at(self, venue: str) -> tuple[Post, ...]:
        return self._listed(f"post of venue/{venue}")

    def posts_commanded_by(self, officer: str) -> tuple[Post, ...]:
        return self._listed(f"post commanded by officer/{officer}")

    def visits_at(self, venue: str) -> tuple[Visit, ...]:
        """The visits that have or had an activity at a venue."""
        return self._listed(f"visit of venue/{venue}")

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

    # Inside

    def _one[E: Entity](self, kind: type[E], code: str, text: str) -> E:
        found = self.entities.get(f"{kind.kind}/{code}")
        if found is None:
            raise NotFound.because(text, code=code)
        return cast(E, found)

    def _one_of[E: Entity](self, kind: type[E], visit: str, code: str, text: str) -> E:
        self.visit(visit)
        found = self.entities.get(f"{kind.kind}/{visit}/{code}")
        if found is None:
            raise NotFound.because(text, visit=visit, code=code)
        return cast(E, found)

    def _listed(self, index: str) -> tuple[Any, ...]:
        """The entities of an index in order of their keys; long lists are remembered with this plan."""
        found = self._lists.get(index)
        if found is None:
            members = self.indexes.get(index, NOBODY)
            found = tuple(self.entities[key] for key in sorted(members))
            if len(found) >= LONG:
                self._lists[index] = found
        return found


def _patched(listed: tuple[Entity, ...], changes: Mapping[str, Entity | None]) -> tuple[Entity, ...]:
    """A list in order of keys with some entities replaced, added, or (None) taken out."""
    patched = list(listed)
    for key, entity in changes.items():
        place = bisect_left(patched, key, key=attrgetter("id"))
        there = place < len(patched) and patched[place].id == key
        patched[place : place + there] = [] if entity is None else [entity]
    return tuple(patched)
