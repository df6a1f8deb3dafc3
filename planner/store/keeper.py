"""The file of keys: ``keys.db`` in the data directory, encrypted like every file there.

Destroying a key deletes its row, overwrites its page, and writes the file anew.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from planner.store.keyring import Destroyed, Keeper, Made, WrappedKey
from planner.store.side_file import SideFile

KEYS_FILE: Final = "keys.db"

_TABLES = """
CREATE TABLE IF NOT EXISTS keys (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    subject TEXT NOT NULL UNIQUE,
    wrapped BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS destroyed (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    subject TEXT NOT NULL);
"""
_MADE = "SELECT number, id, subject, wrapped FROM keys WHERE number > ? ORDER BY number"
_DESTROYED = "SELECT number, id, subject FROM destroyed WHERE number > ? ORDER BY number"
_NOTE = """INSERT OR IGNORE INTO destroyed (id, subject)
    VALUES (?1, ifnull((SELECT subject FROM keys WHERE id = ?1), ?2))"""


class FileKeeper(Keeper):
    """The keys in a file of their own beside the log; made, where there is none, when it is first asked."""

    place = KEYS_FILE

    def __init__(self, data_dir: Path, file_key: bytes) -> None:
        self._data_dir = data_dir
        self._file_key = file_key
        self._lock = threading.Lock()
        self._opened: SideFile | None = None

    def since(self, made: int, destroyed: int) -> tuple[list[Made], list[Destroyed]]:
        file = self._file()
        keys: list[Any] = list(map(tuple, file.rows(_MADE, made)))
        notes: list[Any] = list(map(tuple, file.rows(_DESTROYED, destroyed)))
        return keys, notes

    def add(self, keys: Sequence[WrappedKey], destroyed: Collection[tuple[bytes, str]] = ()) -> None:
        file = self._file()
        with file.writing():
            file.execute_many(_NOTE, destroyed)
            file.execute_many("INSERT OR IGNORE INTO keys (id, subject, wrapped) VALUES (?,?,?)", keys)
            file.execute("DELETE FROM keys WHERE id IN (SELECT id FROM destroyed)")
        if destroyed:
            file.write_anew()

    def destroy(self, keys: Collection[bytes]) -> None:
        self.add((), [(key, "") for key in keys])

    def wrap_anew(self, keys: Sequence[WrappedKey]) -> None:
        """Puts the same keys, wrapped otherwise, in the place of those that are here; nothing of these is left."""
        file = self._file()
        with file.writing():
            file.execute_many("UPDATE keys SET wrapped = ?3 WHERE id = ?1 AND subject = ?2", keys)
        file.write_anew()

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _file(self) -> SideFile:
        with self._lock:
            if self._opened is None:
                self._opened = SideFile(self._data_dir, KEYS_FILE, self._file_key, _TABLES)
                self._opened.overwrite_deleted()
            return self._opened
