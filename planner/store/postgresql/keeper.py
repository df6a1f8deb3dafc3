"""The wrapped keys of visits and persons in the database, where every machine of the team finds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import psycopg

from planner.store.keyring import Destroyed, Keeper, Made, WrappedKey
from planner.store.postgresql.columns import columns
from planner.store.postgresql.connections import Connections
from planner.store.refusals import DataDamaged

#: In one statement, so that both are as they were at one moment.
_SINCE = """
    SELECT true AS live, number, id, subject, wrapped FROM planner.keys WHERE number > %s AND wrapped IS NOT NULL
    UNION ALL SELECT false, number, id, subject, NULL FROM planner.destroyed_keys WHERE number > %s ORDER BY 1, 2"""
ADD = "SELECT planner.add_keys(%b::bytea[], %b::text[], %b::bytea[])"
DESTROY = "SELECT planner.destroy_keys(%b::bytea[], %b::text[])"


class DatabaseKeeper(Keeper):
    """The keys in the database. Adding and destroying may be asked twice: what was done stays done once."""

    def __init__(self, connections: Connections) -> None:
        self.place = connections.where
        self._connections = connections
        #: The newest key that was seen, by which a server that lost keys is told.
        self._seen: tuple[int, bytes] = (0, b"")
        connections.greeters.append(self._greet)

    def since(self, made: int, destroyed: int) -> tuple[list[Made], list[Destroyed]]:
        rows = self._asked(_SINCE, made, destroyed)
        keys = [row[1:] for row in rows if row[0]]
        if keys and keys[-1][0] > self._seen[0]:
            self._seen = keys[-1][:2]
        return keys, [row[1:4] for row in rows if not row[0]]

    def add(self, keys: Sequence[WrappedKey], destroyed: Collection[tuple[bytes, str]] = ()) -> None:
        if destroyed:
            self._asked(DESTROY, *columns(destroyed, 2))
        if keys:
            self._asked(ADD, *columns(keys, 3))

    def destroy(self, keys: Collection[bytes]) -> None:
        self._asked(DESTROY, list(keys), [""] * len(keys))

    def close(self) -> None:
        """The connections are the recorder's."""

    def _asked(self, statement: str, *values: Any) -> list[Any]:
        def rows(connection: psycopg.Connection) -> list[Any]:
            return connection.cursor(binary=True).execute(statement, values).fetchall()

        return self._connections.asked(rows)

    def _greet(self, connection: psycopg.Connection) -> None:
        """Refuses a server that lacks a key which this process may have sealed with, as after a fail-over."""
        number, key = self._seen
        if number == 0:
            return
        found = connection.execute("SELECT id FROM planner.keys WHERE number = %s", (number,)).fetchone()
        if found is None or found[0] != key:
            raise DataDamaged.because(
                "{database} lacks keys of visits or persons that were there before. A server took over that had not "
                "received them. Nothing was changed; ask whoever keeps the database, then start the program again.",
                database=self.place,
            )
