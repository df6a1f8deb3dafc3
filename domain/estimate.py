"""How long a way is thought to be where no road network says it, and the numbers by which routes are judged."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.base import value
from domain.values import Coordinates

Speed = Annotated[float, Field(gt=0, le=300)]
Kilometres = Annotated[float, Field(gt=0, le=2000)]
Metres = Annotated[float, Field(ge=0, le=10_000)]
Share = Annotated[float, Field(ge=0, le=1)]


@value
class RoutingNumbers:
    """The policy's numbers about ways, used by the router and by the rules alike.

    Estimates: a way is ``detour_factor`` times the great circle, driven at ``estimate_speeds_kmh``: the
    first speed up to the first of ``estimate_limits_km``, the second up to the second, then the third.
    Diverse routes: a further route may share ``max_overlap`` of its length with an earlier one, measured
    within ``overlap_buffer_m`` and outside ``doorstep_m`` around both ends, and take ``max_stretch`` times
    as long as the fastest.
    """

    detour_factor: Annotated[float, Field(ge=1, le=5)] = 1.42
    estimate_speeds_kmh: tuple[Speed, Speed, Speed] = (25.0, 40.0, 60.0)
    estimate_limits_km: tuple[Kilometres, Kilometres] = (1.0, 4.0)
    max_overlap: Share = 0.35
    overlap_buffer_m: Annotated[float, Field(gt=0, le=200)] = 15.0
    doorstep_m: Metres = 300.0
    max_stretch: Annotated[float, Field(ge=1, le=10)] = 2.0

    def __post_init__(self) -> None:
        if self.estimate_limits_km[1] <= self.estimate_limits_km[0]:
            raise ValueError("The second distance limit of estimates must be greater than the first")


@value
class Estimate:
    """A guessed way: kilometres and minutes."""

    km: float
    minutes: float


def estimate(origin: Coordinates, destination: Coordinates, numbers: RoutingNumbers) -> Estimate:
    """The way between two points as thought without a road network."""
    km = origin.distance_to(destination) / 1000 * numbers.detour_factor
    return Estimate(km=km, minutes=60 * _hours(km, numbers))


def _hours(km: float, numbers: RoutingNumbers) -> float:
    """A farther place never takes less time: each stretch of the way is driven at its own speed."""
    near, far = numbers.estimate_limits_km
    slow, middle, fast = numbers.estimate_speeds_kmh
    return min(km, near) / slow + min(max(km - near, 0), far - near) / middle + max(km - far, 0) / fast
