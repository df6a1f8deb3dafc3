"""Days and times of day of a workbook made into moments, in the zone of the visit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.refusals import InvalidInput
from domain.values import TimeWindow
from planner.imports.cells import clock, day
from planner.imports.table import Column


def window_columns(
    zone: ZoneInfo, window: Callable[[Any], TimeWindow], also: tuple[str, ...] = ()
) -> tuple[Column, ...]:
    """The columns of a window: day, start, day of the end where that is another one, end."""

    def first(item: Any) -> datetime:
        return window(item).start.astimezone(zone)

    def last(item: Any) -> datetime:
        return window(item).end.astimezone(zone)

    def other_day(item: Any) -> date | None:
        return last(item).date() if last(item).date() != first(item).date() else None

    days, times = "dd/mm/yyyy", "hh:mm"
    return (
        Column("day", "Day", day, lambda item: first(item).date(), ("Ngày tháng", "Date"), form=days, width=12),
        Column(
            "start",
            "Start",
            clock,
            lambda item: first(item).time(),
            ("Từ", "From", "Giờ", "Time", "Giờ bắt đầu"),
            required=True,
            form=times,
            width=9,
            hint="08:30; with a date in the same cell the day may stay empty",
        ),
        Column(
            "end_day",
            "Ends on",
            day,
            other_day,
            ("End day", "End date", "Ngày kết thúc"),
            form=days,
            width=12,
            hint="only where it ends on another day",
        ),
        Column(
            "end",
            "End",
            clock,
            lambda item: last(item).time(),
            ("Đến", "To", "Giờ kết thúc"),
            True,
            form=times,
            width=9,
        ),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Times:
    """Makes windows out of the four columns, with times without a zone in ``zone``."""

    zone: ZoneInfo

    def window(self, values: Mapping[str, Any], earlier: TimeWindow | None) -> TimeWindow:
        """The window of a row. Where it reads the same as the ``earlier`` one to the minute's clock, that one stays.

        Raises ``InvalidInput``, and ``ValidationError`` for reversed windows.
        """
        start = self._moment(values["start"], values.get("day"), None if earlier is None else earlier.start)
        own = values.get("end_day") or self.local(start).date()
        end = self._moment(values["end"], own, None if earlier is None else earlier.end)
        if end <= start and not values.get("end_day"):
            raise InvalidInput.because(
                "The end, {end}, is not after the start. Where it ends on the next day, give that day under «Ends on».",
                end=self.local(end).strftime("%H:%M"),
            )
        return TimeWindow(start=start, end=end)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def _moment(self, at: time | datetime | timedelta, on: date | None, earlier: datetime | None) -> datetime:
        if isinstance(at, datetime) and at.tzinfo is not None:
            return at
        if isinstance(at, datetime):
            naive = at
        elif on is None:
            raise InvalidInput.because("The day is missing: give it a column of its own, or write it before the time.")
        elif isinstance(at, timedelta):
            naive = datetime.combine(on, time()) + at
        else:
            naive = datetime.combine(on, at)
        naive = (naive + timedelta(microseconds=500_000)).replace(microsecond=0)
        if earlier is not None and self.local(earlier).replace(tzinfo=None, microsecond=0) == naive:
            return earlier
        return self._placed(naive)

    def _placed(self, naive: datetime) -> datetime:
        moment = naive.replace(tzinfo=self.zone)
        if moment.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != naive:
            raise InvalidInput.because(
                "{clock} does not exist on {day} in {zone}: the clocks are put forward then.",
                clock=f"{naive:%H:%M}",
                day=naive.date(),
                zone=self.zone.key,
            )
        return moment
