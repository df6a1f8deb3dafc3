"""Who read what: recorded before it is shown or leaves, in a log of its own beside the plan's.

One row for each read, in the encrypted file ``reads.db``: nothing in it is ever changed or deleted, and each row seals
the one before it. Where a row cannot be written the read is refused (``StoreUnavailable``). The fields are those that
IHE BALP asks for: who, by which way, what (the query and the ids), in which capacity, why, for whom, and how it ended;
of a file that was taken out also its record number, its form and the SHA-256 of its bytes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Collection
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from planner.access.sealed_log import LONGEST, Sealed, SealedLog
from planner.exports.watermark import Extent

FILE: Final = "reads.db"
#: Stands for all visits, present and to come.
EVERY: Final = "*"

_COLUMNS: Final = {
    **dict.fromkeys(("at", "user", "via", "query", "visits", "about"), "TEXT"),
    "position": "INTEGER",
    **dict.fromkeys(("standing", "purpose", "recipient", "outcome"), "TEXT"),
}
#: What is kept of a file that was taken out.
_OF_A_FILE: Final = ("record", "form", "extent", "sha256")


class Standing(StrEnum):
    """In which capacity somebody read a visit."""

    MEMBER = "member"
    EVERYWHERE = "member of every visit"
    DUTY = "duty"
    SITE = "site"
    KEY = "holder of the key"
    EMERGENCY = "break-glass"
    NONE = "none"


#: Of who had no part in the visit: by the key of the data, by break-glass, or refused.
_OUTSIDE_DUTY: Final = (Standing.KEY, Standing.EMERGENCY, Standing.NONE)


class Ended(StrEnum):
    """How a read ended."""

    SHOWN = "shown"
    TAKEN_OUT = "taken out"
    REFUSED = "refused"


@dataclasses.dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that was taken out: the number of its record, which stands on it, its form, and the hash of its bytes."""

    record: str
    form: str
    extent: Extent
    sha256: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One read. ``visits`` are the codes that were meant, ``EVERY`` for all; none where it was of the site alone.

    ``about`` names single things as they were asked for, ``position`` the event up to which the plan was read,
    ``file`` what was taken out.
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
    file: TakenFile | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """A read as it stands in the log."""

    number: int
    at: datetime
    read: Read


class Reads(Sealed):
    """The reads log of one data directory. Safe to share between threads and to open in several processes."""

    def __init__(self, data_dir: Path, key: bytes, clock: Callable[[], datetime]) -> None:
        super().__init__(SealedLog(data_dir, key, "reads", _COLUMNS, later=_OF_A_FILE), clock)

    def append(self, read: Read) -> None:
        """Records a read; when this returns it is on disk. Raises ``StoreUnavailable`` and its kinds."""
        self._log.append(_row(read, self._clock()))

    def listed(
        self,
        *,
        visit: str = "",
        user: str = "",
        outside_duty: bool = False,
        sha256: str = "",
        record: str = "",
        among: Collection[str] | None = None,
        last: int = 1_000,
    ) -> list[Recorded]:
        """The last reads, newest first: of a visit, of an account, outside duty, those that took a file out, or all.

        A file is named by the hash of its bytes or by the record number on it. What was of every visit was of each.
        With ``among`` only what was of one of these visits, or of none.
        """
        asked, values = ["1"], list[object]()
        if visit:
            asked.append("(instr(' ' || visits || ' ', ' ' || ? || ' ') > 0 OR visits = ?)")
            values += [visit, EVERY]
        if among is not None:
            one = "EXISTS (SELECT 1 FROM json_each(?) WHERE instr(' ' || visits || ' ', ' ' || value || ' ') > 0)"
            asked.append(f"(visits = '' OR {one})")
            values.append(json.dumps([*sorted(among), EVERY]))
        if outside_duty:
            asked.append(f"visits <> '' AND standing IN ({', '.join('?' * len(_OUTSIDE_DUTY))})")
            values += [standing.value for standing in _OUTSIDE_DUTY]
        for column, value in (("user", user), ("sha256", sha256), ("record", record)):
            if value:
                asked.append(f"{column} = ?")
                values.append(value)
        return [_recorded(row) for row in self._log.found(" AND ".join(asked), *values, last=last)]

    def recipients(self, user: str, since: datetime) -> tuple[str, ...]:
        """To whom an account took something out since a moment, the last one first."""
        asked = "user = ? AND at >= ? AND record <> '' AND recipient <> ''"
        found = self._log.found(asked, user, since.isoformat(), last=1_000)
        return tuple(dict.fromkeys(_recorded(row).read.recipient for row in found))


def of_visits(recorded: Recorded, visits: Collection[str]) -> Recorded:
    """A read, without the codes of all other visits that it was of."""
    named = tuple(code for code in recorded.read.visits if code in visits or code == EVERY)
    return dataclasses.replace(recorded, read=dataclasses.replace(recorded.read, visits=named))


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
        *_of_file(read.file),
    )


def _of_file(file: TakenFile | None) -> tuple[str, ...]:
    if file is None:
        return ("",) * len(_OF_A_FILE)
    return (file.record, file.form, file.extent.value, file.sha256)


def _recorded(row: tuple[Any, ...]) -> Recorded:
    number, at, user, via, query, visits, about, position, standing, purpose, recipient, outcome, *of_file = row
    record, form, extent, sha256 = of_file
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
        file=TakenFile(record, form, Extent(extent), sha256) if record else None,
    )
    return Recorded(number, datetime.fromisoformat(at), read)
