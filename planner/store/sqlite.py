"""The log of events in one encrypted SQLite file: ``eventsourcing``'s SQLite module, on SQLCipher.

Positions are 1, 2, 3 … without gaps: they are written explicitly, one after the head that the same
transaction read. ``AUTOINCREMENT`` remembers the highest one ever given, so that a log cut off at its end is
noticed.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from eventsourcing import sqlite as library
from eventsourcing.persistence import ConnectionPoolClosedError, IntegrityError, Notification
from eventsourcing.utils import Environment, EnvType
from sqlcipher3 import dbapi2 as engine

from planner.store.connection import connect, plain
from planner.store.mapper import SCHEMA_END, Row, Sealed, schema_version_of
from planner.store.recorder import KnownCommand, Recorder, notifications, repeated
from planner.store.refusals import PositionMoved

EVENTS_FILE = "events.db"
#: "DPev": marks the file as a log of this program.
APPLICATION_ID = 0x44506576
#: Rises when the tables or the form of rows change; 2 came with the keys of visits and persons.
STORE_VERSION = 2

TABLES = (
    """CREATE TABLE stored_events (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        UNIQUE (originator_id, originator_version))""",
    """CREATE TABLE commands (
        command_id TEXT PRIMARY KEY,
        fingerprint BLOB NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE schemas (
        topic TEXT PRIMARY KEY,
        version INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON stored_events
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON stored_events
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END""",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {STORE_VERSION}",
)

_HEAD = "SELECT max(position) FROM stored_events"
#: In one statement, since others write meanwhile.
_LAST_AND_HEAD = """SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'stored_events'), 0),
    ifnull((SELECT max(position) FROM stored_events), 0)"""
INSERT = "INSERT INTO stored_events VALUES (?,?,?,?,?)"
#: So many rows one statement writes sooner than as many statements; twenty take as long either way.
_AT_ONCE = 50
_INSERT_MANY = INSERT + ",(?,?,?,?,?)" * (_AT_ONCE - 1)
INSERT_COMMAND = "INSERT INTO commands VALUES (?,?,?,?)"
INSERT_SCHEMA = """INSERT INTO schemas VALUES (?,?)
    ON CONFLICT (topic) DO UPDATE SET version = max(version, excluded.version)"""
_COLUMNS = "SELECT position, originator_id, originator_version, topic, state FROM stored_events"
_SELECT = f"{_COLUMNS} WHERE position > ?"


class EncryptedConnection(library.SQLiteConnection):
    """A connection that takes the write lock at once where it writes; its errors speak to people."""

    def __init__(self, connection: Any, path: Path, max_age: float | None) -> None:
        super().__init__(sqlite_conn=connection, max_age=max_age)
        self.path = path

    @contextlib.contextmanager
    def transaction(self, *, commit: bool) -> Iterator[library.SQLiteCursor]:
        raw = self._sqlite_conn
        try:
            if not commit:
                with self.cursor() as cursor:
                    yield library.SQLiteCursor(cursor)
                return
            raw.execute("BEGIN IMMEDIATE")
            with self.cursor() as cursor:
                yield library.SQLiteCursor(cursor)
            raw.execute("COMMIT")
        except BaseException as error:
            if raw.in_transaction:
                with contextlib.suppress(engine.Error):
                    raw.execute("ROLLBACK")
            if isinstance(error, engine.IntegrityError):
                raise IntegrityError(error) from error
            if isinstance(error, engine.Error):
                raise plain(error, self.path) from error
            raise


class EncryptedPool(library.SQLiteConnectionPool):
    """The library's pool, with connections of ours."""

    def __init__(self, data_dir: Path, name: str, key: bytes) -> None:
        self.path = data_dir / name
        self._key = key
        super().__init__(db_name=str(data_dir / name), pool_timeout=30.0)

    def connection(self) -> EncryptedConnection:
        """One of the kind that the pool hands out, neither counted nor closed by it."""
        connection = self.connection_of_its_own()
        connection.row_factory = engine.Row
        return EncryptedConnection(connection, self.path, self.max_age)

    def _create_connection(self) -> EncryptedConnection:
        return self.connection()

    def connection_of_its_own(self) -> Any:
        """A connection that the pool neither counts nor closes."""
        if self.closed:
            raise ConnectionPoolClosedError("this store is closed")
        return connect(self.path.parent, self.path.name, self._key)


class EncryptedDatastore(library.SQLiteDatastore):
    """The library's datastore over one encrypted file, which writes through one connection and reads through others.

    Were they one pool, each would have to read, and open, again what the others wrote: a fifth of a save.
    """

    pool: EncryptedPool

    def __init__(self, data_dir: Path, name: str, key: bytes) -> None:
        self.pool = EncryptedPool(data_dir, name, key)
        self.single_row_tracking = True
        self.originator_id_type = "text"
        self._writing = threading.Lock()
        self._writer: EncryptedConnection | None = None

    @contextlib.contextmanager
    def transaction(self, *, commit: bool) -> Iterator[library.SQLiteCursor]:
        if not commit:
            with super().transaction(commit=False) as cursor:
                yield cursor
            return
        with self._writing:
            if self._writer is None or self.pool.closed:
                self._writer = self.pool.connection()
            with self._writer.transaction(commit=True) as cursor:
                yield cursor

    def close(self) -> None:
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        super().close()


