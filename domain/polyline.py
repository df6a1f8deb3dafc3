"""Encoded polylines of six digits: how routes keep the line they follow.

Each number is the difference to the one before, in millionths of a degree, as printable characters
(Google's algorithm at precision 6, as Valhalla writes it).
"""

from __future__ import annotations

from collections.abc import Iterable

PRECISION = 1_000_000

type Line = tuple[tuple[float, float], ...]


def encode(points: Iterable[tuple[float, float]]) -> str:
    """The polyline of ``(lat, lon)`` points in degrees."""
    written: list[str] = []
    last_lat = last_lon = 0
    for lat, lon in points:
        whole_lat, whole_lon = round(lat * PRECISION), round(lon * PRECISION)
        written.append(_written(whole_lat - last_lat))
        written.append(_written(whole_lon - last_lon))
        last_lat, last_lon = whole_lat, whole_lon
    return "".join(written)


def decode(polyline: str) -> Line:
    """The ``(lat, lon)`` points in degrees; ``ValueError`` where the text is no polyline."""
    numbers = _numbers(polyline)
    if len(numbers) % 2:
        raise ValueError("a polyline holds a latitude without its longitude")
    points: list[tuple[float, float]] = []
    lat = lon = 0
    for place in range(0, len(numbers), 2):
        lat += numbers[place]
        lon += numbers[place + 1]
        points.append((lat / PRECISION, lon / PRECISION))
    if any(abs(lat) > 90 or abs(lon) > 180 for lat, lon in points):
        raise ValueError("a polyline leaves the earth")
    return tuple(points)


def _written(difference: int) -> str:
    rest = ~(difference << 1) if difference < 0 else difference << 1
    chunks: list[str] = []
    while rest >= 0x20:
        chunks.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    chunks.append(chr(rest + 63))
    return "".join(chunks)


def _numbers(polyline: str) -> list[int]:
    numbers: list[int] = []
    shift = gathered = 0
    for sign in polyline:
        chunk = ord(sign) - 63
        if not 0 <= chunk < 0x40:
            raise ValueError("a polyline has a character that none can have")
        gathered |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            numbers.append(~(gathered >> 1) if gathered & 1 else gathered >> 1)
            shift = gathered = 0
    if shift:
        raise ValueError("a polyline ends in the middle of a number")
    return numbers
