"""R03: duty periods without enough rest, and too much duty in a day, in a week, in nights."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import sub
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.assignment import Assignment
from domain.finding import Finding, Severity
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.rules.naming import at_post, named
from domain.values import TimeWindow
from domain.visit import Visit

#: Sums of seconds as floats may differ by less than this.
TOLERANCE_S = 1e-3


def rest_and_load_of(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: tuple[Assignment, ...]
) -> Iterator[Finding]:
    """What rest and load of one officer come to; nothing is found about duties that are all over."""
    if not duties or _short(numbers, duties):
        return
    found: dict[str, Finding] = {}
    busy = _busy(duties)
    load = _Load.of(busy)
    for finding in (
        *(_periods_too_long(plan, numbers, officer, duties) if load.lasts_long(numbers) else ()),
        *_days_too_full(numbers, officer, duties, load),
        *_weeks_too_full(numbers, officer, duties, load),
        *_too_many_nights(plan, numbers, officer, duties, busy),
    ):
        found.setdefault(finding.id, finding)
    yield from found.values()


def _short(numbers: PolicyNumbers, duties: tuple[Assignment, ...]) -> bool:
    """True where all that an officer does lies within too little time for any of this to be found."""
    whole = max([duty.window.end for duty in duties]) - duties[0].window.start
    hours = min(numbers.max_span_hours, numbers.max_hours_24h, numbers.max_hours_7d)
    return whole <= timedelta(hours=hours) and whole.days < numbers.max_consecutive_nights - 1


class Burden(NamedTuple):
    """The most duty of an officer in any 24 hours, in any seven days, and the most nights on duty in a row."""

    day: timedelta
    week: timedelta
    nights: int

    def above(self, numbers: PolicyNumbers) -> tuple[bool, bool, bool]:
        """Which of the three are more than is meant."""
        return (
            self.day > timedelta(hours=numbers.max_hours_24h),
            self.week > timedelta(hours=numbers.max_hours_7d),
            self.nights > numbers.max_consecutive_nights,
        )


def heaviest(plan: Plan, numbers: PolicyNumbers, duties: tuple[Assignment, ...]) -> Burden:
    """What the totals of R03 come to at their highest; the duties are one officer's, in order of time."""
    if not duties:
        return Burden(timedelta(0), timedelta(0), 0)
    busy = _busy(duties)
    load = _Load.of(busy)
    day, week = (
        max((worked for _, worked in load.fullest(length, timedelta(0))), default=timedelta(0))
        for length in (timedelta(hours=24), timedelta(days=7))
    )
    nights = max((len(row) for row in _in_a_row(_nights_worked(plan, numbers, busy))), default=0)
    return Burden(day, week, nights)


def periods(duties: Iterable[Assignment], rest: timedelta) -> Iterator[list[Assignment]]:
    """Duty periods: maximal runs of duties, given in order of time, in which no gap reaches the rest."""
    run: list[Assignment] = []
    end: datetime | None = None
    for duty in duties:
        if end is not None and duty.window.start - end >= rest:
            yield run
            run = []
        run.append(duty)
        end = duty.window.end if end is None else max(end, duty.window.end)
    if run:
        yield run


def longest_break(duties: Iterable[Assignment]) -> TimeWindow | None:
    """The longest time between the duties without any, the earliest of equals; None where there is no gap."""
    gaps = [
        TimeWindow(start=earlier.end, end=later.start)
        for earlier, later in pairwise(_busy(duties))
        if earlier.end < later.start
    ]
    return max(gaps, key=lambda gap: gap.length, default=None)


def _periods_too_long(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment]
) -> Iterator[Finding]:
    most = timedelta(hours=numbers.max_span_hours)
    for run in periods(duties, timedelta(hours=numbers.min_rest_hours)):
        start, end = run[0].window.start, max(duty.window.end for duty in run)
        if end - start > most:
            window = TimeWindow(start=start, end=end)
            yield from _finding(Severity.BLOCK, officer, run, window, _too_long(plan, numbers, officer, run, window))