class EventRecorder(Recorder, library.SQLiteApplicationRecorder):
    """The log in one encrypted file."""

    datastore: EncryptedDatastore

    def __init__(self, datastore: library.SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name)
        self._schemas: set[tuple[str, bytes]] = set()
        self._watch_lock = threading.Lock()
        self._watch: Any = None

    def construct_create_table_statements(self) -> list[str]:
        return list(TABLES)

    def _create_table(self, c: library.SQLiteCursor) -> None:
        """Makes the tables once; several first starts at a time are safe."""
        c.execute("SELECT count(*) FROM sqlite_schema")
        if c.fetchone()[0] == 0:
            super()._create_table(c)

    def append(
        self,
        sealed: Iterable[Sealed],
        expected_position: int | None = None,
        command_id: str = "",
        fingerprint: bytes = b"",
    ) -> range:
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(_HEAD)
            head: int = cursor.fetchone()[0] or 0
            if expected_position is not None and head != expected_position:
                raise PositionMoved(expected_position, head)
            rows = [(position, *one) for position, one in enumerate(sealed, head + 1)]
            if command_id:
                self._note_command(cursor, (command_id, fingerprint, head + 1, head + len(rows)))
            _insert(cursor, rows)
            # Of each topic the newest state, since a program writes a topic in one form.
            states = {row[3]: row[4] for row in rows}
            new_schemas = {(topic, state[:SCHEMA_END]) for topic, state in states.items()} - self._schemas
            if new_schemas:
                cursor.executemany(
                    INSERT_SCHEMA, [(topic, schema_version_of(head)) for topic, head in sorted(new_schemas)]
                )
        self._schemas |= new_schemas
        return range(head + 1, head + len(rows) + 1)

    def _note_command(self, cursor: library.SQLiteCursor, command: tuple[str, bytes, int, int]) -> None:
        try:
            cursor.execute(INSERT_COMMAND, command)
        except engine.IntegrityError as error:
            raise repeated(command[0]) from error

    def find_command(self, command_id: str) -> KnownCommand | None:
        rows = self._fetch("SELECT fingerprint, first, last FROM commands WHERE command_id = ?", (command_id,))
        return KnownCommand(*rows[0]) if rows else None

    def commands(self, upto: int) -> Iterator[tuple[str, bytes, int, int]]:
        statement = "SELECT command_id, fingerprint, first, last FROM commands WHERE last <= ? ORDER BY last, first"
        yield from self._fetch(statement, (upto,))

    def select_rows(self, after: int, limit: int, upto: int | None = None) -> list[Row]:
        if upto is None:
            return self._fetch(f"{_SELECT} ORDER BY position LIMIT ?", (after, limit))
        return self._fetch(f"{_SELECT} AND position <= ? ORDER BY position LIMIT ?", (after, upto, limit))

    def subjects(self, after: int, upto: int) -> list[str]:
        statement = "SELECT DISTINCT originator_id FROM stored_events WHERE position > ? AND position <= ?"
        return [row[0] for row in self._fetch(statement, (after, upto))]

    def positions(self, first: str, last: str) -> list[int]:
        statement = "SELECT position FROM stored_events WHERE originator_id BETWEEN ? AND ? ORDER BY position"
        return [row[0] for row in self._fetch(statement, (first, last))]

    def select_positions(self, positions: Sequence[int]) -> list[Row]:
        statement = f"{_COLUMNS} WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position"
        return self._fetch(statement, (json.dumps(list(positions)),))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The library's way to read the log, for its notification log."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        marks = ",".join("?" * len(topics))
        statement = f"{_SELECT} AND position <= ?" + (f" AND topic IN ({marks})" if topics else "")
        rows = self._fetch(
            f"{statement} ORDER BY position LIMIT ?",
            (after, stop if stop is not None else 2**62, *topics, limit),
        )
        return notifications(rows)

    def head(self) -> int:
        return int(self._watched(_HEAD) or 0)

    def data_version(self) -> int:
        return int(self._watched("PRAGMA data_version"))

    def schemas(self) -> dict[str, int]:
        return dict(self._fetch("SELECT topic, version FROM schemas", ()))

    def ends(self) -> tuple[int, int]:
        last, head = self._fetch(_LAST_AND_HEAD, ())[0]
        return last, head

    def close(self) -> None:
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None

    def _fetch(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        with self.datastore.transaction(commit=False) as cursor:
            cursor.sqlite_cursor.row_factory = None
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def _watched(self, statement: str) -> Any:
        """One value through a connection of its own, since ``data_version`` speaks of other connections."""
        with self._watch_lock:
            watch = self._watch = self._watch or self.datastore.pool.connection_of_its_own()
            try:
                return watch.execute(statement).fetchone()[0]
            except engine.Error as error:
                raise plain(error, self.datastore.pool.path) from error


def _insert(cursor: library.SQLiteCursor, rows: Sequence[Row]) -> None:
    """Writes many with one statement: the engine notes the highest position once for each statement."""
    alone = len(rows) - len(rows) % _AT_ONCE
    for first in range(0, alone, _AT_ONCE):
        cursor.execute(_INSERT_MANY, [*chain.from_iterable(rows[first : first + _AT_ONCE])])
    cursor.executemany(INSERT, rows[alone:])


class EncryptedSQLiteFactory(library.SQLiteFactory):
    """Hands the library our recorder: one, shared by all who ask."""

    application_recorder_class = EventRecorder

    def __init__(self, datastore: EncryptedDatastore, env: Environment | EnvType | None = None) -> None:
        super(library.SQLiteFactory, self).__init__(env)
        self.datastore: EncryptedDatastore = datastore
        self._recorder: EventRecorder | None = None

    def application_recorder(self) -> EventRecorder:
        if self._recorder is None:
            self._recorder = EventRecorder(self.datastore)
        return self._recorder

    def close(self) -> None:
        if self._recorder is not None:
            self._recorder.close()
        super().close()
