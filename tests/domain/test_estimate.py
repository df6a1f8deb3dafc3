"""Estimates: how long a way is thought to be without a road network."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.estimate import RoutingNumbers, estimate
from domain.values import Coordinates

NUMBERS = RoutingNumbers()
EQUATOR_DEGREE_KM = 111.19508


def along_the_equator(km: float) -> Coordinates:
    return Coordinates(lat=0, lon=km / EQUATOR_DEGREE_KM)


ORIGIN = along_the_equator(0)


def test_a_way_is_the_great_circle_times_the_detour() -> None:
    guessed = estimate(ORIGIN, along_the_equator(10), NUMBERS)

    assert guessed.km == pytest.approx(14.2, rel=1e-6)


def test_one_kilometre_of_road_takes_the_slow_speed() -> None:
    guessed = estimate(ORIGIN, along_the_equator(1 / 1.42), NUMBERS)

    assert guessed.minutes == pytest.approx(60 / 25, rel=1e-6)


def test_a_long_way_is_driven_slowly_then_faster() -> None:
    guessed = estimate(ORIGIN, along_the_equator(64 / 1.42), NUMBERS)

    assert guessed.minutes == pytest.approx(60 * (1 / 25 + 3 / 40 + 60 / 60), rel=1e-6)


def test_the_same_place_takes_no_time() -> None:
    guessed = estimate(ORIGIN, ORIGIN, NUMBERS)

    assert (guessed.km, guessed.minutes) == (0, 0)


@given(st.floats(0, 400), st.floats(0, 400))
def test_a_farther_place_never_takes_less_time(one: float, other: float) -> None:
    near, far = sorted((one, other))

    assert (
        estimate(ORIGIN, along_the_equator(near), NUMBERS).minutes
        <= estimate(ORIGIN, along_the_equator(far), NUMBERS).minutes
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_overlap": 1.01},
        {"max_stretch": 0.9},
        {"doorstep_m": -1},
        {"detour_factor": 0.9},
        {"estimate_speeds_kmh": (0, 40, 60)},
        {"estimate_limits_km": (4, 4)},
    ],
)
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RoutingNumbers(**wrong)
