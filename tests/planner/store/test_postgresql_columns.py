"""Columns in the server's binary form: what is sent is what stands there."""

from collections.abc import Callable

import psycopg
import pytest

from planner.store.postgresql.columns import columns
from planner.store.postgresql.connections import connect, plain

ECHO = "SELECT * FROM unnest(%b, %b::bigint[], %b::bytea[])"
ROWS = [
    ("officer/CA-0113", 1, b"\x01\x00\xff"),
    ("", 0, b""),
    ("ບຸນທະວີ ភ្នំពេញ Nguyễn Thị Phương Thảo", 2**63 - 1, bytes(range(256)) * 400),
    ("{NULL,\"x\",'}', ${1}\\", -(2**63), b"NULL"),
]


@pytest.mark.parametrize("size", [1, 2, len(ROWS), 10_000])
def test_rows_come_back_as_they_were_sent(new_database: Callable[[], str], size: int) -> None:
    rows = (ROWS * size)[:size]
    with connect(new_database()) as connection:
        found = connection.cursor(binary=True).execute(ECHO, columns(rows, 3)).fetchall()

    assert found == rows


def test_no_rows_are_no_rows(new_database: Callable[[], str]) -> None:
    with connect(new_database()) as connection:
        found = connection.execute(ECHO.replace("(%b,", "(%b::text[],"), columns([], 3)).fetchall()

    assert found == []


def test_a_character_that_the_server_cannot_store_is_refused_in_words(new_database: Callable[[], str]) -> None:
    with connect(new_database()) as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute(ECHO, columns([("a\0b", 1, b"")], 3))

    assert "cannot store this text" in str(plain(raised.value, "PostgreSQL"))
