"""Three ways that share little: penalty rounds over a router, then a choice among all that was found.

The router is asked for its best way, then again and again with the middle of every way already found made
dearer. The router minimises its own cost, not time; so what it found is ranked here, by time and length.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence

from shapely import LineString, Polygon

from domain.estimate import RoutingNumbers
from domain.polyline import Line, decode
from planner.routing.overlap import Ground, beyond_doorsteps, overlap, share_within

#: How much dearer a street becomes each time a way that uses it is found.
PENALTY = 4.0
ROUNDS = 6
#: Overlap beyond the doorsteps at which nobody would look further.
GOOD_ENOUGH = 0.05
#: What a share of overlap is worth in stretch when ways are weighed against each other.
STRETCH_WEIGHT = 0.25


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A way as the router gave it: encoded polyline, length, time, and the streets it follows."""

    geometry: str
    km: float
    minutes: float
    streets: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A way that was chosen, and the largest share of its length that runs with an earlier one."""

    found: Found
    overlap: float


#: Asks the router for ways that avoid the given lines, each line ``factor`` times dearer; the best way first.
type Ask = Callable[[Sequence[Line], float], Sequence[Found]]


class Candidates:
    """What was found so far, each way once, with lines in metres and shares counted only once."""

    def __init__(self, numbers: RoutingNumbers) -> None:
        self._numbers = numbers
        self._ground: Ground | None = None
        self._shares: dict[tuple[int, int], float] = {}
        self.all: list[Found] = []
        self.lines: list[LineString] = []
        self._middles: list[LineString] = []
        self._buffers: list[Polygon] = []

    def add(self, ways: Sequence[Found]) -> bool:
        """True where one of the ways is new."""
        new = False
        for way in ways:
            if all(way.geometry != known.geometry for known in self.all):
                line = decode(way.geometry)
                self._ground = self._ground or Ground(*line[0])
                self.all.append(way)
                self.lines.append(self._ground.on(line))
                self._middles.append(beyond_doorsteps(self.lines[-1], self._numbers.doorstep_m))
                self._buffers.append(self.lines[-1].buffer(self._numbers.overlap_buffer_m))
                new = True
        return new

    def middle(self, rank: int) -> Line:
        """A way without its doorsteps, to be made dearer."""
        assert self._ground is not None
        return self._ground.back(self._middles[rank])

    def share(self, later: int, earlier: int) -> float:
        """How much of a later way runs with an earlier one, beyond the doorsteps."""
        if (later, earlier) not in self._shares:
            self._shares[later, earlier] = share_within(self._middles[later], self._buffers[earlier])
        return self._shares[later, earlier]


def diverse(ask: Ask, count: int, numbers: RoutingNumbers) -> tuple[Chosen, ...]:
    """Up to ``count`` ways, the fastest first, each further one within the policy's overlap and stretch.

    Refusals of ``ask`` in the first round go through; nothing found is an empty tuple.
    """
    candidates = Candidates(numbers)
    if not candidates.add(ask((), 1.0)) or count == 1:
        return _as_chosen(candidates, _fastest(candidates)[:count], numbers)
    penalised: list[Line] = []
    picked = pick(candidates, count, numbers)
    known = 0
    for _ in range(ROUNDS):
        if len(picked) >= count and _worst(candidates, picked) <= GOOD_ENOUGH:
            break
        penalised.extend(candidates.middle(rank) for rank in range(known, len(candidates.all)))
        known = len(candidates.all)
        if not candidates.add(ask(penalised, PENALTY)):
            penalised.extend(candidates.middle(rank) for rank in picked)
        picked = pick(candidates, count, numbers)
    return _as_chosen(candidates, picked, numbers)


def pick(candidates: Candidates, count: int, numbers: RoutingNumbers) -> tuple[int, ...]:
    """The most ways that fit together, and among those the ones that share least and take least time.

    The fastest of all is always the first; the others follow by time.
    """
    order = _fastest(candidates)
    first, fastest = order[0], candidates.all[order[0]].minutes
    near = [rank for rank in order[1:] if candidates.all[rank].minutes <= numbers.max_stretch * fastest]
    near = [rank for rank in near if candidates.share(rank, first) <= numbers.max_overlap]
    for size in range(min(count - 1, len(near)), 0, -1):
        fitting = [
            (first, *others)
            for others in itertools.combinations(near, size)
            if all(candidates.share(b, a) <= numbers.max_overlap for a, b in itertools.combinations(others, 2))
        ]
        if fitting:
            return min(fitting, key=lambda ranks: _price(candidates, ranks))
    return (first,)


def _price(candidates: Candidates, ranks: tuple[int, ...]) -> float:
    """What a set of ways costs: overlap of each with the earlier ones, and a little for each minute it is longer."""
    fastest = candidates.all[ranks[0]].minutes or 1.0
    shares = sum(max(candidates.share(ranks[at], earlier) for earlier in ranks[:at]) for at in range(1, len(ranks)))
    return shares + STRETCH_WEIGHT * sum(candidates.all[rank].minutes / fastest - 1 for rank in ranks)


def _fastest(candidates: Candidates) -> list[int]:
    return sorted(range(len(candidates.all)), key=lambda rank: (candidates.all[rank].minutes, candidates.all[rank].km))


def _worst(candidates: Candidates, ranks: tuple[int, ...]) -> float:
    return max((candidates.share(b, a) for a, b in itertools.combinations(ranks, 2)), default=0.0)


def _as_chosen(candidates: Candidates, ranks: Sequence[int], numbers: RoutingNumbers) -> tuple[Chosen, ...]:
    lines = [candidates.lines[rank] for rank in ranks]
    return tuple(
        Chosen(found=candidates.all[rank], overlap=overlap(lines[at], lines[:at], numbers.overlap_buffer_m))
        for at, rank in enumerate(ranks)
    )
