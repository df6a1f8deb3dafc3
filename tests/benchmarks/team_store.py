"""How fast the team's store is, as ratios to raw INSERTs into the same server in the same run.

``python -m tests.benchmarks.team_store`` prints a table, then one JSON object a line. A save is
what a command does once it has decided: gate, sealing, and the append with its command. Told beside it is a save behind
a gate that was shut first, as after somebody else was faster. A raw INSERT is one statement that puts the same rows,
ready made, into tables with the same indexes: one way to the server and back, one write to its disk; its lists go as
psycopg sends lists. They take turns.
"""

from __future__ import annotations

import secrets
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg

from planner.application import Planner
from planner.store.directory import Store
from planner.store.mapper import Row
from planner.store.opening import open_store
from planner.store.postgresql.opening import use_postgresql
from planner.store.postgresql.schema import TABLES, create_schema
from tests.benchmarks.report import Figure, show
from tests.benchmarks.store import assigned
from tests.planner.store.notes import processes
from tests.planner.store.servers import APPLICATION, OWNER, Server, server

TARGETS = {1: 0.70, 10: 0.65}
ROUNDS = 15
_RAW = """WITH command AS (INSERT INTO raw.commands VALUES (%b, %b, %b, %b))
    INSERT INTO raw.stored_events
    SELECT * FROM unnest(%b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::bytea[])"""


def bound(place: Path, postgresql: Server, name: str) -> Store:
    """A store in a fresh database."""
    place.mkdir(exist_ok=True)
    postgresql.empty_database(name)
    create_schema(postgresql.conninfo(name, OWNER), APPLICATION)
    use_postgresql(place / "data", place / "bench.key", postgresql.conninfo(name, APPLICATION))
    return open_store(place / "data", place / "bench.key")


class Raw:
    """The engine alone: the same tables without guards and functions, rows that are ready, one statement."""

    def __init__(self, postgresql: Server, name: str) -> None:
        postgresql.ask(TABLES.replace("planner", "raw"), database=name)
        self.connection = psycopg.connect(postgresql.conninfo(name), autocommit=True)

    def save(self, rows: list[Row], command_id: str) -> None:
        command = (command_id, b"f" * 32, rows[0][0], rows[-1][0])
        self.connection.execute(_RAW, (*command, *(list(column) for column in zip(*rows, strict=True))))


def saves(place: Path, postgresql: Server, size: int, turns: int) -> Figure:
    """Saves a second, ours over the engine's, at ``size`` events a save."""
    store = bound(place, postgresql, f"saves_{size}")
    raw = Raw(postgresql, f"saves_{size}")
    mapper, recorder = store.mapper(), store.recorder
    spent: dict[str, list[float]] = {"raw": [], "save": [], "shut": []}
    for turn in range(2 * turns):
        lazily = turn % 2 == 0
        command_id = secrets.token_hex(16)
        events = [assigned(turn * size + n, command_id) for n in range(size)]
        started = time.perf_counter()
        with store.gate.held(lazily=lazily):
            sealed = list(mapper.seal(events))
            recorder.append(sealed, turn * size, command_id, b"f" * 32)
        spent["save" if lazily else "shut"].append(time.perf_counter() - started)
        if lazily:
            rows = [(position, *one) for position, one in enumerate(sealed, turn * size + 1)]
            ready = time.perf_counter()
            raw.save(rows, command_id)
            spent["raw"].append(time.perf_counter() - ready)
    raw.connection.close()
    store.close()

    def ratio(what: str) -> float:
        part = turns // ROUNDS
        sums = [(sum(spent["raw"][n : n + part]), sum(spent[what][n : n + part])) for n in range(0, turns, part)]
        return round(statistics.median(raw / ours for raw, ours in sums), 3)

    return Figure(
        f"PostgreSQL, saves of {size} event{'s' * (size > 1)}, ratio to a raw INSERT",
        ratio("save"),
        TARGETS[size],
        more={"behind_a_shut_gate": ratio("shut")}
        | {f"{what}_p50_ms": round(statistics.median(times) * 1000, 3) for what, times in spent.items()},
    )


def append_now_and_then(place: str, told: Connection, number: int) -> None:
    """Another process that saves an event every 50 ms and says when the save began."""
    store = open_store(Path(place) / "data", Path(place) / "bench.key")
    mapper = store.mapper()
    for turn in range(number):
        time.sleep(0.05)
        began = time.monotonic()
        with store.gate.held():
            store.recorder.append(list(mapper.seal([assigned(turn)])), turn, f"C-{turn}")
        told.send((began, time.monotonic()))
    store.close()


def seen_elsewhere(place: Path, postgresql: Server, number: int = 60) -> Figure:
    """Milliseconds from the begin of a save until a process that waits for more has folded the event."""
    bound(place, postgresql, "seen").close()
    planner = Planner(place / "data", place / "bench.key")
    here, there = processes().Pipe()
    writer = processes().Process(target=append_now_and_then, args=(str(place), there, number))
    writer.start()
    seen: list[float] = []
    while len(seen) < number:
        plan = planner.timeline.wait(len(seen), timeout=60)
        assert plan.position > len(seen), "a save was not told"
        seen += [time.monotonic()] * (plan.position - len(seen))
    told = [here.recv() for _ in range(number)]
    writer.join()
    planner.close()
    late = sorted((there_at - began) * 1000 for (began, _), there_at in zip(told, seen, strict=True))
    after = statistics.median((there_at - ended) * 1000 for (_, ended), there_at in zip(told, seen, strict=True))
    more = {
        "p95_ms": round(late[int(number * 0.95)], 1),
        "after_its_confirmation_p50_ms": round(after, 1),
    }
    return Figure("PostgreSQL, a save seen by another process", round(statistics.median(late), 1), 20, "ms", more)


def measured(turns: int = 1000) -> list[Figure]:
    """All figures, on a server of their own."""
    found: list[Figure] = []
    with server() as postgresql, tempfile.TemporaryDirectory(prefix="team-store-bench-") as place:
        postgresql.make_roles()
        found += [saves(Path(place) / f"saves-{size}", postgresql, size, turns) for size in TARGETS]
        found.append(seen_elsewhere(Path(place) / "seen", postgresql))
    return found


if __name__ == "__main__":
    sys.exit(0 if show(measured()) else 1)
