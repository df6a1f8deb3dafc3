"""A planner with something to plan, and the accounts that act on it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from planner.accounts import Accounts
from planner.application import Planner
from planner.store.postgresql.schema import create_schema
from tests.planner.acting import Clock, another, prepare
from tests.planner.quick_accounts import KEY, QUICK
from tests.planner.store.servers import APPLICATION, OWNER, Server, missing, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL, with an owner of databases and the role of the application."""
    if reason := missing():
        pytest.skip(reason)
    with server() as one:
        one.make_roles()
        yield one


@pytest.fixture
def new_database(postgresql: Server) -> Callable[[], str]:
    """Makes a fresh database with the tables in it, and says how the application connects to it."""
    numbers = itertools.count(1)

    def make() -> str:
        name = f"plans_{next(numbers)}"
        postgresql.empty_database(name)
        create_schema(postgresql.conninfo(name, OWNER), APPLICATION)
        return postgresql.conninfo(name, APPLICATION)

    return make


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def planner(tmp_path: Path, clock: Clock) -> Iterator[Planner]:
    """A planner with a visit, two officers, and a post of four hours at a hotel."""
    opened = another(tmp_path, clock)
    prepare(opened)
    yield opened
    opened.close()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    """The accounts of a site without a plan."""
    with closing(Accounts(tmp_path, KEY, clock=clock, hasher=QUICK)) as book:
        yield book
