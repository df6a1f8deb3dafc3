"""Rosters of all visits are searched one after the other, in the order in which they were asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.plan import Plan
from domain.refusals import NotPossible
from planner.rostering.seating import Asked
from tests.examples import PLANNING
from ui.rosters import AT_ONCE, MOST_WAITING, Rosters, Work


class Patient:
    """Searches until it is stopped, so that who waits can be seen."""

    def __init__(self) -> None:
        self.now: list[str] = []

    def __call__(self, _plan: Plan, work: Work) -> None:
        self.now.append(work.asked.visit)
        work.stop.wait(30)
        self.now.remove(work.asked.visit)


@pytest.fixture
def patient() -> Patient:
    return Patient()


@pytest.fixture
def of(patient: Patient) -> Iterator[Rosters]:
    made = Rosters(patient)
    yield made
    made.close()


def soon(held: threading.Event) -> bool:
    return held.wait(10)


def asked(of: Rosters, visit: str) -> Work:
    return of.start(Plan(), Asked(visit, PLANNING), seconds=1)


def test_no_more_are_searched_at_once_and_the_others_wait_in_order(of: Rosters, patient: Patient) -> None:
    works = [asked(of, f"V-{number}") for number in range(AT_ONCE + 2)]
    first, waiting = works[:AT_ONCE], works[AT_ONCE:]
    assert all(soon(one.searching) for one in first)

    assert len(patient.now) == AT_ONCE
    assert [of.ahead(one) for one in works] == [0] * AT_ONCE + [1, 2]
    of.stop(first[0])

    assert soon(waiting[0].searching)
    assert (soon(first[0].over), waiting[1].searching.is_set(), of.ahead(waiting[1])) == (True, False, 1)
    of.close()
    assert all(soon(one.over) for one in works)


def test_one_that_is_stopped_while_it_waits_is_over_at_once_and_says_so(of: Rosters) -> None:
    running, waiting = asked(of, "V-1"), asked(of, "V-2")
    assert soon(running.searching)

    of.stop(waiting)

    assert (soon(waiting.over), waiting.searching.is_set(), running.over.is_set()) == (True, False, False)
    assert isinstance(waiting.problem, NotPossible)


def test_the_same_visit_asked_twice_waits_once(of: Rosters) -> None:
    asked(of, "V-1")

    assert asked(of, "V-2") is asked(of, "V-2")


def test_something_else_asked_of_the_same_visit_is_refused_as_long_as_one_is_in_the_making(of: Rosters) -> None:
    """Else who presses in another tab would take what was asked for there for the own."""
    running = asked(of, "V-1")

    with pytest.raises(NotPossible, match="Another roster"):
        of.start(Plan(), Asked("V-1", PLANNING, without=frozenset({"CA-1"})), seconds=1)
    again = of.start(Plan(), Asked("V-1", PLANNING + timedelta(seconds=2)), seconds=1)
    of.stop(running)

    assert again is running
    assert soon(running.over)
    assert of.start(Plan(), Asked("V-1", PLANNING, without=frozenset({"CA-1"})), seconds=1) is not running


def test_too_many_that_wait_are_refused(of: Rosters) -> None:
    for number in range(AT_ONCE + MOST_WAITING):
        asked(of, f"V-{number}")

    with pytest.raises(NotPossible, match="Try again later"):
        asked(of, "V-999")
