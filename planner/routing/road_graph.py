"""The streets of a pack as a graph: junctions, and the stretches between them. Kept in the pack, small and plain."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from domain.values import EARTH_RADIUS_M

ROADS = frozenset(
    {
        *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
        *("tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "road"),
    }
)
CLOSED_TO_CARS = frozenset({"no", "private"})
FORWARD, BACKWARD, BRIDGE, TUNNEL = 1, 2, 4, 8

type Array = np.ndarray[Any, np.dtype[Any]]


def carries_cars(tags: Any) -> bool:
    """True for a way that a car may use."""
    if tags.get("highway") not in ROADS or tags.get("area") == "yes":
        return False
    access = tags.get("motorcar", tags.get("motor_vehicle", tags.get("vehicle", tags.get("access", "yes"))))
    return access not in CLOSED_TO_CARS


def directions(tags: Any) -> int:
    """In which directions of its points a way may be driven."""
    oneway = tags.get("oneway:motor_vehicle", tags.get("oneway", ""))
    if oneway in {"-1", "reverse"}:
        return BACKWARD
    if oneway in {"yes", "true", "1"}:
        return FORWARD
    one_directional = tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"
    return FORWARD if one_directional and oneway != "no" else FORWARD | BACKWARD


def name_of(tags: Any) -> str:
    """What people call a street: its Vietnamese name, else its name, else its number."""
    return str(tags.get("name:vi") or tags.get("name") or tags.get("ref") or "")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoadGraph:
    """Junctions ``lat``, ``lon`` [n]; stretches ``start``, ``end`` (junction numbers), ``metres``, ``flags``
    (FORWARD, BACKWARD, BRIDGE, TUNNEL) and ``street`` (a number into ``streets``, 0 for one without a name) [m]."""

    lat: Array
    lon: Array
    start: Array
    end: Array
    metres: Array
    flags: Array
    street: Array
    streets: tuple[str, ...]

    def save(self, path: Path) -> None:
        names = np.frombuffer("\n".join(self.streets).encode(), dtype=np.uint8)
        arrays = {
            field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "streets"
        }
        with path.open("wb") as stream:
            np.savez_compressed(stream, **arrays, streets=names)

    @staticmethod
    def load(path: Path) -> RoadGraph:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files if name != "streets"}
            streets = tuple(kept["streets"].tobytes().decode().split("\n"))
        return RoadGraph(**arrays, streets=streets)


def read_graph(extract: Path) -> RoadGraph:
    """The graph of all streets that cars may use, in an extract that was examined."""
    ways: list[tuple[list[int], int, str]] = []
    uses: Counter[int] = Counter()
    places: dict[int, tuple[float, float]] = {}
    source = osmium.FileProcessor(
        osmium.io.File(str(extract), "pbf"), osmium.osm.NODE | osmium.osm.WAY
    ).with_locations()
    for way in source.with_filter(osmium.filter.KeyFilter("highway")):
        if not isinstance(way, osmium.osm.Way) or not carries_cars(way.tags):
            continue
        nodes = [node.ref for node in way.nodes if node.location.valid()]
        if len(nodes) < 2:
            continue
        places.update((node.ref, (node.location.lat, node.location.lon)) for node in way.nodes if node.location.valid())
        uses.update(nodes)
        uses.update((nodes[0], nodes[-1]))  # an end is a junction, wherever it lies
        marks = BRIDGE * (way.tags.get("bridge", "no") != "no") + TUNNEL * (way.tags.get("tunnel", "no") != "no")
        ways.append((nodes, directions(way.tags) | marks, name_of(way.tags)))
    return _cut_at_junctions(ways, uses, places)


def _cut_at_junctions(
    ways: list[tuple[list[int], int, str]], uses: Mapping[int, int], places: Mapping[int, tuple[float, float]]
) -> RoadGraph:
    junctions: dict[int, int] = {}
    streets: dict[str, int] = {"": 0}
    rows: list[tuple[int, int, float, int, int]] = []
    for nodes, flags, name in ways:
        number = streets.setdefault(name.replace("\n", " "), len(streets))
        begin, metres = nodes[0], 0.0
        for here, there in itertools.pairwise(nodes):
            metres += metres_between(places[here], places[there])
            if uses[there] > 1:
                ends = (junctions.setdefault(begin, len(junctions)), junctions.setdefault(there, len(junctions)))
                rows.append((*ends, metres, flags, number))
                begin, metres = there, 0.0
    at = np.array([places[node] for node in junctions], dtype=np.float64).reshape(-1, 2)
    columns = list(zip(*rows, strict=True)) or [(), (), (), (), ()]
    return RoadGraph(
        lat=at[:, 0],
        lon=at[:, 1],
        start=np.array(columns[0], dtype=np.int32),
        end=np.array(columns[1], dtype=np.int32),
        metres=np.array(columns[2], dtype=np.float32),
        flags=np.array(columns[3], dtype=np.uint8),
        street=np.array(columns[4], dtype=np.int32),
        streets=tuple(streets),
    )


def metres_between(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The short distance between two ``(lat, lon)`` points, on a plane that touches the earth there."""
    lat = np.radians(there[0] - here[0])
    lon = np.radians(there[1] - here[1]) * np.cos(np.radians((here[0] + there[0]) / 2))
    return float(np.hypot(lat, lon) * EARTH_RADIUS_M)
