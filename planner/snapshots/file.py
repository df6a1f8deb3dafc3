"""The file of snapshots: each holds what changed since the one before, and a full one now and then.

A plan at a snapshot is the full one before it with all later changes up to it put over it. Whoever comes first
writes; two that were written side by side do no harm, since every line is the truth at its position.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import itertools
import logging
import queue
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2 as engine

import domain
import planner.snapshots
from domain.layered import Layered
from domain.plan import Plan
from planner.snapshots.content import Content, written
from planner.snapshots.kept import KeptEntities, KeptIndexes
from planner.store.connection import only_read, plainly
from planner.store.directory import Store
from planner.store.refusals import DataDamaged

FILE = "snapshots.db"
#: Events from one snapshot to the next, while the plan grows and at closing: folding so many takes as long as reading
#: a snapshot, and what is written closer together makes reading slower by what it makes folding faster.
SPACING = 1_250
#: Other versions' snapshots are kept so long: they may be running on the same data.
DAYS_KEPT = 7

TABLES = """CREATE TABLE IF NOT EXISTS snapshots (
    form TEXT NOT NULL,
    position INTEGER NOT NULL,
    base INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    proof BLOB NOT NULL,
    content BLOB NOT NULL,
    taken_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (form, position))"""
#: The number of erasures that the snapshots know of: one of a plan that knows of fewer is not written any more.
_KNOWN = "PRAGMA user_version"

log = logging.getLogger(__name__)


class Head(NamedTuple):
    """A snapshot without its content; ``base`` is the position of the full one it stands on."""

    position: int
    base: int
    recorded_at: datetime
    proof: bytes


class Snapshots:
    """Plans kept beside the log of one data directory. No fault of theirs fails a command or a look at the plan."""

    def __init__(self, store: Store, spacing: int = SPACING) -> None:
        self.spacing = spacing
        self._store = store
        self._recorder = store.recorder
        self._lock = threading.Lock()
        self._connection: Any = None
        self._waiting: queue.SimpleQueue[Plan | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._newest = 0
        self._closing = False
        self._offered = self._settled = 0
        self._erasures = 0

    def nearest(self, upto: int) -> Plan | None:
        """The plan at the newest snapshot at or before a position; None where there is none to trust."""
        with self._faults_forgiven():
            found = self._nearest(upto)
            if found is not None:
                self._newest = max(self._newest, found.position)
                return self._read(found)
        return None

    def positions(self) -> list[int]:
        """The positions of all snapshots of this version of the program, in order. Raises ``StoreUnavailable``."""
        if not self._path.exists():
            return []
        with plainly(self._path), self._connected() as connection:
            rows = connection.execute("SELECT position FROM snapshots WHERE form = ? ORDER BY position", (form(),))
            return [row[0] for row in rows.fetchall()]

    def exactly(self, position: int) -> Plan | None:
        """The plan of the snapshot at a position as it is kept, whatever the log says; for comparing the two."""
        with plainly(self._path):
            row = self._row(
                "SELECT position, base, recorded_at, proof FROM snapshots WHERE form = ? AND position = ?",
                (form(), position),
            )
            return None if row is None else self._read(Head(row[0], row[1], datetime.fromisoformat(row[2]), row[3]))

    def due(self, plan: Plan) -> bool:
        return plan.position - self._newest >= self.spacing

    def offer(self, plan: Plan) -> None:
        """Write a snapshot of the plan in the background; after ``close`` nothing, for the log may be closed too."""
        with self._lock:
            if self._closing:
                return
            self._newest = max(self._newest, plan.position)
            self._offered += 1
            self._waiting.put(plan)
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="snapshots", daemon=True)
                self._writer.start()

    def knows(self, erasures: int) -> None:
        """The plans that will be offered know of so many erasures."""
        self._erasures = erasures

    def purge(self, erasures: int) -> None:
        """Delete all snapshots, since persons were erased since: so many in all. The file is written anew.

        Unlike all else here this may not fail unseen: raises ``StoreUnavailable`` and its kinds.
        """
        self._newest = 0
        self._erasures = erasures
        with plainly(self._path), self._connected() as connection:
            known = connection.execute(_KNOWN).fetchone()[0]
            if known < erasures:
                connection.execute("PRAGMA secure_delete = ON").fetchall()
                connection.execute("DELETE FROM snapshots")
                connection.execute(f"{_KNOWN} = {erasures}")
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def settle(self) -> None:
        """Wait until all that was offered is written."""
        while self._offered > self._settled:
            time.sleep(0.001)

    def close(self, last: Plan) -> None:
        """Write the last plan where the next start would gain from it; what else was offered can wait for others."""
        if last.position - self._newest >= self.spacing:
            self.offer(last)
        with self._lock:
            self._closing = True
        if self._writer is not None:
            self._waiting.put(None)
            self._writer.join()
            self._writer = None
        with self._lock:
            self._disconnect()

    def _write(self) -> None:
        while (plan := self._waiting.get()) is not None:
            if not (self._closing and plan.position < self._newest):
                with self._faults_forgiven():
                    self._take(plan)
            # While it waits for the next one, nothing here may keep this one.
            del plan
            _give_back()
            self._settled += 1

    def _take(self, plan: Plan) -> None:
        before = self._nearest(plan.position)
        # Not with a gap in it: the event may be readable again, to a newer version or once a backup is restored.
        if plan.recorded_at is None or plan.parked or (before and plan.position - before.position < self.spacing):
            return
        subjects: Iterable[str] = plan.entities
        base = plan.position
        if before is not None and not self._grown(before.base):
            subjects = (one for one in self._recorder.subjects(before.position, plan.position) if one in plan.entities)
            base = before.base
        told = plan.recorded_at.isoformat()
        content = _content(plan, sorted(subjects))
        proof = self._proof(plan.position)
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                if connection.execute(_KNOWN).fetchone()[0] == self._erasures:
                    connection.execute(
                        "INSERT OR IGNORE INTO snapshots (form, position, base, recorded_at, proof, content)"
                        " VALUES (?,?,?,?,?,?)",
                        (form(), plan.position, base, told, proof, content),
                    )
            finally:
                connection.execute("COMMIT")

    def _grown(self, base: int) -> bool:
        """True where the changes since a full snapshot have grown half as large as itself: each look reads them all."""
        row = self._row(
            "SELECT sum(length(content)), max(CASE position WHEN base THEN length(content) END)"
            " FROM snapshots WHERE form = ? AND base = ?",
            (form(), base),
        )
        return row is None or row[1] is None or row[0] >= 1.5 * row[1]

    def _nearest(self, upto: int) -> Head | None:
        """The newest snapshot that the log confirms; one that it does not goes, with all after it."""
        while True:
            row = self._row(
                "SELECT position, base, recorded_at, proof FROM snapshots"
                " WHERE form = ? AND position <= ? ORDER BY position DESC LIMIT 1",
                (form(), upto),
            )
            if row is None:
                return None
            head = Head(row[0], row[1], datetime.fromisoformat(row[2]), row[3])
            if head.proof == self._proof(head.position):
                return head
            with self._connected() as connection:
                connection.execute("DELETE FROM snapshots WHERE position >= ?", (head.position,))

    def _proof(self, position: int) -> bytes:
        """A hash of the row at a position: sealed with a random nonce, it names one log up to there."""
        rows = self._recorder.select_rows(position - 1, 1, position)
        return hashlib.sha256(repr(rows).encode()).digest()

    def _read(self, head: Head) -> Plan | None:
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT content, position = base FROM snapshots"
                " WHERE form = ? AND base = ? AND position <= ? ORDER BY position",
                (form(), head.base, head.position),
            ).fetchall()
        if not rows or not rows[0][1]:
            return None
        contents = [Content.of(content) for content, _ in rows]
        return Plan(
            position=head.position,
            recorded_at=head.recorded_at,
            entities=Layered(KeptEntities(contents)),
            indexes=Layered(KeptIndexes(contents)),
        )

    # The file

    def _row(self, statement: str, values: tuple[Any, ...]) -> Any:
        with self._connected() as connection:
            return connection.execute(statement, values).fetchone()

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        with self._lock:
            if self._connection is None:
                self._connection = self._store.connect(FILE)
                # Losing the last snapshot in a power cut costs a longer fold, no data.
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.execute(TABLES)
                if not only_read(self._store.data_dir):
                    self._connection.execute(
                        "DELETE FROM snapshots WHERE form != ? AND taken_at < datetime('now', ?)",
                        (form(), f"-{DAYS_KEPT} days"),
                    )
            yield self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(engine.Error):
                self._connection.close()
            self._connection = None

    @property
    def _path(self) -> Path:
        return self._store.data_dir / FILE

    @contextlib.contextmanager
    def _faults_forgiven(self) -> Iterator[None]:
        """Nothing that goes wrong here may fail a command or a look: the log tells everything again.

        A file that is damaged goes; one that is busy, a full disk or a closed store is met again next time.
        """
        try:
            yield
        except Exception as error:
            if isinstance(error, (DataDamaged, ValueError, zlib.error)) or type(error) is engine.DatabaseError:
                self._discard(error)
            else:
                log.warning("No snapshot now: %s", type(error).__name__)

    def _discard(self, error: Exception) -> None:
        log.warning("The snapshots are damaged and are made anew: %s", type(error).__name__)
        with self._lock:
            self._disconnect()
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    (self._store.data_dir / f"{FILE}{suffix}").unlink(missing_ok=True)


def _content(plan: Plan, subjects: list[str]) -> bytes:
    """What a snapshot tells of some entities; the lines of those that did not change are taken as they are."""
    entities = plan.entities
    if not isinstance(entities.foundation, KeptEntities):
        return written(plan, subjects, itertools.repeat(None, len(subjects)))
    line, changed = entities.foundation.reading(), entities.changed_since_foundation
    return written(plan, subjects, (None if changed(key) else line(key) for key in subjects))


@functools.cache
def form() -> str:
    """Names the program that folded: another version of the language folds anew."""
    digest = hashlib.sha256()
    for package in (domain, planner.snapshots):
        for folder in package.__path__:
            for file in sorted(Path(folder).rglob("*.py")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _give_back() -> None:
    """What the packing of a plan took goes back to the system: glibc would keep 200 MB of it after a summit."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library does not know of this
        ctypes.CDLL(None).malloc_trim(0)
