"""The record that a person or a visit was erased: who did it, when and why, and of whom or what, by code alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

from domain.base import Entity, Event, Line, entity, value
from domain.messages import Message, message
from domain.parked import Unreadable, parked_refusal
from domain.refusals import NotPossible, PlanningError


@value
class PersonErased(Event):
    """What was known of a person was destroyed for good, with these keys; only the code stays."""

    keys: tuple[Line, ...]


@value
class VisitErased(Event):
    """All that was planned for a visit was destroyed for good, with these keys; only the code stays.

    ``accounts`` are those that belonged to it: to them alone it is told afterwards.
    """

    keys: tuple[Line, ...]
    accounts: tuple[Line, ...]


@value
class Erased(Unreadable):
    """Stands where an event of an erased visit was; never recorded. ``topic`` and ``form`` are how it is stored."""

    topic: str
    form: int

    @property
    def alarm(self) -> Message:
        return message("erased with visit {visit}", visit=self.key.partition("/")[0])


@entity
class Erasure(Entity):
    """The record of an erasure; the key is the person or visit, such as ``officer/CA-0113``. ``keys`` are their ids."""

    kind: ClassVar[str] = "erasure"

    keys: tuple[str, ...]
    erased_at: datetime
    accounts: frozenset[str] = frozenset()

    @property
    def visit(self) -> str:
        return ""

    @property
    def of_visit(self) -> str:
        """The visit that was erased; empty where it was a person."""
        kind, _, code = self.key.partition("/")
        return code if kind == "visit" else ""

    @staticmethod
    def founded(event: PersonErased | VisitErased) -> Erasure:
        return Erasure(
            key=event.key,
            version=event.originator_version,
            keys=event.keys,
            erased_at=event.recorded_at,
            accounts=frozenset(event.accounts if isinstance(event, VisitErased) else ()),
        )

    def evolve(self, event: Event) -> Self:
        keys = event.keys if isinstance(event, PersonErased) else ()
        return self.with_(event, keys=(*self.keys, *keys), erased_at=event.recorded_at)


def refuse_gap(parked: Mapping[str, Unreadable], entities: Mapping[str, Entity], key: str) -> None:
    """What was founded by an event that cannot be read, or was erased, is not said to be missing."""
    if key in parked:
        raise parked_refusal(parked[key])
    if isinstance(gone := entities.get(f"{Erasure.kind}/{key}"), Erasure) and gone.of_visit:
        raise erased_refusal(gone)


def erased_refusal(erasure: Erasure) -> PlanningError:
    """Why nothing is shown or recorded of a visit that was erased."""
    return NotPossible.because(
        "Visit {visit} was erased on {moment}: nothing of it is kept but its code.",
        visit=erasure.of_visit,
        moment=erasure.erased_at,
    )
