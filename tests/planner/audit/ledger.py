"""A log with its checkpoints for tests of the proof, and a burglar who has its key."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.base import Event
from planner.audit.checkpoint import COSIGNATURE, Key, cosign
from planner.audit.kept import Checkpoints, Kept
from planner.audit.verify import Found, verify_data
from planner.store.connection import connect
from planner.store.directory import Store
from planner.store.keys import read_key_file
from planner.store.opening import open_store
from planner.store.sqlite import EVENTS_FILE
from tests.benchmarks.large_log import Size, events

WITNESS = Key.signing("auditor.example", bytes(range(32)), COSIGNATURE)
SECONDS = 1_790_000_000


def story(number: int) -> list[Event]:
    """The first events of a visit."""
    return list(itertools.islice(events(Size.summit(200)), number))


def opened(place: Path) -> Store:
    return open_store(place / "data", place / "key")


def grown(store: Store, told: list[Event]) -> None:
    """Appends events, one command each."""
    for event in told:
        store.recorder.insert_events([store.mapper().to_stored_event(event)], command_id=event.command_id)


def witnessed(store: Store) -> Kept:
    """The head of the log, signed and cosigned."""
    with contextlib.closing(Checkpoints(store)) as checkpoints:
        checkpoints.know_witness(WITNESS.verifier)
        kept = checkpoints.sign()
        return checkpoints.take_cosignatures(kept.size, [cosign(bytes(kept.note), WITNESS.signer, SECONDS)])


@contextlib.contextmanager
def burgled(place: Path) -> Iterator[Any]:
    """A raw connection to the log, with all that protects it taken away; what shows that is tidied up afterwards."""
    connection = connect(place / "data", EVENTS_FILE, read_key_file(place / "key").database)
    try:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.execute(
            "UPDATE sqlite_sequence SET seq = (SELECT ifnull(max(position), 0) FROM stored_events)"
            " WHERE name = 'stored_events'"
        )
    finally:
        connection.close()


def copied(place: Path, to: Path) -> Path:
    """Another copy of the data and their key."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(place, to)
    return to


def wrong(place: Path, *, level: int = 2, **brought: Any) -> list[Found]:
    """What does not hold of the data in a place."""
    return [found for found in verify_data(place / "data", place / "key", level=level, **brought) if not found.ok]
