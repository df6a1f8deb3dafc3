"""What must hold of server and role before a save may be trusted: checked at every start, and shown by the doctor."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from domain.messages import message
from planner.store.postgresql.connections import where
from planner.store.postgresql.schema import OLDEST_SERVER, TABLE_NAMES
from planner.store.startup import Check

_FACTS = """SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on',
    current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
    current_user, current_setting('server_version')"""
_MAY_CHANGE = """SELECT bool_or(has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
        OR pg_has_role(c.relowner, 'MEMBER'))
    FROM pg_class AS c WHERE c.relnamespace = 'planner'::regnamespace AND c.relkind = 'r'"""
_GUARDED = """SELECT count(DISTINCT t.tgrelid) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'planner'::regnamespace AND t.tgname = 'never_changed' AND t.tgenabled = 'A'"""


def check_server(connection: psycopg.Connection) -> Iterator[Check]:
    """The server's version and settings, and what the role of this connection may do."""
    durable, synchronous, standbys, role, version = connection.execute(_FACTS).fetchone() or (False, "", "", "", "")
    yield Check(
        message("the database server is new enough"),
        connection.info.server_version >= OLDEST_SERVER * 10_000,
        message("PostgreSQL {version}", version=version),
    )
    yield Check(
        message("the server writes to the disk what it confirms"),
        durable,
        message("fsync and full_page_writes are on") if durable else message("switch fsync and full_page_writes on"),
    )
    yield Check(
        message("a save is on the disk before it is confirmed"),
        synchronous in ("on", "remote_apply"),
        message("synchronous_commit = {level}", level=synchronous)
        if not standbys
        else message("synchronous_commit = {level}, with {standbys}", level=synchronous, standbys=standbys),
    )
    may_change = bool((connection.execute(_MAY_CHANGE).fetchone() or (True,))[0])
    yield Check(
        message("the role of the application can only append and read"),
        not may_change,
        message("role {role}", role=role)
        if not may_change
        else message(
            "role {role} may change what was recorded; connect as the role that init-postgresql named", role=role
        ),
    )
    guarded = (connection.execute(_GUARDED).fetchone() or (0,))[0]
    yield Check(
        message("the database refuses to change or delete what was recorded"),
        guarded == len(TABLE_NAMES),
        message("{n} tables are guarded", n=guarded),
    )


def check_line(connection: psycopg.Connection) -> Check:
    """The line to the server: events are sealed, ids, topics and passwords are not."""
    inside = connection.info.host.startswith("/") or connection.info.hostaddr in ("127.0.0.1", "::1", "")
    encrypted = bool(connection.pgconn.ssl_in_use)
    return Check(
        message("nobody on the network can read along"),
        inside or encrypted,
        message("{database}, encrypted by TLS", database=where(connection))
        if encrypted
        else message("{database}, on this machine", database=where(connection))
        if inside
        else message("{database}, not encrypted: add sslmode=verify-full", database=where(connection)),
    )
