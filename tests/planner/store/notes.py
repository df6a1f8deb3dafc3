"""A small language of its own for tests of the store: notes that are taken and struck."""

from __future__ import annotations

import multiprocessing
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, ClassVar

from domain.base import Event, value
from planner.store.directory import Store
from planner.store.opening import open_store
from planner.store.postgresql.opening import use_postgresql
from planner.store.topics import Topics

MOMENT = datetime(2026, 11, 23, 1, 30, 0, 123456, tzinfo=UTC)
HOSTILE = 'O\'Brien =Hùng <b>x</b> ${1} "\\" ລາວ ខ្មែរ 🦆'


@value
class NoteTaken(Event):
    """Somebody wrote something down."""

    text: str
    weight: float = 0.0
    at: datetime | None = None


@value
class NoteStruck(Event):
    """Somebody crossed it out."""


@value
class RenamedNote(Event):
    """The class that writes what ``NoteTaken`` once wrote: new name, new fields."""

    topic: ClassVar[str] = "NoteTaken"
    schema_version: ClassVar[int] = 3

    words: str
    weight: float
    at: datetime | None
    language: str

    @classmethod
    def upcast_v1_v2(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Text became words."""
        fields["words"] = fields.pop("text")
        return fields

    @classmethod
    def upcast_v2_v3(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Notes got a language; the old ones were Vietnamese."""
        return {**fields, "language": "vi"}


TOPICS = Topics([NoteTaken, NoteStruck])
LATER_TOPICS = Topics([RenamedNote, NoteStruck])


def note(key: str = "N-1", version: int = 1, text: str = "ghi chú", **facts: Any) -> NoteTaken:
    """A note with everything that does not matter filled in."""
    stamp: dict[str, Any] = {"recorded_at": MOMENT, "occurred_at": MOMENT, "by": "lan", "command_id": "C-1"}
    return NoteTaken(originator_id=f"note/{key}", originator_version=version, text=text, **(stamp | facts))


def open_notes(place: Path, **how: Any) -> Store:
    """The store of a test, with its key beside the data directory."""
    return open_store(place / "data", place / "notes.key", topics=how.pop("topics", TOPICS), **how)


def bind(place: Path, database: str) -> None:
    """Lets the log of a test lie in a database; ``open_notes`` finds it there."""
    use_postgresql(place / "data", place / "notes.key", database)


def save(store: Store, *events: Event, expected: int | None = None, command_id: str | None = None) -> Sequence[int]:
    """Appends events as one command; returns their positions."""
    mapper = store.mapper()
    return store.recorder.insert_events(
        [mapper.to_stored_event(event) for event in events],
        expected_position=store.recorder.head() if expected is None else expected,
        command_id=command_id or secrets.token_hex(8),
        fingerprint=b"asked",
    )


def saved(store: Store) -> list[Event]:
    """All events of the log in order."""
    return list(store.mapper().decode_rows(store.recorder.rows()))


def processes() -> ForkServerContext:
    """Processes that start in milliseconds, with this module loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def answer(pipe: Connection, seconds: float = 120) -> Any:
    """What the other process says next; a process that says nothing fails the test instead of hanging it."""
    assert pipe.poll(seconds), "the other process did not answer"
    return pipe.recv()
