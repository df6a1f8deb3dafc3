"""Keys of single visits and persons, which can be destroyed: what they sealed is erased then, for good.

``keys.db`` in the data directory, encrypted like every file there; each key in it is wrapped once more with the
key-encryption key that comes from the key file (AES-256-GCM, RFC 5116). Destroying a key deletes its row,
overwrites its page, and notes the key's id as destroyed: a note outweighs every copy of the key, so that a restored
old copy of this file brings nothing back. The log names the destroyed keys too, in the record of the erasure.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlcipher3 import dbapi2 as engine

from planner.store.connection import connect, plain
from planner.store.keys import Keys

KEYS_FILE: Final = "keys.db"
KEY_ID: Final = 8
_NONCE = 12

TABLES = (
    """CREATE TABLE IF NOT EXISTS keys (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id BLOB NOT NULL UNIQUE,
        subject TEXT NOT NULL UNIQUE,
        wrapped BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS destroyed (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id BLOB NOT NULL UNIQUE,
        subject TEXT NOT NULL)""",
)


class Keyring:
    """The keys of one data directory by their subjects, such as ``visit/LA-2026-01`` or ``officer/CA-0113``.

    Safe for several threads; other processes' new and destroyed keys are seen when something is missing, and by
    ``catch_up``.
    """

    def __init__(self, data_dir: Path, keys: Keys) -> None:
        #: By the visit's code: what is asked for at every event stays one look-up.
        self.visits: dict[str, AESGCM] = {}
        self._data_dir = data_dir
        self._file_key = keys.database
        self._wrapping = AESGCM(keys.wrapping)
        self._lock = threading.RLock()
        self._connection: Any = None
        self._wrapped: dict[bytes, tuple[str, bytes]] = {}
        self._live: dict[str, bytes] = {}
        self._opened: dict[bytes, AESGCM] = {}
        self._destroyed: set[bytes] = set()
        self._seen = (0, 0)

    def of_visit(self, code: str) -> AESGCM | None:
        """The key of a visit; None where there is none."""
        found = self.visits.get(code)
        if found is None and (number := self.live(f"visit/{code}")) is not None:
            found = self.opener(number)
            if found is not None:
                self.visits[code] = found
        return found

    def live(self, subject: str) -> bytes | None:
        """The id of the key that seals for a subject."""
        if subject not in self._live:
            self.catch_up()
        return self._live.get(subject)

    def opener(self, key: bytes) -> AESGCM | None:
        """The key with an id; None where it was destroyed or never was here."""
        found = self._opened.get(key)
        if found is None and key not in self._destroyed:
            if key not in self._wrapped:
                self.catch_up()
            with self._lock:
                if key in self._wrapped:
                    subject, wrapped = self._wrapped[key]
                    plain_key = self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bound(key, subject))
                    found = self._opened[key] = AESGCM(plain_key)
        return found

    def destroyed(self, key: bytes) -> bool:
        """True where a key is known to have been destroyed."""
        return key in self._destroyed

    def make(self, subjects: Iterable[str]) -> None:
        """Makes the keys that are missing, durably, before anything is sealed with them."""
        wanted = [subject for subject in dict.fromkeys(subjects) if self.live(subject) is None]
        if not wanted:
            return
        with self._changing() as connection:
            for subject in wanted:
                key, nonce = os.urandom(KEY_ID), os.urandom(_NONCE)
                wrapped = nonce + self._wrapping.encrypt(nonce, os.urandom(32), _bound(key, subject))
                connection.execute(
                    "INSERT OR IGNORE INTO keys (id, subject, wrapped) VALUES (?,?,?)", (key, subject, wrapped)
                )
        self.catch_up()

    def destroy(self, keys: Collection[bytes]) -> None:
        """Destroys keys, known here or not, for every process and every later copy; free where that was done."""
        self.catch_up()
        missing = [key for key in keys if key not in self._destroyed]
        if not missing:
            return
        for key in missing:
            # First in this process, whatever becomes of the file.
            self._forget(key)
        with self._changing() as connection:
            for key in missing:
                connection.execute(
                    "INSERT OR IGNORE INTO destroyed (id, subject)"
                    " VALUES (?, ifnull((SELECT subject FROM keys WHERE id = ?), ''))",
                    (key, key),
                )
            connection.execute("DELETE FROM keys WHERE id IN (SELECT id FROM destroyed)")
        self.rewrite()
        self.catch_up()

    def take_in(self, other: Path) -> None:
        """Takes over the keys and the notes of another copy; what either notes as destroyed stays destroyed."""
        with contextlib.closing(connect(other.parent, other.name, self._file_key)) as source:
            keys = source.execute("SELECT id, subject, wrapped FROM keys").fetchall()
            destroyed = source.execute("SELECT id, subject FROM destroyed").fetchall()
        with self._changing() as connection:
            connection.executemany("INSERT OR IGNORE INTO destroyed (id, subject) VALUES (?,?)", destroyed)
            connection.executemany("INSERT OR IGNORE INTO keys (id, subject, wrapped) VALUES (?,?,?)", keys)
            connection.execute("DELETE FROM keys WHERE id IN (SELECT id FROM destroyed)")
        self.rewrite()

    def catch_up(self) -> None:
        """Sees what other processes made and destroyed."""
        with self._reading() as connection:
            made = connection.execute(
                "SELECT number, id, subject, wrapped FROM keys WHERE number > ? ORDER BY number", (self._seen[0],)
            ).fetchall()
            gone = connection.execute(
                "SELECT number, id FROM destroyed WHERE number > ? ORDER BY number", (self._seen[1],)
            ).fetchall()
            for _, key, subject, wrapped in made:
                self._wrapped[key], self._live[subject] = (subject, wrapped), key
            for _, key in gone:
                self._forget(key)
                self._destroyed.add(key)
            self._seen = made[-1][0] if made else self._seen[0], gone[-1][0] if gone else self._seen[1]

    def rewrite(self) -> None:
        """Writes the file anew, so that no page of it holds what was deleted."""
        with self._reading() as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _forget(self, key: bytes) -> None:
        subject, _ = self._wrapped.pop(key, ("", b""))
        self._opened.pop(key, None)
        if self._live.get(subject) == key:
            del self._live[subject]
            self.visits.pop(subject.partition("/")[2], None)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Any]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = connect(self._data_dir, KEYS_FILE, self._file_key)
                    # What is deleted is overwritten.
                    self._connection.execute("PRAGMA secure_delete = ON").fetchall()
                    if not self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                        for statement in TABLES:
                            self._connection.execute(statement)
                yield self._connection
            except engine.Error as error:
                raise plain(error, self._data_dir / KEYS_FILE) from error

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Any]:
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


def _bound(key: bytes, subject: str) -> bytes:
    return key + subject.encode()
