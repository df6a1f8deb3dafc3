"""Problems like those of real operations, made from a seed: posts, officers, sites and travel."""

from __future__ import annotations

import numpy as np

from planner.rostering.problem import NONE, Ints, Numbers, Officers, Problem, Seats, fair_share

SKILLS = np.array([34, 20, 10, 8, 7, 5, 3, 5, 4, 4]) / 100
RANKS = np.array([40, 28, 18, 10, 4]) / 100
LANGUAGES = 4
DAY = 1440


def generated(posts: int, officers: int, days: int, seed: int) -> Problem:
    """Per day 12 % motorcade legs, 28 % event posts, the rest static posts in three waves; seats in order of time."""
    draw = np.random.default_rng(seed)
    units = max(1, round(officers / 70))
    sites = max(12, posts // 8)
    where = draw.normal(0, 12.5, (sites, 2))
    lead = draw.integers(0, units, sites)
    rows: list[tuple[int, ...]] = []
    party = 0
    for day in range(days):
        today = posts // days + (day < posts % days)
        legs, events = round(today * 0.12 / 3), round(today * 0.28)
        for _ in range(legs):
            rows += _leg(draw, day, sites, lead, party)
            party += 1
        while events > 0:
            seats = min(events, int(draw.integers(4, 13)))
            rows += _event(draw, day, sites, lead, party, seats)
            events -= seats
            party += 1
        for _ in range(today - sum(row[0] // DAY == day for row in rows)):
            rows.append(_static(draw, day, sites, lead, party))
            party += 1
    rows.sort()
    return _problem(draw, np.array(rows, dtype=np.int64), where, officers, units, days)


def _leg(draw: np.random.Generator, day: int, sites: int, lead: Ints, party: int) -> list[tuple[int, ...]]:
    start = day * DAY + 7 * 60 + 15 * int(draw.integers(0, 52))
    end = start + 15 * int(draw.integers(4, 11))
    origin, destination = (int(site) for site in draw.choice(sites, 2, replace=False))
    skills = draw.choice(len(SKILLS), 3, replace=False, p=SKILLS)
    return [
        (start, end, origin, destination, int(skill), _rank(draw), _language(draw), 3, int(lead[origin]), party)
        for skill in skills
    ]


def _event(
    draw: np.random.Generator, day: int, sites: int, lead: Ints, party: int, seats: int
) -> list[tuple[int, ...]]:
    start = day * DAY + 7 * 60 + 30 * int(draw.integers(0, 24))
    end = start + 30 * int(draw.integers(8, 13))
    site = int(draw.integers(0, sites))
    return [
        (start, end, site, site, _skill(draw), _rank(draw), _language(draw), 2, int(lead[site]), party)
        for _ in range(seats)
    ]


def _static(draw: np.random.Generator, day: int, sites: int, lead: Ints, party: int) -> tuple[int, ...]:
    start = day * DAY + 360 + 480 * int(draw.choice(3, p=[0.4, 0.4, 0.2]))
    site = int(draw.integers(0, sites))
    return (start, start + 480, site, site, _skill(draw), _rank(draw), _language(draw), 1, int(lead[site]), party)


def _skill(draw: np.random.Generator) -> int:
    return int(draw.choice(len(SKILLS), p=SKILLS))


def _rank(draw: np.random.Generator) -> int:
    return 1 + int(draw.choice(len(RANKS), p=RANKS))


def _language(draw: np.random.Generator) -> int:
    return int(draw.integers(0, LANGUAGES)) if draw.random() < 0.25 else NONE


def _problem(draw: np.random.Generator, rows: Ints, where: np.ndarray, officers: int, units: int, days: int) -> Problem:
    start, end, origin, destination, skill, rank, language, priority, unit, party = rows.T
    seats = Seats(
        start=start,
        end=end,
        origin=origin,
        destination=destination,
        needs=np.eye(len(SKILLS), dtype=np.bool_)[skill],
        rank=rank,
        language=language,
        priority=priority,
        unit=unit,
        party=party,
    )
    homes = draw.normal(0, 12.5, (units, 2))
    points = np.concatenate([where, homes])
    km = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    travel = np.where(km > 0, np.ceil(8 + 1.3 * km * 60 / 35), 0).astype(np.int64)
    return Problem(
        seats=seats,
        officers=_officers(draw, officers, units, days, len(where)),
        travel=travel,
        numbers=Numbers(min_rest=480, max_span=720, most_minutes=570 * days, fair_minutes=fair_share(seats, officers)),
        published=np.full(len(start), NONE),
        pinned=np.zeros(len(start), dtype=np.bool_),
    )


def _officers(draw: np.random.Generator, count: int, units: int, days: int, sites: int) -> Officers:
    skilled = np.zeros((count, len(SKILLS)), dtype=np.bool_)
    skilled[:, 0] = draw.random(count) < 0.8
    rare = SKILLS[1:] / SKILLS[1:].sum()
    for officer in range(count):
        more = int(draw.integers(1, 4)) - int(skilled[officer, 0])
        skilled[officer, 1 + draw.choice(len(rare), max(more, 0), replace=False, p=rare)] = True
    away = [
        (officer, day * DAY, (day + 1) * DAY) for officer in range(count) for day in range(days) if draw.random() < 0.1
    ]
    unit = draw.integers(0, units, count)
    return Officers(
        held_from=np.where(skilled, 0, 1),
        held_until=np.where(skilled, 10 * DAY * max(days, 1), 0),
        rank=1 + draw.choice(len(RANKS), count, p=RANKS),
        speaks=draw.random((count, LANGUAGES)) < 0.3,
        unit=unit,
        home=sites + unit,
        away=np.array(away, dtype=np.int64).reshape(-1, 3),
    )
