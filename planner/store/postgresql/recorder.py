"""The recorder on PostgreSQL: the same promises as on SQLite, over several processes and machines.

Three things are different. Another process's commit is told by NOTIFY a moment after it is there; under the gate
nothing is left to the moment, for entering it reads the head. A connection may break after a COMMIT was sent: the
append is then sent once more under its command id, which tells whether it was carried out. And a fail-over may lead
to a server that lacks events which this process has seen: it is refused, for plans in memory would no longer be true.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    ConnectionPoolClosedError,
    InfrastructureFactory,
    Notification,
    StoredEvent,
    Subscription,
)

from planner.store.mapper import Row, Sealed
from planner.store.postgresql.columns import columns
from planner.store.postgresql.connections import PATIENCE, Connections, lost, pause, plain
from planner.store.postgresql.schema import SCHEMA
from planner.store.recorder import KnownCommand, Recorder, notifications, repeated
from planner.store.refusals import DataDamaged, OutcomeUnknown, PositionMoved

HEAD = "SELECT coalesce(max(position), 0) FROM planner.stored_events"
_COLUMNS = "SELECT position, originator_id, originator_version, topic, state FROM planner.stored_events"
_SELECT = f"{_COLUMNS} WHERE position > %s"
APPEND = "SELECT done, head FROM planner.append(%b, %b, %b, %b, %b::bigint[], %b, %b::bytea[])"
#: In one statement, since others write meanwhile. Commands that were noted say how far the log once went.
_ENDS = f"""SELECT greatest(head, (SELECT max(last) FROM planner.commands)), head FROM ({HEAD}) AS log (head)"""
_COMMANDS = """SELECT command_id, fingerprint, first, last FROM planner.commands
    WHERE last <= %s AND (last, first, command_id) > (%s, %s, %s) ORDER BY last, first, command_id LIMIT 5000"""
_EVENTS = """SELECT originator_id, originator_version, topic, state FROM planner.stored_events
    WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s ORDER BY originator_version"""


class PostgreSQLRecorder(Recorder):
    """The log in one database. Safe for several threads."""

    def __init__(self, conninfo: str) -> None:
        self.connections = Connections(conninfo)
        self.connections.greeters.append(self._greet)
        #: Seconds in which a save is sent again over a new connection.
        self.patience = PATIENCE
        #: The thread that holds the gate, and the connection that does.
        self._holder: tuple[int, psycopg.Connection] | None = None
        self._watch_lock = threading.Lock()
        self._watch: psycopg.Connection | None = None
        self._standby = False
        self._known = 0
        #: An event that was seen, by which another log is told from this one.
        self._seen: tuple[int, bytes] = (0, b"")

    # Appending

    def append(
        self,
        sealed: Iterable[Sealed],
        expected_position: int | None = None,
        command_id: str = "",
        fingerprint: bytes = b"",
    ) -> range:
        rows = list(sealed)
        size = len(rows)
        values = (expected_position, command_id, fingerprint, *columns(rows, 4))
        known = self._known
        done, head, certain = self._sent(values)
        if done == "repeated":
            first = None if certain else self.find_command(command_id)
            if first is None or first.fingerprint != fingerprint:
                raise repeated(command_id)
            self.learn(first.last)
            return range(first.first, first.last + 1)
        if head < known:
            raise self._shortened(head)
        if done == "moved":
            self.learn(head)
            raise PositionMoved(expected_position or 0, head)
        self.learn(head + size)
        if size:
            self._seen = (head + size, rows[-1][3])
        return range(head + 1, head + size + 1)

    def _sent(self, values: tuple[Any, ...]) -> tuple[str, int, bool]:
        """What the append answered, and whether it was certainly the first to arrive."""
        command_id = values[1]
        certain = True
        deadline = monotonic() + self.patience
        while True:
            sent = False
            try:
                with self._to_append() as connection:
                    sent = True
                    done, head = connection.execute(APPEND, values).fetchone() or ("", 0)
                    return done, head, certain
            except psycopg.Error as error:
                if not lost(error):
                    raise plain(error, self.connections.where) from error
                certain = certain and not sent
                late = monotonic() > deadline
                if late and certain:
                    raise plain(error, self.connections.where) from error
                if not certain and (late or not command_id):
                    raise OutcomeUnknown.because(
                        "The connection to {database} broke while saving, and whether it was saved is not known. Look "
                        "before you do it again; a retry under the same command id does nothing twice.",
                        database=self.connections.where,
                    ) from error
            pause()

    def appends_through(self, gate: psycopg.Connection | None) -> None:
        """From now on this thread, which holds the gate with that connection, appends through it; None as it leaves."""
        self._holder = None if gate is None else (threading.get_ident(), gate)

    def _to_append(self) -> contextlib.AbstractContextManager[psycopg.Connection]:
        if self._holder is not None and self._holder[0] == threading.get_ident():
            gate = self._holder[1]
            if not (gate.closed or gate.broken):
                return contextlib.nullcontext(gate)
        return self.connections.one()

    # What is known of the head

    def learn(self, head: int) -> None:
        """Notes how far the log goes, for ``data_version``."""
        with self._watch_lock:
            self._known = max(self._known, head)

    def head(self) -> int:
        return self.read(lambda: int(self._fetch(HEAD)[0][0]))

    def read(self, ask: Callable[[], int]) -> int:
        """The head that ``ask`` reads from the log, noted. Refused where it lies before one known earlier."""
        known = self._known
        head = ask()
        if head < known:
            raise self._shortened(head)
        self.learn(head)
        return head

    def data_version(self) -> int:
        """How far the log is known to go: told by the server a moment after a commit, exact under the gate."""
        with self._watch_lock:
            if self.connections.closed:
                raise ConnectionPoolClosedError("this store is closed")
            try:
                self._hear()
            except psycopg.Error as error:
                self._unwatch()
                if not lost(error):
                    raise plain(error, self.connections.where) from error
            else:
                return self._known
        return self.head()

    def _hear(self) -> None:
        """Takes what the server has told since the last time, without waiting."""
        if self._watch is None:
            self._watch = watch = self.connections.new()
            self._standby = bool(_one(watch, "SELECT pg_is_in_recovery()"))
            if not self._standby:
                watch.add_notify_handler(lambda told: self._told(told.payload))
                watch.execute(f"LISTEN {SCHEMA}")
            self._known = max(self._known, int(_one(watch, HEAD)))
        elif self._standby:
            # A standby tells nothing: it is asked.
            self._known = max(self._known, int(_one(self._watch, HEAD)))
        else:
            self._watch.pgconn.consume_input()
            while told := self._watch.pgconn.notifies():
                self._told(told.extra.decode())

    def _told(self, payload: str) -> None:
        self._known = max(self._known, int(payload))

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def _greet(self, connection: psycopg.Connection) -> None:
        """Refuses a server that does not hold what this process has seen, as after a fail-over that lost events."""
        position, state = self._seen
        if position == 0:
            return
        found = connection.execute(
            "SELECT state FROM planner.stored_events WHERE position = %s", (position,)
        ).fetchone()
        if found is None or found[0] != state:
            raise self._shortened(position - 1)

    def _shortened(self, head: int) -> Exception:
        return DataDamaged.because(
            "{database} lacks events that were there before: the log is another one from event {position} on. "
            "A server took over that had not received them. Nothing was changed; ask whoever keeps the database, "
            "then start the program again.",
            database=self.connections.where,
            position=str(head + 1),
        )

    # Reading

    def find_command(self, command_id: str) -> KnownCommand | None:
        statement = "SELECT fingerprint, first, last FROM planner.commands WHERE command_id = %s"
        rows = self._fetch(statement, command_id)
        return KnownCommand(*rows[0]) if rows else None

    def commands(self, upto: int) -> Iterator[tuple[str, bytes, int, int]]:
        after = (-1, 0, "")
        while rows := self._fetch(_COMMANDS, upto, *after):
            yield from rows
            after = (rows[-1][3], rows[-1][2], rows[-1][0])

    def select_rows(self, after: int, limit: int, upto: int | None = None) -> list[Row]:
        if upto is None:
            rows: list[Row] = self._fetch(f"{_SELECT} ORDER BY position LIMIT %s", after, limit)
        else:
            rows = self._fetch(f"{_SELECT} AND position <= %s ORDER BY position LIMIT %s", after, upto, limit)
        if rows and rows[-1][0] > self._seen[0]:
            self._seen = (rows[-1][0], rows[-1][4])
        return rows

    def subjects(self, after: int, upto: int) -> list[str]:
        statement = "SELECT DISTINCT originator_id FROM planner.stored_events WHERE position > %s AND position <= %s"
        return [row[0] for row in self._fetch(statement, after, upto)]

    def positions(self, first: str, last: str) -> list[int]:
        statement = "SELECT position FROM planner.stored_events WHERE originator_id BETWEEN %s AND %s ORDER BY position"
        return [row[0] for row in self._fetch(statement, first, last)]

    def select_positions(self, positions: Sequence[int]) -> list[Row]:
        return self._fetch(f"{_COLUMNS} WHERE position = ANY(%s) ORDER BY position", list(positions))

    def schemas(self) -> dict[str, int]:
        return dict(self._fetch("SELECT topic, max(version) FROM planner.schemas GROUP BY topic"))

    def ends(self) -> tuple[int, int]:
        last, head = self._fetch(_ENDS)[0]
        return last, head

    def _fetch(self, statement: str, *values: Any) -> list[Any]:
        def rows(connection: psycopg.Connection) -> list[Any]:
            return connection.cursor(binary=True).execute(statement, values or None).fetchall()

        return self.connections.asked(rows)

    def close(self) -> None:
        self.connections.close()
        with self._watch_lock:
            self._unwatch()

    # As the library asks

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The library's way to read one entity."""
        rows = self._fetch(_EVENTS, str(originator_id), -1 if gt is None else gt, 2**62 if lte is None else lte)
        found = [StoredEvent(*row) for row in (reversed(rows) if desc else rows)]
        return found if limit is None else found[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The library's way to read the log, for its notification log."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        wanted = "AND topic = ANY(%s)" if topics else "AND %s::text IS NULL"
        statement = f"{_SELECT} AND position <= %s {wanted} ORDER BY position LIMIT %s"
        upto = stop if stop is not None else 2**62
        return notifications(self._fetch(statement, after, upto, list(topics) or None, limit))

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        raise NotImplementedError("readers pull, as on SQLite")


def _one(connection: psycopg.Connection, statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None


class PostgreSQLFactory(InfrastructureFactory[Any]):
    """Hands the library our recorder: one, shared by all who ask."""

    def __init__(self, recorder: PostgreSQLRecorder) -> None:
        super().__init__(None)
        self._recorder = recorder

    def application_recorder(self) -> PostgreSQLRecorder:
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> Any:
        raise NotImplementedError("all entities stand in the one log: none has a recorder of its own")

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> Any:
        raise NotImplementedError("the plan is folded from the log itself: nothing tracks another one")

    def process_recorder(self) -> Any:
        raise NotImplementedError("the plan is folded from the log itself: nothing processes another one")

    def close(self) -> None:
        self._recorder.close()
        super().close()
