"""An OpenStreetMap extract that somebody hands in: is it usable, and what does it cover?"""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import osmium
import shapely

from domain.refusals import InvalidInput
from planner.routing.map_pack import sha256
from planner.routing.road_graph import carries_cars

#: What a file begins with that is no PBF, and what it then is.
OTHER_FORMATS = (
    (b"<?xml", "OSM XML"),
    (b"<osm", "OSM XML"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "ZIP"),
    (b"SQLite format 3", "SQLite"),
    (b"PMTiles", "PMTiles"),
    (b"<!DOCTYPE html", "HTML"),
    (b"<html", "HTML"),
)
#: An object without a time of its own carries the epoch; OpenStreetMap began later.
OLDEST = datetime(2004, 8, 1, tzinfo=UTC)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """A checked extract. ``box`` is (west, south, east, north) and ``outline`` the convex hull, a closed ring of
    ``(lat, lon)``, both of the roads; ``osm_date`` is the day of the newest data, None where the file does not say."""

    path: Path
    sha256: str
    ways: int
    roads: int
    osm_date: date | None
    box: tuple[float, float, float, float]
    outline: tuple[tuple[float, float], ...]


def examine(path: Path) -> Extract:
    """Read the whole extract once; ``InvalidInput`` says why it cannot be used and what would help."""
    _look_at_the_beginning(path)
    try:
        return _read(path)
    except RuntimeError as error:
        raise InvalidInput.because(
            "{file} is damaged or cut off: {problem}. Download or copy it again and compare its size "
            "and checksum with the source.",
            file=path.name,
            problem=str(error),
        ) from error


def _look_at_the_beginning(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            head = stream.read(64)
    except FileNotFoundError as error:
        raise InvalidInput.because("There is no file {file}.", file=str(path)) from error
    except IsADirectoryError as error:
        raise InvalidInput.because("{file} is a folder; name the .osm.pbf file itself.", file=str(path)) from error
    except OSError as error:
        raise InvalidInput.because(
            "{file} cannot be read: {problem}.", file=str(path), problem=str(error.strerror)
        ) from error
    if not head:
        raise InvalidInput.because("{file} is empty. Download or copy it again.", file=path.name)
    if head.startswith(b"version https://git-lfs"):
        raise InvalidInput.because(
            "{file} is only a pointer of Git LFS, not the map data itself. Fetch it with «git lfs pull» and try again.",
            file=path.name,
        )
    for beginning, kind in OTHER_FORMATS:
        if head.startswith(beginning):
            raise InvalidInput.because(
                "{file} is {format}, not an OpenStreetMap extract in PBF. Convert it with "
                "«osmium cat {file} -o map.osm.pbf», or download the .osm.pbf of the area.",
                file=path.name,
                format=kind,
            )
    # A PBF begins with the length of its first header, then that header with the word OSMHeader.
    if b"\x0a\x09OSMHeader" not in head[4:]:
        raise InvalidInput.because(
            "{file} is not an OpenStreetMap extract in PBF. Download the .osm.pbf of the area and try again.",
            file=path.name,
        )


def _read(path: Path) -> Extract:
    kinds = {"n": 0, "w": 1, "r": 2}
    last = (0, -1)
    newest = OLDEST
    ways = roads = 0
    places: list[tuple[float, float]] = []
    road_nodes: list[int] = []
    node_ids: list[int] = []
    reader = osmium.FileProcessor(osmium.io.File(str(path), "pbf"))
    if reader.header.has_multiple_object_versions:
        raise InvalidInput.because(
            "{file} holds the history of the map. Use an extract with only the newest versions.", file=path.name
        )
    for thing in reader:
        this = (kinds[thing.type_str()], thing.id)
        if this <= last:
            raise InvalidInput.because(
                "{file} is not sorted by type and number, which road tiles need. Sort it with "
                "«osmium sort {file} -o sorted.osm.pbf» and try again.",
                file=path.name,
            )
        last = this
        if isinstance(thing, osmium.osm.Node):
            node_ids.append(thing.id)
            places.append((thing.location.lat, thing.location.lon) if thing.location.valid() else (np.nan, np.nan))
        elif isinstance(thing, osmium.osm.Way):
            ways += 1
            newest = max(newest, thing.timestamp)
            if carries_cars(thing.tags):
                roads += 1
                road_nodes.extend(node.ref for node in thing.nodes)
    _has_roads(path, ways, roads)
    at = _positions(np.array(node_ids, dtype=np.int64), np.array(places, dtype=np.float64), road_nodes)
    if not len(at):
        raise InvalidInput.because(
            "{file} has streets, but not the points they run through. Make the extract again with complete ways.",
            file=path.name,
        )
    (south, west), (north, east) = at.min(axis=0), at.max(axis=0)
    return Extract(
        path=path,
        sha256=sha256(path),
        ways=ways,
        roads=roads,
        osm_date=_day(reader.header.get("osmosis_replication_timestamp"), newest),
        box=(float(west), float(south), float(east), float(north)),
        outline=_outline(at),
    )


def _has_roads(path: Path, ways: int, roads: int) -> None:
    if not ways:
        raise InvalidInput.because(
            "{file} holds no ways at all: it is cut off, or only points were extracted. Make the extract again with "
            "ways.",
            file=path.name,
        )
    if not roads:
        raise InvalidInput.because(
            "{file} holds {n} ways, but no street that a car may use. Make the extract again with streets.",
            file=path.name,
            n=ways,
        )


def _positions(ids: np.ndarray, places: np.ndarray, wanted: list[int]) -> np.ndarray:
    """The ``(lat, lon)`` of the wanted nodes that the file holds; ``ids`` ascend."""
    nodes = np.unique(np.array(wanted, dtype=np.int64))
    if not len(ids) or not len(nodes):
        return np.empty((0, 2))
    rank = np.searchsorted(ids, nodes)
    rank[rank == len(ids)] = 0
    found: np.ndarray = places[rank[ids[rank] == nodes]]
    whole: np.ndarray = found[~np.isnan(found).any(axis=1)]
    return whole


def _outline(at: np.ndarray) -> tuple[tuple[float, float], ...]:
    hull = shapely.MultiPoint(at).convex_hull
    # A few metres of margin make a surface of streets that all lie on one line.
    corners = shapely.get_coordinates(hull.buffer(1e-4, quad_segs=1).simplify(1e-4))
    return tuple((round(lat, 6), round(lon, 6)) for lat, lon in corners.tolist())


def _day(replicated: str, newest: datetime) -> date | None:
    try:
        return datetime.fromisoformat(replicated).date()
    except ValueError:
        return newest.date() if newest > OLDEST else None
