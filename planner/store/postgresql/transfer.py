"""A log out of a database into one encrypted file, and back: for backups, and to move from one store to the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import psycopg
from sqlcipher3 import dbapi2 as engine

from planner.store.connection import connect
from planner.store.connection import plain as plain_of_file
from planner.store.keyring import Keeper
from planner.store.postgresql.columns import columns
from planner.store.postgresql.connections import plain
from planner.store.postgresql.keeper import ADD, DESTROY
from planner.store.postgresql.recorder import APPEND, PostgreSQLRecorder
from planner.store.postgresql.schema import ENTER
from planner.store.recorder import Recorder
from planner.store.refusals import DataPresent
from planner.store.sqlite import EVENTS_FILE, INSERT, INSERT_COMMAND, INSERT_SCHEMA, TABLES

#: Events that no command claims are put back so many at a time.
_AT_ONCE = 1000


def write_out(recorder: PostgreSQLRecorder, folder: Path, key: bytes) -> None:
    """Writes the log up to its present head into a new file, while others go on appending behind it.

    What stands up to a head is never changed, so no transaction is kept open for it.
    """
    head = recorder.head()
    with closing(connect(folder, EVENTS_FILE, key)) as file:
        try:
            for statement in TABLES:
                file.execute(statement)
            file.execute("BEGIN IMMEDIATE")
            file.executemany(INSERT, recorder.rows(upto=head) if head else ())
            file.executemany(INSERT_COMMAND, recorder.commands(head))
            file.executemany(INSERT_SCHEMA, recorder.schemas().items())
            file.execute("COMMIT")
            file.execute("PRAGMA journal_mode = DELETE").fetchone()
        except engine.Error as error:
            raise plain_of_file(error, folder / EVENTS_FILE) from error


def fill(target: PostgreSQLRecorder, source: Recorder, keys: Keeper) -> None:
    """Appends a whole log to an empty one, command by command at the same positions, in one transaction with its keys.

    The keys first: a key may be destroyed by an erasure that was recorded after it.
    """
    made, destroyed = keys.since(0, 0)
    upto = source.head()
    rows = (row[1:] for row in source.rows(upto=upto))
    try:
        with closing(target.connections.new()) as connection, connection.transaction():
            # In the order of whoever saves there: the gate, then the keys.
            connection.execute(ENTER, (20_000,))
            connection.execute(DESTROY, columns([note[1:] for note in destroyed], 2))
            connection.execute(ADD, columns([key[1:] for key in made], 3))
            position = 0
            for command_id, fingerprint, size in _commands(source, upto):
                values = (position, command_id, fingerprint, *columns(list(islice(rows, size)), 4))
                done, _ = connection.execute(APPEND, values).fetchone() or ("", 0)
                if done != "saved":
                    raise DataPresent.because(
                        "{database} holds data already: somebody saves there. Nothing was restored.",
                        database=target.connections.where,
                    )
                position += size
    except psycopg.Error as error:
        raise plain(error, target.connections.where) from error
    target.learn(upto)


def _commands(source: Recorder, upto: int) -> Iterator[tuple[str, bytes, int]]:
    """Every command in order with its number of events; nameless ones for events that none claims."""
    position = 0
    for command_id, fingerprint, first, last in source.commands(upto):
        yield from _nameless(first - 1 - position)
        yield command_id, fingerprint, last - first + 1
        position = last
    yield from _nameless(upto - position)


def _nameless(number: int) -> Iterator[tuple[str, bytes, int]]:
    for done in range(0, number, _AT_ONCE):
        yield "", b"", min(_AT_ONCE, number - done)
