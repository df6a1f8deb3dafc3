"""What every value, event and entity is made of, and the act that an event records."""

from __future__ import annotations

import dataclasses
import functools
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Protocol, Self, TypedDict, cast, dataclass_transform

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass as pydantic_dataclass

from domain.refusals import ReasonRequired

CONFIG = ConfigDict(extra="forbid", allow_inf_nan=False)

#: A short code that the user chooses: letters and digits of any script, then also ``.``, ``_`` and ``-``.
Code = Annotated[str, StringConstraints(pattern=r"^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$", max_length=40)]
#: One line of text that people read, with at least one visible character; kept exactly as typed.
Line = Annotated[str, StringConstraints(pattern=r"^\P{Cc}*[^\p{Cc}\p{Cf}\s]\P{Cc}*$", max_length=200)]
#: One line that may be empty.
OptionalLine = Annotated[str, StringConstraints(pattern=r"^\P{Cc}*$", max_length=200)]
#: Several lines, possibly empty; kept exactly as typed.
Prose = Annotated[str, StringConstraints(pattern=r"^(?:\P{Cc}|[\n\t])*$", max_length=8000)]


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
def value[T](cls: type[T]) -> type[T]:
    """A frozen value that validates itself: serves event, plan, form and import alike."""
    return cast(type[T], pydantic_dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)(cls))


@dataclass_transform(kw_only_default=True, frozen_default=True)
def entity[T](cls: type[T]) -> type[T]:
    """A frozen state built only from validated events, so it does not validate again."""
    return dataclasses.dataclass(frozen=True, slots=True, kw_only=True)(cls)


class Role(StrEnum):
    """What an account may be: who may give which command stands in ``planner.access``."""

    ADMINISTRATOR = "administrator"
    PLANNER = "planner"
    COMMANDER = "commander"
    PROTOCOL = "protocol"
    OFFICER = "officer"
    PRESS = "press"
    AUDITOR = "auditor"


class Signer(Protocol):
    """Signs in the name of one person; ``key`` is the public key as others get it, ``machine`` where it was made.

    All three are one line.
    """

    @property
    def key(self) -> str: ...

    @property
    def machine(self) -> str: ...

    def sign(self, statement: bytes) -> str: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or asks: an account, its roles, the officer it is linked to, and the way the request came.

    ``signer`` signs what binds the person; it is there when the person has just said the password.
    """

    user: str
    roles: frozenset[Role]
    officer: str | None = None
    via: str = ""
    signer: Signer | None = dataclasses.field(default=None, compare=False, repr=False)


class Stamp(TypedDict):
    """The fields that every event carries besides its own facts."""

    originator_id: str
    originator_version: int
    recorded_at: datetime
    occurred_at: datetime
    by: str
    reason: str
    command_id: str
    via: str


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """One command being carried out: who, when (both clocks), why, and under which id.

    ``roles`` are those in which it is given; ``visible`` are the visits whose affairs may be told to who gives it,
    all of them where it is None.
    """

    by: str
    recorded_at: datetime
    occurred_at: datetime
    reason: str
    command_id: str
    via: str = ""
    officer: str | None = None
    roles: frozenset[Role] = frozenset()
    visible: frozenset[str] | None = None
    signer: Signer | None = dataclasses.field(default=None, compare=False, repr=False)

    def needs_reason(self) -> None:
        """Refuse where the act must say why and does not."""
        if not self.reason.strip():
            raise ReasonRequired.because("Say why: this needs a reason.")

    def on(self, subject: Entity) -> Stamp:
        """The stamp of the next event of an entity that exists."""
        return self._stamp(subject.id, subject.version + 1)

    def founds(self, kind: type[Entity], key: str) -> Stamp:
        """The stamp of the first event of an entity."""
        return self._stamp(f"{kind.kind}/{key}", 1)

    def _stamp(self, originator_id: str, originator_version: int) -> Stamp:
        return Stamp(
            originator_id=originator_id,
            originator_version=originator_version,
            recorded_at=self.recorded_at,
            occurred_at=self.occurred_at,
            by=self.by,
            reason=self.reason,
            command_id=self.command_id,
            via=self.via,
        )


@value
class Event:
    """A fact that was decided: what happened to one entity, who did it, when and why.

    ``recorded_at`` is the clock of the log and never runs backwards; ``occurred_at`` is when it happened in
    the world. ``originator_id`` is ``kind/key``. ``schema_version`` of a class rises when its fields change.
    """

    schema_version: ClassVar[int] = 1

    originator_id: str
    originator_version: int
    recorded_at: AwareDatetime
    occurred_at: AwareDatetime
    by: str
    reason: Prose = ""
    command_id: str
    via: str = ""

    @property
    def key(self) -> str:
        """The entity's key within its kind, such as ``LA-2026-01/P-07``."""
        return self.originator_id.partition("/")[2]

    @property
    def kind(self) -> str:
        """The entity's kind, such as ``post``."""
        return self.originator_id.partition("/")[0]


