"""A data directory that several processes share: who has it open, and what every store over one has."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eventsourcing.persistence import InfrastructureFactory

from domain.rules.scope import OF_A_VISIT
from planner.store.connection import connect, unavailable
from planner.store.gate import Gate
from planner.store.keyring import Keeper, Keyring
from planner.store.keys import STORE_FILE, Keys
from planner.store.mapper import EventMapper
from planner.store.recorder import Recorder
from planner.store.refusals import StoreInUse
from planner.store.sqlite import EVENTS_FILE
from planner.store.startup import Check
from planner.store.topics import Topics


class Store(ABC):
    """One opened data directory, wherever its log lies. Closing it closes every connection it made, but not those of
    ``connect``."""

    gate: Gate

    def __init__(self, data_dir: Path, keys: Keys, topics: Topics, keeper: Keeper) -> None:
        self.data_dir = data_dir
        self.keys = keys
        self.topics = topics
        self.keyring = Keyring(keeper, keys.wrapping)
        self._in_use: int | None = _lock_directory(data_dir, fcntl.LOCK_SH)

    @property
    @abstractmethod
    def recorder(self) -> Recorder: ...

    @abstractmethod
    def factory(self) -> InfrastructureFactory[Any]:
        """For ``Application.construct_factory``."""

    @abstractmethod
    def copy_log(self, folder: Path) -> None:
        """Copies the log, as it is at one moment, into the file ``events.db`` of a folder, while others append."""

    def fill(self, source: Store) -> None:
        """Takes over a whole log with its keys, being empty itself; all of it or nothing."""
        raise NotImplementedError("a data directory is exchanged as a whole")

    def checks(self) -> Iterator[Check]:
        """What the doctor looks at beyond the files of the data directory."""
        return iter(())

    def mapper(self) -> EventMapper:
        """For ``Application.construct_mapper``."""
        return EventMapper(self.topics, self.keys.records, self.keyring)

    def sealed_with_the_stores_key(self, subject: str) -> list[int]:
        """The positions of an entity's events that tell of persons in the first form, which no key can erase."""
        rows = self.recorder.select_positions(self.recorder.positions(subject, subject))
        personal = {topic.name for topic in self.topics.by_name.values() if topic.personal is not None}
        return [row[0] for row in rows if row[3] in personal and row[4][0] == 1]

    def sealed_before_visits_had_keys(self, visit: str) -> list[int]:
        """The positions of a visit's events in the first form, which no key of the visit sealed."""
        subjects = [(f"{kind}/{visit}/", f"{kind}/{visit}/\U0010ffff") for kind in sorted(OF_A_VISIT)]
        found = [(f"visit/{visit}", f"visit/{visit}"), *subjects]
        positions = sorted(at for first, last in found for at in self.recorder.positions(first, last))
        return [row[0] for row in self.recorder.select_positions(positions) if row[4][0] == 1]

    def connect(self, name: str) -> Any:
        """A connection to another encrypted file of the data directory, such as ``accounts.db``."""
        return connect(self.data_dir, name, self.keys.database)

    def refuse_unknown(self) -> None:
        """Refuses a log that a newer program wrote, or whose end is missing."""
        self.recorder.refuse_newer({topic.name: topic.schema_version for topic in self.topics.by_name.values()})
        self.recorder.refuse_shortened()

    def close(self) -> None:
        self.factory().close()
        self.keyring.close()
        self.gate.close()
        if self._in_use is not None:
            os.close(self._in_use)
            self._in_use = None


#: Files of a data directory that only carry locks.
LOCK_FILES = frozenset({"gate.lock", "gate.next", "setup.lock"})


@contextlib.contextmanager
def alone_in(data_dir: Path) -> Iterator[None]:
    """Keeps every other process out of a data directory; ``StoreInUse`` where one has it open."""
    if not data_dir.exists():
        yield
        return
    try:
        descriptor = _lock_directory(data_dir, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreInUse.because(
            "A running process has {data} open. Stop it first, or name another place.", data=data_dir
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def _has_data(data_dir: Path) -> bool:
    return any((data_dir / name).exists() for name in (EVENTS_FILE, STORE_FILE))


def _lock_directory(data_dir: Path, how: int) -> int:
    descriptor = os.open(data_dir, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextlib.contextmanager
def set_up_alone(data_dir: Path) -> Iterator[None]:
    """One start at a time; where nothing may be written there is nothing to set up either."""
    try:
        descriptor = os.open(data_dir / "setup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) and _has_data(data_dir):
            yield
            return
        raise unavailable(error, data_dir) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
