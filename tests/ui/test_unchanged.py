"""What was made of things is kept until one of them is another object."""

from __future__ import annotations

import pytest

from ui import unchanged
from ui.unchanged import Unchanged


def test_the_very_same_things_are_worked_out_once() -> None:
    kept, things = Unchanged[list[int]](2), (object(), object())

    found = [kept.of("a", things, list) for _ in range(3)]

    assert found[0] is found[1] is found[2]


def test_equal_things_that_are_not_the_same_are_worked_out_again() -> None:
    kept = Unchanged[list[int]](2)
    first = kept.of("a", ([1],), list)

    assert kept.of("a", ([1],), list) is not first


def test_a_thing_more_or_less_makes_a_difference() -> None:
    kept, one = Unchanged[list[int]](2), object()
    first = kept.of("a", (one,), list)

    assert kept.of("a", (one, one), list) is not first
    assert kept.of("a", (), list) is not first


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = Unchanged[list[int]](2)
    first = [kept.of(key, (), list) for key in "ab"]
    kept.of("a", (), list)
    kept.of("c", (), list)

    assert kept.of("a", (), list) is first[0]
    assert kept.of("b", (), list) is not first[1]


def test_a_failure_is_not_kept() -> None:
    kept = Unchanged[float](2)
    with pytest.raises(ZeroDivisionError):
        kept.of("a", (), lambda: 1 / 0)

    assert kept.of("a", (), lambda: 0.5) == 0.5


def test_after_an_erasure_nothing_is_kept() -> None:
    kept = Unchanged[list[int]](2)
    first = kept.of("a", (), list)

    unchanged.forget()

    assert kept.of("a", (), list) is not first
