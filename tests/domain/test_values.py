"""Values and their arithmetic."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.values import SecrecyLevel, TimeWindow
from tests.examples import at, place, qualification, window

WINDOWS = st.tuples(st.integers(0, 200), st.integers(1, 100)).map(
    lambda minutes: TimeWindow(
        start=at("00:00") + timedelta(minutes=minutes[0]), end=at("00:00") + timedelta(minutes=sum(minutes))
    )
)


@pytest.mark.parametrize("end", ["08:00", "07:59"])
def test_an_empty_or_reversed_window_is_refused(end: str) -> None:
    with pytest.raises(ValidationError):
        TimeWindow(start=at("08:00"), end=at(end))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        TimeWindow(start=datetime(2026, 11, 24, 8), end=datetime(2026, 11, 24, 9))  # noqa: DTZ001 - refused


def test_touching_windows_do_not_overlap() -> None:
    earlier, later = window("08:00", "12:00"), window("12:00", "16:00")

    assert (earlier.overlaps(later), earlier.overlap(later), earlier.intersection(later)) == (False, timedelta(0), None)


def test_a_window_begins_with_its_start_and_ends_before_its_end() -> None:
    morning = window("08:00", "12:00")

    assert (morning.contains(at("08:00")), morning.contains(at("12:00"))) == (True, False)


@given(WINDOWS, WINDOWS)
def test_overlap_intersection_and_touching_agree(one: TimeWindow, other: TimeWindow) -> None:
    common = one.intersection(other)

    assert one.overlaps(other) == other.overlaps(one) == (common is not None)
    assert one.overlap(other) == other.overlap(one) == (common.length if common else timedelta(0))
    assert common is None or (one.covers(common) and other.covers(common))


@given(WINDOWS, st.integers(-500, 500))
def test_shifting_there_and_back_changes_nothing(one: TimeWindow, minutes: int) -> None:
    by = timedelta(minutes=minutes)

    assert one.shifted(by).shifted(-by) == one
    assert one.shifted(by).length == one.length


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert place(0, 0).distance_to(place(1, 0)) == pytest.approx(111_195, abs=1)


def test_the_highest_secrecy_mark_counts() -> None:
    assert SecrecyLevel.highest(SecrecyLevel.CONFIDENTIAL, SecrecyLevel.TOP_SECRET, SecrecyLevel.SECRET) is (
        SecrecyLevel.TOP_SECRET
    )
    assert SecrecyLevel.highest() is SecrecyLevel.NONE


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [("08:00", "12:00", True), ("07:59", "12:00", False), ("08:00", "12:01", False)],
)
def test_a_qualification_holds_for_windows_within_its_validity(start: str, end: str, held: bool) -> None:
    assert qualification("K9", "08:00", "12:00").holds(window(start, end)) == held
