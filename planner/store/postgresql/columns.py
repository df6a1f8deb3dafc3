"""Rows on their way into the database: an array for each column, in the server's own binary form.

psycopg can send lists, but looks into each of them anew for the type of what it holds, at every save: that takes
about as long as sealing the event does. A column of the log holds one type, known beforehand.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from typing import Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

#: Dimensions (one), whether there are nulls (no), type of the elements, how many, and the number of the first.
_HEADER = struct.Struct("!iiIii")
_LENGTH = struct.Struct("!i").pack
_BIGINT = struct.Struct("!q").pack


class _Texts(bytes):
    """A ``text[]``, ready to be sent."""


class _Bigints(bytes):
    """A ``bigint[]``, ready to be sent."""


class _Byteas(bytes):
    """A ``bytea[]``, ready to be sent."""


class _Ready(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


class _TextsDumper(_Ready):
    oid = psycopg.postgres.types["text"].array_oid


class _BigintsDumper(_Ready):
    oid = psycopg.postgres.types["int8"].array_oid


class _ByteasDumper(_Ready):
    oid = psycopg.postgres.types["bytea"].array_oid


def take_columns(connection: psycopg.Connection) -> None:
    """Teaches a connection to send what ``columns`` makes."""
    connection.adapters.register_dumper(_Texts, _TextsDumper)
    connection.adapters.register_dumper(_Bigints, _BigintsDumper)
    connection.adapters.register_dumper(_Byteas, _ByteasDumper)


def columns(rows: Collection[tuple[Any, ...]], width: int) -> list[bytes | list[Any]]:
    """Rows of text, whole numbers and bytes as the functions of the database take them: one array for each column.

    Empty lists where there are no rows. Raises ``UnicodeEncodeError`` for text that is no Unicode.
    """
    return [_array([row[column] for row in rows]) if rows else [] for column in range(width)]


def _array(values: list[Any]) -> bytes:
    match values[0]:
        case str():
            return _Texts(_bytes("text", [value.encode() for value in values]))
        case bytes():
            return _Byteas(_bytes("bytea", values))
        case _:
            return _Bigints(_bytes("int8", [_BIGINT(value) for value in values]))


def _bytes(kind: str, values: list[bytes]) -> bytes:
    parts = [_HEADER.pack(1, 0, psycopg.postgres.types[kind].oid, len(values), 1)]
    for value in values:
        parts += (_LENGTH(len(value)), value)
    return b"".join(parts)
