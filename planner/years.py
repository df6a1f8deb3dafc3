"""The years in which anything of a plan can lie: beyond them one was mistyped, and the arithmetic of times ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from domain.base import fields_of
from domain.refusals import InvalidInput

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999


def possible(day: date) -> bool:
    """True for days and moments of these years."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def refuse_impossible(given: Any) -> None:
    """Refuse what holds a day or a moment beyond these years, at any depth. Raises ``InvalidInput``."""
    for day in _days(given):
        if not possible(day):
            # As it was typed: to say it in a zone could leave the calendar.
            raise InvalidInput.because(
                "{moment} cannot be: plans lie in the years {first} to {last}. Check the year.",
                moment=day.isoformat(),
                first=str(FIRST_YEAR),
                last=str(LAST_YEAR),
            )


def _days(given: Any) -> Iterator[date]:
    match given:
        case str() | bytes() | int() | float() | None:
            return
        case date():  # moments too
            yield given
        case Mapping():
            for value in given.values():
                yield from _days(value)
        case tuple() | list():
            for value in given:
                yield from _days(value)
        case _ if dataclasses.is_dataclass(given):
            kind: Any = type(given)
            for _name, read, _write in fields_of(kind):
                yield from _days(read(given))
