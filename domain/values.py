"""Values of the field with their own arithmetic; all frozen, all validating themselves."""

from __future__ import annotations

import functools
import math
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field

from domain.base import Line, OptionalLine, Prose, folded, value
from domain.personal import ERASED, Personal

EARTH_RADIUS_M = 6_371_008.8


#: Names that mean nothing elsewhere: what a machine was set to, and no zone at all.
_NO_ZONES = frozenset({"localtime", "posixrules", "Factory"})


@functools.cache
def _zones() -> frozenset[str]:
    """Looked up once: walking the zone files takes ten milliseconds."""
    return frozenset(available_timezones() - _NO_ZONES)


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("The time zone is not known")
    return name


#: An IANA time zone such as ``Asia/Ho_Chi_Minh``.
ZoneName = Annotated[str, AfterValidator(_known_zone)]
#: ISO 639 language code such as ``lo``, ``km``, ``vi``, ``en``.
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
#: ISO 3166 alpha-2 country code such as ``LA``.
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


@value
class TimeWindow:
    """A half-open interval ``[start, end)`` of instants, kept in UTC; reversed and empty windows are refused."""

    start: AwareDatetime
    end: AwareDatetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("The end of a time window must be after its start")
        if self.start.utcoffset() or self.end.utcoffset():
            try:
                object.__setattr__(self, "start", self.start.astimezone(UTC))
                object.__setattr__(self, "end", self.end.astimezone(UTC))
            except OverflowError:
                raise ValueError("The time window lies beyond the calendar") from None

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def minutes(self) -> float:
        return self.length.total_seconds() / 60

    def overlaps(self, other: TimeWindow) -> bool:
        """True where both share more than an instant; touching windows do not overlap."""
        return self.start < other.end and other.start < self.end

    def overlap(self, other: TimeWindow) -> timedelta:
        """How long both last together, zero where they do not."""
        return max(min(self.end, other.end) - max(self.start, other.start), timedelta(0))

    def intersection(self, other: TimeWindow) -> TimeWindow | None:
        if not self.overlaps(other):
            return None
        if other.covers(self):
            return self
        return TimeWindow(start=max(self.start, other.start), end=min(self.end, other.end))

    def contains(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def covers(self, other: TimeWindow) -> bool:
        return self.start <= other.start and other.end <= self.end

    def shifted(self, by: timedelta) -> TimeWindow:
        # As long as before and in UTC as before: nothing to validate again.
        return folded(self, start=self.start + by, end=self.end + by)

    def padded(self, before: timedelta, after: timedelta) -> TimeWindow:
        return TimeWindow(start=self.start - before, end=self.end + after)


@value
class Coordinates:
    """A point on the earth in degrees, WGS 84."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]

    def distance_to(self, other: Coordinates) -> float:
        """Great-circle distance in metres."""
        lat1, lat2 = math.radians(self.lat), math.radians(other.lat)
        half_lat = (lat2 - lat1) / 2
        half_lon = math.radians(other.lon - self.lon) / 2
        root = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
        return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(root)))


class SecrecyLevel(StrEnum):
    """The secrecy marks of the law on the protection of state secrets, lowest first."""

    NONE = "none"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"
    TOP_SECRET = "top_secret"

    @property
    def rank(self) -> int:
        return list(SecrecyLevel).index(self)

    @staticmethod
    def highest(*levels: SecrecyLevel) -> SecrecyLevel:
        return max(levels, key=lambda level: level.rank, default=SecrecyLevel.NONE)


@value
class PersonName:
    """A person's name as written at home, romanised, how to address the person and how to say it."""

    romanised: Line
    original: OptionalLine = ""
    form_of_address: OptionalLine = ""
    said: OptionalLine = ""

    def __str__(self) -> str:
        return self.romanised


#: A name, and other texts, that are destroyed when the person is erased.
ErasableName = Annotated[PersonName, Personal(PersonName(romanised=ERASED))]
ErasableLine = Annotated[OptionalLine, Personal()]
ErasableProse = Annotated[Prose, Personal()]


@value
class Contact:
    """Whom to call: a name, what for, and a duty telephone."""

    name: Line
    role: OptionalLine = ""
    phone: OptionalLine = ""


@value
class Qualification:
    """What an officer may do, and from when until when; both ends are instants, the end excluded."""

    code: Line
    valid: TimeWindow
    revoked_from: AwareDatetime | None = None

    def holds(self, window: TimeWindow) -> bool:
        """True where it is valid for the whole window and not revoked before its end."""
        return self.valid.covers(window) and (self.revoked_from is None or self.revoked_from >= window.end)
