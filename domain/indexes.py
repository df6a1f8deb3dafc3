"""What is found without looking at everything else: under which names each thing stands in the plan's indexes, and how
their lists are kept up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Final

from rpds import HashTrieSet

from domain.assignment import Assignment, AssignmentStatus
from domain.base import Entity
from domain.delegation import Delegation
from domain.emergency import EmergencyAccess
from domain.layered import Layered
from domain.membership import Membership
from domain.officer import Officer
from domain.post import Post, PostKind
from domain.route import Route
from domain.visit import Visit

NOBODY: Final[HashTrieSet[str]] = HashTrieSet()
#: The kinds that say nothing of anybody's duties.
_OF_NO_DUTY: Final = frozenset({Delegation.kind, Membership.kind, EmergencyAccess.kind, "signer"})


def stands_as(old: Entity | None, new: Entity) -> bool:
    """True where it is plain that two states of an entity stand in the same indexes; asked for all that is folded."""
    match old, new:
        case Assignment(), Assignment():
            return old.status is new.status and old.officer is new.officer and old.post is new.post
        case Post(details=one), Post(details=two):
            return (one.venue, one.detail, one.kind) == (two.venue, two.detail, two.kind) and one.backups is two.backups
    return False


def index_keys(entity: Entity) -> tuple[str, ...]:
    """The indexes in which an entity stands; each begins with its kind."""
    match entity:
        case Assignment():
            visit = entity.visit
            ever = (f"assignment of visit/{visit}", f"assignment ever of officer/{entity.officer}")
            if entity.status is AssignmentStatus.WITHDRAWN:
                return ever
            return (
                *ever,
                f"assignment of officer/{entity.officer}",
                f"assignment of post/{visit}/{entity.post}",
            )
        case Post(details=details):
            venue = details.venue
            return (
                f"post of visit/{entity.visit}",
                *([f"post of reserve/{entity.visit}"] if details.kind is PostKind.RESERVE else []),
                *([] if venue is None else [f"post of venue/{venue}"]),
                *([] if details.detail is None else [f"post of detail/{entity.visit}/{details.detail}"]),
                *(f"post backed by officer/{backup}" for backup in dict.fromkeys(details.backups)),
            )
        case Visit():
            venues = (f"visit of venue/{code}" for code in entity.activities.venues)
            return ("visit", f"visit of registrar/{entity.registrar}", *venues)
        case Membership(user=user, visit=visit):
            return (f"membership of visit/{visit}", f"membership of user/{user}")
        case EmergencyAccess(user=user, visit=visit):
            return ("emergency", f"emergency of visit/{visit}", f"emergency of user/{user}")
        case Delegation():
            return (f"delegation of visit/{entity.visit}",)
        case Route():
            return (f"route of visit/{entity.visit}",)
    return (entity.kind,)


def reindexed(
    indexes: Layered[HashTrieSet[str]], entities: Mapping[str, Entity], touched: Mapping[str, Entity]
) -> Layered[HashTrieSet[str]]:
    """The indexes of these entities after some were touched, which are what is given for them."""
    joined: dict[str, list[str]] = {}
    left: dict[str, list[str]] = {}
    for key, entity in touched.items():
        old = entities.get(key)
        if stands_as(old, entity):
            continue
        before, now = index_keys(old) if old is not None else (), index_keys(entity)
        for index in set(now).difference(before):
            joined.setdefault(index, []).append(key)
        for index in set(before).difference(now):
            left.setdefault(index, []).append(key)
    changed: dict[str, HashTrieSet[str]] = {}
    for index, keys in joined.items():
        changed[index] = indexes.get(index, NOBODY).update(keys)
    for index, keys in left.items():
        members = changed[index] if index in changed else indexes[index]
        for key in keys:
            members = members.remove(key)
        changed[index] = members
    return indexes.update(changed)


def listed_otherwise(
    indexes: Collection[str], touched: Iterable[str], *states: Mapping[str, Entity]
) -> Iterator[tuple[str, str]]:
    """Which of the indexes may list differently what was touched: index and key of all that stands there in a state."""
    kinds = {index.partition(" ")[0] for index in indexes}
    for key in touched:
        if key.partition("/")[0] in kinds:
            found = (entity for entities in states if (entity := entities.get(key)) is not None)
            yield from ((index, key) for entity in found for index in index_keys(entity) if index in indexes)


def concerned(
    touched: Iterable[str], *states: tuple[Mapping[str, Entity], Mapping[str, Collection[str]]]
) -> set[str] | None:
    """The officers whose duties, or what must be known to judge them, differ, and the posts that do or whose duties do;
    None where it may be all. The states are entities and indexes, before and after."""
    found: set[str] = set()
    for key in touched:
        kind, _, code = key.partition("/")
        keys = {key}
        if kind in (Officer.kind, Post.kind):
            found.add(key)
        elif kind not in _OF_NO_DUTY and kind != Assignment.kind:
            return None
        if kind == Post.kind:
            keys.update(*(indexes.get(f"assignment of post/{code}", ()) for _, indexes in states))
        duties = (entities.get(one) for one in keys for entities, _ in states)
        for duty in duties:
            if isinstance(duty, Assignment):
                found |= {f"officer/{duty.officer}", f"post/{duty.post_key}"}
    return found


def patched(listed: tuple[Entity, ...], changes: Mapping[str, Entity | None]) -> tuple[Entity, ...]:
    """A list in order of keys with some entities replaced, added, or (None) taken out."""
    entities = list(listed)
    for key, entity in changes.items():
        place = bisect_left(entities, key, key=attrgetter("id"))
        there = place < len(entities) and entities[place].id == key
        entities[place : place + there] = [] if entity is None else [entity]
    return tuple(entities)
