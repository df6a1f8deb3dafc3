"""A way drawn without a map: true to scale, inside its frame, light."""

from __future__ import annotations

import math

import pytest

from ui.phone.way import EDGE, HEIGHT, WIDTH, drawing, projected, thinned


@pytest.mark.parametrize("lat", [-30.0, 0.0, 21.0, 60.0])
def test_a_square_on_the_ground_is_a_square_in_the_drawing(lat: float) -> None:
    side = 0.01
    wide = side / math.cos(math.radians(lat + side / 2))
    (x1, y1), (x2, _), (_, y3) = projected(((lat, 100.0), (lat, 100.0 + wide), (lat + side, 100.0 + wide)))

    assert x2 - x1 == pytest.approx(y1 - y3, rel=1e-6)


@pytest.mark.parametrize(
    "line",
    [
        ((16.0, 108.0), (16.3, 108.001)),
        ((16.0, 108.0), (16.001, 108.9)),
        ((16.0, 108.0), (16.0, 108.0)),
    ],
)
def test_every_way_lies_inside_its_frame(line: tuple[tuple[float, float], ...]) -> None:
    points = projected(line)

    assert all(EDGE - 1 <= x <= WIDTH - EDGE + 1 and EDGE - 1 <= y <= HEIGHT - EDGE + 1 for x, y in points)


def test_a_long_way_is_thinned_and_keeps_its_ends() -> None:
    points = [(n / 100, 50.0) for n in range(10_001)]

    kept = thinned(points)

    assert (kept[0], kept[-1], len(kept)) == (points[0], points[-1], 51)


def test_what_is_read_aloud_is_written_as_text() -> None:
    drawn = drawing(((16.0, 108.0), (16.1, 108.1)), 'Cổng "<b>"')

    assert 'aria-label="Cổng &quot;&lt;b&gt;&quot;"' in drawn
