"""JSON as people and scripts write it: a name that stands twice in one object is refused, not taken last.

Moments and days are written as ISO 8601 has them. What reads JSON for us takes numbers too, as seconds since 1970:
who writes one of those has mistaken one thing for another.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel

from domain.messages import Message, message
from domain.refusals import InvalidInput
from planner.validation import PROBLEMS, path

_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def refuse_repeated(content: bytes) -> None:
    """Refuse JSON, known to be such, in which an object has a name twice. Raises ``InvalidInput``."""
    json.loads(content, object_pairs_hook=_object, parse_int=str, parse_float=str)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                raise InvalidInput.because("«{name}» stands twice in one object; leave one of the two.", name=name)
            seen.add(name)
    return found


def refuse_numbers_for_times(read: Any, given: Any, place: tuple[str | int, ...] = ()) -> None:
    """Refuse moments and days that were not written as such, where ``read`` was made of ``given``, which was JSON.

    Raises ``InvalidInput`` that names the place.
    """
    match read:
        case datetime():
            _written(_MOMENT, given, place, PROBLEMS["datetime_parsing"])
        case date():
            _written(_DAY, given, place, PROBLEMS["date_parsing"])
        case tuple() | list() if isinstance(given, list):
            for number, (value, part) in enumerate(zip(read, given, strict=False)):
                refuse_numbers_for_times(value, part, (*place, number))
        case _ if isinstance(given, dict):
            for name, value in _parts(read):
                if name in given:
                    refuse_numbers_for_times(value, given[name], (*place, name))


def _written(form: re.Pattern[str], given: Any, place: Sequence[str | int], said: Message) -> None:
    if not (isinstance(given, str) and form.fullmatch(given)):
        where = path(place)
        raise InvalidInput(said if where is None else message("{field}: {problem}", field=where, problem=said))


def _parts(read: Any) -> list[tuple[str, Any]]:
    if isinstance(read, Mapping):
        return list(read.items())
    if isinstance(read, BaseModel):
        return [(name, getattr(read, name)) for name in type(read).model_fields]
    if dataclasses.is_dataclass(read):
        return [(field.name, getattr(read, field.name)) for field in dataclasses.fields(read)]
    return []
