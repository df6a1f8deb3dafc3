"""The record that a person was erased: who did it, when and why, and of whom, by code alone."""

from __future__ import annotations

from typing import ClassVar, Self

from domain.base import Entity, Event, Line, entity, value


@value
class PersonErased(Event):
    """What was known of a person was destroyed for good, with these keys; only the code stays."""

    keys: tuple[Line, ...]


@entity
class Erasure(Entity):
    """The record of an erasure; the key is the person, such as ``officer/CA-0113``. ``keys`` are their ids."""

    kind: ClassVar[str] = "erasure"

    keys: tuple[str, ...]

    @property
    def visit(self) -> str:
        return ""

    @staticmethod
    def founded(event: PersonErased) -> Erasure:
        return Erasure(key=event.key, version=event.originator_version, keys=event.keys)

    def evolve(self, event: Event) -> Self:
        keys = event.keys if isinstance(event, PersonErased) else ()
        return self.with_(event, keys=(*self.keys, *keys))
