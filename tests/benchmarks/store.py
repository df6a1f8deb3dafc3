"""How fast the store is, as ratios to the raw engine with the same settings and the same bytes in the same run.

``python -m tests.benchmarks.store`` prints a table, then one JSON object a line. Both sides take
turns, so that a busy machine slows both; the figure is the median of their ratios.
"""

from __future__ import annotations

import gc
import json
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

from domain.assignment import OfficerAssigned
from domain.base import Event
from domain.values import TimeWindow
from planner.store.connection import connect
from planner.store.directory import Store
from planner.store.mapper import Row
from planner.store.opening import open_store
from planner.store.sqlite import TABLES
from tests.planner.store.notes import processes

NOW = datetime(2026, 11, 23, 1, 30, 0, 123456, tzinfo=UTC)
TARGETS = {1: 0.65, 10: 0.70, 100: 0.60}
ROUNDS = 15


def assigned(number: int, command_id: str = "") -> Event:
    """A duty like those that fill a log; those of one command share its id."""
    start = NOW + timedelta(minutes=number % 5000)
    return OfficerAssigned(
        originator_id=f"assignment/LA-2026-01/A-{number:07}",
        originator_version=1,
        recorded_at=NOW,
        occurred_at=NOW,
        by="planner.lan",
        reason="Theo phương án bảo vệ",
        command_id=command_id or secrets.token_hex(16),
        via="web",
        post=f"P-{number % 300}",
        shift="S-1",
        officer=f"CA-{number % 2000:04}",
        window=TimeWindow(start=start, end=start + timedelta(hours=4)),
    )


def raw_saver(place: Path, key: bytes) -> Callable[[list[Row], str], None]:
    """The engine alone: the same settings and tables, rows that are ready, one transaction."""
    place.mkdir()
    connection = connect(place, "raw.db", key)
    for statement in TABLES:
        connection.execute(statement)

    def save(rows: list[Row], command_id: str) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO commands VALUES (?,?,?,?)", (command_id, b"f" * 32, rows[0][0], rows[-1][0]))
        connection.executemany("INSERT INTO stored_events VALUES (?,?,?,?,?)", rows)
        connection.execute("COMMIT")

    return save