def _too_long(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, run: list[Assignment], window: TimeWindow
) -> Message:
    values = {
        "officer": named(officer),
        "length": window.length,
        "most": timedelta(hours=numbers.max_span_hours),
        "last": at_post(plan, run[-1]),
        "first": at_post(plan, run[0]),
    }
    if len(run) == 1:
        return message("{officer} is on duty for {length} at {first}; at most {most} are allowed.", **values)
    gap = longest_break(run)
    if gap is None:
        return message(
            "{officer} is on duty for {length} without a break, from {first} to {last}; at most {most} are allowed.",
            **values,
        )
    return message(
        "{officer} has no rest of {rest} within {length} of duty, from {first} to {last}: the longest break is "
        "{gap} ({between}). Without such a rest at most {most} are allowed.",
        rest=timedelta(hours=numbers.min_rest_hours),
        gap=gap.length,
        between=gap,
        **values,
    )


def _days_too_full(
    numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment], load: _Load
) -> Iterator[Finding]:
    most = timedelta(hours=numbers.max_hours_24h)
    for window, worked in load.fullest(timedelta(hours=24), most):
        said = message(
            "{officer} has {worked} of duty within 24 hours ({window}); at most {most} are meant.",
            officer=named(officer),
            worked=worked,
            window=window,
            most=most,
        )
        yield from _finding(Severity.WARN, officer, _in(duties, window), window, said)


def _weeks_too_full(
    numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment], load: _Load
) -> Iterator[Finding]:
    most = timedelta(hours=numbers.max_hours_7d)
    for window, worked in load.fullest(timedelta(days=7), most):
        said = message(
            "{officer} has {worked} of duty within seven days ({window}); at most {most} are meant.",
            officer=named(officer),
            worked=worked,
            window=window,
            most=most,
        )
        yield from _finding(Severity.WARN, officer, _in(duties, window), window, said)


def _too_many_nights(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment], busy: list[_Busy]
) -> Iterator[Finding]:
    most = numbers.max_consecutive_nights
    if busy[-1].end - busy[0].start < timedelta(days=most - 1):
        return
    for row in _in_a_row(_nights_worked(plan, numbers, busy)):
        if len(row) <= most:
            continue
        window = TimeWindow(start=row[0].start, end=row[-1].end)
        said = message(
            "{officer} has {n} nights on duty in a row ({window}); at most {most} are meant.",
            officer=named(officer),
            n=len(row),
            window=window,
            most=most,
        )
        yield from _finding(Severity.WARN, officer, _in(duties, window), window, said)


def _finding(
    severity: Severity, officer: Officer, duties: Sequence[Assignment], window: TimeWindow, said: Message
) -> Iterator[Finding]:
    if any(duty.counts for duty in duties):
        subjects = (officer.id, *sorted(duty.id for duty in duties))
        yield Finding(rule="R03", severity=severity, subjects=subjects, window=window, message=said)


def _in(duties: Iterable[Assignment], window: TimeWindow) -> list[Assignment]:
    return [duty for duty in duties if duty.window.overlaps(window)]


# Time on duty, each moment counted once


class _Busy(NamedTuple):
    start: datetime
    end: datetime
    visit: str


def _busy(duties: Iterable[Assignment]) -> list[_Busy]:
    """The duties, given in order of time, as disjoint times; each with the visit of its first duty."""
    times: list[_Busy] = []
    for duty in duties:
        start, end = duty.window.start, duty.window.end
        if times and start <= times[-1].end:
            times[-1] = times[-1]._replace(end=max(end, times[-1].end))
        else:
            times.append(_Busy(start, end, duty.visit))
    return times


