"""What is asked: seats at fixed times, officers who could take them, and what each choice costs.

Pure arrays, no plan and no clock. A seat is one officer's place at a post in one shift; a post of four is four seats.
Times are whole minutes from any zero, ``[start, end)``; seats stand in order of their start. ``m`` officers, ``n``
seats, ``q`` qualifications, ``s`` sites. Hard: availability, qualifications for the whole window, minimum rank, travel,
rest and span of a duty period (R01 to R04), the cap on minutes, what is pinned. All else is cost.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]

#: Stands for «nobody», «no language», «no unit».
NONE = -1
#: Later than any time.
LATE = int(np.iinfo(np.int64).max) // 4
#: The priority of a critical seat; others have less.
CRITICAL = 3
#: So few seats are looked at one by one.
FEW = 96
#: What leaving a pinned seat open would cost: more than any plan.
PINNED_COST = 1e7


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Seats:
    """The places to be filled, arrays of length n; ``needs`` is n × q."""

    start: Ints
    end: Ints
    origin: Ints
    destination: Ints
    needs: Bools
    rank: Ints
    language: Ints
    priority: Ints
    unit: Ints
    #: Seats with one number move together: a motorcade, a detail.
    party: Ints


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Officers:
    """Who could fill them, arrays of length m; qualifications are held from and until a minute, m × q.

    A qualification that is not held is held until before it begins. ``speaks`` is m × languages. ``away`` are rows
    of officer, from, until.
    """

    held_from: Ints
    held_until: Ints
    rank: Ints
    speaks: Bools
    unit: Ints
    home: Ints
    away: Ints


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """Who holds a qualification, one after the other: of ``skills[k]`` it is ``who[begin[k]:begin[k + 1]]``, from and
    until when in columns."""

    skills: Ints
    begin: Ints
    who: Ints
    since: Ints
    until: Ints


@dataclasses.dataclass(frozen=True, slots=True)
class Numbers:
    """The policy's numbers and the prices of what is not wished; minutes, and cost per case, level or hour."""

    min_rest: int = 720
    max_span: int = 720
    most_minutes: int = 10_000_000
    #: Within any 24 hours: more than that is not wished.
    most_in_day: int = 10_000_000
    #: Minutes that are an officer's fair share, in whole shifts: beyond it each hour costs.
    fair_minutes: int = 10_000_000
    uncovered: float = 1000.0
    language: float = 20.0
    other_unit: float = 8.0
    #: What it costs besides that a seat that moves together with others goes to another unit than theirs.
    split_detail: float = 0.0
    rank_waste: float = 2.0
    distance_per_minute: float = 0.2
    distance_most: float = 12.0
    hour_above_fair: float = 3.0
    changed: float = 30.0

    def only_open(self, cost: float) -> Numbers:
        """The same rules where nothing costs but an open seat."""
        return Numbers(
            min_rest=self.min_rest,
            max_span=self.max_span,
            most_minutes=self.most_minutes,
            most_in_day=self.most_in_day,
            fair_minutes=self.fair_minutes,
            uncovered=cost,
            language=0.0,
            other_unit=0.0,
            rank_waste=0.0,
            distance_per_minute=0.0,
            hour_above_fair=0.0,
            changed=0.0,
        )


