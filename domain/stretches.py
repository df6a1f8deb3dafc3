"""Streets that several routes run along: the stretches that all of them have, away from where they begin and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from domain.polyline import decode
from domain.values import Coordinates

#: A piece of street between two points of a line, in whichever direction.
type Street = frozenset[tuple[float, float]]


class Along(NamedTuple):
    """Where on a route a piece of street lies: metres from its start, and how long it is."""

    after_m: float
    length_m: float


def shared(polylines: Sequence[str], doorstep_m: float) -> Mapping[Street, Along]:
    """The streets that all of these lines have, along the first of them; nothing within so many metres of an end.

    Lines of one road network have the same points where they follow the same street. A text that is no polyline has
    no streets.
    """
    if not polylines:
        return {}
    first, *others = (_streets(one, doorstep_m) for one in polylines)
    return {street: along for street, along in first.items() if all(street in other for other in others)}


# The routes of a visit seldom change; they are asked about with every change of its programme.
@lru_cache(maxsize=512)
def _streets(polyline: str, doorstep_m: float) -> Mapping[Street, Along]:
    try:
        points = decode(polyline)
    except ValueError:
        return {}
    found, after = list[tuple[Street, Along]](), 0.0
    for one, other in pairwise(points):
        length = Coordinates(lat=one[0], lon=one[1]).distance_to(Coordinates(lat=other[0], lon=other[1]))
        found.append((frozenset((one, other)), Along(after, length)))
        after += length
    inner = after - doorstep_m
    return {
        street: along
        for street, along in found
        if along.after_m >= doorstep_m and along.after_m + along.length_m <= inner
    }
