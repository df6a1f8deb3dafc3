"""The encrypted file beside the plan that holds accounts, their sessions and failed attempts to sign in."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from sqlcipher3 import dbapi2 as engine

from planner.store.connection import connect, plain

FILE = "accounts.db"

#: One row, by column name.
type Row = Mapping[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
    user TEXT PRIMARY KEY, display_name TEXT NOT NULL, password_hash TEXT NOT NULL, roles TEXT NOT NULL,
    officer TEXT, language TEXT NOT NULL, zone TEXT NOT NULL, text_size TEXT NOT NULL,
    contrast INTEGER NOT NULL, disabled INTEGER NOT NULL, must_change_password INTEGER NOT NULL,
    feed_hash TEXT UNIQUE, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES accounts(user), created_at REAL NOT NULL,
    seen_at REAL NOT NULL, client TEXT NOT NULL, browser TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_of_user ON sessions(user);
CREATE TABLE IF NOT EXISTS failures (
    subject TEXT PRIMARY KEY, attempts INTEGER NOT NULL, last_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS acts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL, act TEXT NOT NULL,
    user TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
"""


class AccountFile:
    """``accounts.db`` of one data directory: one connection under a lock, transactions that nest."""

    def __init__(self, data_dir: Path, key: bytes) -> None:
        self._lock = threading.RLock()
        self._path = data_dir / FILE
        self._connection = connect(data_dir, FILE, key)
        self._connection.row_factory = engine.Row
        with self._plainly():
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def rows(self, query: str, *values: object) -> list[Row]:
        """Rows that a query finds."""
        with self._lock, self._plainly():
            return cast(list[Row], self._connection.execute(query, values).fetchall())

    def execute(self, statement: str, *values: object) -> int:
        """One statement, by itself or within ``writing``; how many rows it touched."""
        with self.writing():
            return int(self._connection.execute(statement, values).rowcount)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; inside another one it is part of that."""
        with self._lock, self._plainly():
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()

    def data_version(self) -> int:
        """A number that changes when another process has written; costs a few microseconds."""
        return int(self.rows("PRAGMA data_version")[0]["data_version"])

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        """Errors of the engine, said so that people understand: a full disk, a wrong key."""
        try:
            yield
        except engine.Error as error:
            raise plain(error, self._path) from error
