"""Up to where somebody had seen the history when the session before ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from planner.account_file import AccountFile
from planner.accounts import Accounts
from planner.application import Planner
from planner.last_looks import LastLooks
from tests.serving import people


@pytest.fixture
def file(planner: Planner, tmp_path: Path) -> Iterator[AccountFile]:
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    accounts = Accounts(tmp_path / "data", planner.store.keys.database, hasher=quick)
    people(planner, accounts)
    yield accounts.file
    accounts.close()


def test_who_looks_for_the_first_time_has_seen_nothing(file: AccountFile) -> None:
    assert LastLooks(file).look("auditor", "first", 40) == 0


def test_the_next_session_begins_where_the_last_one_had_got_to(file: AccountFile) -> None:
    looks = LastLooks(file)
    for position in (40, 45):
        looks.look("auditor", "first", position)

    assert looks.look("auditor", "second", 60) == 45
    assert looks.look("auditor", "second", 70) == 45
    assert looks.look("auditor", "third", 70) == 70


def test_it_is_kept_when_the_application_starts_anew(file: AccountFile) -> None:
    LastLooks(file).look("auditor", "first", 40)

    assert LastLooks(file).look("auditor", "first", 41) == 0
    assert LastLooks(file).look("auditor", "second", 50) == 41


def test_each_reader_has_an_own_place(file: AccountFile) -> None:
    looks = LastLooks(file)
    looks.look("auditor", "first", 40)

    assert looks.look("planner", "other", 50) == 0
