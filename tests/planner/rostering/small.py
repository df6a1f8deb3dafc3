"""Small problems for tests: random ones, and single seats and officers made by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from planner.rostering.problem import NONE, Numbers, Officers, Problem, Seats


def seats(*windows: tuple[int, int], needs: list[int] | None = None, **other: list[int]) -> Seats:
    """Seats at one site with these windows in minutes; all need qualification 0 where nothing else is said."""
    n = len(windows)
    zero = np.zeros(n, dtype=np.int64)
    made = Seats(
        start=np.array([start for start, _ in windows], dtype=np.int64),
        end=np.array([end for _, end in windows], dtype=np.int64),
        origin=zero,
        destination=zero,
        needs=np.eye(3, dtype=np.bool_)[needs or [0] * n].reshape(n, 3),
        rank=zero + 1,
        language=zero + NONE,
        priority=zero + 1,
        unit=zero + NONE,
        party=np.arange(n),
    )
    arrays: dict[str, Any] = {name: np.array(values, dtype=np.int64) for name, values in other.items()}
    return dataclasses.replace(made, **arrays)


def officers(*skills: tuple[int, ...], away: list[tuple[int, int, int]] | None = None) -> Officers:
    """Officers with these qualifications for all time, of rank 1, at site 0."""
    m = len(skills)
    held = np.zeros((m, 3), dtype=np.bool_)
    for officer, own in enumerate(skills):
        held[officer, list(own)] = True
    zero = np.zeros(m, dtype=np.int64)
    return Officers(
        held_from=np.where(held, -1_000_000, 1),
        held_until=np.where(held, 1_000_000, 0),
        rank=zero + 1,
        speaks=np.zeros((m, 1), dtype=np.bool_),
        unit=zero,
        home=zero,
        away=np.array(away or [], dtype=np.int64).reshape(-1, 3),
    )


def problem(asked: Seats, who: Officers, numbers: Numbers | None = None, **other: Any) -> Problem:
    """A problem at two sites thirty minutes apart, nothing published, nothing pinned."""
    n = len(asked.start)
    parts: dict[str, Any] = {
        "travel": np.array([[0, 30], [30, 0]]),
        "published": np.full(n, NONE),
        "pinned": np.zeros(n, dtype=np.bool_),
        **other,
    }
    return Problem(seats=asked, officers=who, numbers=numbers or Numbers(min_rest=480, max_span=720), **parts)


def random_problem(seed: int) -> Problem:
    """Up to twelve seats over two days, up to six officers, every rule and price at work."""
    draw = np.random.default_rng(seed)
    n, m = int(draw.integers(1, 13)), int(draw.integers(1, 7))
    start = np.sort(draw.integers(0, 192, n) * 15)
    sites = 4
    travel = draw.integers(10, 60, (sites, sites))
    travel = np.minimum(travel, travel.T)
    np.fill_diagonal(travel, 0)
    for via in range(sites):
        travel = np.minimum(travel, travel[:, via, None] + travel[via])
    held = draw.random((m, 3)) < 0.6
    away = [(j, int(a), int(a) + 600) for j in range(m) for a in draw.integers(0, 2880, 1) if draw.random() < 0.3]
    pinned, published = np.zeros(n, dtype=np.bool_), np.where(draw.random(n) < 0.3, draw.integers(0, m, n), NONE)
    return Problem(
        seats=Seats(
            start=start,
            end=start + draw.integers(4, 33, n) * 15,
            origin=draw.integers(0, sites, n),
            destination=draw.integers(0, sites, n),
            needs=np.eye(3, dtype=np.bool_)[draw.integers(0, 3, n)],
            rank=draw.integers(1, 3, n),
            language=draw.integers(-1, 2, n),
            priority=draw.integers(1, 4, n),
            unit=draw.integers(-1, 2, n),
            party=np.arange(n),
        ),
        officers=Officers(
            held_from=np.where(held, 0, 1),
            held_until=np.where(held, 10_000, 0),
            rank=draw.integers(1, 4, m),
            speaks=draw.random((m, 2)) < 0.5,
            unit=draw.integers(0, 2, m),
            home=draw.integers(0, sites, m),
            away=np.array(away, dtype=np.int64).reshape(-1, 3),
        ),
        travel=travel,
        numbers=Numbers(min_rest=480, max_span=720, most_minutes=1500, fair_minutes=480),
        published=published,
        pinned=pinned,
    )
