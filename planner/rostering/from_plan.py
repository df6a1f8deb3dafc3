"""The plan of a visit as a problem: its places as seats, everybody else's duties as seats that are pinned.

Costs are the problem's own. What the rules say is taken from them where it is a number or a way between two posts;
whatever comes out is held against the rules themselves (``checked``) before anybody sees it.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from domain.assignment import Assignment
from domain.base import Event
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.requirements import Need, NeedKind, has_lasting, needs
from domain.rules import Moved
from domain.rules.travel import place_of
from domain.shifting import as_shifted
from domain.values import Qualification, TimeWindow
from planner.rostering.details import with_details
from planner.rostering.problem import CRITICAL, NONE, Bools, Ints, Numbers, Officers, Problem, Seats, fair_share
from planner.rostering.roster import broken_for
from planner.rostering.seating import Asked, Places, Seating, seating
from planner.rostering.ways import MINUTE, minutes_between

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
#: Minutes that stand for «always» and «never».
EVER = 10**10
#: The priority of a place at a post that is not critical; an open one at a critical post is three times as dear.
USUAL = 1
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
    seats = dataclasses.replace(seats, beyond=_beyond(plan, seats, numbers))
    fixed = tuple(duty for duty in seats.fixed if duty.officer not in seats.beyond)
    seats = dataclasses.replace(seats, fixed=fixed)
    untimed = _known(stood, plan, asked, seats, numbers)
    problem, order = _problem(seats, numbers, untimed, asked.without)
    count = len(seats.places)
    place = np.argsort(order, kind="stable")[:count]
    seat = np.where(order < count, order, NONE)
    return Laid(move, plan, asked, seats, problem, untimed.skills, place, seat)


def _beyond(plan: Plan, seats: Seating, numbers: PolicyNumbers) -> frozenset[str]:
    """The officers whose duties that stay break the engine's rules among themselves."""
    busy = {duty.officer for duty in seats.fixed}
    if not busy:
        return frozenset()
    officers = tuple(officer for officer in seats.officers if officer.key in busy)
    nothing = Places(plan, ())
    alone = dataclasses.replace(seats, places=nothing, open=nothing, officers=officers)
    problem, _ = _problem(alone, numbers, _untimed(plan, alone, numbers, EPOCH))
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


def _known(stood: Plan, plan: Plan, asked: Asked, seats: Seating, numbers: PolicyNumbers) -> _Untimed:
    """As ``_untimed``; ``stood``, the plan before any move, keeps the last for other moves and others who are lost."""
    visits = {asked.visit, *(duty.visit for duty in seats.fixed)}
    closed = any(route.closed is not None for visit in visits for route in plan.routes(visit))
    leaving = asked.as_of if closed else EPOCH
    fixed = [(duty.id, duty.counts) for duty in seats.fixed]
    given = (seats.places.stood, seats.open.stood, fixed, seats.officers, numbers, leaving)
    kept = stood.remembered(("untimed", asked.visit), list[tuple[object, _Untimed]])
    for known, found in kept:
        if known == given:
            return found
    found = _untimed(plan, seats, numbers, leaving)
    kept[:] = [(given, found)]
    return found


def _untimed(plan: Plan, seats: Seating, numbers: PolicyNumbers, leaving: datetime) -> _Untimed:
    """What a duty asks for that stays binds nobody else, but is needed again once its officer is lost."""
    places, fixed = seats.places.stood, seats.fixed
    posts = [place.post for place in places] + [_post(plan, duty) for duty in fixed]
    site, travel = _sites(plan, numbers, posts, leaving)
    count = len(posts)
    stay = [_post(plan, duty) if duty.counts else None for duty in fixed]
    asks, skills = _needed([*(place.post for place in places), *stay, *(place.post for place in seats.open.stood)])
    wishes = sorted({code for place in places for code in place.post.details.desired[:1]})
    units = sorted({officer.details.unit for officer in seats.officers})
    asked_units = _lead_units(plan, seats, units)
    wished = [place.post.details.desired for place in places]
    nought = np.zeros(count, dtype=np.int64)
    own = Seats(
        start=nought,
        end=nought,
        origin=site,
        destination=site,
        needs=asks[:count],
        rank=nought,
        language=np.array([wishes.index(w[0]) if w else NONE for w in wished] + [NONE] * len(fixed), dtype=np.int64),
        priority=np.array([CRITICAL if p.details.critical else USUAL for p in posts], dtype=np.int64),
        unit=np.array(asked_units + [NONE] * len(fixed), dtype=np.int64),
        party=_parties([*(place.post for place in places), *stay]),
    )
    people = _officers(seats.officers, skills, wishes, units, len(travel) - 1)
    times, still_open = (_times([place.window for place in those.stood]) for those in (seats.places, seats.open))
    return _Untimed(times, own, still_open, asks[count:], people, travel, _published(seats), tuple(skills))


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
        officers=_but(untimed.officers, seats.officers, seats.beyond | without),
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


def _needed(posts: Sequence[Post | None]) -> tuple[Bools, list[Need]]:
    """What each post asks of its officer, and what is asked at all; many posts ask for the same."""
    alike: dict[tuple[object, ...], list[int]] = {}
    asked = list[tuple[Need, ...]]()
    for number, post in enumerate(posts):
        if post is not None:
            details = post.details
            of = alike.setdefault((details.required, details.languages, details.licence), [])
            if not of:
                asked.append(needs(details))
            of.append(number)
    skills = sorted({need for own in asked for need in own})
    asks = np.zeros((len(posts), len(skills)), dtype=np.bool_)
    for own, of in zip(asked, alike.values(), strict=True):
        asks[np.ix_(of, [skills.index(need) for need in own])] = True
    return asks, skills


