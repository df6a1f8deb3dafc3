"""What a roster changes in the plan: who is to be given a place, and whose duty is to be withdrawn for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import cast

import numpy as np

from domain.assignment import Assignment
from domain.values import TimeWindow
from planner.rostering.from_plan import Laid
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.seating import Place


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """An officer for a shift of a post; ``seat`` is the seat of the problem."""

    post: str
    shift: str
    officer: str
    window: TimeWindow
    seat: int


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What happens at one shift of a post: duties withdrawn, officers given; the ``code`` names it for people."""

    post: str
    shift: str
    withdrawn: tuple[Assignment, ...]
    given: tuple[Given, ...]

    @property
    def code(self) -> str:
        return f"{self.post}/{self.shift}"


def changes(laid: Laid, holder: Ints) -> tuple[Change, ...]:
    """The changes that make a roster of the plan, shift by shift in order of time.

    Places in one shift are alike: whoever stands there now and in the roster keeps the duty.
    """
    found = []
    published, officers = laid.problem.published[laid.place], laid.seating.officers
    # Who left the force holds a duty in the plan and no row in the problem.
    differ = holder[laid.place] != published
    for number in np.flatnonzero(published == NONE).tolist():
        differ[number] |= laid.seating.places.stood[number].held is not None
    for (post, shift), numbered in _by_shift(laid, differ):
        held = {place.held.officer: place.held.id for _, place in numbered if place.held is not None}
        taken = ((int(holder[seat]), seat) for seat, _ in numbered)
        wanted = {officers[who].key: seat for who, seat in taken if who != NONE}
        window = numbered[0][1].window.shifted(laid.seating.places.by)
        withdrawn = tuple(
            cast(Assignment, laid.plan.entities[duty])
            for officer, duty in sorted(held.items())
            if officer not in wanted
        )
        given = tuple(
            Given(post, shift, officer, window, seat) for officer, seat in sorted(wanted.items()) if officer not in held
        )
        if withdrawn or given:
            found.append(Change(post, shift, withdrawn, given))
    return tuple(found)


def _by_shift(laid: Laid, differ: Bools) -> Iterator[tuple[tuple[str, str], list[tuple[int, Place]]]]:
    """Seats and places of each shift in which something differs; places stand in order of time, post and shift.

    They are told as they stood before any move.
    """
    places, end = laid.seating.places.stood, 0
    for number in np.flatnonzero(differ).tolist():
        if number < end:
            continue
        key, first, end = _shift(places[number]), number, number + 1
        while first and _shift(places[first - 1]) == key:
            first -= 1
        while end < len(places) and _shift(places[end]) == key:
            end += 1
        yield key, list(zip(laid.place[first:end].tolist(), places[first:end], strict=True))


def _shift(place: Place) -> tuple[str, str]:
    return place.post.code, place.shift.code


def open_places(laid: Laid, holder: Ints) -> tuple[tuple[int, Place], ...]:
    """Seat and place of everything that stays open, in order of time."""
    open_ = np.flatnonzero(holder[laid.place] == NONE)
    return tuple((int(laid.place[number]), laid.seating.places[number]) for number in open_.tolist())
