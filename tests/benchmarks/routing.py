"""Three routes on the streets of La Serena: ``python -m tests.benchmarks.routing``.

Forty random pairs 2 to 9 km apart (seeded), ours against Valhalla's own ``alternates``: in how many pairs three were
found, how much of their length the second and third share with an earlier one, and how long it took. Prints a table
and one JSON line per figure.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.estimate import RoutingNumbers
from domain.polyline import Line
from domain.values import Coordinates
from planner.routing.engine import Router
from planner.routing.overlap import Ground, overlap, overlap_beyond_doorsteps
from planner.routing.pack_building import demo_pack
from planner.routing.road_graph import RoadGraph

PAIRS = 40
NEAREST_M, FARTHEST_M = 2_000, 9_000
SEED = 20261124
TARGET_P95_S = 1.5
NUMBERS = RoutingNumbers()


def pairs(graph: RoadGraph, seed: int) -> list[tuple[Coordinates, Coordinates]]:
    """Junctions drawn at random, 2 to 9 km apart."""
    chance = random.Random(seed)
    places = [Coordinates(lat=float(lat), lon=float(lon)) for lat, lon in zip(graph.lat, graph.lon, strict=True)]
    found: list[tuple[Coordinates, Coordinates]] = []
    while len(found) < PAIRS:
        origin, destination = chance.choice(places), chance.choice(places)
        if NEAREST_M <= origin.distance_to(destination) <= FARTHEST_M:
            found.append((origin, destination))
    return found


def shares(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Overlap of each later line with the earlier ones: of the whole length, and beyond the doorsteps."""
    ground = Ground(*lines[0][0])
    drawn = [ground.on(line) for line in lines]
    return [
        (
            overlap(drawn[rank], drawn[:rank], NUMBERS.overlap_buffer_m),
            overlap_beyond_doorsteps(drawn[rank], drawn[:rank], NUMBERS),
        )
        for rank in range(1, len(drawn))
    ]


def alternates(router: Router, origin: Coordinates, destination: Coordinates) -> tuple[list[Line], list[float]]:
    """What Valhalla itself offers: lines and minutes."""
    found = router.alternates(origin, destination)
    return [way.line for way in found], [way.minutes for way in found]


def ours(router: Router, origin: Coordinates, destination: Coordinates) -> tuple[list[Line], list[float]]:
    """What the planner offers: lines and minutes."""
    found = router.routes(origin, destination)
    return [way.line for way in found], [way.minutes for way in found]


def measured(router: Router, asked: Sequence[tuple[Coordinates, Coordinates]], way: Any) -> dict[str, float]:
    """One row of the table."""
    seconds: list[float] = []
    shared: list[tuple[float, float]] = []
    stretches: list[float] = []
    three = 0
    for origin, destination in asked:
        begin = time.perf_counter()
        lines, minutes = way(router, origin, destination)
        seconds.append(time.perf_counter() - begin)
        three += len(lines) >= 3
        shared += shares(lines)
        stretches += [other / minutes[0] for other in minutes[1:]]
    return {
        "three_found": three,
        "overlap": statistics.fmean(whole for whole, _ in shared),
        "overlap_beyond_doorsteps": statistics.fmean(beyond for _, beyond in shared),
        "stretch": statistics.fmean(stretches),
        "p50_s": statistics.median(seconds),
        "p95_s": statistics.quantiles(seconds, n=20)[-1],
    }


def run(folder: Path, seed: int = SEED) -> dict[str, dict[str, float]]:
    """Both rows, on a demo pack kept in ``folder``."""
    pack = demo_pack(folder)
    asked = pairs(RoadGraph.load(pack.graph), seed)
    with Router(pack) as router:
        router.way_to(*asked[0])  # the worker is up before the clock runs
        return {"alternates": measured(router, asked, alternates), "ours": measured(router, asked, ours)}


def verdicts(rows: dict[str, dict[str, float]]) -> dict[str, bool]:
    """Which targets hold."""
    theirs, ours = rows["alternates"], rows["ours"]
    return {
        f"p95 at most {TARGET_P95_S} s": ours["p95_s"] <= TARGET_P95_S,
        "three found at least as often": ours["three_found"] >= theirs["three_found"],
        "a third of their overlap": ours["overlap"] <= theirs["overlap"] / 3,
        "a third of their overlap beyond the doorsteps": ours["overlap_beyond_doorsteps"]
        <= theirs["overlap_beyond_doorsteps"] / 3,
    }


def main() -> int:
    """Measure, print, and say by the exit status whether the targets hold."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else SEED
    with tempfile.TemporaryDirectory() as folder:
        rows = run(Path(folder), seed)
    columns = list(rows["ours"])
    print(f"{PAIRS} pairs, 2-9 km, la_serena, seed {seed}")
    print(" ".join(["".ljust(11), *(column.rjust(max(len(column), 8)) for column in columns)]))
    for name, row in rows.items():
        print(" ".join([name.ljust(11), *(f"{row[column]:.3f}".rjust(max(len(column), 8)) for column in columns)]))
    held = verdicts(rows)
    for target, holds in held.items():
        print(("held  " if holds else "MISSED"), target)
    for name, row in rows.items():
        print(json.dumps({"benchmark": "routing", "who": name, "seed": seed, **row}))
    print(json.dumps({"benchmark": "routing", "targets": held}))
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
