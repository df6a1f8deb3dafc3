"""Opening a data directory: checks, keys, tables, and what the application is handed."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.events import EVENTS
from planner.store import startup
from planner.store.connection import connect, unavailable
from planner.store.gate import Gate
from planner.store.keeper import KEYS_FILE, FileKeeper
from planner.store.keyring import Keyring
from planner.store.keys import STORE_FILE, Keys, open_keys, wrong_key
from planner.store.mapper import EventMapper
from planner.store.refusals import DataDamaged, DataMissing, DataTooNew, KeyMissing, ReadOnly, StoreInUse
from planner.store.sqlite import (
    APPLICATION_ID,
    EVENTS_FILE,
    STORE_VERSION,
    EncryptedDatastore,
    EncryptedSQLiteFactory,
    EventRecorder,
)
from planner.store.topics import Topics


class SQLiteStore:
    """One opened data directory. Closing it closes every connection it made, but not those of ``connect``."""

    _in_use: int | None

    def __init__(self, data_dir: Path, keys: Keys, topics: Topics) -> None:
        self.data_dir = data_dir
        self.keys = keys
        self.topics = topics
        self.gate = Gate(data_dir)
        self._in_use = _lock_directory(data_dir, fcntl.LOCK_SH)
        self.datastore = EncryptedDatastore(data_dir, EVENTS_FILE, keys.database)
        self.keyring = Keyring(FileKeeper(data_dir, keys.database), keys.wrapping)
        self._factory = EncryptedSQLiteFactory(self.datastore)

    @property
    def recorder(self) -> EventRecorder:
        return self._factory.application_recorder()

    def factory(self) -> EncryptedSQLiteFactory:
        """For ``Application.construct_factory``."""
        return self._factory

    def mapper(self) -> EventMapper:
        """For ``Application.construct_mapper``."""
        return EventMapper(self.topics, self.keys.records, self.keyring)

    def sealed_with_the_stores_key(self, subject: str) -> list[int]:
        """The positions of an entity's events that tell of persons in the first form, which no key can erase."""
        rows = self.recorder.select_positions(self.recorder.positions(subject, subject))
        personal = {topic.name for topic in self.topics.by_name.values() if topic.personal is not None}
        return [row[0] for row in rows if row[3] in personal and row[4][0] == 1]

    def connect(self, name: str) -> Any:
        """A connection to another encrypted file of the data directory, such as ``accounts.db``."""
        return connect(self.data_dir, name, self.keys.database)

    def close(self) -> None:
        self._factory.close()
        self.keyring.close()
        self.gate.close()
        if self._in_use is not None:
            os.close(self._in_use)
            self._in_use = None


def open_store(
    data_dir: Path, key_file: Path | None = None, *, create: bool = True, topics: Topics | None = None
) -> SQLiteStore:
    """Opens a data directory, and makes it with its key where there is none and ``create`` says so.

    Several processes may do so at a time. Raises a ``StoreRefusal``: nothing was changed then, except that a
    first start may have left an empty data directory or a key that opens nothing yet.
    """
    if not create and not (data_dir / EVENTS_FILE).exists():
        raise DataMissing.because(
            "There are no data in {data}. Name the right directory with --data, or start once to make one.",
            data=data_dir,
        )
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unavailable(error, data_dir) from error
    startup.demand([startup.check_engine(), startup.check_place(data_dir)])
    with set_up_alone(data_dir):
        has_data = (data_dir / EVENTS_FILE).exists() and (data_dir / EVENTS_FILE).stat().st_size > 0
        keys = open_keys(data_dir, key_file, has_data=has_data, create=create)
        store = SQLiteStore(data_dir, keys, topics or plan_topics())
        try:
            _settle(store, has_data)
        except BaseException:
            store.close()
            raise
    return store


def _settle(store: SQLiteStore, has_data: bool) -> None:
    try:
        if not has_data:
            # The keys first: a log without its file of keys is refused from then on.
            store.keyring.catch_up()
            store.recorder.create_table()
        with store.datastore.transaction(commit=False) as cursor:
            connection = cursor.sqlite_cursor.connection
            marked = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            startup.demand(startup.check_settings(connection))
    except DataDamaged:
        if not (store.data_dir / STORE_FILE).exists():
            raise wrong_key(store.keys.path, store.data_dir) from None
        raise
    if version > STORE_VERSION:
        raise DataTooNew.because(
            "The data in {data} were written by a newer version of this program. Update the program.",
            data=store.data_dir,
        )
    if version == STORE_VERSION and not (store.data_dir / KEYS_FILE).exists():
        raise KeyMissing.because(
            "The file {path} is missing, and without it the plans cannot be read. "
            "Put it back with: planner restore BACKUP",
            path=store.data_dir / KEYS_FILE,
        )
    if marked != APPLICATION_ID:
        raise DataDamaged.because("The file {path} is no log of this program.", path=store.data_dir / EVENTS_FILE)
    store.recorder.refuse_newer({topic.name: topic.schema_version for topic in store.topics.by_name.values()})
    store.recorder.refuse_shortened()
    if version < STORE_VERSION:
        _upgrade(store)


def _upgrade(store: SQLiteStore) -> None:
    """Data of an earlier version get their file of keys; from then on that version refuses them."""
    with contextlib.suppress(ReadOnly):
        store.keyring.catch_up()
        with store.datastore.transaction(commit=True) as cursor:
            cursor.execute(f"PRAGMA user_version = {STORE_VERSION}")


@functools.cache
def plan_topics() -> Topics:
    """The allow-list of the program's own events."""
    return Topics(EVENTS)


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
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) and (data_dir / EVENTS_FILE).exists():
            yield
            return
        raise unavailable(error, data_dir) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
