"""How fast the proof is: the tree's head against reading the log, appending with the notary at work, verifying all.

The ratios are medians of rounds in which both sides take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import gc
import itertools
import secrets
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from pydantic_core import to_json

from planner.audit.kept import Checkpoints, leaf_hashes
from planner.audit.notary import Notary
from planner.audit.tree import CompactRange
from planner.audit.verify import verify_data
from planner.snapshots.file import Snapshots
from planner.store.connection import connect
from planner.store.directory import Store
from planner.store.opening import open_store
from planner.timeline import Timeline
from tests.benchmarks.large_log import Size, events, write_log
from tests.benchmarks.report import Figure

ROUNDS = 7


def head(place: Path, number: int = 100_000) -> Figure:
    """SELECT + orjson.loads of the same events as plain JSON, over the tree's head made from the log."""
    with closing(open_store(place / "data", place / "key")) as store:
        write_log(store, Size.years(number))
        raw = _plain(store, place)

        def reading() -> None:
            for row in raw.execute("SELECT * FROM stored_events ORDER BY position"):
                orjson.loads(row[4])

        def hashing() -> None:
            tree = CompactRange()
            for leaves in leaf_hashes(store.recorder.rows()):
                tree = tree.extended(leaves)
            assert tree.root

        ratios = _turns(reading, hashing)
        raw.close()
    return Figure("head of the tree, ratio to SELECT + orjson.loads", statistics.median(ratios), 0.55)


def _plain(store: Store, place: Path) -> Any:
    """Another encrypted file with the same rows, their states as plain JSON."""
    raw = connect(place, "plain.db", store.keys.database)
    raw.execute("CREATE TABLE stored_events (position INTEGER PRIMARY KEY, subject, version, topic, state)")
    raw.execute("BEGIN")
    for row, event in zip(store.recorder.rows(), store.mapper().decode_rows(store.recorder.rows()), strict=True):
        raw.execute("INSERT INTO stored_events VALUES (?,?,?,?,?)", (*row[:4], to_json(event)))
    raw.execute("COMMIT")
    return raw


def _turns(base: Callable[[], None], ours: Callable[[], None]) -> list[float]:
    gc.collect()
    gc.disable()
    ratios = [_timed(base) / _timed(ours) for _ in range(ROUNDS)]
    gc.enable()
    return ratios


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def appending(place: Path, saves: int = 3_000) -> Figure:
    """Saves of one event without anybody who signs, over saves while the notary signs every second."""
    told = list(itertools.islice(events(Size.years(saves + 1000)), saves))
    spent: dict[bool, list[float]] = {True: [], False: []}
    with (
        closing(open_store(place / "with", place / "with.key")) as signed,
        closing(open_store(place / "without", place / "without.key")) as bare,
        closing(Checkpoints(signed)) as checkpoints,
    ):
        for store in (bare, signed):
            # The connections that every running planner has open beside the one that writes.
            assert store.recorder.head() == len(list(store.recorder.rows()))
        notary = Notary(checkpoints, every=1.0)
        notary.start()
        turns = ((bare, spent[False]), (signed, spent[True]))
        for number, event in enumerate(told):
            # Each goes first as often as the other: the second save of a pair waits for the disk longer.
            for store, kept in turns if number % 2 else turns[::-1]:
                stored = store.mapper().to_stored_event(event)
                started = time.perf_counter()
                with store.gate.held():
                    store.recorder.insert_events([stored], command_id=secrets.token_hex(8), fingerprint=b"f")
                kept.append(time.perf_counter() - started)
        notary.close()
        count = len(list(checkpoints))
    ratio = statistics.median(spent[False]) / statistics.median(spent[True])
    return Figure("saving without and with the notary", ratio, 0.95, more={"checkpoints": count})


def verifying(place: Path, number: int) -> Figure:
    """Seconds to verify everything about a log, all five levels, with snapshots and a checkpoint that was brought."""
    with closing(open_store(place / "data", place / "key")) as store:
        write_log(store, Size.years(number))
        timeline = Timeline(store.recorder, store.mapper(), Snapshots(store))
        _ = timeline.current
        timeline.close()
        with closing(Checkpoints(store)) as checkpoints:
            note = bytes(checkpoints.sign().note)
    started = time.perf_counter()
    found = list(verify_data(place / "data", place / "key", brought=[note]))
    seconds = time.perf_counter() - started
    assert [one.why.text for one in found if not one.ok] == []
    return Figure(f"verifying {number} events", seconds, 300 * number / 1_000_000, "s")
