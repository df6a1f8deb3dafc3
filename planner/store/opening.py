"""Opening a data directory: checks, keys, tables, and what the application is handed."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path

from domain.events import EVENTS
from planner.store import rotation, startup
from planner.store.connection import copy_file
from planner.store.directory import Store, set_up_alone
from planner.store.gate import FileGate
from planner.store.keeper import KEYS_FILE, FileKeeper
from planner.store.keys import STORE_FILE, Keys, database_of, open_keys, wrong_key
from planner.store.refusals import DataDamaged, DataMissing, DataTooNew, KeyMissing, ReadOnly
from planner.store.sqlite import (
    APPLICATION_ID,
    EVENTS_FILE,
    STORE_VERSION,
    EncryptedDatastore,
    EncryptedSQLiteFactory,
    EventRecorder,
)
from planner.store.topics import Topics


class SQLiteStore(Store):
    """A data directory with its log in it."""

    def __init__(self, data_dir: Path, keys: Keys, topics: Topics) -> None:
        super().__init__(data_dir, keys, topics, FileKeeper(data_dir, keys.database))
        self.gate = FileGate(data_dir)
        self.datastore = EncryptedDatastore(data_dir, EVENTS_FILE, keys.database)
        self._factory = EncryptedSQLiteFactory(self.datastore)

    @property
    def recorder(self) -> EventRecorder:
        return self._factory.application_recorder()

    def factory(self) -> EncryptedSQLiteFactory:
        return self._factory

    def copy_log(self, folder: Path) -> None:
        copy_file(self.data_dir, folder, EVENTS_FILE, self.keys.database)


def open_store(
    data_dir: Path, key_file: Path | None = None, *, create: bool = True, topics: Topics | None = None
) -> Store:
    """Opens a data directory, and makes it with its key where there is none and ``create`` says so.

    Where ``store.json`` names a database, the log lies there.

    Several processes may do so at a time. Raises a ``StoreRefusal``: nothing was changed then, except that a
    first start may have left an empty data directory or a key that opens nothing yet.
    """
    database = database_of(data_dir)
    if database is not None:
        from planner.store.postgresql.opening import open_postgresql  # noqa: PLC0415 - slower to load than a file to open

        return open_postgresql(data_dir, key_file, database, topics or plan_topics())
    if not create and not (data_dir / EVENTS_FILE).exists():
        raise DataMissing.because(
            "There are no data in {data}. Name the right directory with --data, or start once to make one.",
            data=data_dir,
        )
    startup.made_ready(data_dir)
    with set_up_alone(data_dir):
        rotation.finish(data_dir)
        has_data = (data_dir / EVENTS_FILE).exists() and (data_dir / EVENTS_FILE).stat().st_size > 0
        if not has_data:
            _refuse_emptied(data_dir)
        keys = open_keys(data_dir, key_file, has_data=has_data, create=create)
        store = SQLiteStore(data_dir, keys, topics or plan_topics())
        try:
            _settle(store, has_data)
        except BaseException:
            store.close()
            raise
    return store


def _refuse_emptied(data_dir: Path) -> None:
    """Refuses to begin anew where a log was: all files but that of the keys are made when the log is there."""
    later = sorted(file.name for file in data_dir.glob("*.db") if file.name not in (EVENTS_FILE, KEYS_FILE))
    if later:
        raise DataDamaged.because(
            "The file {path} is missing or empty, although {beside} stands beside it. Nothing was changed. "
            "Restore a backup: planner restore BACKUP --replace",
            path=data_dir / EVENTS_FILE,
            beside=later[0],
        )


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
    store.refuse_unknown()
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