type Decision = tuple[Event, ...]


@entity
class Entity:
    """The state of one thing at one position of the log; decisions are methods, ``evolve`` folds one event."""

    kind: ClassVar[str] = ""

    key: str
    version: int

    @property
    def id(self) -> str:
        return f"{self.kind}/{self.key}"

    @property
    def code(self) -> str:
        """The short code that people use, without the visit it belongs to."""
        return self.key.rpartition("/")[2]

    @property
    def visit(self) -> str:
        """The visit this belongs to; empty for what is shared by all visits."""
        return self.key.rpartition("/")[0]

    @abstractmethod
    def evolve(self, event: Event) -> Self:
        """The state after ``event``; folding never refuses."""

    def with_(self, event: Event, **changes: Any) -> Self:
        """A copy at the event's version with the named fields changed, not validated: the event was."""
        return folded(self, version=event.originator_version, **changes)


def changed[V](old: V, **changes: Any) -> V:
    """A copy of a value with the named fields changed, validated again: for decisions."""
    return cast(V, dataclasses.replace(cast(Any, old), **changes))


def folded[V](old: V, **changes: Any) -> V:
    """A copy with fields changed to what an event says, not validated: the event was, and folding never refuses."""
    kind: Any = type(old)
    copy, writers = _copying(kind)
    new = copy(old)
    for name, now in changes.items():
        if name not in writers:
            raise TypeError(f"{kind.__name__} has no {name}")
        writers[name](new, now)
    return cast(V, new)


def composed[V](kind: type[V], **fields: Any) -> V:
    """A value of fields that were validated as parts of another, all of them named: not validated again."""
    _, writers = _copying(cast(Any, kind))
    if fields.keys() != writers.keys():
        raise TypeError(f"{kind.__name__} is made of {', '.join(writers)}")
    new = object.__new__(kind)
    for name, now in fields.items():
        writers[name](new, now)
    return new


type _Writer = Callable[[Any, Any], None]


@functools.cache
def _copying(kind: Any) -> tuple[Callable[[Any], Any], Mapping[str, _Writer]]:
    """What copies an object of this kind, and the writers of its fields by name.

    The copying is written out field by field, as ``dataclasses`` writes ``__init__``: a loop over them takes 2.5 times
    as long (1.0 µs of a post, 2.6 µs of its details), and a fold of the log does little else.
    """
    writers = {name: write for name, _, write in fields_of(kind)}
    scope: dict[str, Any] = {f"write_{name}": write for name, write in writers.items()}
    scope |= {"blank": object.__new__, "kind": kind}
    lines = "".join(f"    write_{name}(new, old.{name})\n" for name in writers)
    exec(f"def copy(old):\n    new = blank(kind)\n{lines}    return new\n", scope)  # noqa: S102 - only names of our own fields
    return scope["copy"], writers


@functools.cache
def fields_of(kind: type[Any]) -> tuple[tuple[str, Callable[[Any], Any], _Writer], ...]:
    """Name, reader and writer of each field of a frozen, slotted value or entity.

    The writer is for objects not yet handed out.
    """
    slots = ((field.name, getattr(kind, field.name)) for field in dataclasses.fields(kind))
    return tuple((name, slot.__get__, slot.__set__) for name, slot in slots)


def replaced[V](items: tuple[V, ...], item: V, name: str = "code") -> tuple[V, ...]:
    """The tuple with the item of the same code replaced, or appended where there is none."""
    code = getattr(item, name)
    if any(getattr(old, name) == code for old in items):
        return tuple(item if getattr(old, name) == code else old for old in items)
    return (*items, item)


def without[V](items: tuple[V, ...], code: str, name: str = "code") -> tuple[V, ...]:
    """The tuple without the item of that code."""
    return tuple(item for item in items if getattr(item, name) != code)


def by_code[V](items: Iterable[V], name: str = "code") -> Mapping[str, V]:
    """The items by their code."""
    return {getattr(item, name): item for item in items}
