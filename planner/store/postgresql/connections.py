"""Connections to the database, few and long-lived, and what the server's errors mean to people.

No password passes through here: libpq finds it itself, in a password file or in the service that was named.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from time import monotonic

import psycopg
from eventsourcing.persistence import ConnectionPoolClosedError, IntegrityError
from psycopg import conninfo as grammar
from psycopg import errors

from domain.refusals import InvalidInput
from planner.store.postgresql.columns import take_columns
from planner.store.postgresql.line import demand_verified, verified
from planner.store.refusals import (
    DataDamaged,
    DataMissing,
    DiskFull,
    GateBusy,
    MissingRights,
    ReadOnly,
    StoreUnavailable,
)

#: Seconds in which a broken connection is made anew before somebody is told: a fail-over takes a few.
PATIENCE = 15.0
#: Seconds between two tries.
_AGAIN = 0.2
#: How many threads of one process may ask at a time; the others wait.
_AT_A_TIME = 4

#: What a connection has unless the person who set up the database says otherwise: a peer that is gone is noticed
#: within half a minute on both sides, so that the gate of a machine that lost its power does not stay shut.
_DEFAULTS = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "application_name": "planner",
}
_SERVER_SIDE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"

#: Classes of errors after which the same connection is no use, or never was.
BROKEN = (errors.OperationalError, errors.InterfaceError, errors.AdminShutdown, errors.CrashShutdown)


def checked(conninfo: str) -> str:
    """A description of a connection that may be kept in a file: refused where it is none or holds a password."""
    try:
        facts = grammar.conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError as error:
        raise InvalidInput.because(
            "«{typed}» describes no connection: {why} An example: host=db dbname=plans user=planner_app",
            typed=conninfo if "password" not in conninfo and "@" not in conninfo else "…",
            why=first_line(error),
        ) from None
    if facts.get("password") or facts.get("sslpassword"):
        raise InvalidInput.because(
            "A password does not belong into the description of a connection, where others can read it. "
            "Put it into a password file (~/.pgpass) or a service file, or set PGPASSFILE."
        )
    return grammar.make_conninfo(conninfo)


def connect(conninfo: str) -> psycopg.Connection:
    """One connection that commits each statement by itself. Raises the driver's errors, and ``UnsafeStore``."""
    facts = verified({name: str(value) for name, value in grammar.conninfo_to_dict(conninfo).items()})
    connection = psycopg.connect(grammar.make_conninfo("", **{**_DEFAULTS, **facts}), autocommit=True)
    try:
        # As it was made, with what a service or the environment said.
        demand_verified(as_made(connection))
        take_columns(connection)
        if connection.info.host and not connection.info.host.startswith("/"):
            connection.execute(_SERVER_SIDE, prepare=False)
    except BaseException:
        connection.close()
        raise
    return connection


def as_said(conninfo: str) -> dict[str, str | None]:
    """The facts of a connection that is not made yet, with what the environment adds; a service is not looked up."""
    told: dict[str, str | None] = {name: str(value) for name, value in grammar.conninfo_to_dict(conninfo).items()}
    if "service" in told:
        return told
    added = psycopg.pq.Conninfo.get_defaults()
    return {option.keyword.decode(): option.val.decode() for option in added if option.val} | told


def as_made(connection: psycopg.Connection) -> dict[str, str | None]:
    """The facts of a connection as libpq has put them together."""
    return {option.keyword.decode(): option.val.decode() if option.val else None for option in connection.pgconn.info}


def where(connection: psycopg.Connection | str) -> str:
    """The database by its name and place, for people."""
    if isinstance(connection, str):
        facts = grammar.conninfo_to_dict(connection)
        host, port, name = (str(facts.get(key) or "") for key in ("host", "port", "dbname"))
        place = ":".join(part for part in (host, port) if part)
        return (
            f"PostgreSQL {'/'.join(part for part in (place, name or str(facts.get('service') or '')) if part)}".strip()
        )
    return f"PostgreSQL {connection.info.host}:{connection.info.port}/{connection.info.dbname}"


