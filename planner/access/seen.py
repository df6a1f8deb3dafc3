"""The plan as one reader may see it: a plan like any other, in which what is hidden is not there.

Pages, charts, exports and sentences ask it as they ask any plan. What is seen whole is answered by the plan behind it,
with everything that was worked out there; what is seen in part is picked by originator id. Nothing walks the plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, cast

from rpds import HashTrieMap, HashTrieSet

from domain.activities import Activities
from domain.base import Entity, Event, folded
from domain.indexes import NOBODY
from domain.layered import Layered
from domain.plan import Plan
from domain.visit import Visit
from planner.access.clearance import PROGRAMME, Clearance


class SeenPlan(Plan):
    """A plan without what its reader may not see."""

    __slots__ = ("_behind", "_clearance")

    _behind: Plan
    _clearance: Clearance

    def after(self, events: Iterable[Event], position: int | None = None) -> Plan:
        return seen(self._behind.after(events, position), self._clearance)

    @property
    def worth_taking_over(self) -> bool:
        return False

    def assignments_ever_made(self, visit: str) -> int:
        return len(self.assignments(visit))

    def _listed(self, index: str) -> tuple[Any, ...]:
        of, _, key = index.partition("/")
        clear = self._clearance
        if of == "visit":
            found = (self.entities.get(f"visit/{code}") for code in sorted({*clear.visits, *_visits(clear.own)}))
            # In a past plan a visit of today may not be there yet.
            return tuple(visit for visit in found if visit is not None)
        if of in ("venue", "officer"):
            return self._behind._listed(index) if of in clear.shared else self._own(f"{of}/")
        kind, _, by = of.partition(" of ")
        if by == "visit":
            return self._behind._listed(index) if kind in clear.kinds(key) else self._own(f"{kind}/{key}/")
        told = (entity for entity in self._behind._listed(index) if clear.sees(entity.id))
        return tuple(_shown(entity, clear) for entity in told)

    def _own(self, prefix: str) -> tuple[Entity, ...]:
        found = (self._behind.entities.get(key) for key in sorted(self._clearance.own) if key.startswith(prefix))
        return tuple(entity for entity in found if entity is not None)


class _SeenEntities(Layered[Entity]):
    """The entities that a reader sees."""

    __slots__ = ("_behind", "_clearance")

    def __init__(self, behind: Layered[Entity], clear: Clearance) -> None:
        super().__init__()
        self._behind = behind
        self._clearance = clear

    def get(self, key: str, /, default: Any = None) -> Any:
        if not self._clearance.sees(key):
            return default
        found = self._behind.get(key)
        return default if found is None else _shown(found, self._clearance)

    def __getitem__(self, key: str) -> Entity:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return cast(Entity, found)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._clearance.sees(key) and key in self._behind

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._behind if self._clearance.sees(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def differing(self, other: Layered[Entity]) -> Iterator[tuple[str, Entity | None, Entity | None]]:
        theirs = other._behind if isinstance(other, _SeenEntities) else other
        for key, here, there in self._behind.differing(theirs):
            if self._clearance.sees(key):
                yield key, here and _shown(here, self._clearance), there and _shown(there, self._clearance)


class _SeenIndexes(Layered["HashTrieSet[str]"]):
    """The indexes without the ids of what is hidden."""

    __slots__ = ("_behind", "_clearance")

    def __init__(self, behind: Layered[HashTrieSet[str]], clear: Clearance) -> None:
        super().__init__()
        self._behind = behind
        self._clearance = clear

    def get(self, key: str, /, default: Any = None) -> Any:
        members = self._behind.get(key)
        if members is None:
            return default
        of, _, visit = key.partition("/")
        kind, _, by = of.partition(" of ")
        if by == "visit" and kind in self._clearance.kinds(visit):
            return members
        return NOBODY.update(member for member in members if self._clearance.sees(member))

    def __getitem__(self, key: str) -> HashTrieSet[str]:
        return cast(HashTrieSet[str], self.get(key, NOBODY))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and bool(self.get(key, NOBODY))

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._behind if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def seen(plan: Plan, clear: Clearance) -> Plan:
    """The plan as a reader with this clearance sees it; readers who see the same share it while it is current."""
    if clear.whole:
        return plan
    return plan.remembered(("seen", clear.key), lambda: _made(plan, clear))


def behind(plan: Plan) -> tuple[Plan, Collection[str] | None]:
    """The plan with everything, and the visits that may be named to its reader (None: all).

    Only for code that says nothing else of what it finds there: rules that are asked before a command is given.
    """
    if isinstance(plan, SeenPlan):
        return plan._behind, plan._clearance.told
    return plan, None


def _made(plan: Plan, clear: Clearance) -> SeenPlan:
    made = SeenPlan(
        position=plan.position,
        recorded_at=plan.recorded_at,
        entities=_SeenEntities(plan.entities, clear),
        indexes=_SeenIndexes(plan.indexes, clear),
        parked=HashTrieMap({key: gap for key, gap in plan.parked.items() if clear.sees(key)}),
    )
    object.__setattr__(made, "_behind", plan)
    object.__setattr__(made, "_clearance", clear)
    return made


def _shown(entity: Entity, clear: Clearance) -> Entity:
    """A visit without programme and notes, for who sees no more of it than that it is."""
    if isinstance(entity, Visit) and PROGRAMME not in clear.kinds(entity.key):
        details = folded(entity.details, notes="")
        return folded(entity, details=details, activities=Activities(), called_off=frozenset(), registrar="")
    return entity


def _visits(own: Iterable[str]) -> Iterator[str]:
    return (key.partition("/")[2] for key in own if key.startswith("visit/"))
