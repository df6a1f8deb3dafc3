"""Encrypted SQLite files with the settings that keep what was saved, and what the engine's errors mean.

Only SQLCipher's own library opens these files: two SQLite libraries on one file in one process lose its
locks.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from sqlcipher3 import dbapi2 as engine

from domain.refusals import PlanningError
from planner.store.refusals import DataDamaged, DiskFull, ReadOnly, StoreUnavailable

#: Seconds to wait for another connection's transaction.
LOCK_TIMEOUT = 10.0
#: Bytes of the file beside the log through which its readers and writers know of each other, with some to spare.
SHARED_FILE = 65_536

#: How every connection is made: each statement commits by itself, and threads take turns.
SHARED: Final[Any] = {"isolation_level": None, "check_same_thread": False}

_FULL = {"SQLITE_FULL"}
_READ_ONLY = {"SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH"}
_DAMAGED = {"SQLITE_NOTADB", "SQLITE_CORRUPT"}


def connect(data_dir: Path, name: str, key: bytes, *, timeout: float = LOCK_TIMEOUT) -> Any:
    """A connection to the file ``name`` in the data directory, made where it does not exist.

    The connection commits each statement unless told ``BEGIN IMMEDIATE``, and may be used by any thread, one
    at a time. Raises ``StoreUnavailable`` and its kinds, ``DataDamaged`` for a wrong key or no database.
    """
    path = data_dir / name
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        if not path.exists():
            raise unavailable(error, path) from error
    still = _still(path)
    with plainly(path):
        connection = engine.connect(
            f"{path.resolve().as_uri()}{'?immutable=1' if still else ''}",
            uri=True,
            **SHARED,
            cached_statements=128,
            timeout=timeout,
        )
    try:
        _unlock(connection, key)
        if still:
            connection.execute("PRAGMA query_only = ON")
        else:
            _make_durable(connection)
    except BaseException as error:
        connection.close()
        if isinstance(error, engine.Error):
            raise plain(error, path) from error
        raise
    return connection


def only_read(data_dir: Path) -> bool:
    """True where nothing can be put into a directory, as on a read-only copy for an auditor."""
    return data_dir.is_dir() and not os.access(data_dir, os.W_OK)


def _still(path: Path) -> bool:
    """True for a file that is taken for one that nobody writes: nothing lies beside it, and nothing can be put there.

    A file that is at work, or was when its machine stopped, has two beside it, through which the engine reads it even
    there. Refused where only what was not taken over yet is there, without which the file is not whole.
    """
    beside = path.with_name(f"{path.name}-wal")
    if not only_read(path.parent) or path.with_name(f"{path.name}-shm").exists():
        return False
    if beside.exists() and beside.stat().st_size:
        raise ReadOnly.because(
            "{path} holds changes that are not in {file} yet, and nothing can be written beside them. Copy the whole "
            "directory to where this account may write, and name that copy.",
            path=beside,
            file=path.name,
        )
    return True


def _unlock(connection: Any, key: bytes) -> None:
    """Silence first, then the key."""
    # The engine would write its own lines to standard error; what is wrong is raised, and told in words.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA trusted_schema = OFF")
    # Without it REPLACE deletes rows behind the back of the triggers that keep events.
    connection.execute("PRAGMA recursive_triggers = ON")


def _make_durable(connection: Any) -> None:
    """What a commit stands on: WAL, a sync at every commit, and macOS's real sync."""
    _use_wal(connection, monotonic() + LOCK_TIMEOUT)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")


def _use_wal(connection: Any, deadline: float) -> None:
    """Only the first opening of a file changes its mode, which the engine does not wait for by itself."""
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except engine.OperationalError as error:
            if getattr(error, "sqlite_errorname", "").split("_")[:2] != ["SQLITE", "BUSY"] or monotonic() > deadline:
                raise
            sleep(0.01)


def copy_file(data_dir: Path, folder: Path, name: str, key: bytes, new: bytes = b"") -> None:
    """Copies one file through the engine, as it is at one moment, and checks every page of the copy.

    ``new`` is the key of the copy where it is not to have the same.
    """
    with (
        closing(connect(data_dir, name, key)) as source,
        closing(connect(folder, name, new or key)) as copy,
        plainly(data_dir / name),
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
        check_pages(copy, folder / name)


def check_pages(connection: Any, path: Path) -> None:
    """Reads every page against its seal. Raises ``DataDamaged``."""
    faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    found = connection.execute("PRAGMA integrity_check").fetchall()
    if faults or [tuple(row) for row in found] != [("ok",)]:
        raise DataDamaged.because("The file {path} is damaged. Restore a backup beside it.", path=path)


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Errors of the engine at a file, said so that people understand: a full disk, a wrong key."""
    try:
        yield
    except engine.Error as error:
        raise plain(error, path) from error


def plain(error: Any, path: Path) -> PlanningError:
    """What an error of the engine means to people. The engine's own name of it stands in ``__cause__``."""
    code = str(getattr(error, "sqlite_errorname", "") or "")
    kind = "_".join(code.split("_")[:2])
    if kind in _FULL or (kind == "SQLITE_IOERR" and _no_room(path)):
        return _disk_full(path)
    if kind in _READ_ONLY or (kind == "SQLITE_CANTOPEN" and not os.access(path.parent, os.W_OK)):
        # Even readers make a file beside it, through which they know of each other.
        return _read_only(path)
    if kind in _DAMAGED:
        return DataDamaged.because(
            "The file {path} is damaged, or the key is not the right one. Nothing was changed. "
            "Keep the file as it is and restore a backup beside it.",
            path=path,
        )
    return StoreUnavailable.because(
        "The file {path} cannot be read or written now ({why}). Nothing was lost; try again.",
        path=path,
        why=str(error),
    )


def unavailable(error: OSError, path: Path) -> PlanningError:
    """What an error of the file system means to people."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _disk_full(path)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return _read_only(path)
    return StoreUnavailable.because(
        "The file {path} cannot be read or written now ({why}). Nothing was lost; try again.",
        path=path,
        why=error.strerror or "",
    )


def _no_room(path: Path) -> bool:
    """True where not even the file fits that readers share; the engine calls that an I/O error."""
    try:
        return shutil.disk_usage(path.parent).free < SHARED_FILE
    except OSError:
        return False


def _disk_full(path: Path) -> PlanningError:
    return DiskFull.because(
        "The disk that holds {path} is full, so nothing was saved. Make room, then do it again; "
        "everything saved before is there and can be read.",
        path=path,
    )


def _read_only(path: Path) -> PlanningError:
    return ReadOnly.because(
        "{path} may be read but not written, so nothing was saved. Give this account the right to write there.",
        path=path,
    )