class _Load(NamedTuple):
    """Disjoint times on duty as seconds since the epoch, and the sums of their lengths."""

    starts: list[float]
    ends: list[float]
    sums: list[float]

    @staticmethod
    def of(busy: list[_Busy]) -> _Load:
        starts, ends = [item.start.timestamp() for item in busy], [item.end.timestamp() for item in busy]
        return _Load(starts, ends, [0.0, *accumulate(map(sub, ends, starts))])

    def lasts_long(self, numbers: PolicyNumbers) -> bool:
        """True where one of the periods without enough rest may last too long."""
        rest, most = numbers.min_rest_hours * 3600, numbers.max_span_hours * 3600 - TOLERANCE_S
        since, before = self.starts[0], self.starts[0]
        for start, end in zip(self.starts, self.ends, strict=True):
            # Where it may be either, it is taken for no rest.
            if start - before > rest + TOLERANCE_S:
                since = start
            if end - since > most:
                return True
            before = end
        return False

    def fullest(self, length: timedelta, most: timedelta) -> Iterator[tuple[TimeWindow, timedelta]]:
        """Windows of a length with more duty than ``most``: of a chain of overlapping ones the fullest, earliest.

        The duty in a sliding window is greatest where the window begins with a duty or ends with one.
        """
        seconds, limit = length.total_seconds(), most.total_seconds() + TOLERANCE_S
        if self.sums[-1] <= limit:
            return
        best: tuple[float, float] | None = None
        last = -math.inf
        for start in sorted({*self.starts, *(end - seconds for end in self.ends)}):
            worked = self._worked_before(start + seconds) - self._worked_before(start)
            if worked <= limit:
                continue
            if best is not None and start >= last + seconds:
                yield _window(best[0], length), timedelta(seconds=best[1])
                best = None
            if best is None or worked > best[1] + TOLERANCE_S:
                best = (start, worked)
            last = start
        if best is not None:
            yield _window(best[0], length), timedelta(seconds=best[1])

    def _worked_before(self, moment: float) -> float:
        index = bisect_right(self.starts, moment)
        return self.sums[index] - max(self.ends[index - 1] - moment, 0.0) if index else 0.0


def _window(start: float, length: timedelta) -> TimeWindow:
    moment = datetime.fromtimestamp(start, UTC)
    return TimeWindow(start=moment, end=moment + length)


def _nights_worked(plan: Plan, numbers: PolicyNumbers, busy: list[_Busy]) -> dict[date, TimeWindow]:
    """The nights with enough duty in them, by the evening's date where the visit takes place."""
    worked: dict[date, timedelta] = {}
    nights: dict[date, TimeWindow] = {}
    hours = (numbers.night_starts_hour, numbers.night_ends_hour)
    for item in busy:
        visit = plan.entities.get(f"visit/{item.visit}")
        zone = visit.details.zone if isinstance(visit, Visit) else "UTC"
        for evening, night, common in _nights(zone, item.start, item.end, *hours):
            worked[evening] = worked.get(evening, timedelta(0)) + common
            nights.setdefault(evening, night)
    enough = timedelta(hours=numbers.night_counts_from_hours)
    return {evening: nights[evening] for evening in sorted(worked) if worked[evening] >= enough}


# Many officers have the same shifts: their nights are worked out once.
@lru_cache(maxsize=8192)
def _nights(
    zone: str, start: datetime, end: datetime, starts: int, ends: int
) -> tuple[tuple[date, TimeWindow, timedelta], ...]:
    """The nights that a time touches: the date of the evening, the night, and how long it is touched."""
    found = []
    evening = start.astimezone(_zone(zone)).date() - timedelta(days=1)
    last = end.astimezone(_zone(zone)).date()
    while evening <= last:
        night = _night(zone, evening, starts, ends)
        common = min(end, night.end) - max(start, night.start)
        if common > timedelta(0):
            found.append((evening, night, common))
        evening += timedelta(days=1)
    return tuple(found)


def _night(zone: str, evening: date, starts: int, ends: int) -> TimeWindow:
    morning = evening + timedelta(days=1) if ends <= starts else evening
    start = datetime.combine(evening, time(starts), tzinfo=_zone(zone))
    end = datetime.combine(morning, time(ends), tzinfo=_zone(zone))
    return TimeWindow(start=start.astimezone(UTC), end=end.astimezone(UTC))


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)


def _in_a_row(nights: dict[date, TimeWindow]) -> Iterator[list[TimeWindow]]:
    row: list[TimeWindow] = []
    before: date | None = None
    for evening, night in nights.items():
        if before is not None and evening - before > timedelta(days=1):
            yield row
            row = []
        row.append(night)
        before = evening
    if row:
        yield row
