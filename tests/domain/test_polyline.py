"""Encoded polylines keep a line exactly, to the millionth of a degree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.polyline import decode, encode

LATITUDES = st.integers(-90_000_000, 90_000_000)
LONGITUDES = st.integers(-180_000_000, 180_000_000)


def test_the_published_example_is_written_as_published() -> None:
    line = ((38.5, -120.2), (40.7, -120.95), (43.252, -126.453))

    written = encode(line)

    assert written == "_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI"
    assert decode(written) == line


def test_no_points_are_an_empty_text() -> None:
    assert encode(()) == ""
    assert decode("") == ()


@given(st.lists(st.tuples(LATITUDES, LONGITUDES), max_size=30))
def test_every_line_comes_back_as_it_was(millionths: list[tuple[int, int]]) -> None:
    line = tuple((lat / 1_000_000, lon / 1_000_000) for lat, lon in millionths)

    assert decode(encode(line)) == line


@pytest.mark.parametrize(
    "broken",
    [
        "_izlhA",  # a latitude alone
        "_izlhA~rlgd",  # cut in the middle of a number
        "_izlhA rlgdF",  # a space
        "đường",
        "_____~_____~",
    ],
)
def test_a_text_that_is_no_polyline_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="polyline"):
        decode(broken)