class Connections:
    """Connections of one process, lent to one thread at a time and made anew where they broke.

    ``greeters`` look at every new connection before it is used and refuse it by raising. Safe for several threads.
    """

    def __init__(self, conninfo: str) -> None:
        self.conninfo = conninfo
        self.where = where(conninfo)
        self.greeters: list[Callable[[psycopg.Connection], None]] = []
        self._turns = threading.BoundedSemaphore(_AT_A_TIME)
        self._lock = threading.Lock()
        self._idle: list[psycopg.Connection] = []
        self.closed = False

    @contextlib.contextmanager
    def one(self) -> Iterator[psycopg.Connection]:
        """A connection for a ``with`` block. Raises the driver's errors; a broken one is not lent again."""
        with self._turns:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            connection = connection or self.new()
            try:
                yield connection
            finally:
                with self._lock:
                    keep = not (self.closed or connection.closed or connection.broken)
                    if keep:
                        self._idle.append(connection)
                    elif not self.closed:
                        self._drop()
                if not keep:
                    connection.close()

    def new(self) -> psycopg.Connection:
        """A connection that the caller keeps and closes."""
        if self.closed:
            raise ConnectionPoolClosedError("this store is closed")
        connection = connect(self.conninfo)
        try:
            for greet in self.greeters:
                greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def asked[T](self, question: Callable[[psycopg.Connection], T]) -> T:
        """What a question is answered that may be asked twice; asked again where a connection broke."""
        deadline: float | None = None
        while True:
            try:
                with self.one() as connection:
                    return question(connection)
            except psycopg.Error as error:
                now = monotonic()
                deadline = deadline or now + PATIENCE
                if not lost(error) or now > deadline:
                    raise plain(error, self.where) from error
            pause()

    def close(self) -> None:
        with self._lock:
            self.closed = True
            self._drop()

    def _drop(self) -> None:
        """Where one connection broke the others have, too."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()


def pause() -> None:
    """Waits before the next try."""
    threading.Event().wait(_AGAIN)


def lost(error: psycopg.Error) -> bool:
    """True where the connection broke or none could be made: the statement may or may not have been carried out."""
    code = error.sqlstate or ""
    return code[:2] in ("08", "57") and code != "57014" if code else isinstance(error, BROKEN)


def first_line(error: BaseException) -> str:
    """What the server or the driver says, in one line."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def plain(error: psycopg.Error, database: str) -> Exception:
    """What an error of the server means to people. The server's own words stand in ``__cause__``."""
    code = error.sqlstate or ""
    if isinstance(error, errors.IntegrityError):
        return IntegrityError(error)
    if code in ("3F000", "42P01", "42883"):
        return DataMissing.because(
            "{database} holds no plans yet. Its owner makes the tables with: planner store init-postgresql",
            database=database,
        )
    if code in ("42501", "28000", "28P01", "0P000", "DP001", "DP002"):
        return MissingRights.because(
            "{database} does not allow this ({why}). Nothing was changed. Ask whoever owns the database.",
            database=database,
            why=first_line(error),
        )
    if code in ("25006", "42809"):
        return ReadOnly.because(
            "{database} may be read but not written now, so nothing was saved: it is a standby. "
            "Name the primary, or all servers and target_session_attrs=read-write.",
            database=database,
        )
    if code == "55P03":
        return GateBusy.because(
            "Another process or user is saving into {data} and has not finished in time. Nothing was saved; "
            "try again in a moment.",
            data=database,
        )
    if code == "53100":
        return DiskFull.because(
            "The disk that holds {path} is full, so nothing was saved. Make room, then do it again; "
            "everything saved before is there and can be read.",
            path=database,
        )
    if code[:2] == "XX":
        return DataDamaged.because(
            "{database} says that its files are damaged ({why}). Nothing was changed. "
            "Keep them as they are and restore a backup beside them.",
            database=database,
            why=first_line(error),
        )
    if isinstance(error, errors.DataError) or code == "54000":
        return InvalidInput.because(
            "{database} cannot store this text ({why}).", database=database, why=first_line(error)
        )
    return StoreUnavailable.because(
        "{database} cannot be read or written now ({why}). Nothing was lost; try again.",
        database=database,
        why=first_line(error),
    )
