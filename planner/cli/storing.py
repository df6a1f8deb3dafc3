"""``planner store``: a PostgreSQL database for the log of a team."""

from __future__ import annotations

import argparse

from planner.cli.console import Console
from planner.store.postgresql.connections import checked, where
from planner.store.postgresql.opening import use_postgresql as bind
from planner.store.postgresql.schema import create_schema


def init_postgresql(asked: argparse.Namespace, console: Console) -> int:
    """Make the tables, as the owner."""
    database = checked(asked.database)
    new = create_schema(database, asked.role)
    if new:
        console.tell("{database} is ready for the log of a team.", database=where(database))
    else:
        console.tell("{database} was ready already; what is recorded there was not touched.", database=where(database))
    console.tell(
        "Role {role} may append and read, and change nothing. Give it a way to sign in, then on each machine: "
        'planner store use-postgresql --data DIR --database "… user={role}"',
        role=asked.role,
    )
    return 0


def use_postgresql(asked: argparse.Namespace, console: Console) -> int:
    """Bind a data directory to a database."""
    keys = bind(asked.data, asked.key, asked.database)
    console.tell(
        "The log of {data} lies in {database}, its key in {key}. Keep a copy of the key apart from the data; every "
        "machine of the team needs the same one.",
        data=asked.data,
        database=where(asked.database),
        key=keys.path,
    )
    return 0
