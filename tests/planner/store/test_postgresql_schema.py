"""The tables of a team: made once by their owner, and nobody else may change what they hold."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql

from planner.store.postgresql.schema import create_schema
from planner.store.refusals import DataTooNew, MissingRights, UnsafeStore
from tests.planner.store.servers import APPLICATION, OWNER, Server

TABLES = ("stored_events", "commands", "schemas", "store")
CHANGES = ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}")


@pytest.fixture
def empty(postgresql: Server) -> str:
    """The name of a database of the owner's with nothing in it."""
    postgresql.empty_database("plans_1")
    return "plans_1"


def changes(table: str, column: str) -> list[sql.Composed]:
    names = (sql.Identifier("planner", table), sql.Identifier(column), sql.Identifier(column))
    return [sql.SQL(change).format(*names[: change.count("{}")]) for change in CHANGES]


STATEMENTS = [
    *changes("stored_events", "state"), *changes("commands", "fingerprint"),
    *changes("schemas", "version"), *changes("store", "key"),
    sql.SQL("INSERT INTO planner.stored_events VALUES (2, 'note/N-2', 1, 'NoteTaken', '')"),
    sql.SQL("INSERT INTO planner.commands VALUES ('C', '', 1, 1)"),
    sql.SQL("ALTER TABLE planner.stored_events DISABLE TRIGGER ALL"),
    sql.SQL("CREATE TABLE planner.mine (x int)"),
    sql.SQL("CREATE OR REPLACE FUNCTION planner.refuse_change() RETURNS trigger LANGUAGE sql AS ''"),
    sql.SQL("SET session_replication_role = replica"),
]  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.as_string()[:40])
def test_the_application_can_only_append_and_read(
    new_database: Callable[[], str], statement: sql.SQL | sql.Composed
) -> None:
    with psycopg.connect(new_database(), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)

        assert connection.execute("SELECT count(*) FROM planner.stored_events").fetchone() == (0,)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", [0, 1, 2])
def test_the_tables_refuse_changes_of_a_superuser_too(
    new_database: Callable[[], str], postgresql: Server, table: str, change: int
) -> None:
    new_database()
    column = {"stored_events": "state", "commands": "fingerprint", "schemas": "version", "store": "key"}[table]

    with psycopg.connect(postgresql.conninfo("plans_1"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.DatabaseError) as refused:
            connection.execute(changes(table, column)[change])

    assert refused.value.sqlstate == "DP001"


def test_the_function_that_appends_looks_nowhere_else(new_database: Callable[[], str]) -> None:
    """A function of the caller's with the name of one that is used inside must not run with the owner's rights."""
    with psycopg.connect(new_database(), autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE stored_events (position bigint)")
        connection.execute("SET search_path = pg_temp, planner")
        connection.execute("SELECT planner.append(0, 'C', '', '{n}', '{1}', '{T}', '{\"\\\\x010001\"}')")

        assert connection.execute("SELECT position FROM planner.stored_events").fetchall() == [(1,)]
        assert connection.execute("SELECT position FROM pg_temp.stored_events").fetchall() == []


def test_columns_of_different_lengths_are_refused_whole(new_database: Callable[[], str]) -> None:
    with psycopg.connect(new_database(), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.NotNullViolation):
            connection.execute("SELECT planner.append(0, 'C', '', '{n,m}', '{1}', '{T,T}', '{\"\\\\x010001\"}')")

        assert connection.execute("SELECT count(*) FROM planner.commands").fetchone() == (0,)


def test_making_the_tables_twice_changes_nothing(empty: str, postgresql: Server) -> None:
    owner = postgresql.conninfo(empty, OWNER)

    assert create_schema(owner, APPLICATION) is True
    assert create_schema(owner, APPLICATION) is False


def test_a_role_that_is_missing_is_made(empty: str, postgresql: Server) -> None:
    create_schema(postgresql.conninfo(empty, OWNER), "new_role")

    assert postgresql.ask("SELECT rolsuper, rolcanlogin FROM pg_roles WHERE rolname = 'new_role'") == [(False, True)]
    postgresql.ask("DROP SCHEMA planner CASCADE; DROP ROLE new_role", database=empty)


@pytest.mark.parametrize("role", [OWNER, "postgres"])
def test_a_role_that_could_change_the_log_is_refused(empty: str, postgresql: Server, role: str) -> None:
    with pytest.raises(UnsafeStore):
        create_schema(postgresql.conninfo(empty, OWNER), role)

    assert postgresql.ask("SELECT to_regnamespace('planner')", database=empty) == [(None,)]


def test_who_may_not_make_tables_is_told_so(empty: str, postgresql: Server) -> None:
    with pytest.raises(MissingRights):
        create_schema(postgresql.conninfo(empty, APPLICATION), "somebody")


def test_tables_of_a_newer_program_are_refused(new_database: Callable[[], str], postgresql: Server) -> None:
    new_database()
    postgresql.ask(
        "CREATE OR REPLACE FUNCTION planner.store_version() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
        database="plans_1",
    )

    with pytest.raises(DataTooNew):
        create_schema(postgresql.conninfo("plans_1", OWNER), APPLICATION)


def test_a_schema_of_another_program_is_left_alone(empty: str, postgresql: Server) -> None:
    postgresql.ask(f"CREATE SCHEMA planner AUTHORIZATION {OWNER}", database=empty)

    with pytest.raises(UnsafeStore):
        create_schema(postgresql.conninfo(empty, OWNER), APPLICATION)