@dataclasses.dataclass(frozen=True, eq=False)
class Problem:
    """Seats, officers, travel (s × s minutes), the published officer of each seat or NONE, and which are pinned."""

    seats: Seats
    officers: Officers
    travel: Ints
    numbers: Numbers
    published: Ints
    pinned: Bools
    #: n × q: how many places that are not to be filled, but are open, want each qualification around a seat's time.
    wanted_besides: Ints | None = None

    def __post_init__(self) -> None:
        starts = self.seats.start
        if np.any(starts[1:] < starts[:-1]):
            raise ValueError("Seats stand in order of their start")
        if np.any(self.seats.end <= starts):
            raise ValueError("A seat ends after its start")
        if np.any(self.pinned & (self.published == NONE)):
            raise ValueError("Only a seat that somebody holds can be pinned")

    @property
    def n(self) -> int:
        return len(self.seats.start)

    @property
    def m(self) -> int:
        return len(self.officers.rank)

    @cached_property
    def minutes(self) -> Ints:
        """How long each seat lasts."""
        return self.seats.end - self.seats.start

    @cached_property
    def open_cost(self) -> Floats:
        """What each seat costs while nobody holds it."""
        cost = self.numbers.uncovered * self.seats.priority.astype(float)
        cost = cost + np.where(self.published == NONE, 0.0, self.numbers.changed)
        return np.where(self.pinned, PINNED_COST, cost)

    @cached_property
    def unit_price(self) -> Floats:
        """What each seat costs in the hands of another unit than its own; more where it is part of a detail."""
        return self.numbers.other_unit + self.numbers.split_detail * self.together.astype(float)

    @cached_property
    def together(self) -> Bools:
        """Which seats move together with others."""
        party = self.seats.party
        return np.bincount(party)[party] > 1 if len(party) else np.zeros(0, dtype=np.bool_)

    @cached_property
    def able(self) -> Bools:
        """m × n: who may hold which seat if it were the only one; the officers of one seat lie together in memory."""
        allowed = self.qualified & self.present
        # Mostly no seat asks for a rank.
        high = np.flatnonzero(self.seats.rank > self.officers.rank.min(initial=0))
        allowed[:, high] &= self.officers.rank[:, None] >= self.seats.rank[high]
        allowed[:, self.minutes > self.numbers.most_minutes] = False
        pinned = np.flatnonzero(self.pinned)
        holders = self.published[pinned]
        for seat, holder in zip(pinned, holders, strict=True):
            allowed[holder] &= ~self.clashing(int(seat))
        allowed[:, pinned] = False
        allowed[holders, pinned] = True
        return allowed

    @cached_property
    def qualified(self) -> Bools:
        """m × n: who holds all that a seat needs during the whole of it."""
        return self.qualified_for(np.arange(self.n))

    def qualified_for(self, seats: Ints) -> Bools:
        """m × len(seats): who holds all that each of these needs during the whole of it."""
        # Most hold a skill all the time or never, and most seats need one: only the others are asked for one by one.
        start, end, needs = self.seats.start[seats], self.seats.end[seats], self.seats.needs[seats]
        since, until = self.officers.held_from.T, self.officers.held_until.T
        always = (since <= start.min(initial=LATE)) & (until >= end.max(initial=0))
        at_times = ~always & (since < until)
        ever = np.append(always | at_times, np.ones((1, self.m), dtype=np.bool_), axis=0)
        one = np.where(needs.any(axis=1), needs.argmax(axis=1), len(since)) if len(since) else np.zeros_like(seats)
        held = ever[one]
        for skill in range(len(since)):
            at, who = np.flatnonzero(needs[:, skill]), np.flatnonzero(at_times[skill])
            held[at[one[at] != skill]] &= ever[skill]
            fits = (since[skill, who] <= start[at, None]) & (until[skill, who] >= end[at, None])
            held[np.ix_(at, who)] &= fits
        return held.T

    @cached_property
    def present(self) -> Bools:
        """m × n: who is not away during a seat."""
        here = np.ones((self.n, self.m), dtype=np.bool_)
        start, end, away = self.seats.start, self.seats.end, self.officers.away
        longest = int(self.minutes.max(initial=0))
        begins, ends = np.searchsorted(start, away[:, 1] - longest), np.searchsorted(start, away[:, 2])
        for (officer, since, _), at in zip(away.tolist(), map(slice, begins.tolist(), ends.tolist()), strict=True):
            here[at, officer] &= end[at] <= since
        return here.T

    @cached_property
    def holders(self) -> Holders:
        """Who holds which qualification at some time: mostly few do."""
        since, until = self.officers.held_from.T, self.officers.held_until.T
        skill, who = np.nonzero(since < until)
        skills, begin = np.unique(skill, return_index=True)
        return Holders(skills, np.append(begin, len(who)), who, since[skill, who, None], until[skill, who, None])

    @cached_property
    def follows(self) -> Bools:
        """n × n: the second seat can be reached in time after the first, whatever rest it leaves."""
        first, seats = self._alike[0], self.seats
        follows = np.triu(np.ones((len(first), len(first)), dtype=np.bool_), 1)
        until = np.searchsorted(seats.start[first], seats.end[first] + int(self.travel.max(initial=0)))
        for one, seat in enumerate(first.tolist()):
            later = first[one + 1 : until[one]]
            gap = seats.start[later] - seats.end[seat]
            way = self.travel[seats.destination[seat], seats.origin[later]]
            follows[one, one + 1 : until[one]] = gap >= np.maximum(way, 0)
        return self._of_each(follows)

    @cached_property
    def clash(self) -> Bools:
        """n × n: seats that no officer can both hold; symmetric, and false between a seat and itself."""
        first = self._alike[0]
        clash = np.zeros((len(first), len(first)), dtype=np.bool_)
        until = np.searchsorted(first, self._near[1][first])
        for one, seat in enumerate(first.tolist()):
            clash[one, one + 1 : until[one]] = self.clashes(seat, first[one + 1 : until[one]])
        clash |= clash.T
        np.fill_diagonal(clash, True)
        clash = self._of_each(clash)
        np.fill_diagonal(clash, False)
        return clash

    @cached_property
    def _alike(self) -> tuple[Ints, Ints]:
        """The first of all seats that have times and places in common, in order, and among these the one of each seat.

        A post of many officers has as many seats that are alike.
        """
        seats = self.seats
        own = np.stack([seats.start, seats.end, seats.origin, seats.destination])
        _, first, which = np.unique(own, axis=1, return_index=True, return_inverse=True)
        return np.sort(first), np.argsort(np.argsort(first))[which.ravel()]

    def _of_each(self, table: Bools) -> Bools:
        """A table of seats that are alike as one of all seats, n × n."""
        which = self._alike[1]
        return table if len(table) == self.n else table[which][:, which]

    def clashing(self, seat: int) -> Bools:
        """n: the seats that clash with this one; a row of ``clash``, worked out alone while the whole is not known."""
        if "clash" in self.__dict__:
            row: Bools = self.clash[seat]
            return row
        if seat not in self._rows:
            row = np.zeros(self.n, dtype=np.bool_)
            since, until = self._near
            sooner, later = slice(since[seat], seat), slice(seat + 1, until[seat])
            row[sooner], row[later] = self.clashes(sooner, seat), self.clashes(seat, later)
            self._rows[seat] = row
        return self._rows[seat]

    @cached_property
    def _rows(self) -> dict[int, Bools]:
        return {}

    @cached_property
    def _near(self) -> tuple[Ints, Ints]:
        """From and until which other seat one can clash with each: beyond lie more than every rest and way."""
        start, end = self.seats.start, self.seats.end
        far = max(self.numbers.min_rest, int(self.travel.max(initial=0)))
        longest = int(self.minutes.max(initial=0))
        return np.searchsorted(start, start - far - longest), np.searchsorted(start, end + far)

    def clashes(self, one: int | slice, two: int | slice | Ints) -> Bools:
        """Which seats clash with which that stand after them in order; one of the two is a single seat."""
        seats, numbers = self.seats, self.numbers
        gap = seats.start[two] - seats.end[one]
        reached = gap >= np.maximum(self.travel[seats.destination[one], seats.origin[two]], 0)
        within = np.maximum(seats.end[two], seats.end[one]) - seats.start[one] <= numbers.max_span
        return ~(reached & ((gap >= numbers.min_rest) | within))

    @cached_property
    def cost(self) -> Floats:
        """m × n: what it costs that an officer holds a seat, hours aside; meaningless where not able."""
        return self._cost_of(np.arange(self.n))

    def costing(self, seats: Sequence[int] | Ints) -> Floats:
        """m × len(seats): columns of ``cost``; of few seats they are worked out alone while the whole is not known."""
        if "cost" in self.__dict__ or len(seats) > FEW:
            return self.cost[:, seats]
        return self._cost_of(np.asarray(seats, dtype=np.int64))

    def _cost_of(self, seats: Ints) -> Floats:
        numbers, asked = self.numbers, self.seats
        homes, units, kind = self._kinds
        way = np.minimum(np.round(self.travel[homes] * numbers.distance_per_minute), numbers.distance_most)
        unit = asked.unit[seats]
        shared = way[:, asked.origin[seats]] + self.unit_price[seats] * ((unit != NONE) & (units[:, None] != unit))
        total: Floats = (shared - numbers.rank_waste * asked.rank[seats])[kind]
        total += np.take(self._of_officer, asked.language[seats], axis=1)
        held = self.published[seats]
        published = np.flatnonzero(held != NONE)
        total[:, published] += numbers.changed
        total[held[published], published] -= numbers.changed
        return total

    @cached_property
    def _kinds(self) -> tuple[Ints, Ints, Ints]:
        """Homes and units that officers have in common, and which of these pairs each has: they are few."""
        pairs = np.stack([self.officers.home, self.officers.unit])
        kinds, kind = np.unique(pairs, axis=1, return_inverse=True)
        return kinds[0], kinds[1], kind.ravel()

    @cached_property
    def _of_officer(self) -> Floats:
        """What an officer's rank and languages cost for each language that can be wished, and last for none."""
        unspoken = self.numbers.language * ~np.pad(self.officers.speaks, ((0, 0), (0, 1)), constant_values=True)
        costs: Floats = unspoken + (self.numbers.rank_waste * self.officers.rank)[:, None]
        return costs

    def costs(self, officers: Ints, seats: Ints) -> Floats:
        """What it costs that each officer holds the seat beside, hours aside, whether the table is known or not."""
        if "cost" in self.__dict__:
            return self.cost[officers, seats]
        terms = self.terms(officers, seats)
        return np.sum(list(terms.values()), axis=0)

    def terms(self, officers: Ints, seats: Ints) -> dict[str, Floats]:
        """What it costs that each officer holds the seat beside, by what causes it, hours aside."""
        numbers, asked, who = self.numbers, self.seats, self.officers
        wished, language = asked.language[seats] != NONE, asked.language[seats]
        published, unit = self.published[seats], asked.unit[seats]
        spoken = who.speaks[officers, np.where(wished, language, 0)] if who.speaks.shape[1] else ~wished
        way = np.round(self.travel[who.home[officers], asked.origin[seats]] * numbers.distance_per_minute)
        # Where keeping a detail in one unit costs nothing more, its seats are of a unit like all others.
        split = self.together[seats] & bool(numbers.split_detail)
        other = self.unit_price[seats] * ((unit != NONE) & (who.unit[officers] != unit))
        return {
            "language": numbers.language * (wished & ~spoken),
            "unit": other * ~split,
            "detail": other * split,
            "rank": numbers.rank_waste * (who.rank[officers] - asked.rank[seats]),
            "distance": np.minimum(way, numbers.distance_most),
            "changed": numbers.changed * ((published != NONE) & (published != officers)),
        }

    def with_able(self, able: Bools) -> Problem:
        """This problem where who may hold which seat is known already, m × n."""
        known = self.handing_on(dataclasses.replace(self))
        known.__dict__["able"] = able
        return known

    def handing_on(self, other: Problem, *but: str) -> Problem:
        """Another problem, with the tables that are worked out for this one already; ``but`` where they differ."""
        own = {*but, *(field.name for field in dataclasses.fields(self))}
        other.__dict__.update({name: table for name, table in self.__dict__.items() if name not in own})
        return other

    def hours_cost(self, minutes: Ints) -> Floats:
        """What it costs that officers work so long: hours above the fair share."""
        above = np.maximum(minutes - self.numbers.fair_minutes, 0)
        return above * (self.numbers.hour_above_fair / 60.0)


def fair_share(seats: Seats, officers: int, shift: int = 480) -> int:
    """An even share of all minutes, rounded up to whole shifts: a fraction of one could not be worked anyway."""
    total = int(np.sum(seats.end - seats.start))
    return shift * max(1, -(-total // (shift * max(officers, 1))))
