"""How fast the plan in time is: folding, starting, the past, stepping; and how much memory a summit takes.

``python -m tests.benchmarks.plan [--events 1000000] [--summit 400000]`` writes logs into a temporary directory and
prints a table, then one JSON object a line. Times are CPU seconds of this process unless named otherwise: on a
shared machine they say more. Ratios are of the same run.
"""

from __future__ import annotations

import argparse
import functools
import gc
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import psutil
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.plan import Plan
from domain.rules.scope import visit_of
from planner.snapshots.file import FILE, SPACING, Snapshots
from planner.store.directory import Store
from planner.store.opening import open_store
from planner.timeline import Timeline
from tests.benchmarks.large_log import Size, write_log
from tests.benchmarks.report import Figure, show

#: A log seldom ends at a snapshot: half the way to the next one is what a start has to fold on average.
SINCE_SNAPSHOT = SPACING // 2


def opened(place: Path) -> tuple[Store, Timeline]:
    store = open_store(place / "data", place / "key")
    return store, Timeline(store.recorder, store.mapper(), Snapshots(store))


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a piece of work."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def read_bare(store: Store) -> None:
    """SELECT, decrypt and orjson.loads of the whole log: what any reader must at least do.

    What was sealed apart about persons, one event in a hundred, is left sealed.
    """
    shared, keyring = AESGCM(store.keys.records), store.keyring
    for _, subject, version, topic, state in store.recorder.rows():
        name = subject.encode()
        bound = b"%b%d:%b%d:%b" % (state[:3], len(name), name, version, topic.encode())
        visit = visit_of(subject)
        key = shared if visit is None else keyring.visits.get(visit) or keyring.of_visit(visit)
        plain = (key or shared).decrypt(state[3:15], state[15:], bound)
        orjson.loads(plain.partition(b"\n")[0])


def fold(store: Store) -> Plan:
    """The whole log as a plan with its indexes, from nothing."""
    return Plan().after(store.mapper().decode_rows(store.recorder.rows()), store.recorder.head())


def grown(place: Path) -> None:
    """The snapshots that a log gathers while it grows."""
    store, timeline = opened(place)
    snapshots = Snapshots(store)
    plan = Plan()
    for position in range(SPACING, store.recorder.head() - SINCE_SNAPSHOT + 1, SPACING):
        plan = plan.after(store.mapper().decode_rows(store.recorder.rows(plan.position, position)), position)
        snapshots.offer(plan)
        snapshots.settle()
    snapshots.close(Plan())
    timeline._watch.close()
    store.close()


def folding(place: Path, rounds: int) -> tuple[Figure, float]:
    """The ratio of bare reading to folding, in turns, and the seconds of a full fold."""
    store, _ = opened(place)
    gc.collect()
    gc.disable()
    bare = [cpu(lambda: read_bare(store))]
    folds = []
    for _ in range(rounds):
        folds.append(cpu(lambda: fold(store)))
        bare.append(cpu(lambda: read_bare(store)))
    gc.enable()
    ratios = [(before + after) / 2 / each for before, each, after in zip(bare, folds, bare[1:], strict=False)]
    each_us = statistics.median(folds) / store.recorder.head() * 1e6
    store.close()
    found = Figure(
        "fold of the log into a plan, ratio to SELECT + decrypt + orjson",
        statistics.median(ratios),
        0.30,
        more={"us_per_event": round(each_us, 1), "all": [round(ratio, 3) for ratio in ratios]},
    )
    return found, statistics.median(folds)


START = """
import sys, time
from pathlib import Path
from tests.benchmarks.plan import opened
started = time.perf_counter(), time.process_time()
store, timeline = opened(Path(sys.argv[1]))
plan = timeline.current
visit = plan.visits[0].key
plan.posts(visit), plan.officers
print(time.perf_counter() - started[0], time.process_time() - started[1])
"""


def starting(place: Path) -> Figure:
    """Wall milliseconds until a new process has the plan and has listed all officers and a visit's posts."""
    walls, cpus = [], []
    for _ in range(5):
        told = subprocess.run([sys.executable, "-c", START, place], capture_output=True, text=True, check=True).stdout
        walls.append(float(told.split()[0]) * 1000)
        cpus.append(float(told.split()[1]) * 1000)
    return Figure(
        "start from the newest snapshot",
        statistics.median(walls),
        1000,
        "ms",
        {"cpu_ms": round(statistics.median(cpus)), "events_folded": SINCE_SNAPSHOT},
    )


