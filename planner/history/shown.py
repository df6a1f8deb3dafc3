"""How the values of facts are shown in sentences: each takes the value, its owner and the names of its plan."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.assignment import Override
from domain.messages import LanguageCode, Message, counted, message
from domain.post import WHOLE, PostDetails
from domain.values import Contact
from domain.venue import Capacity
from domain.visit import Activity
from planner.history.changes import quoted
from planner.history.names import Names
from planner.text import CountryCode, ZoneCode


def country(code: str, *_: Any) -> CountryCode:
    """A country by its name."""
    return CountryCode(code)


def zone(name: str, *_: Any) -> ZoneCode:
    """A time zone by its place."""
    return ZoneCode(name)


def languages(codes: tuple[str, ...], *_: Any) -> tuple[LanguageCode, ...]:
    """Languages by their names."""
    return tuple(LanguageCode(code) for code in codes)


def party(name: str, *_: Any) -> Message | str | None:
    """A party of the delegation; the head's own has no name of its own."""
    return message("main party") if name == "main" else quoted(name)


def persons(number: int, *_: Any) -> int | Message:
    """A number of persons, 0 where it is not known."""
    return number or message("not known")


def minutes(number: float, *_: Any) -> timedelta:
    """Minutes as a duration."""
    return timedelta(minutes=number)


def number(things: tuple[Any, ...], *_: Any) -> int:
    """How many there are."""
    return len(things)


def km(number: float, *_: Any) -> Message:
    """Kilometres, to 100 m."""
    return message("{km} km", km=float(number))


def in_order(values: frozenset[StrEnum], *_: Any) -> tuple[StrEnum, ...]:
    """Members of the vocabulary, always in the same order."""
    return tuple(sorted(values))


def kms(numbers: tuple[float, ...], *_: Any) -> tuple[Message, ...]:
    """Kilometres exactly."""
    return tuple(message("{km} km", km=_exact(number)) for number in numbers)


def hours(number: float, *_: Any) -> timedelta:
    """Hours as a duration."""
    return timedelta(hours=number)


def days(number: int, *_: Any) -> Message:
    """A number of days."""
    return counted("{n} day", "{n} days", number)


def seconds(number: int, *_: Any) -> Message:
    """A number of seconds."""
    return message("{n} s", n=number)


def metres(number: float, *_: Any) -> Message:
    """A number of metres."""
    return message("{n} m", n=_exact(number))


def speeds(numbers: tuple[float, ...], *_: Any) -> tuple[Message, ...]:
    """Speeds in km/h."""
    return tuple(message("{n} km/h", n=_exact(number)) for number in numbers)


def clock(hour: int, *_: Any) -> str:
    """A full hour of the day."""
    return f"{hour:02d}:00"


def share(number: float, *_: Any) -> Message:
    """A share as a percentage."""
    return message("{percent} %", percent=_exact(number * 100))


def factor(number: float, *_: Any) -> Message:
    """How many times."""
    return message("{n} times", n=_exact(number))


def _exact(number: float) -> Decimal:
    """A number with all its digits: 1.42 must not become 1.4."""
    return Decimal(f"{number:g}")


def officer(code: str, _: Any, names: Names) -> str:
    """An officer by rank, name and code."""
    return names.officer(code)


def officers(codes: tuple[str, ...], _: Any, names: Names) -> list[str]:
    """Several officers, each by rank, name and code."""
    return [names.officer(code) for code in codes]


def venue(code: str, _: Any, names: Names) -> str:
    """A venue by code and name."""
    return names.venue(code)


def room(code: str, activity: Activity, names: Names) -> str:
    """A room of the activity's venue."""
    return names.room(activity.venue, code)


def key_point(code: str, post: PostDetails, names: Names) -> str:
    """A key point of the post's venue."""
    return names.key_point(post.venue, code)


def delegation(code: str, _: Any, names: Names) -> str:
    """A delegation by code and name."""
    return names.delegation(code)


def member(code: str, _: Any, names: Names) -> str:
    """A member of the delegation by name."""
    return names.member(code)


def activity(code: str, _: Any, names: Names) -> str:
    """An activity by code and title."""
    return names.activity(code)


def activities(codes: tuple[str, ...], _: Any, names: Names) -> tuple[str, ...]:
    """Activities by code and title."""
    return tuple(names.activity(code) for code in codes)


def post(code: str, _: Any, names: Names) -> str:
    """A post by code and task."""
    return names.post(code)


def shift(code: str, *_: Any) -> Message | str:
    """A shift by its code; the one of a post without shifts has none that people know."""
    return message("the whole time") if code == WHOLE else code


def contacts(contacts: tuple[Contact, ...], *_: Any) -> tuple[str, ...]:
    """Whom to call, what for, and the number."""

    def shown(contact: Contact) -> str:
        more = ", ".join(part for part in (contact.role, contact.phone) if part)
        return f"{contact.name} ({more})" if more else contact.name

    return tuple(shown(contact) for contact in contacts)


def capacities(capacities: tuple[Capacity, ...], *_: Any) -> tuple[Message, ...]:
    """Persons by layout."""
    return tuple(message("{layout} {persons}", layout=c.layout, persons=c.persons) for c in capacities)


def override(override: Override, *_: Any) -> Message:
    """Which rules were knowingly broken, and on whose authority."""
    return message("rules {rules} on the authority of {authority}", rules=override.rules, authority=override.authority)
