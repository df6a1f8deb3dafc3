"""The gate of a team: an advisory lock of the database, which everybody waits for in the order they came.

Every append takes the same lock for its own transaction, so nobody appends past who holds it, and who holds it appends
through its connection. A command therefore needs no lock beforehand: it decides on the plan as it is known here, and
the position it expects tells whether that was true; only then does it go through the gate and decide again.

The lock belongs to a connection of its own and ends with it, so a process that dies leaves it open. A holder whose
connection broke does not know that others may be in; what it then appends is refused by the position it expects.
"""

from __future__ import annotations

import contextlib
import select
from time import monotonic

import psycopg
from psycopg import errors

from planner.store.gate import Gate
from planner.store.postgresql.connections import lost, pause, plain
from planner.store.postgresql.recorder import PostgreSQLRecorder
from planner.store.postgresql.schema import ENTER, GATE

#: Milliseconds that are waited at least: what was sent by whoever left takes a moment to arrive.
_LEAST = 20
_LEAVE = f"SELECT pg_advisory_unlock({GATE})".encode()


class AdvisoryGate(Gate):
    """The gate of one database. Whoever comes in knows of everything that was recorded before."""

    lazy = True

    def __init__(self, recorder: PostgreSQLRecorder, timeout: float = 20.0) -> None:
        super().__init__(recorder.connections.where, timeout)
        self._recorder = recorder
        self._connection: psycopg.Connection | None = None

    def close(self) -> None:
        self._drop()

    def _take(self, deadline: float) -> None:
        while True:
            try:
                self._recorder.read(lambda: self._locked(deadline))
                self._recorder.appends_through(self._connection)
                return
            except errors.LockNotAvailable:
                raise self._busy() from None
            except psycopg.Error as error:
                self._drop()
                if not lost(error) or monotonic() > deadline:
                    raise plain(error, self._recorder.connections.where) from error
            except BaseException:
                self._drop()
                raise
            pause()

    def _locked(self, deadline: float) -> int:
        """Takes the lock; the head once it is held."""
        if self._connection is None:
            self._connection = self._recorder.connections.new()
        self._hear_of_leaving(self._connection)
        left = max(_LEAST, int((deadline - monotonic()) * 1000))
        row = self._connection.execute(ENTER, (left,)).fetchone()
        return int(row[0]) if row else 0

    def _give(self) -> None:
        """Sent and not waited for: the next one is let in by the server."""
        self._recorder.appends_through(None)
        try:
            if self._connection is not None:
                self._connection.pgconn.send_query(_LEAVE)
                if self._connection.pgconn.flush():
                    self._hear_of_leaving(self._connection)
        except psycopg.Error:
            # The lock went with the connection.
            self._drop()

    def _hear_of_leaving(self, connection: psycopg.Connection) -> None:
        """Takes the answer to a leaving. libpq's own waiting would keep all other threads from running."""
        pgconn = connection.pgconn
        readable = select.poll()
        readable.register(pgconn.socket, select.POLLIN)
        while True:
            while pgconn.is_busy():
                readable.poll()
                pgconn.consume_input()
            if pgconn.get_result() is None:
                return

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
