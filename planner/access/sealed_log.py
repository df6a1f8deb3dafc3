"""A log beside the plan's in which nothing is ever changed or deleted, and each row seals the one before it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from planner.store.side_file import SideFile

#: How much of what was asked for is kept: more can only be an attempt to fill the log.
LONGEST: Final = 300
#: The seal before the first row.
_BEGINNING: Final = bytes(32)

_LATER = "TEXT NOT NULL DEFAULT ''"
_TABLE = """
CREATE TABLE IF NOT EXISTS {name} (
    number INTEGER PRIMARY KEY AUTOINCREMENT, {columns}, seal BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS {name}_are_never_changed BEFORE UPDATE ON {name}
BEGIN SELECT RAISE(ABORT, '{name} are never changed'); END;
CREATE TRIGGER IF NOT EXISTS {name}_are_never_deleted BEFORE DELETE ON {name}
BEGIN SELECT RAISE(ABORT, '{name} are never deleted'); END;
"""


class Sealed:
    """What each of the logs over such a table is besides: it can be proven, verified and closed."""

    def __init__(self, log: SealedLog, clock: Callable[[], datetime]) -> None:
        self._log, self._clock = log, clock

    def seals(self) -> list[bytes]:
        """The seals of all rows, in order."""
        return self._log.seals()

    def broken(self) -> int:
        """The first row that is not as it was written, or is missing; 0 where all hold."""
        return self._log.broken()

    def close(self) -> None:
        self._log.close()


class SealedLog:
    """One table, ``name``, in an encrypted file of its own; ``columns`` says the SQL type of each.

    ``later`` are columns of text that came later: added to a log from before, and empty there. A row in which all of
    them are empty is sealed as it was before there were any. ``beside`` makes what else stands in the file, unsealed.

    Safe to share between threads and to open in several processes.
    """

    def __init__(
        self,
        data_dir: Path,
        key: bytes,
        name: str,
        columns: Mapping[str, str],
        later: Sequence[str] = (),
        beside: str = "",
    ) -> None:
        self._data_dir, self._key, self._name, self._later = data_dir, key, name, later
        self._columns = ", ".join((*columns, *later))
        said = [f"{column} {kind} NOT NULL" for column, kind in columns.items()]
        added = [f"{column} {_LATER}" for column in later]
        self._tables = _TABLE.format(name=name, columns=", ".join((*said, *added))) + beside
        self._lock = threading.Lock()
        self._opened: SideFile | None = None

    def append(self, fields: Sequence[object]) -> None:
        """Records a row, in the order of the columns; when this returns it is on disk."""
        marks = ",".join("?" * (len(fields) + 1))
        with self.file.writing():
            last = self.file.rows(f"SELECT seal FROM {self._name} ORDER BY number DESC LIMIT 1")
            sealed = self._sealed(last[0]["seal"] if last else _BEGINNING, fields)
            self.file.execute(f"INSERT INTO {self._name} ({self._columns}, seal) VALUES ({marks})", *fields, sealed)

    def found(self, condition: str, *values: object, last: int) -> list[tuple[Any, ...]]:
        """Number and columns of the last rows of which the condition (SQL of this program only) holds, newest first."""
        query = f"SELECT number, {self._columns} FROM {self._name} WHERE {condition} ORDER BY number DESC LIMIT ?"
        return [tuple(row) for row in self.file.rows(query, *values, last)]

    def seals(self) -> list[bytes]:
        """The seals of all rows, in order: each binds what its row says to everything before it."""
        return [row["seal"] for row in self.file.rows(f"SELECT seal FROM {self._name} ORDER BY number")]

    def broken(self) -> int:
        """The first row that is not as it was written, or is missing; 0 where all hold."""
        before, expected = _BEGINNING, 1
        for row in self.file.rows(f"SELECT number, {self._columns}, seal FROM {self._name} ORDER BY number"):
            _, *fields, _ = tuple(row)
            if row["number"] != expected or self._sealed(before, fields) != row["seal"]:
                return expected
            before, expected = row["seal"], expected + 1
        ever = self.file.rows("SELECT seq FROM sqlite_sequence WHERE name = ?", self._name)
        return expected if ever and ever[0]["seq"] >= expected else 0

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    @property
    def file(self) -> SideFile:
        """The file, opened by whoever asks first: help and tests of the plan alone need none."""
        with self._lock:
            if self._opened is None:
                self._opened = SideFile(self._data_dir, f"{self._name}.db", self._key, self._tables)
                self._complete(self._opened)
            return self._opened

    def _complete(self, file: SideFile) -> None:
        """Add the columns that a log from before does not have; whoever writes first adds them."""
        if all(name in _names(file, self._name) for name in self._later):
            return
        with file.writing():
            known = _names(file, self._name)
            for name in self._later:
                if name not in known:
                    file.execute(f"ALTER TABLE {self._name} ADD COLUMN {name} {_LATER}")

    def _sealed(self, before: bytes, fields: Sequence[object]) -> bytes:
        """The seal of a row: what it says, bound to everything before it."""
        if self._later and not any(fields[-len(self._later) :]):
            fields = fields[: -len(self._later)]
        said = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return hashlib.sha256(before + said).digest()


def _names(file: SideFile, table: str) -> set[str]:
    return {row["name"] for row in file.rows(f"PRAGMA table_info({table})")}
