"""The plan of a visit as a problem: its places as seats, everybody else's duties as seats that are pinned.

Costs are the problem's own. What the rules say is taken from them where it is a number or a way between two posts;
whatever comes out is held against the rules themselves (``checked``) before anybody sees it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from domain.base import Event
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.requirements import Need
from domain.rules import Moved
from domain.shifting import as_shifted
from domain.values import TimeWindow
from planner.rostering.details import with_details
from planner.rostering.people import EPOCH, MICROSECOND, but, officers_asked
from planner.rostering.posts import Posts, posts_asked, ways_known
from planner.rostering.problem import NONE, Bools, Ints, Numbers, Officers, Problem, Seats, fair_share
from planner.rostering.roster import broken_for
from planner.rostering.seating import Asked, Places, Seating, seating
from planner.rostering.ways import MINUTE

#: What it costs besides that a place of a detail goes to another unit: more than giving a published duty to another.
SPLIT = 40.0


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Move:
    """Where a plan with a moved visit comes from: the plan as it stands, what only moved, and the events of what else
    the move changes."""

    before: Plan
    moved: Moved | None = None
    besides: tuple[Event, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A problem and what its numbers mean: ``place[i]`` is the seat of the i-th place, ``seat`` the place or NONE,
    ``skills[k]`` what the k-th qualification is.

    Where the visit is to be moved, ``plan`` is the one in which it is, and ``move`` where that comes from.
    """

    move: Move
    plan: Plan
    asked: Asked
    seating: Seating
    problem: Problem
    skills: tuple[Need, ...]
    place: Ints
    seat: Ints


def laid(plan: Plan, asked: Asked) -> Laid:
    """The problem of a visit, moved first where that is asked. Raises ``NotFound`` for an unknown visit."""
    move = Move(plan)
    if asked.shift:
        plan, moved, besides = as_shifted(plan, asked.visit, asked.shift, asked.act)
        move = Move(move.before, moved, besides)
    # Where all that is to be filled moves alike, it is laid out as it stood.
    stood = move.before if asked.shift and not move.besides and not plan.parked else plan
    seats = seating(plan, asked, stood)
    numbers = plan.numbers(asked.as_of)
    seats = dataclasses.replace(seats, beyond=_beyond(stood, asked.visit, seats, numbers))
    fixed = tuple(duty for duty in seats.fixed if duty.officer not in seats.beyond)
    seats = dataclasses.replace(seats, fixed=fixed)
    untimed = _known(stood, asked, seats, numbers)
    problem, order = _problem(seats, numbers, untimed, asked.without)
    count = len(seats.places)
    place = np.argsort(order, kind="stable")[:count]
    seat = np.where(order < count, order, NONE)
    return Laid(move, plan, asked, seats, problem, untimed.skills, place, seat)


def _beyond(plan: Plan, visit: str, seats: Seating, numbers: PolicyNumbers) -> frozenset[str]:
    """The officers whose duties that stay break the engine's rules among themselves."""
    busy = {duty.officer for duty in seats.fixed}
    if not busy:
        return frozenset()
    officers = tuple(officer for officer in seats.officers if officer.key in busy)
    nothing = Places(plan, ())
    alone = dataclasses.replace(seats, places=nothing, open=nothing, officers=officers)
    problem, _ = _problem(alone, numbers, _untimed(plan, (visit, "what stays"), alone, numbers, EPOCH))
    return frozenset(officers[who].key for who in broken_for(problem, problem.published).tolist())


class _Untimed(NamedTuple):
    """What of a problem does not hang on when it is: places first, then duties that stay.

    ``times`` are from when until when each place is as it stood, in microseconds; ``open_times`` and ``asks_besides``
    are of the places that stay open. ``seats`` are in no order and at no time yet.
    """

    times: Ints
    seats: Seats
    open_times: Ints
    asks_besides: Bools
    officers: Officers
    travel: Ints
    published: Ints
    skills: tuple[Need, ...]


