"""Why a value cannot be, in words: what pydantic finds, said with the names of the fields in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.messages import Message, message
from domain.refusals import InvalidInput

#: Problems named in one sentence; the rest are counted.
MOST_NAMED = 4

#: English names of fields that differ from the field's name with spaces.
FIELDS: Mapping[str, str] = {
    "lat": "latitude",
    "lon": "longitude",
    "original": "name in original script",
    "romanised": "romanised name",
    "said": "pronunciation",
    "window": "time window",
    "setup_minutes": "set-up minutes",
    "name_en": "English name",
    "required": "required qualifications",
    "desired": "desired qualifications",
    "km": "kilometres",
    "joint_with": "joint activities",
}

#: What pydantic says, by its type of error; the places are filled from the error's context.
PROBLEMS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "unexpected_keyword_argument": "is not known here",
    "string_type": "must be text",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is shorter than {min_length} characters",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "timezone_aware": "needs a zone, as in 2026-11-24T08:00+07:00",
    "datetime_type": "must be a time such as 2026-11-24T08:00+07:00",
    "datetime_parsing": "must be a time such as 2026-11-24T08:00+07:00",
    "datetime_from_date_parsing": "must be a time such as 2026-11-24T08:00+07:00",
    "datetime_object_invalid": "must be a time such as 2026-11-24T08:00+07:00",
    "date_type": "must be a date such as 2026-11-24",
    "date_parsing": "must be a date such as 2026-11-24",
    "date_from_datetime_parsing": "must be a date such as 2026-11-24",
    "date_from_datetime_inexact": "must be a date such as 2026-11-24",
    "dataclass_type": "must be an object with named fields",
    "dict_type": "must be an object with named fields",
    "model_type": "must be an object with named fields",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "none_required": "must be empty",
}

#: What patterns ask for, by a piece that only they have.
PATTERNS: Sequence[tuple[str, str]] = (
    ("._-", "must be a short code of letters, digits, «.», «_» and «-», and begin with a letter or digit"),
    (r"\P{Cc}*[^\p{Cc}\s]", "must be one line with at least one visible character"),
    (r"|[\n\t]", "must not hold control characters"),
    (r"^\P{Cc}*$", "must be one line"),
    ("[A-Z]{2}", "must be a country code of two capital letters such as LA"),
    ("[a-z]{2,3}", "must be a language code such as lo, km, vi or en"),
)


def invalid_input(error: ValidationError) -> InvalidInput:
    """The refusal that says which values cannot be, and why."""
    return InvalidInput(problems(error))


def problems(error: ValidationError) -> Message:
    """All that is wrong, as one sentence."""
    found = error.errors(include_url=False, include_input=False)
    said = [problem(one) for one in found[:MOST_NAMED]]
    whole = said[0]
    for one in said[1:]:
        whole = message("{first}; {rest}", first=whole, rest=one)
    if len(found) > MOST_NAMED:
        return message("{problems}; and {n} more", problems=whole, n=len(found) - MOST_NAMED)
    return whole


def problem(found: ErrorDetails) -> Message:
    """One thing that is wrong: where, and why."""
    why = reason(found)
    where = path(found["loc"])
    return why if where is None else message("{field}: {problem}", field=where, problem=why)


def path(places: Sequence[str | int]) -> Message | None:
    """Where a value stands: «activity › time window › start»."""
    whole: Message | None = None
    for place in places:
        part = message("#{number}", number=place + 1) if isinstance(place, int) else field(place)
        whole = part if whole is None else message("{outer} › {inner}", outer=whole, inner=part)
    return whole


def field(name: str) -> Message:
    """The name of a field, as people read it; names that nobody knows are shown as they are."""
    if not name.isidentifier() or not name.isascii() or not name.islower():
        return message("{name}", name=name)
    return Message(FIELDS.get(name) or name.replace("_", " "))


def reason(found: ErrorDetails) -> Message:
    """Why one value cannot be."""
    kind, context = found["type"], found.get("ctx", {})
    if kind == "value_error":
        return Message(str(context["error"]))
    if kind == "string_pattern_mismatch":
        for piece, said in PATTERNS:
            if piece in context["pattern"]:
                return Message(said)
    text = PROBLEMS.get(kind)
    if text is None:
        return message("cannot be used ({problem})", problem=found["msg"])
    return Message(text, {name: _shown(value) for name, value in context.items() if "{" + name + "}" in text})


def _shown(value: Any) -> Any:
    return value.replace(" or ", ", ") if isinstance(value, str) else value
