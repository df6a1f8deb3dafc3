"""What is drawn on a map: marks and lines with their words, as plain values, and as GeoJSON for the browser.

Texts of people travel only as properties of GeoJSON; ``map.js`` writes them as text, never as HTML.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Final

from domain.polyline import Line

#: The zoom from which single places are told apart; before it, what lies at one venue is one mark.
CLOSE_ZOOM: Final = 15


class Shape(Enum):
    """The form of a mark: what a thing is shows without its colour."""

    VENUE = "venue"
    POINT = "point"
    COVERED = "covered"
    SHORT = "short"
    CRITICAL = "critical"
    IDLE = "idle"
    CLOSED = "closed"
    PICKED = "picked"
    HERE = "here"
    START = "start"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One place: its shape, a sign of one to three characters in it, a title and lines of words for its box.

    ``tag`` stands beside it all the time. It is drawn from zoom ``from_zoom`` to ``to_zoom``; ``faded`` where it is not
    what is looked at.
    """

    lat: float
    lon: float
    shape: Shape
    sign: str
    title: str
    lines: tuple[str, ...] = ()
    tag: str = ""
    colour: str = ""
    faded: bool = False
    from_zoom: int = 0
    to_zoom: int = 30


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One line of ``(lat, lon)`` points: colour, dashes (as SVG writes them), and pixels to the right of its way."""

    line: Line
    colour: str
    dash: str
    title: str
    lines: tuple[str, ...] = ()
    offset: float = 0
    faded: bool = False
    crossed: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Layer:
    """Everything of one kind on a map."""

    name: str
    marks: tuple[Mark, ...] = ()
    strokes: tuple[Stroke, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.marks or self.strokes)

    def geojson(self) -> dict[str, Any]:
        """One collection, lines first, so that marks lie over them."""
        features = [*map(_stroke, self.strokes), *map(_mark, self.marks)]
        return {"type": "FeatureCollection", "features": features}

    def packed(self) -> str:
        """The collection as base64: nothing that people wrote can be taken for a part of a script on its way."""
        written = json.dumps(self.geojson(), ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(written.encode("utf-8", "replace")).decode("ascii")


def points_of(layers: Iterable[Layer]) -> Iterator[tuple[float, float]]:
    """Every ``(lat, lon)`` that the layers reach."""
    for layer in layers:
        yield from ((mark.lat, mark.lon) for mark in layer.marks)
        for stroke in layer.strokes:
            yield from stroke.line


def _mark(mark: Mark) -> dict[str, Any]:
    properties = {
        "shape": mark.shape.value,
        "sign": mark.sign,
        "title": mark.title,
        "lines": mark.lines,
        "tag": mark.tag,
        "colour": mark.colour,
        "faded": mark.faded,
        "from": mark.from_zoom,
        "to": mark.to_zoom,
    }
    return _feature({"type": "Point", "coordinates": [mark.lon, mark.lat]}, properties)


def _stroke(stroke: Stroke) -> dict[str, Any]:
    properties = {
        "title": stroke.title,
        "lines": stroke.lines,
        "colour": stroke.colour,
        "dash": stroke.dash,
        "offset": stroke.offset,
        "faded": stroke.faded,
        "crossed": stroke.crossed,
    }
    return _feature({"type": "LineString", "coordinates": [[lon, lat] for lat, lon in stroke.line]}, properties)


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