def _known(plan: Plan, asked: Asked, seats: Seating, numbers: PolicyNumbers) -> _Untimed:
    """As ``_untimed``; the plan, the one before any move, keeps the last for other moves and others who are lost."""
    visits = {asked.visit, *(duty.visit for duty in seats.fixed)}
    ways = ways_known(plan, visits)
    closed = any(route.closed is not None for _, routes in ways for route in routes)
    leaving = asked.as_of if closed else EPOCH
    fixed = [(duty.id, duty.counts, plan.post(duty.visit, duty.post)) for duty in seats.fixed]
    given = (
        seats.places.stood,
        seats.open.stood,
        fixed,
        plan.officers,
        plan.venues,
        ways,
        numbers,
        leaving,
    )
    return plan.remembered_from(
        ("untimed", asked.visit), given, lambda: _untimed(plan, (asked.visit,), seats, numbers, leaving)
    )


def _untimed(plan: Plan, name: tuple[str, ...], seats: Seating, numbers: PolicyNumbers, leaving: datetime) -> _Untimed:
    """What plans after this one need not work out again is remembered by this name.

    What a duty asks for that stays binds nobody else, but is needed again once its officer is lost.
    """
    places, fixed, still_open = seats.places.stood, seats.fixed, seats.open.stood
    asking = {place.post.key: place.post for place in chain(places, still_open)}
    asking |= {duty.post_key: plan.post(duty.visit, duty.post) for duty in fixed}
    posts = posts_asked(plan, name, [asking[key] for key in sorted(asking)], numbers, leaving)
    row = posts.number
    of = np.array([*(row[place.post.key] for place in places), *(row[duty.post_key] for duty in fixed)], dtype=np.int64)
    units = sorted({officer.details.unit for officer in seats.officers})
    people = plan.remembered_from(
        ("officers", *name),
        (seats.officers, posts.skills, posts.wishes, len(posts.travel)),
        lambda: officers_asked(seats.officers, posts.skills, posts.wishes, units, len(posts.travel) - 1),
    )
    published, count = _published(seats), len(places)
    over = np.array([False] * count + [not duty.counts for duty in fixed], dtype=np.bool_)
    detail = np.where(over, NONE, posts.detail[of])
    stays = np.full(len(fixed), NONE, dtype=np.int64)
    nought = np.zeros(len(of), dtype=np.int64)
    own = Seats(
        start=nought,
        end=nought,
        origin=posts.site[of],
        destination=posts.site[of],
        needs=posts.needs[of] & ~over[:, None],
        rank=nought,
        language=np.append(posts.language[of[:count]], stays),
        priority=posts.priority[of],
        unit=np.append(_lead_units(plan, seats, posts, of[:count], people, published[:count], units), stays),
        # Those of one detail together, every other one alone.
        party=np.where(detail == NONE, np.arange(len(of)), len(of) + detail),
    )
    asks_besides = posts.needs[np.array([row[place.post.key] for place in still_open], dtype=np.int64)]
    times, open_times = (_times([place.window for place in those]) for those in (places, still_open))
    return _Untimed(times, own, open_times, asks_besides, people, posts.travel, published, posts.skills)


def _problem(
    seats: Seating, numbers: PolicyNumbers, untimed: _Untimed, without: frozenset[str] = frozenset()
) -> tuple[Problem, Ints]:
    """The problem over places, then duties that stay, and in which order its seats stand."""
    by, count = seats.places.by // MICROSECOND, len(untimed.published)
    times = np.concatenate([untimed.times + by, _times([duty.window for duty in seats.fixed])])
    start, end = _minutes(times)
    own = dataclasses.replace(untimed.seats, start=start, end=end)
    order = np.argsort(start, kind="stable")
    stays = np.arange(count) >= len(seats.places)
    ordered = Seats(**{field.name: getattr(own, field.name)[order] for field in dataclasses.fields(own)})
    besides = _wanted_besides(ordered, _minutes(untimed.open_times + by), untimed.asks_besides, numbers)
    problem = Problem(
        seats=ordered,
        officers=but(untimed.officers, seats.officers, seats.beyond | without),
        travel=untimed.travel,
        numbers=_numbers(numbers, ordered, stays[order], len(seats.officers)),
        published=untimed.published[order],
        pinned=stays[order],
        wanted_besides=besides,
    )
    return with_details(problem), order


