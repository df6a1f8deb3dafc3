"""The plan of a visit as a problem: its places as seats, everybody else's duties as seats that are pinned.

Costs are the problem's own. What the rules say is taken from them where it is a number or a way between two posts;
whatever comes out is held against the rules themselves (``checked``) before anybody sees it.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

from domain.assignment import Assignment
from domain.base import Event
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.requirements import Need, NeedKind, has_lasting, needs
from domain.rules import Moved
from domain.rules.travel import place_of
from domain.shifting import as_shifted
from domain.values import Qualification
from planner.rostering.details import with_details
from planner.rostering.problem import CRITICAL, NONE, Bools, Ints, Numbers, Officers, Problem, Seats, fair_share
from planner.rostering.roster import broken_for
from planner.rostering.seating import Asked, Place, Seating, seating
from planner.rostering.ways import MINUTE, minutes_between

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    seats = seating(plan, asked)
    numbers = plan.numbers(asked.as_of)
    seats = dataclasses.replace(seats, beyond=_beyond(plan, seats, numbers))
    fixed = tuple(duty for duty in seats.fixed if duty.officer not in seats.beyond)
    seats = dataclasses.replace(seats, fixed=fixed)
    problem, order, skills = _problem(plan, asked, seats, numbers)
    count = len(seats.places)
    place = np.argsort(order, kind="stable")[:count]
    seat = np.where(order < count, order, NONE)
    return Laid(move, plan, asked, seats, problem, skills, place, seat)


def _beyond(plan: Plan, seats: Seating, numbers: PolicyNumbers) -> frozenset[str]:
    """The officers whose duties that stay break the engine's rules among themselves."""
    busy = {duty.officer for duty in seats.fixed}
    if not busy:
        return frozenset()
    officers = tuple(officer for officer in seats.officers if officer.key in busy)
    alone = dataclasses.replace(seats, places=(), open=(), officers=officers)
    problem, _, _ = _problem(plan, None, alone, numbers)
    return frozenset(officers[who].key for who in broken_for(problem, problem.published).tolist())


def _problem(
    plan: Plan, asked: Asked | None, seats: Seating, numbers: PolicyNumbers
) -> tuple[Problem, Ints, tuple[Need, ...]]:
    """The problem over places, then duties that stay, in which order its seats stand, and what its qualifications are.

    What a duty asks for that stays binds nobody else, but is needed again once its officer is lost.
    """
    places, fixed = seats.places, seats.fixed
    windows = [place.window for place in places] + [duty.window for duty in fixed]
    whole = np.array([_whole(window.start, window.end) for window in windows], dtype=np.int64).reshape(-1, 2)
    start, end = whole[:, 0], whole[:, 1]
    order = np.argsort(start, kind="stable")
    posts = [place.post for place in places] + [_post(plan, duty) for duty in fixed]
    site, travel = _sites(plan, numbers, posts, asked.as_of if asked is not None else EPOCH)
    count = len(windows)
    stays = np.arange(count) >= len(places)
    stay = [_post(plan, duty) if duty.counts else None for duty in fixed]
    asks, skills = _needed([*(place.post for place in places), *stay, *(place.post for place in seats.open)])
    wishes = sorted({code for place in places for code in place.post.details.desired[:1]})
    units = sorted({officer.details.unit for officer in seats.officers})
    asked_units = _lead_units(plan, seats, units)
    wished = [place.post.details.desired for place in places]
    own = Seats(
        start=start,
        end=end,
        origin=site,
        destination=site,
        needs=asks[:count],
        rank=np.zeros(count, dtype=np.int64),
        language=np.array([wishes.index(w[0]) if w else NONE for w in wished] + [NONE] * len(fixed), dtype=np.int64),
        priority=np.array([CRITICAL if p.details.critical else USUAL for p in posts], dtype=np.int64),
        unit=np.array(asked_units + [NONE] * len(fixed), dtype=np.int64),
        party=_parties([*(place.post for place in places), *stay]),
    )
    ordered = Seats(**{field.name: getattr(own, field.name)[order] for field in dataclasses.fields(own)})
    people = _officers(seats, skills, wishes, units, len(travel) - 1, asked)
    problem = Problem(
        seats=ordered,
        officers=people,
        travel=travel,
        numbers=_numbers(numbers, ordered, stays[order], len(seats.officers)),
        published=_published(seats)[order],
        pinned=stays[order],
        wanted_besides=_wanted_besides(ordered, seats.open, asks[count:], numbers),
    )
    return with_details(problem), order, tuple(skills)


def _published(seats: Seating) -> Ints:
    """Who holds each place now, then each duty that stays; NONE for a place of somebody who left the force."""
    who = {officer.key: number for number, officer in enumerate(seats.officers)}
    held = [place.held for place in seats.places]
    now = [NONE if duty is None else who.get(duty.officer, NONE) for duty in held]
    return np.array(now + [who[duty.officer] for duty in seats.fixed], dtype=np.int64)


def _wanted_besides(asked: Seats, still_open: Sequence[Place], asks: Bools, numbers: PolicyNumbers) -> Ints | None:
    """How many places that stay open ask for each qualification within the rest before and after each seat."""
    if not still_open:
        return None
    windows = [_whole(place.window.start, place.window.end) for place in still_open]
    start, end = np.array(windows, dtype=np.int64).T
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
        for place in seats.places
        if place.held is not None
    )
    here: dict[str | None, str] = {None: ""}
    for (venue, unit), _ in sorted(at.items(), key=lambda one: (-one[1], one[0][1])):
        here.setdefault(venue, unit)
    number = {unit: place for place, unit in enumerate(units)}
    found = []
    for place in seats.places:
        commander = place.post.details.commander
        leads = "" if commander is None else plan.officer(commander).details.unit
        found.append(number.get(leads or here.get(place.post.details.venue, ""), NONE))
    return found


def _officers(
    seats: Seating,
    skills: Sequence[Need],
    wishes: Sequence[str],
    units: Sequence[str],
    nowhere: int,
    asked: Asked | None,
) -> Officers:
    count = len(seats.officers)
    since = np.full((count, len(skills)), EVER, dtype=np.int64)
    until = np.full((count, len(skills)), -EVER, dtype=np.int64)
    held = {need.code: place for place, need in enumerate(skills) if need.kind is NeedKind.QUALIFICATION}
    lasting = [(place, need) for place, need in enumerate(skills) if need.kind is not NeedKind.QUALIFICATION]
    speaks: Bools = np.zeros((count, len(wishes)), dtype=np.bool_)
    wish, number_of = ({code: number for number, code in enumerate(codes)} for codes in (wishes, units))
    away: list[tuple[int, int, int]] = []
    for number, officer in enumerate(seats.officers):
        for one in officer.qualifications:
            if one.code in held:
                since[number, held[one.code]], until[number, held[one.code]] = _held(one)
            if one.code in wish:
                speaks[number, wish[one.code]] = True
        for place, need in lasting:
            if has_lasting(officer, need):
                since[number, place], until[number, place] = -EVER, EVER
        away += [(number, *_whole(absence.window.start, absence.window.end)) for absence in officer.absences]
        if officer.key in seats.beyond or (asked is not None and officer.key in asked.without):
            away.append((number, -EVER, EVER))
    return Officers(
        held_from=since,
        held_until=until,
        rank=np.zeros(count, dtype=np.int64),
        speaks=speaks,
        unit=np.array([number_of[officer.details.unit] for officer in seats.officers], dtype=np.int64),
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


# Many places have the same shifts: their minutes are counted once.
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