def saves(place: Path, size: int) -> dict[str, Any]:
    """Saves a second, ours (gate, seal, conditional append) over the engine's, at ``size`` events a save."""
    place.mkdir()
    store = open_store(place / "data", place / "bench.key")
    mapper, recorder = store.mapper(), store.recorder
    raw = raw_saver(place / "raw", store.keys.database)
    turns = 2000 if size < 100 else 400
    ratios: list[float] = []
    ours_each = 0.0
    spent = [0.0, 0.0]
    for turn in range(turns):
        command_id = secrets.token_hex(16)
        events = [assigned(turn * size + n, command_id) for n in range(size)]
        started = time.perf_counter()
        with store.gate.held():
            sealed = list(mapper.seal(events))
            recorder.append(sealed, turn * size, command_id, b"f" * 32)
        between = time.perf_counter()
        rows = [(position, *one) for position, one in enumerate(sealed, turn * size + 1)]
        ready = time.perf_counter()
        raw(rows, command_id)
        spent[0] += time.perf_counter() - ready
        spent[1] += between - started
        if (turn + 1) % (turns // ROUNDS) == 0:
            ratios.append(spent[0] / spent[1])
            ours_each = spent[1] / (turns // ROUNDS) * 1000
            spent = [0.0, 0.0]
    store.close()
    return figure(
        f"saves of {size} event{'s' * (size > 1)}, ratio to the engine",
        statistics.median(ratios),
        TARGETS[size],
        ms_each=round(ours_each, 3),
    )


def decoding(place: Path, events: int = 20_000) -> dict[str, Any]:
    """SELECT + decrypt + orjson.loads over SELECT + decode to events, the fold itself not counted."""
    store = filled(place, events)
    mapper, visits = store.mapper(), store.keyring.visits
    list(mapper.decode_rows(store.recorder.select_rows(0, 1)))

    def bare() -> None:
        for _, subject, version, topic, state in store.recorder.rows():
            name = subject.encode()
            bound = b"%b%d:%b%d:%b" % (state[:3], len(name), name, version, topic.encode())
            orjson.loads(visits[subject.split("/", 2)[1]].decrypt(state[3:15], state[15:], bound))

    def ours() -> None:
        for _ in mapper.decode_rows(store.recorder.rows()):
            pass

    rows = list(store.recorder.rows())
    gc.collect()
    gc.disable()
    ratios = [timed(bare) / timed(ours) for _ in range(7)]
    alone = min(timed(lambda: list(mapper.decode_rows(rows))) for _ in range(5)) / events * 1e6
    gc.enable()
    store.close()
    return figure("reading events, ratio to decrypt + orjson", statistics.median(ratios), 0.55, us_each=round(alone, 2))


def filled(place: Path, events: int) -> Store:
    """A store with so many events."""
    place.mkdir()
    store = open_store(place / "data", place / "bench.key")
    mapper = store.mapper()
    for first in range(0, events, 2000):
        batch = [mapper.to_stored_event(assigned(first + n)) for n in range(2000)]
        store.recorder.insert_events(batch, expected_position=first)
    return store


def timed(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def append_now_and_then(place: str, told: Connection) -> None:
    """Another process that saves an event every 50 ms and says when the save began and ended."""
    store = open_store(Path(place) / "data", Path(place) / "bench.key")
    mapper = store.mapper()
    for number in range(60):
        time.sleep(0.05)
        began = time.monotonic()
        stored = mapper.to_stored_event(assigned(number))
        with store.gate.held():
            store.recorder.insert_events([stored], expected_position=number, command_id=f"C-{number}")
        told.send((began, time.monotonic()))
    store.close()


def seen_elsewhere(place: Path, nap: float = 0.005) -> dict[str, Any]:
    """Milliseconds from the begin of a save until a process that looks every ``nap`` seconds has the event."""
    place.mkdir()
    store = open_store(place / "data", place / "bench.key")
    here, there = processes().Pipe()
    writer = processes().Process(target=append_now_and_then, args=(str(place), there))
    writer.start()
    mapper, version, position = store.mapper(), store.recorder.data_version(), 0
    seen: list[float] = []
    while position < 60:
        time.sleep(nap)
        if (now := store.recorder.data_version()) == version:
            continue
        version = now
        for _ in mapper.decode_rows(rows := store.recorder.select_rows(position, 1000)):
            seen.append(time.monotonic())
        position = rows[-1][0] if rows else position
    began = [here.recv()[0] for _ in range(60)]
    writer.join()
    store.close()
    late = sorted((there_at - here_at) * 1000 for here_at, there_at in zip(began, seen, strict=True))
    median = statistics.median(late)
    return {
        "what": "save seen by another process, p50 ms",
        "measured": round(median, 1),
        "target": 20,
        "met": median <= 20,
        "p95_ms": round(late[int(len(late) * 0.95)], 1),
    }


def figure(what: str, measured: float, target: float, **more: float) -> dict[str, Any]:
    """One line of the table: the higher the better."""
    return {"what": what, "measured": round(measured, 2), "target": target, "met": measured >= target, **more}


def main() -> None:
    """Measures and prints."""
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="store-bench-") as place:
        found.extend(saves(Path(place) / f"saves-{size}", size) for size in TARGETS)
        found.append(decoding(Path(place) / "decoding"))
        found.append(seen_elsewhere(Path(place) / "seen"))
    print(f"{'what':44}{'measured':>12}{'target':>12}")
    for line in found:
        print(f"{line['what']:44}{line['measured']:>12}{line['target']:>12}")
    for line in found:
        print(json.dumps(line))
    if not all(line["met"] for line in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
