"""A way from one place to another, as the router found it or as it was estimated."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from domain.estimate import RoutingNumbers, estimate
from domain.messages import Message
from domain.polyline import Line, decode, encode
from domain.route import RouteKind, RouteSource
from domain.values import Coordinates

#: What a way is for by its rank: the first is the primary; everything after the second is for emergencies.
KINDS = (RouteKind.PRIMARY, RouteKind.ALTERNATE, RouteKind.EMERGENCY)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way: ``geometry`` is an encoded polyline of precision 6 from origin to destination.

    ``overlap`` is the largest share of its length, within the policy's buffer, that runs with an earlier
    way of the same answer, 0 for the first. ``streets`` are the streets it follows, in order, the short
    ones left out; ``pack`` is the hash of the map pack, empty for an estimate.
    """

    kind: RouteKind
    km: float
    minutes: float
    geometry: str
    overlap: float = 0.0
    source: RouteSource = RouteSource.NETWORK
    streets: tuple[str, ...] = ()
    pack: str = ""

    @property
    def line(self) -> Line:
        """The ``(lat, lon)`` points it follows."""
        return decode(self.geometry)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """An answer to «how does one get there»: ways, best first, and where it is so why there are not more."""

    ways: tuple[Way, ...]
    note: Message | None = None


def kind_of(rank: int) -> RouteKind:
    """What the way of that rank is for, counted from 0."""
    return KINDS[min(rank, len(KINDS) - 1)]


def estimated_way(origin: Coordinates, destination: Coordinates, numbers: RoutingNumbers) -> Way:
    """A straight way with guessed length and time, marked as an estimate."""
    guessed = estimate(origin, destination, numbers)
    return Way(
        kind=RouteKind.PRIMARY,
        km=guessed.km,
        minutes=guessed.minutes,
        geometry=encode(((origin.lat, origin.lon), (destination.lat, destination.lon))),
        source=RouteSource.ESTIMATE,
    )


def as_json(ways: Iterable[Way]) -> dict[str, Any]:
    """The answer of ``planner route``: ``{"routes": [{kind, km, minutes, overlap, source, geometry}]}``.

    ``geometry`` is a GeoJSON LineString, so its points are ``[lon, lat]``.
    """
    return {
        "routes": [
            {
                "kind": way.kind.value,
                "km": round(way.km, 3),
                "minutes": round(way.minutes, 2),
                "overlap": round(way.overlap, 4),
                "source": way.source.value,
                "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in way.line]},
            }
            for way in ways
        ]
    }
