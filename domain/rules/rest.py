"""R03: duty periods without enough rest, and too much duty in a day, in a week, in nights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
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


def rest_and_load_of(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: tuple[Assignment, ...]
) -> Iterator[Finding]:
    """What rest and load of one officer come to; nothing is found about duties that are all over."""
    if not duties:
        return
    found: dict[str, Finding] = {}
    for finding in (
        *_periods_too_long(numbers, officer, duties),
        *_days_too_full(numbers, officer, duties),
        *_weeks_too_full(numbers, officer, duties),
        *_too_many_nights(plan, numbers, officer, duties),
    ):
        found.setdefault(finding.id, finding)
    yield from found.values()


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


def _periods_too_long(numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment]) -> Iterator[Finding]:
    most = timedelta(hours=numbers.max_span_hours)
    for run in periods(duties, timedelta(hours=numbers.min_rest_hours)):
        window = TimeWindow(start=run[0].window.start, end=max(duty.window.end for duty in run))
        if window.length > most:
            yield from _finding(Severity.BLOCK, officer, run, window, _too_long(numbers, officer, run, window))


def _too_long(numbers: PolicyNumbers, officer: Officer, run: list[Assignment], window: TimeWindow) -> Message:
    values = {
        "officer": named(officer),
        "length": window.length,
        "most": timedelta(hours=numbers.max_span_hours),
        "last": at_post(run[-1]),
        "first": at_post(run[0]),
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


def _days_too_full(numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment]) -> Iterator[Finding]:
    most = timedelta(hours=numbers.max_hours_24h)
    for window, worked in _fullest(_busy(duties), timedelta(hours=24), most):
        said = message(
            "{officer} has {worked} of duty within 24 hours ({window}); at most {most} are meant.",
            officer=named(officer),
            worked=worked,
            window=window,
            most=most,
        )
        yield from _finding(Severity.WARN, officer, _in(duties, window), window, said)


def _weeks_too_full(numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment]) -> Iterator[Finding]:
    most = timedelta(hours=numbers.max_hours_7d)
    for window, worked in _fullest(_busy(duties), timedelta(days=7), most):
        said = message(
            "{officer} has {worked} of duty within seven days ({window}); at most {most} are meant.",
            officer=named(officer),
            worked=worked,
            window=window,
            most=most,
        )
        yield from _finding(Severity.WARN, officer, _in(duties, window), window, said)


def _too_many_nights(
    plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: Sequence[Assignment]
) -> Iterator[Finding]:
    most = numbers.max_consecutive_nights
    if max(duty.window.end for duty in duties) - duties[0].window.start < timedelta(days=most - 1):
        return
    for row in _in_a_row(_nights_worked(plan, numbers, duties)):
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


def _fullest(busy: list[_Busy], length: timedelta, most: timedelta) -> Iterator[tuple[TimeWindow, timedelta]]:
    """Windows of a length with more duty than ``most``: of windows that overlap in a chain the fullest, then earliest.

    The duty in a sliding window is greatest where the window begins with a duty or ends with one.
    """
    if sum((item.end - item.start for item in busy), timedelta(0)) <= most:
        return
    starts, ends = [item.start for item in busy], [item.end for item in busy]
    sums = [timedelta(0)]
    for item in busy:
        sums.append(sums[-1] + (item.end - item.start))

    def worked_before(moment: datetime) -> timedelta:
        index = bisect_right(starts, moment)
        return sums[index] - (max(ends[index - 1] - moment, timedelta(0)) if index else timedelta(0))

    best: tuple[datetime, timedelta] | None = None
    last = datetime.min.replace(tzinfo=UTC)
    for start in sorted({*starts, *(end - length for end in ends)}):
        worked = worked_before(start + length) - worked_before(start)
        if worked <= most:
            continue
        if best is not None and start >= last + length:
            yield TimeWindow(start=best[0], end=best[0] + length), best[1]
            best = None
        if best is None or worked > best[1]:
            best = (start, worked)
        last = start
    if best is not None:
        yield TimeWindow(start=best[0], end=best[0] + length), best[1]


def _nights_worked(plan: Plan, numbers: PolicyNumbers, duties: Iterable[Assignment]) -> dict[date, TimeWindow]:
    """The nights with enough duty in them, by the evening's date where the visit takes place."""
    worked: dict[date, timedelta] = {}
    nights: dict[date, TimeWindow] = {}
    for busy in _busy(duties):
        visit = plan.entities.get(f"visit/{busy.visit}")
        zone: tzinfo = ZoneInfo(visit.details.zone) if isinstance(visit, Visit) else UTC
        for evening, night in _nights(numbers, zone, busy):
            common = min(busy.end, night.end) - max(busy.start, night.start)
            if common > timedelta(0):
                worked[evening] = worked.get(evening, timedelta(0)) + common
                nights.setdefault(evening, night)
    enough = timedelta(hours=numbers.night_counts_from_hours)
    return {evening: nights[evening] for evening in sorted(worked) if worked[evening] >= enough}


def _nights(numbers: PolicyNumbers, zone: tzinfo, busy: _Busy) -> Iterator[tuple[date, TimeWindow]]:
    """The nights that a time may touch, by the date of their evening."""
    passes_midnight = numbers.night_ends_hour <= numbers.night_starts_hour
    evening = busy.start.astimezone(zone).date() - timedelta(days=1)
    last = busy.end.astimezone(zone).date()
    while evening <= last:
        morning = evening + timedelta(days=1) if passes_midnight else evening
        start = datetime.combine(evening, time(numbers.night_starts_hour), tzinfo=zone)
        end = datetime.combine(morning, time(numbers.night_ends_hour), tzinfo=zone)
        yield evening, TimeWindow(start=start.astimezone(UTC), end=end.astimezone(UTC))
        evening += timedelta(days=1)


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
