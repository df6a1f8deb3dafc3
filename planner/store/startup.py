"""What must hold before a save may be trusted: checked at every start, and shown by ``planner doctor``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as engine

from domain.messages import Message, message
from planner.store.connection import unavailable
from planner.store.refusals import UnsafeStore

#: SQLite's WAL-reset race can corrupt a file: 3.7.0 to 3.51.2, except where it was mended.
_RACE = ((3, 7, 0), (3, 51, 3))
_MENDED = {(3, 44): 6, (3, 50): 7}

_NETWORK = {
    "9p", "afs", "ceph", "cifs", "davfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4",
    "smb", "smb2", "smb3", "smbfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, whether it holds, and what was found or what would help."""

    name: Message
    ok: bool
    why: Message


def safe_version(version: tuple[int, int, int]) -> bool:
    """True for SQLite versions without the WAL-reset race."""
    first, mended = _RACE
    major, minor, patch = version
    return not first <= version < mended or patch >= _MENDED.get((major, minor), patch + 1)


def check_engine() -> Check:
    """The SQLite library that is loaded."""
    version = engine.sqlite_version_info
    return Check(
        message("the database engine has no known fault that loses data"),
        safe_version(version),
        message("SQLite {version}, encrypted by SQLCipher", version=engine.sqlite_version)
        if safe_version(version)
        else message(
            "SQLite {version} can damage the file when several processes write. Install the pinned packages again.",
            version=engine.sqlite_version,
        ),
    )


def filesystem_of(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The type of the file system a path lies on, or None where the system does not tell."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    there, best = path.resolve(), (-1, "")
    for line in lines:
        _, point, kind = line.split(" ")[:3]
        point = point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if there.is_relative_to(point) and len(point) >= best[0]:
            best = (len(point), kind)
    return best[1] or None


def check_place(data_dir: Path, mounts: Path = Path("/proc/mounts")) -> Check:
    """The file system that the data lie on."""
    kind = filesystem_of(data_dir, mounts)
    name = message("the data lie on a disk of this machine")
    if kind in _NETWORK:
        return Check(
            name,
            False,
            message(
                "{data} lies on a network drive ({kind}), where saves can be lost. Choose a place on this machine.",
                data=data_dir,
                kind=kind,
            ),
        )
    return Check(name, True, message("{data} ({kind})", data=data_dir, kind=kind or message("type unknown")))


def check_settings(connection: Any) -> Iterator[Check]:
    """The settings of an open connection, read back from the engine."""
    journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
    still = connection.execute("PRAGMA query_only").fetchone()[0]
    yield Check(
        message("readers and writers do not wait for each other"),
        bool(still) or journal == "wal",
        message("nothing can be written here") if still else message("{mode}", mode=journal),
    )
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    yield Check(
        message("a save is on the disk before it is confirmed"),
        synchronous >= 2,
        message("synchronous = {level}", level=synchronous),
    )
    cipher = connection.execute("PRAGMA cipher_version").fetchone()
    yield Check(
        message("the file is encrypted"),
        cipher is not None,
        message("SQLCipher {version}", version=cipher[0]) if cipher else message("the engine cannot encrypt"),
    )


def made_ready(data_dir: Path) -> None:
    """Makes a data directory where there is none, and refuses a place or an engine that cannot keep a log."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unavailable(error, data_dir) from error
    demand([check_engine(), check_place(data_dir)])


def demand(checks: Iterator[Check] | list[Check]) -> None:
    """Raises ``UnsafeStore`` for the first check that does not hold."""
    for found in checks:
        if not found.ok:
            raise UnsafeStore.because(
                "The data are not opened, because saves could be lost: it does not hold that {name}. {why}",
                name=found.name,
                why=found.why,
            )
