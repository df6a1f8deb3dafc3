"""What every recorder of the log does, whichever engine keeps it."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent

from domain.refusals import CommandRepeated, PlanningError
from planner.store.mapper import Row, Sealed
from planner.store.refusals import DataDamaged, DataTooNew


@dataclasses.dataclass(frozen=True, slots=True)
class KnownCommand:
    """A command that was carried out, and the positions of its events; ``last < first`` where it had none."""

    fingerprint: bytes
    first: int
    last: int


class Recorder(ApplicationRecorder):
    """Appends the events of one command, all or none, and reads the log in rows.

    Positions are 1, 2, 3 … without gaps, in the order of commits.
    """

    @abstractmethod
    def append(
        self,
        sealed: Iterable[Sealed],
        expected_position: int | None = None,
        command_id: str = "",
        fingerprint: bytes = b"",
    ) -> range:
        """Appends events after ``expected_position`` and notes the command, in one transaction.

        Returns their positions. Raises ``PositionMoved`` where the head is elsewhere, ``CommandRepeated``
        where the command id was used, ``IntegrityError`` where an entity has that version,
        ``StoreUnavailable`` and its kinds where nothing can be written; in all of these nothing was saved,
        except that an ``OutcomeUnknown`` leaves it open. Without a position it appends at the head.
        """

    @abstractmethod
    def find_command(self, command_id: str) -> KnownCommand | None:
        """What a command id was used for, or None."""

    @abstractmethod
    def commands(self, upto: int) -> Iterator[tuple[str, bytes, int, int]]:
        """The commands whose events end at or before a position, with fingerprint, first and last, in their order."""

    @abstractmethod
    def select_rows(self, after: int, limit: int, upto: int | None = None) -> list[Row]:
        """Up to ``limit`` rows with positions in ``(after, upto]``, in order, as plain tuples."""

    @abstractmethod
    def subjects(self, after: int, upto: int) -> list[str]:
        """The originator ids that have events in ``(after, upto]``."""

    @abstractmethod
    def positions(self, first: str, last: str) -> list[int]:
        """The positions of all events of the originator ids from ``first`` to ``last``, read from the index alone."""

    @abstractmethod
    def select_positions(self, positions: Sequence[int]) -> list[Row]:
        """The rows at these positions, in order."""

    @abstractmethod
    def head(self) -> int:
        """The position of the last event, 0 where there is none."""

    @abstractmethod
    def data_version(self) -> int:
        """A number that changes whenever anybody, in any process, has committed. A few µs."""

    @abstractmethod
    def schemas(self) -> Mapping[str, int]:
        """Every topic that the log holds, with the newest schema version of it."""

    @abstractmethod
    def ends(self) -> tuple[int, int]:
        """The highest position ever given, as something else than the events remembers it, and that of the last event.

        Both as they are at one moment.
        """

    def rows(self, after: int = 0, upto: int | None = None, chunk: int = 5000) -> Iterator[Row]:
        """All rows with positions in ``(after, upto]``, read in chunks, with no lock held in between."""
        while rows := self.select_rows(after, chunk, upto):
            yield from rows
            after = rows[-1][0]

    def refuse_newer(self, known: Mapping[str, int]) -> None:
        """Refuses a log that holds a topic or a schema version which this program does not know."""
        for topic, version in self.schemas().items():
            if version > known.get(topic, 0):
                raise DataTooNew.because(
                    "The data were written by a newer version of this program: {topic} in form {version}. "
                    "Update the program; nothing was changed.",
                    topic=topic,
                    version=version,
                )

    def refuse_shortened(self) -> None:
        """Refuses a log whose last events are gone. Costs two look-ups."""
        last, head = self.ends()
        if last != head:
            raise DataDamaged.because(
                "The log had {last} events, but ends at {head}: its end is missing. "
                "Keep the files as they are and restore a backup beside them.",
                last=last,
                head=head,
            )

    # As the library asks

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        expected_position: int | None = None,
        command_id: str = "",
        fingerprint: bytes = b"",
        **_: Any,
    ) -> Sequence[int]:
        """The library's way to append; ``append`` says what it does."""
        sealed = [(str(one.originator_id), one.originator_version, one.topic, one.state) for one in stored_events]
        return self.append(sealed, expected_position, command_id, fingerprint)

    def convert_originator_id(self, originator_id: str) -> UUID | str:
        return originator_id

    def max_notification_id(self) -> int:
        return self.head()


def notifications(rows: Iterable[Row]) -> list[Notification]:
    """Rows as the library's notification log shows them."""
    return [
        Notification(id=position, originator_id=subject, originator_version=version, topic=topic, state=state)
        for position, subject, version, topic, state in rows
    ]


def repeated(command_id: str) -> PlanningError:
    """The refusal to carry a command out twice."""
    return CommandRepeated.because(
        "The command {command_id} was carried out before; nothing was done a second time.", command_id=command_id
    )
