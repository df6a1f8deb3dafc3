"""The plan of a visit that asks what a made problem asks: posts at venues, officers, leave, details."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from domain.officer import Absence, AbsenceKind
from domain.plan import Plan
from domain.values import Qualification, TimeWindow
from planner.rostering.checked import said_of
from planner.rostering.made import make
from planner.rostering.problem import NONE, Problem
from planner.rostering.proposing import Effort
from planner.rostering.seating import Asked
from tests.examples import PLANNING, VISIT, Story, at

#: Degrees for a kilometre near Luang Prabang, to the north and to the east.
NORTH, EAST = 1 / 110.6, 1 / 104.7


def planned(problem: Problem, seed: int) -> Plan:
    """A visit with one post for each seat; nobody is on duty yet."""
    story = Story()
    story.policy(min_rest_hours=problem.numbers.min_rest // 60, max_span_hours=problem.numbers.max_span // 60)
    story.visit()
    where = np.random.default_rng(seed).normal(0, 12.5, (int(problem.seats.origin.max()) + 1, 2))
    for site, (north, east) in enumerate(where.tolist()):
        story.venue(f"V-{site:04d}", 19.88 + north * NORTH, 102.13 + east * EAST)
    _officers(story, problem)
    _posts(story, problem)
    return story.plan


def manned(problem: Problem, seed: int, seconds: float) -> Plan:
    """The same visit with the roster that is found in so many seconds."""
    made = make(planned(problem, seed), Asked(VISIT, PLANNING), effort=Effort(seconds=seconds))
    return said_of(made.laid, made.changes).plan


def _officers(story: Story, problem: Problem) -> None:
    who, whole = problem.officers, TimeWindow(start=at("00:00") - timedelta(days=30), end=at("00:00", day=60))
    held = who.held_until > who.held_from
    for officer in range(problem.m):
        code = f"CA-{officer:04d}"
        story.officer(code, f"Cán bộ {officer}", unit=f"Đội {int(who.unit[officer]):02d}")
        codes = [f"Q-{skill}" for skill in np.flatnonzero(held[officer])]
        codes += [f"L-{language}" for language in np.flatnonzero(who.speaks[officer])]
        for qualification in codes:
            story.qualified(code, Qualification(code=qualification, valid=whole))
    for number, (officer, since, until) in enumerate(who.away.tolist()):
        away = Absence(code=f"ABS-{number}", window=_window(since, until), kind=AbsenceKind.LEAVE)
        story.away(f"CA-{officer:04d}", away)


def _posts(story: Story, problem: Problem) -> None:
    seats = problem.seats
    together = np.bincount(seats.party)[seats.party] > 1
    for seat in range(problem.n):
        leg = bool(together[seat]) and seats.origin[seat] != seats.destination[seat]
        language = int(seats.language[seat])
        story.post(
            f"P-{seat:05d}",
            venue=f"V-{int(seats.origin[seat]):04d}",
            window=_window(int(seats.start[seat]), int(seats.end[seat])),
            required=tuple(f"Q-{skill}" for skill in np.flatnonzero(seats.needs[seat])),
            desired=() if language == NONE else (f"L-{language}",),
            critical=bool(seats.priority[seat] == 3),
            detail=f"D-{int(seats.party[seat])}" if leg else None,
        )


def _window(start: int, end: int) -> TimeWindow:
    """Minutes of the problem, counted from the first day of the visit."""
    first = at("00:00")
    return TimeWindow(start=first + timedelta(minutes=start), end=first + timedelta(minutes=end))
