"""How much of one way runs with another: lines in metres on a plane that touches the earth where they lie."""

from __future__ import annotations

import math
from collections.abc import Iterable

import shapely
from shapely import LineString, Polygon
from shapely.ops import substring

from domain.estimate import RoutingNumbers
from domain.polyline import Line
from domain.values import EARTH_RADIUS_M


class Ground:
    """A plane in metres around one place; good to 0.1 % within 100 km, where ways of one leg lie together."""

    def __init__(self, lat: float, lon: float) -> None:
        self._lat, self._lon = lat, lon
        self._y = math.radians(1) * EARTH_RADIUS_M
        self._x = self._y * math.cos(math.radians(lat))

    def on(self, line: Line) -> LineString:
        """The line in metres."""
        return LineString([((lon - self._lon) * self._x, (lat - self._lat) * self._y) for lat, lon in line])

    def back(self, drawn: LineString) -> Line:
        """The line in degrees."""
        return tuple((y / self._y + self._lat, x / self._x + self._lon) for x, y in drawn.coords)


def overlap(line: LineString, earlier: Iterable[LineString], buffer_m: float) -> float:
    """The largest share of a line's length that lies within ``buffer_m`` of one earlier line, 0 to 1."""
    return max((share_within(line, other.buffer(buffer_m)) for other in earlier), default=0.0)


def overlap_beyond_doorsteps(line: LineString, earlier: Iterable[LineString], numbers: RoutingNumbers) -> float:
    """The same for the part of a line beyond the doorsteps at both ends, where a way has a choice."""
    return overlap(beyond_doorsteps(line, numbers.doorstep_m), earlier, numbers.overlap_buffer_m)


def beyond_doorsteps(line: LineString, doorstep_m: float) -> LineString:
    """A line without its first and last metres; the whole line where it is no longer than both together."""
    if line.length <= 2 * doorstep_m:
        return line
    middle = substring(line, doorstep_m, line.length - doorstep_m)
    return middle if isinstance(middle, LineString) else line


def share_within(line: LineString, area: Polygon) -> float:
    """The share of a line's length that lies in an area; of a line without length, whether it touches it."""
    if not line.length:
        return 1.0 if area.intersects(line) else 0.0
    return min(1.0, float(shapely.intersection(line, area).length / line.length))
