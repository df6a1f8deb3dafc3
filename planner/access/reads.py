"""Who read what: recorded before it is shown or leaves, in a log of its own beside the plan's.

One row for each read, in the encrypted file ``reads.db``: nothing in it is ever changed or deleted, and each row seals
the one before it. Where a row cannot be written the read is refused (``StoreUnavailable``). The fields are those that
IHE BALP asks for: who, by which way, what (the query and the ids), in which capacity, why, for whom, and how it ended.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from planner.store.side_file import SideFile

FILE: Final = "reads.db"
#: Stands for all visits, present and to come.
EVERY: Final = "*"
#: How much of what was asked for is kept: more can only be an attempt to fill the log.
LONGEST: Final = 300
#: The seal before the first row.
_BEGINNING: Final = bytes(32)

_TABLES = """
CREATE TABLE IF NOT EXISTS reads (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, user TEXT NOT NULL, via TEXT NOT NULL,
    query TEXT NOT NULL, visits TEXT NOT NULL, about TEXT NOT NULL, position INTEGER NOT NULL, standing TEXT NOT NULL,
    purpose TEXT NOT NULL, recipient TEXT NOT NULL, outcome TEXT NOT NULL, seal BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS reads_are_never_changed BEFORE UPDATE ON reads
BEGIN SELECT RAISE(ABORT, 'reads are never changed'); END;
CREATE TRIGGER IF NOT EXISTS reads_are_never_deleted BEFORE DELETE ON reads
BEGIN SELECT RAISE(ABORT, 'reads are never deleted'); END;
"""
_FIELDS = "at, user, via, query, visits, about, position, standing, purpose, recipient, outcome"


class Standing(StrEnum):
    """In which capacity somebody read a visit."""

    MEMBER = "member"
    EVERYWHERE = "member of every visit"
    DUTY = "duty"
    SITE = "site"
    KEY = "holder of the key"
    EMERGENCY = "break-glass"
    NONE = "none"


class Ended(StrEnum):
    """How a read ended."""

    SHOWN = "shown"
    TAKEN_OUT = "taken out"
    REFUSED = "refused"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One read. ``visits`` are the codes that were meant, ``EVERY`` for all; none where it was of the site alone.

    ``about`` names single things as they were asked for, ``position`` the event up to which the plan was read.
    """

    user: str
    via: str
    query: str
    visits: tuple[str, ...] = ()
    about: str = ""
    position: int = 0
    standing: Standing = Standing.NONE
    purpose: str = ""
    recipient: str = ""
    outcome: Ended = Ended.SHOWN

    @property
    def outside_duty(self) -> bool:
        """True where whoever read had no part in the visit: by the key of the data, by break-glass, or refused."""
        return bool(self.visits) and self.standing in (Standing.KEY, Standing.EMERGENCY, Standing.NONE)


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """A read as it stands in the log."""

    number: int
    at: datetime
    read: Read


class Reads:
    """The reads log of one data directory. Safe to share between threads and to open in several processes."""

    def __init__(self, data_dir: Path, key: bytes, clock: Callable[[], datetime]) -> None:
        self._data_dir, self._key, self._clock = data_dir, key, clock
        self._lock = threading.Lock()
        self._opened: SideFile | None = None

    def append(self, read: Read) -> None:
        """Records a read; when this returns it is on disk. Raises ``StoreUnavailable`` and its kinds."""
        fields = _row(read, self._clock())
        marks = ",".join("?" * (len(fields) + 1))
        with self._file.writing():
            last = self._file.rows("SELECT seal FROM reads ORDER BY number DESC LIMIT 1")
            sealed = _sealed(last[0]["seal"] if last else _BEGINNING, fields)
            self._file.execute(f"INSERT INTO reads ({_FIELDS}, seal) VALUES ({marks})", *fields, sealed)

    def listed(self, *, visit: str = "", user: str = "", last: int = 1_000) -> list[Recorded]:
        """The last reads, newest first: of a visit, of an account, or all. What was of every visit was of each."""
        asked, values = ["1"], list[object]()
        if visit:
            asked.append("(instr(' ' || visits || ' ', ' ' || ? || ' ') > 0 OR visits = ?)")
            values += [visit, EVERY]
        if user:
            asked.append("user = ?")
            values.append(user)
        found = f"SELECT number, {_FIELDS} FROM reads WHERE {' AND '.join(asked)} ORDER BY number DESC LIMIT ?"
        return [_recorded(tuple(row)) for row in self._file.rows(found, *values, last)]

    def broken(self) -> int:
        """The first row that is not as it was written, or is missing; 0 where all hold."""
        before, expected = _BEGINNING, 1
        for row in self._file.rows(f"SELECT number, {_FIELDS}, seal FROM reads ORDER BY number"):
            _, *fields, _ = tuple(row)
            if row["number"] != expected or _sealed(before, tuple(fields)) != row["seal"]:
                return expected
            before, expected = row["seal"], expected + 1
        ever = self._file.rows("SELECT seq FROM sqlite_sequence WHERE name = 'reads'")
        return expected if ever and ever[0]["seq"] >= expected else 0

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    @property
    def _file(self) -> SideFile:
        """Opened by whoever asks first: help and tests of the plan alone need none."""
        with self._lock:
            if self._opened is None:
                self._opened = SideFile(self._data_dir, FILE, self._key, _TABLES)
            return self._opened


def _row(read: Read, at: datetime) -> tuple[object, ...]:
    return (
        at.isoformat(),
        read.user,
        read.via,
        read.query,
        " ".join(one[:LONGEST] for one in read.visits),
        read.about[:LONGEST],
        read.position,
        read.standing.value,
        read.purpose[:LONGEST],
        read.recipient[:LONGEST],
        read.outcome.value,
    )


def _sealed(before: bytes, fields: tuple[object, ...]) -> bytes:
    """The seal of a row: what it says, bound to everything before it."""
    said = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(before + said).digest()


def _recorded(row: tuple[Any, ...]) -> Recorded:
    number, at, user, via, query, visits, about, position, standing, purpose, recipient, outcome = row
    read = Read(
        user=user,
        via=via,
        query=query,
        visits=tuple(visits.split()),
        about=about,
        position=position,
        standing=Standing(standing),
        purpose=purpose,
        recipient=recipient,
        outcome=Ended(outcome),
    )
    return Recorded(number, datetime.fromisoformat(at), read)
