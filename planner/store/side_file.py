"""An encrypted file beside the log: accounts, checkpoints, keys, each in one of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, cast

from sqlcipher3 import dbapi2 as engine

from planner.store.connection import SHARED, connect, only_read, plainly


class Row(Protocol):
    """One row: its values by column name, or unpacked in their order."""

    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class SideFile:
    """One file of a data directory: one connection under a lock, transactions that nest. Safe for several threads."""

    def __init__(self, data_dir: Path, name: str, key: bytes, tables: str) -> None:
        self._lock = threading.RLock()
        self._path = data_dir / name
        # Where a file is not there and cannot be made, as beside a copy of the log alone, it is read as an empty one.
        absent = not self._path.exists() and only_read(data_dir)
        self._connection = engine.connect(":memory:", **SHARED) if absent else connect(data_dir, name, key)
        self._connection.row_factory = engine.Row
        with plainly(self._path):
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(tables)
            if absent:
                self._connection.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def rows(self, query: str, *values: object) -> list[Row]:
        """Rows that a query finds."""
        with self._lock, plainly(self._path):
            return cast(list[Row], self._connection.execute(query, values).fetchall())

    def execute(self, statement: str, *values: object) -> int:
        """One statement, by itself or within ``writing``; how many rows it touched."""
        with self.writing():
            return int(self._connection.execute(statement, values).rowcount)

    def execute_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """One statement for each row of values, by itself or within ``writing``."""
        with self.writing():
            self._connection.executemany(statement, rows)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; inside another one it is part of that."""
        with self._lock, plainly(self._path):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise

    def version(self) -> tuple[int, int]:
        """Numbers that change whenever the file was written, by anybody; costs a few microseconds."""
        with self._lock:
            others: int = self.rows("PRAGMA data_version")[0]["data_version"]
            return others, self._connection.total_changes

    def overwrite_deleted(self) -> None:
        """From now on what is deleted is overwritten."""
        self.rows("PRAGMA secure_delete = ON")

    def write_anew(self) -> None:
        """Writes the whole file anew, so that no page of it holds what was deleted."""
        self.rows("VACUUM")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