def _post(plan: Plan, duty: Assignment) -> Post:
    return plan.post(duty.visit, duty.post)


def _sites(plan: Plan, numbers: PolicyNumbers, posts: Sequence[Post], leaving: datetime) -> tuple[Ints, Ints]:
    """The site of each post, and minutes from site to site as R02 counts them; the last site is nowhere, near to all.

    Two posts are one site where R02 needs no way between them; where a place is unknown, R02 asks for nothing.
    """
    known: dict[object, int] = {}
    # What says where a post is: many posts say the same.
    alike: dict[object, int] = {}
    first: list[Post] = []
    site = []
    for post in posts:
        details = post.details
        said = (details.coordinates, details.key_point, details.venue, post.visit)
        if said not in alike:
            where = place_of(plan, post)
            key = None if where is None else (where, *said[1:])
            if key is not None and key not in known:
                known[key] = len(first)
                first.append(post)
            alike[said] = NONE if key is None else known[key]
        site.append(alike[said])
    travel = np.pad(minutes_between(plan, numbers, first, leaving), (0, 1))
    return np.array([len(first) if one == NONE else one for one in site], dtype=np.int64), travel


def _lead_units(plan: Plan, seats: Seating, units: Sequence[str]) -> list[int]:
    """The unit that leads each place: its commander's, else that of most who are on duty at the venue already."""
    of = {officer.key: officer.details.unit for officer in seats.officers}
    at = Counter(
        (place.post.details.venue, of.get(place.held.officer) or plan.officer(place.held.officer).details.unit)
        for place in seats.places.stood
        if place.held is not None
    )
    here: dict[str | None, str] = {None: ""}
    for (venue, unit), _ in sorted(at.items(), key=lambda one: (-one[1], one[0][1])):
        here.setdefault(venue, unit)
    number = {unit: place for place, unit in enumerate(units)}
    found = []
    for place in seats.places.stood:
        commander = place.post.details.commander
        leads = "" if commander is None else plan.officer(commander).details.unit
        found.append(number.get(leads or here.get(place.post.details.venue, ""), NONE))
    return found


def _but(people: Officers, officers: Sequence[Officer], gone: frozenset[str]) -> Officers:
    """The officers where some are away all the time."""
    if not gone:
        return people
    rows = [(number, -EVER, EVER) for number, officer in enumerate(officers) if officer.key in gone]
    away = np.concatenate([people.away, np.array(rows, dtype=np.int64).reshape(-1, 3)])
    return dataclasses.replace(people, away=away[np.argsort(away[:, 0], kind="stable")])


def _officers(
    officers: Sequence[Officer], skills: Sequence[Need], wishes: Sequence[str], units: Sequence[str], nowhere: int
) -> Officers:
    count = len(officers)
    since = np.full((count, len(skills)), EVER, dtype=np.int64)
    until = np.full((count, len(skills)), -EVER, dtype=np.int64)
    held = {need.code: place for place, need in enumerate(skills) if need.kind is NeedKind.QUALIFICATION}
    lasting = [(place, need) for place, need in enumerate(skills) if need.kind is not NeedKind.QUALIFICATION]
    speaks: Bools = np.zeros((count, len(wishes)), dtype=np.bool_)
    wish, number_of = ({code: number for number, code in enumerate(codes)} for codes in (wishes, units))
    away: list[tuple[int, int, int]] = []
    for number, officer in enumerate(officers):
        for one in officer.qualifications:
            if one.code in held:
                since[number, held[one.code]], until[number, held[one.code]] = _held(one)
            if one.code in wish:
                speaks[number, wish[one.code]] = True
        for place, need in lasting:
            if has_lasting(officer, need):
                since[number, place], until[number, place] = -EVER, EVER
        away += [(number, *_whole(absence.window.start, absence.window.end)) for absence in officer.absences]
    return Officers(
        held_from=since,
        held_until=until,
        rank=np.zeros(count, dtype=np.int64),
        speaks=speaks,
        unit=np.array([number_of[officer.details.unit] for officer in officers], dtype=np.int64),
        home=np.full(count, nowhere, dtype=np.int64),
        away=np.array(away, dtype=np.int64).reshape(-1, 3),
    )


def _parties(posts: Sequence[Post | None]) -> Ints:
    """The party of each seat, by its post: those of one detail together, every other one alone."""
    first: dict[tuple[str, str], int] = {}
    return np.array(
        [
            number if post is None or post.details.detail is None else first.setdefault(_detail(post), number)
            for number, post in enumerate(posts)
        ],
        dtype=np.int64,
    )


def _detail(post: Post) -> tuple[str, str]:
    return post.visit, post.details.detail or ""


def _held(one: Qualification) -> tuple[int, int]:
    """From and until when somebody holds a qualification, in whole minutes that lie inside."""
    end = one.valid.end if one.revoked_from is None else min(one.valid.end, one.revoked_from)
    # The minutes between are rounded outwards: of what lies before, and after, they are the inner ones.
    until, since = _whole(end, one.valid.start)
    return since, until


@lru_cache(maxsize=8192)
def _whole(start: datetime, end: datetime) -> tuple[int, int]:
    return (start - EPOCH) // MINUTE, -((EPOCH - end) // MINUTE)


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
        fair_minutes=fair_share(free, officers),
        distance_per_minute=0.0,
        rank_waste=0.0,
        split_detail=SPLIT,
    )
