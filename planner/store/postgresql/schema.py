"""The tables in the database, the function that appends to them, and who may do what.

The owner makes them with one command and is not needed again. The role of the application may read, and may call
three functions that write with the owner's rights, one caller at a time: ``append`` for events, and ``add_keys`` and
``destroy_keys`` for the wrapped keys of visits and persons (``key_tables``). ``append`` looks at the head inside the
lock, and writes events, command and schema versions together or not at all. Positions come from the head, not from a
sequence: a sequence leaves gaps, and gives positions in another order than that of commits.
"""

from __future__ import annotations

from contextlib import closing

import psycopg
from psycopg import sql

from planner.store.postgresql.connections import connect, plain, where
from planner.store.postgresql.key_tables import KEY_TABLES, KEYS_TRIGGERS, key_functions
from planner.store.refusals import DataTooNew, UnsafeStore

SCHEMA = "planner"
TABLE_NAMES = ("stored_events", "commands", "schemas", "store", "keys", "destroyed_keys")
#: Rises when the tables change.
STORE_VERSION = 1
#: The oldest server that is tested.
OLDEST_SERVER = 15
#: Names the locks of this program among those of the database: "DPev", and which one.
GATE, SET_UP, KEYS = ((0x44506576 << 8) + number for number in (1, 2, 3))

TABLES = """
CREATE SCHEMA planner;
CREATE TABLE planner.stored_events (
    position bigint PRIMARY KEY,
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    UNIQUE (originator_id, originator_version));
-- Sealed states cannot be compressed.
ALTER TABLE planner.stored_events ALTER COLUMN state SET STORAGE EXTERNAL;
CREATE TABLE planner.commands (
    command_id text COLLATE "C" PRIMARY KEY,
    fingerprint bytea NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL);
CREATE INDEX commands_in_order ON planner.commands (last, first, command_id);
CREATE TABLE planner.schemas (
    topic text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (topic, version));
CREATE TABLE planner.store (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    id text NOT NULL,
    key text NOT NULL);
"""

_REFUSE = """
CREATE OR REPLACE FUNCTION planner.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was recorded is never changed or deleted' USING ERRCODE = 'DP001';
END $$;
"""

#: Fires for the owner and a superuser too, and where triggers are switched off for a session.
_TRIGGER = """
CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION planner.refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER never_changed;
"""

#: ``done`` is saved, moved or repeated; ``head`` that before the append. Each statement inside sees what was committed
#: before it began, so the head is read after the lock was given. Left to itself the server plans statements over
#: arrays anew at every call, which costs a third of a save.
_APPEND = f"""
CREATE OR REPLACE FUNCTION planner.append(
    expected bigint, command text, fingerprint bytea,
    subjects text[], versions bigint[], topics text[], states bytea[],
    OUT done text, OUT head bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET lock_timeout = '20s' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({GATE});
    SELECT coalesce(max(position), 0) INTO head FROM planner.stored_events;
    IF command <> '' AND EXISTS (SELECT FROM planner.commands WHERE command_id = command) THEN
        done := 'repeated';
        RETURN;
    END IF;
    IF expected <> head THEN
        done := 'moved';
        RETURN;
    END IF;
    INSERT INTO planner.stored_events
        SELECT head + n, subject, version, topic, state
        FROM unnest(subjects, versions, topics, states) WITH ORDINALITY AS e (subject, version, topic, state, n);
    IF command <> '' THEN
        INSERT INTO planner.commands VALUES (command, fingerprint, head + 1, head + cardinality(subjects));
    END IF;
    IF EXISTS (
        SELECT FROM unnest(topics, states) AS e (topic, state)
        WHERE NOT EXISTS (
            SELECT FROM planner.schemas AS s
            WHERE s.topic = e.topic AND s.version = get_byte(state, 1) * 256 + get_byte(state, 2)))
    THEN
        INSERT INTO planner.schemas
            SELECT DISTINCT topic, get_byte(state, 1) * 256 + get_byte(state, 2)
            FROM unnest(topics, states) AS e (topic, state) ON CONFLICT DO NOTHING;
    END IF;
    PERFORM pg_notify('{SCHEMA}', (head + cardinality(subjects))::text);
    done := 'saved';
END $$;
"""