def _times(windows: Sequence[TimeWindow]) -> Ints:
    """len(windows) × 2: from when until when, in microseconds."""
    return np.array([_time(one.start, one.end) for one in windows], dtype=np.int64).reshape(-1, 2)


# Many places have the same shifts, and many qualifications the same ends: their times are counted once.
@lru_cache(maxsize=8192)
def _time(start: datetime, end: datetime) -> tuple[int, int]:
    return (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND


def _minutes(times: Ints) -> tuple[Ints, Ints]:
    """Starts and ends in whole minutes, rounded outwards."""
    minute = MINUTE // MICROSECOND
    return times[:, 0] // minute, -(-times[:, 1] // minute)


def _published(seats: Seating) -> Ints:
    """Who holds each place now, then each duty that stays; NONE for a place of somebody who left the force."""
    who = {officer.key: number for number, officer in enumerate(seats.officers)}
    held = [place.held for place in seats.places.stood]
    now = [NONE if duty is None else who.get(duty.officer, NONE) for duty in held]
    return np.array(now + [who[duty.officer] for duty in seats.fixed], dtype=np.int64)


def _wanted_besides(asked: Seats, still_open: tuple[Ints, Ints], asks: Bools, numbers: PolicyNumbers) -> Ints | None:
    """How many places that stay open ask for each qualification within the rest before and after each seat."""
    if not len(asks):
        return None
    start, end = still_open
    rest = round(numbers.min_rest_hours * 60)
    near = (start < asked.end[:, None] + rest) & (end > asked.start[:, None] - rest)
    wanted: Ints = near.astype(np.int64) @ asks.astype(np.int64)
    return wanted


def _lead_units(
    plan: Plan, seats: Seating, posts: Posts, of: Ints, people: Officers, published: Ints, units: Sequence[str]
) -> Ints:
    """The unit that leads each place: its commander's, else that of most who are on duty at the venue already.

    ``of`` are the rows of the places' posts, ``published`` the officers who hold them.
    """
    number = {unit: place for place, unit in enumerate(units)}
    at_venue = np.zeros((posts.venue.max(initial=NONE) + 1, len(units)), dtype=np.int64)
    counts = (published != NONE) & (posts.venue[of] != NONE)
    np.add.at(at_venue, (posts.venue[of[counts]], people.unit[published[counts]]), 1)
    # Of as many from several units the first; the last is for nobody and nowhere.
    here = np.append(np.where(at_venue.any(axis=1), at_venue.argmax(axis=1) if len(units) else NONE, NONE), NONE)
    leads = np.array(here[posts.venue], dtype=np.int64)
    for row, commander in posts.commanders.items():
        if unit := plan.officer(commander).details.unit:
            leads[row] = number.get(unit, NONE)
    lead: Ints = leads[of]
    return lead


def _numbers(numbers: PolicyNumbers, seats: Seats, stays: Bools, officers: int) -> Numbers:
    """The policy's numbers; hours are capped by the week's, for as many weeks as there are."""
    length = int(seats.end.max(initial=0) - seats.start.min(initial=0)) if len(seats.start) else 0
    weeks = max(1, math.ceil(length / (7 * 1440)))
    free = dataclasses.replace(
        seats, **{field.name: getattr(seats, field.name)[~stays] for field in dataclasses.fields(seats)}
    )
    return Numbers(
        min_rest=round(numbers.min_rest_hours * 60),
        max_span=round(numbers.max_span_hours * 60),
        most_minutes=round(numbers.max_hours_7d * 60) * weeks,
        most_in_day=round(numbers.max_hours_24h * 60),
        fair_minutes=fair_share(free, officers),
        distance_per_minute=0.0,
        rank_waste=0.0,
        split_detail=SPLIT,
    )
