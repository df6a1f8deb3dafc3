"""How much duty an officer has around a time: what a planner looks at before giving more."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.assignment import Assignment
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.rules.duty import duties_of
from domain.values import TimeWindow
from planner.text import Speaker

DAY, WEEK = timedelta(hours=24), timedelta(days=7)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Load:
    """Duty within 24 hours and within seven days, and nights on duty within these."""

    day: timedelta
    week: timedelta
    nights: int


def load(plan: Plan, officer: str, until: datetime, numbers: PolicyNumbers, zone: str, *, but: str = "") -> Load:
    """The duty of an officer in the 24 hours and seven days before a moment, without the assignment ``but``."""
    duties = [duty for duty in duties_of(plan, officer) if duty.id != but]
    day = TimeWindow(start=until - DAY, end=until)
    week = TimeWindow(start=until - WEEK, end=until)
    return Load(_within(duties, day), _within(duties, week), _nights(duties, week, numbers, zone))


def said(load: Load, speaker: Speaker) -> str:
    """«duty in 24 h: 6 h · in 7 days: 20 h · nights: 1»."""
    return speaker(
        "duty in 24 h: {day} · in 7 days: {week} · nights: {nights}", day=load.day, week=load.week, nights=load.nights
    )


def _within(duties: Iterable[Assignment], window: TimeWindow) -> timedelta:
    return sum((duty.window.overlap(window) for duty in duties), timedelta(0))


def _nights(duties: Iterable[Assignment], window: TimeWindow, numbers: PolicyNumbers, zone: str) -> int:
    """The nights, by the evening's date, of which enough was spent on duty."""
    home = ZoneInfo(zone)
    worked: dict[datetime, timedelta] = {}
    for duty in duties:
        evening = duty.window.start.astimezone(home).date() - timedelta(days=1)
        while evening <= duty.window.end.astimezone(home).date():
            start = datetime.combine(evening, time(numbers.night_starts_hour), tzinfo=home)
            last = evening + timedelta(days=numbers.night_ends_hour <= numbers.night_starts_hour)
            night = TimeWindow(start=start, end=datetime.combine(last, time(numbers.night_ends_hour), tzinfo=home))
            if night.overlaps(window) and night.overlaps(duty.window):
                worked[night.start] = worked.get(night.start, timedelta(0)) + night.overlap(duty.window)
            evening += timedelta(days=1)
    enough = timedelta(hours=numbers.night_counts_from_hours)
    return sum(length >= enough for length in worked.values())
