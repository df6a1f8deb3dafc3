"""Where all ways between two places must pass: the minimum cut of the street graph.

The doorsteps at both ends are free, because the first and last streets of any way are always the same few. A
street that may be driven both ways counts once in each direction, and only the direction of travel is cut.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from domain.estimate import RoutingNumbers
from domain.messages import Message, counted, message
from domain.values import EARTH_RADIUS_M, Coordinates
from planner.routing.road_graph import BACKWARD, BRIDGE, FORWARD, TUNNEL, Array, RoadGraph

#: Capacity of what is not to be cut: more than any place has streets.
FREE = 1_000
#: Streets named in one sentence.
MOST_NAMED = 6


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ChokePoint:
    """One stretch of street that every way of a cut uses: its name (empty where it has none) and its middle."""

    street: str
    at: Coordinates
    bridge: bool
    tunnel: bool

    @property
    def named(self) -> Message | str:
        """What people call it."""
        here = {"lat": f"{self.at.lat:.5f}", "lon": f"{self.at.lon:.5f}"}
        street: Message | str = self.street or message("the street at {lat}, {lon}", **here)
        if self.bridge:
            return message("{street} (bridge)", street=street)
        return message("{street} (tunnel)", street=street) if self.tunnel else street


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How many independent ways there are, and the stretches that together cut them all."""

    ways: int
    points: tuple[ChokePoint, ...]


class StreetNetwork:
    """The graph of a pack prepared for questions about cuts; built once, asked by any thread."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph
        self._size = len(graph.lat)
        forth, back = (graph.flags & FORWARD) != 0, (graph.flags & BACKWARD) != 0
        self._from = np.concatenate([graph.start[forth], graph.end[back]])
        self._to = np.concatenate([graph.end[forth], graph.start[back]])
        self._stretch = np.concatenate([np.flatnonzero(forth), np.flatnonzero(back)])
        lengths = sparse.coo_array(
            (np.maximum(graph.metres, 0.1), (graph.start, graph.end)), shape=(self._size, self._size)
        )
        self._lengths = _shortest(lengths)
        arcs = sparse.coo_array((np.ones(len(self._from)), (self._from, self._to)), shape=(self._size, self._size))
        _, part = csgraph.connected_components(arcs.tocsr(), connection="strong")
        #: Junctions from which one can come and go; a car park with its own gate is not where a way begins.
        self._main = np.flatnonzero(part == np.bincount(part).argmax())

    def cut(self, origin: Coordinates, destination: Coordinates, doorstep_m: float) -> Cut | None:
        """The minimum cut, None where the doorsteps touch: then there is nothing between them to cut."""
        leaving, arriving = self._doorstep(origin, doorstep_m), self._doorstep(destination, doorstep_m)
        if (leaving & arriving).any():
            return None
        source, sink = self._size, self._size + 1
        inside = (leaving[self._from] & leaving[self._to]) | (arriving[self._from] & arriving[self._to])
        rows = np.concatenate([self._from, np.full(leaving.sum(), source), np.flatnonzero(arriving)])
        columns = np.concatenate([self._to, np.flatnonzero(leaving), np.full(arriving.sum(), sink)])
        free = np.full(int(leaving.sum() + arriving.sum()), FREE)
        capacity = np.concatenate([np.where(inside, FREE, 1), free]).astype(np.int32)
        capacities = sparse.coo_array((capacity, (rows, columns)), shape=(sink + 1, sink + 1)).tocsr()
        flow = csgraph.maximum_flow(capacities, source, sink)
        rest = (capacities - flow.flow).tocsr()
        rest.data[rest.data < 0] = 0
        rest.eliminate_zeros()
        reached = np.zeros(sink + 1, dtype=bool)
        reached[csgraph.breadth_first_order(rest, source, return_predecessors=False)] = True
        across = self._stretch[reached[self._from] & ~reached[self._to]]
        return Cut(
            ways=int(flow.flow_value),
            points=tuple(self._point(int(number)) for number in dict.fromkeys(across.tolist())),
        )

    def _doorstep(self, place: Coordinates, doorstep_m: float) -> Array:
        """Which junctions lie within the doorstep, along streets in either direction, of the one nearest to a place."""
        graph, main = self._graph, self._main
        north = np.radians(graph.lat[main] - place.lat)
        east = np.radians(graph.lon[main] - place.lon) * np.cos(np.radians(place.lat))
        off = np.hypot(north, east) * EARTH_RADIUS_M
        nearest = int(main[off.argmin()])
        left = max(doorstep_m - float(off.min()), 0.0)
        far = csgraph.dijkstra(self._lengths, directed=False, indices=nearest, limit=left)
        return np.asarray(np.isfinite(far))

    def _point(self, number: int) -> ChokePoint:
        graph = self._graph
        start, end, flags = int(graph.start[number]), int(graph.end[number]), int(graph.flags[number])
        return ChokePoint(
            street=graph.streets[int(graph.street[number])],
            at=Coordinates(
                lat=float(graph.lat[start] + graph.lat[end]) / 2, lon=float(graph.lon[start] + graph.lon[end]) / 2
            ),
            bridge=bool(flags & BRIDGE),
            tunnel=bool(flags & TUNNEL),
        )


def why_fewer(cut: Cut | None, count: int, numbers: RoutingNumbers) -> Message:
    """Why fewer than ``count`` ways were found, in one sentence."""
    if cut is None:
        return message("The places are so near to each other that every way runs over the same few streets.")
    named = tuple({str(point.named): point.named for point in cut.points}.values())[:MOST_NAMED]
    if cut.ways < count:
        return counted(
            "Only {n} independent way exists: every way passes {streets}.",
            "Only {n} independent ways exist: every way passes one of {streets}.",
            cut.ways,
            streets=named,
        )
    return counted(
        "{n} independent way exists, but further ones would share more than {share} % of their length or take more "
        "than {stretch} times as long.",
        "{n} independent ways exist, but further ones would share more than {share} % of their length or take more "
        "than {stretch} times as long.",
        cut.ways,
        share=round(numbers.max_overlap * 100),
        stretch=numbers.max_stretch,
    )


def _shortest(lengths: Any) -> Any:
    """One entry for each pair of junctions, the shortest: parallel streets must not be added up."""
    order = np.lexsort((lengths.data, lengths.col, lengths.row))
    row, col, data = lengths.row[order], lengths.col[order], lengths.data[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (col[1:] != col[:-1])
    return sparse.coo_array((data[first], (row[first], col[first])), shape=lengths.shape).tocsr()
