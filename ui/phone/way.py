"""A way to a post as a small drawing that needs no map and no script: its line, where it begins and where it ends."""

from __future__ import annotations

import math
from html import escape
from typing import Final

from domain.polyline import Line

WIDTH, HEIGHT, EDGE = 320, 200, 22
#: Points of the line nearer to each other than this are one, in pixels.
_NEAR: Final = 2.0
#: The smallest height and width of what is drawn, in degrees: about 50 m.
_LEAST: Final = 0.0005


def drawing(line: Line, said: str) -> str:
    """The ``(lat, lon)`` points of a way as SVG, north upwards, to one scale; ``said`` is read aloud instead."""
    points = thinned(projected(line))
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    (from_x, from_y), (to_x, to_y) = points[0], points[-1]
    return (
        f'<svg class="way" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
        f'<polyline points="{path}"/>'
        f'<circle cx="{from_x:.0f}" cy="{from_y:.0f}" r="7"/>'
        f'<rect x="{to_x - 8:.0f}" y="{to_y - 8:.0f}" width="16" height="16"/>'
        f'<text x="{WIDTH - 18}" y="20">↑N</text></svg>'
    )


def projected(line: Line) -> list[tuple[float, float]]:
    """The points in the drawing: as far from each other as on the ground, in the middle."""
    lats, lons = [lat for lat, _ in line], [lon for _, lon in line]
    shrink = math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide = max((max(lons) - min(lons)) * shrink, _LEAST)
    high = max(max(lats) - min(lats), _LEAST)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
    middle_lat, middle_lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    return [
        (WIDTH / 2 + (lon - middle_lon) * shrink * scale, HEIGHT / 2 - (lat - middle_lat) * scale) for lat, lon in line
    ]


def thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points without those that nobody could tell from the one before; first and last stay."""
    kept = points[:1]
    for point in points[1:-1]:
        if math.dist(point, kept[-1]) >= _NEAR:
            kept.append(point)
    return [*kept, points[-1]]
