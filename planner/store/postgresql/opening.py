"""The store of a data directory that names a database: accounts and snapshots here, the log and its keys there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg

from domain.messages import message
from planner.outward import permit_outward
from planner.store import startup
from planner.store.directory import Store, set_up_alone
from planner.store.keys import (
    Keys,
    database_of,
    key_path,
    make_key_file,
    missing_key,
    open_keys,
    read_key_file,
    store_id,
    write_store_file,
    wrong_key,
)
from planner.store.postgresql.connections import as_made, as_said, checked, connect, plain, where
from planner.store.postgresql.gate import AdvisoryGate
from planner.store.postgresql.keeper import DatabaseKeeper
from planner.store.postgresql.line import addresses
from planner.store.postgresql.recorder import PostgreSQLFactory, PostgreSQLRecorder
from planner.store.postgresql.schema import refuse_newer_tables
from planner.store.postgresql.startup import check_line, check_server
from planner.store.postgresql.transfer import fill, write_out
from planner.store.refusals import DataPresent
from planner.store.startup import Check
from planner.store.topics import Topics


class PostgreSQLStore(Store):
    """A data directory with its log, and the keys of visits and persons, in a database."""

    def __init__(self, data_dir: Path, keys: Keys, topics: Topics, database: str) -> None:
        self._recorder = PostgreSQLRecorder(database)
        super().__init__(data_dir, keys, topics, DatabaseKeeper(self._recorder.connections))
        self._factory = PostgreSQLFactory(self._recorder)
        self.gate = AdvisoryGate(self._recorder)

    @property
    def recorder(self) -> PostgreSQLRecorder:
        return self._recorder

    def factory(self) -> PostgreSQLFactory:
        return self._factory

    def copy_log(self, folder: Path) -> None:
        write_out(self._recorder, folder, self.keys.database)

    def fill(self, source: Store) -> None:
        fill(self._recorder, source.recorder, source.keyring.keeper)

    def checks(self) -> Iterator[Check]:
        """The server and the role, as at every start, and where the data travel."""
        connections = self._recorder.connections
        yield from connections.asked(lambda connection: list(check_server(connection)))
        yield connections.asked(check_line)
        forged = self.keyring.forged()
        yield Check(
            message("every key of visits and persons was made with the site's key"),
            not forged,
            message("{subjects}: put there by somebody without it", subjects=forged) if forged else message("sound"),
        )


def open_postgresql(data_dir: Path, key_file: Path | None, database: str, topics: Topics) -> PostgreSQLStore:
    """Opens a data directory whose log lies in a database. Raises a ``StoreRefusal``."""
    startup.demand([startup.check_engine(), startup.check_place(data_dir)])
    keys = open_keys(data_dir, key_file, has_data=True, create=False)
    try:
        with closing(_permitted(data_dir, database)) as connection:
            _settle(connection, data_dir, keys)
    except psycopg.Error as error:
        raise plain(error, where(database)) from error
    store = PostgreSQLStore(data_dir, keys, topics, database)
    try:
        store.refuse_unknown()
    except BaseException:
        store.close()
        raise
    return store


def _permitted(data_dir: Path, database: str) -> psycopg.Connection:
    """A connection to servers that the list of hosts of the data directory names, where there is one."""
    permit_outward(data_dir, *addresses(as_said(database)))
    connection = connect(database)
    try:
        # Which servers a service means is known only now.
        permit_outward(data_dir, *addresses(as_made(connection)))
    except BaseException:
        connection.close()
        raise
    return connection


def _settle(connection: psycopg.Connection, data_dir: Path, keys: Keys) -> tuple[str, str]:
    """Refuses a database that is not set up to be trusted, or that is sealed with another key."""
    refuse_newer_tables(connection)
    startup.demand(check_server(connection))
    bound = _bound(connection, store_id(data_dir), keys.fingerprint)
    if bound[1] != keys.fingerprint:
        raise wrong_key(keys.path, data_dir)
    return bound


def _bound(connection: psycopg.Connection, store: str, key: str) -> tuple[str, str]:
    """The id of the log and the key it is sealed with: what was told first, or these where nothing was."""
    if not (store and key) or connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
        row = connection.execute("SELECT id, key FROM planner.store").fetchone()
    else:
        row = connection.execute("SELECT id, key FROM planner.bind(%s, %s)", (store, key)).fetchone()
    return row or ("", "")


def use_postgresql(data_dir: Path, key_file: Path | None, database: str) -> Keys:
    """Writes into a data directory that its log lies in a database; makes the key where nobody has bound one yet.

    Several machines may share one database, each with a data directory of its own and a copy of the same key.
    Refuses a directory that holds a log already. Raises a ``StoreRefusal``; nothing was changed then, except that an
    empty data directory or a key that opens nothing yet may be left.
    """
    database = checked(database)
    startup.made_ready(data_dir)
    with set_up_alone(data_dir):
        if store_id(data_dir) and database_of(data_dir) is None:
            raise DataPresent.because(
                "{data} holds a log of its own. Choose an empty directory; to move the log, make a backup and restore "
                "it there.",
                data=data_dir,
            )
        try:
            with closing(_permitted(data_dir, database)) as connection:
                refuse_newer_tables(connection)
                startup.demand(check_server(connection))
                bound, key = _bound(connection, "", "")
                store = bound or store_id(data_dir) or secrets.token_hex(4)
                path = key_path(data_dir, store, key_file)
                if not path.exists():
                    if key:
                        raise missing_key(path, data_dir)
                    make_key_file(path, data_dir)
                keys = read_key_file(path)
                store, key = _bound(connection, store, keys.fingerprint)
        except psycopg.Error as error:
            raise plain(error, where(database)) from error
        if key != keys.fingerprint:
            raise wrong_key(keys.path, data_dir)
        write_store_file(data_dir, keys, store, database)
    return keys