def the_past(place: Path, full: float, looks: int = 40) -> list[Figure]:
    """The plan at random positions that nobody asked for before; then with every entity of it read."""
    store, timeline = opened(place)
    plan = timeline.current
    end = plan.position
    chance = random.Random(5)
    first, whole = [], []
    for position in (chance.randrange(1, end) for _ in range(looks)):
        started = time.process_time()
        plan = timeline.at(position)
        first.append(time.process_time() - started)
        for key in plan.entities:
            plan.entities[key]
        whole.append(time.process_time() - started)
    store.close()
    median = statistics.median(first)
    more = {"p95_ms": _p95(first), "every_entity_read_ms": round(statistics.median(whole) * 1000)}
    more["live_entities"] = len(plan.entities)
    return [
        Figure("the plan at any past position", median * 1000, 300, "ms", more),
        Figure("the plan at any past position, ratio of a full replay to it", full / median, 25),
    ]


def stepping(place: Path, steps: int = 300) -> list[Figure]:
    """Replay: each step and what a page lists of the busiest visit."""
    store, timeline = opened(place)
    visit = max(timeline.current.visits, key=lambda visit: len(timeline.current.posts(visit.key))).key
    position = timeline.current.position * 2 // 3

    def look(at: int) -> None:
        plan = timeline.at(at)
        plan.posts(visit), plan.assignments(visit)

    look(position)
    found = []
    for name, direction in (("next", 1), ("previous", -1)):
        times = []
        for _ in range(steps):
            position += direction
            times.append(cpu_now(functools.partial(look, position)))
        figure = Figure(
            f"replay step, {name} event", statistics.median(times) * 1000, 10, "ms", {"p95_ms": _p95(times)}
        )
        found.append(figure)
    listing = statistics.median(cpu_now(lambda: timeline.current.posts(visit)) for _ in range(50))
    posts = len(timeline.current.posts(visit))
    found.append(Figure("the posts of a visit, listed again", listing * 1000, 1, "ms", {"posts": posts}))
    store.close()
    return found


def cpu_now(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


MEMORY = """
import sys
from pathlib import Path
import psutil
import planner.application
from tests.benchmarks.plan import opened
empty = psutil.Process().memory_info().rss
store, timeline = opened(Path(sys.argv[1]))
plan = timeline.current
for key in plan.entities:
    plan.entities[key]
visit = max(plan.visits, key=lambda visit: len(plan.posts(visit.key))).key
plan.posts(visit), plan.assignments(visit), plan.officers
now = psutil.Process().memory_info().rss
for position in range(plan.position - 600, plan.position, 30):
    past = timeline.at(position)
    past.posts(visit), past.assignments(visit)
for share in (0.3, 0.5, 0.8):
    timeline.at(int(plan.position * share)).assignments(visit)
print(empty, now, psutil.Process().memory_info().rss, len(plan.assignments(visit)))
"""


def memory(place: Path) -> Figure:
    """Megabytes of a process that holds a plan with every entity read, and some past ones."""
    told = subprocess.run([sys.executable, "-c", MEMORY, place], capture_output=True, text=True, check=True).stdout
    empty, current, past, assignments = (int(part) for part in told.split())
    more = {"program_mb": empty >> 20, "with_plan_mb": current >> 20, "assignments": assignments}
    return Figure("memory with the current plan and past ones", past >> 20, 600, "MB", more)


def _p95(times: list[float]) -> float:
    return round(sorted(times)[int(len(times) * 0.95)] * 1000, 1)


def measured(place: Path, size: Size, *, rounds: int = 2, summit: bool = False) -> list[Figure]:
    """Everything about one log."""
    place.mkdir()
    store = open_store(place / "data", place / "key")
    write_log(store, size)
    store.close()
    figure, full = folding(place, rounds)
    grown(place)
    snapshots_mb = round((place / "data" / FILE).stat().st_size / 1e6, 1)
    log_mb = round((place / "data" / "events.db").stat().st_size / 1e6)
    print(f"{size.events} events in {log_mb} MB, snapshots {snapshots_mb} MB, {psutil.cpu_percent(1)} % of the machine")
    found = [figure, starting(place)]
    return [*found, *stepping(place), memory(place)] if summit else [*found, *the_past(place, full)]


def main() -> None:
    """Measures and prints; exit status 1 where a target is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=1_000_000, help="events of several years; 0 leaves them out")
    asked.add_argument("--summit", type=int, default=400_000, help="events of a summit; 0 leaves it out")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="plan-bench-") as folder:
        met = True
        if given.events:
            met &= show(measured(Path(folder) / "years", Size.years(given.events + SINCE_SNAPSHOT)))
        if given.summit:
            met &= show(measured(Path(folder) / "summit", Size.summit(given.summit + SINCE_SNAPSHOT), summit=True))
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