#: Lets one session in at a time, in the order they came; the head as it is once inside.
_ENTER = f"""
CREATE OR REPLACE FUNCTION planner.enter(milliseconds integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('lock_timeout', milliseconds::text, true);
    PERFORM pg_advisory_lock({GATE});
    RETURN (SELECT coalesce(max(position), 0) FROM planner.stored_events);
END $$;
"""

#: The first data directory that opens the log says which key it is sealed with; the others are told.
_BIND = """
CREATE OR REPLACE FUNCTION planner.bind(INOUT id text, INOUT key text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO planner.store (id, key) VALUES (bind.id, bind.key) ON CONFLICT DO NOTHING;
    SELECT s.id, s.key INTO bind.id, bind.key FROM planner.store AS s;
END $$;
"""

_VERSION = f"""
CREATE OR REPLACE FUNCTION planner.store_version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT {STORE_VERSION}';
"""

_RIGHTS = """
REVOKE ALL ON ALL TABLES IN SCHEMA planner FROM PUBLIC, {role};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA planner FROM PUBLIC;
GRANT USAGE ON SCHEMA planner TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA planner TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA planner TO {role};
"""

_FOUND = "SELECT to_regprocedure('planner.store_version()') IS NOT NULL, to_regnamespace('planner') IS NOT NULL"


#: Enters the gate within so many milliseconds.
ENTER = "SELECT planner.enter(%s)"


def create_schema(conninfo: str, role: str) -> bool:
    """Makes the tables, the functions and the application's role, as their owner. True where they were new.

    May be repeated: what is there stays, functions and rights are set anew. Raises ``UnsafeStore`` where the server is
    too old or the role would be able to change the log, ``DataTooNew`` where a newer program made the tables,
    ``StoreUnavailable`` and ``MissingRights``; nothing was changed in all of these.
    """
    try:
        with closing(connect(conninfo)) as connection, connection.transaction():
            connection.execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(SET_UP))
            return _create(connection, role)
    except psycopg.Error as error:
        raise plain(error, where(conninfo)) from error


def _create(connection: psycopg.Connection, role: str) -> bool:
    _refuse_old_server(connection)
    _refuse_owner_as_application(connection, role)
    marked, there = connection.execute(_FOUND).fetchone() or (False, False)
    if there and not marked:
        raise UnsafeStore.because(
            "{database} has a schema «planner» that is not of this program. Name another database.",
            database=where(connection),
        )
    if marked:
        refuse_newer_tables(connection)
    else:
        connection.execute(TABLES + KEY_TABLES)
    connection.execute(_REFUSE + _APPEND + _ENTER + _BIND + _VERSION + key_functions(KEYS))
    for table in TABLE_NAMES:
        trigger = KEYS_TRIGGERS if table == "keys" else _TRIGGER
        connection.execute(sql.SQL(trigger).format(table=sql.Identifier(SCHEMA, table)))
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    connection.execute(sql.SQL(_RIGHTS).format(role=sql.Identifier(role)))
    return not marked


def _refuse_old_server(connection: psycopg.Connection) -> None:
    version = connection.info.server_version
    if version < OLDEST_SERVER * 10_000:
        raise UnsafeStore.because(
            "{database} runs on PostgreSQL {version}; {oldest} or newer is needed.",
            database=where(connection),
            version=f"{version // 10_000}",
            oldest=f"{OLDEST_SERVER}",
        )


def _refuse_owner_as_application(connection: psycopg.Connection, role: str) -> None:
    """The application must not own what it may not change, nor be able to become who owns it."""
    row = connection.execute(
        "SELECT current_user = %(role)s OR coalesce((SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER')"
        " FROM pg_roles WHERE rolname = %(role)s), false)",
        {"role": role},
    ).fetchone()
    if row is None or row[0]:
        raise UnsafeStore.because(
            "The role {role} would be able to change what was recorded: it owns the tables, is a superuser, or may "
            "become one of these. Name a role of its own for the application with --role.",
            role=role,
        )


def refuse_newer_tables(connection: psycopg.Connection) -> None:
    """Refuses tables that a newer program made."""
    row = connection.execute("SELECT planner.store_version()").fetchone()
    if row is None or row[0] > STORE_VERSION:
        raise DataTooNew.because(
            "The data in {data} were written by a newer version of this program. Update the program.",
            data=where(connection),
        )
