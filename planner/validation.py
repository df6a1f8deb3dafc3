"""Why a value cannot be, in words: what pydantic finds, said with the names of the fields in both languages."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.messages import Message, message
from domain.refusals import InvalidInput
from planner.history.facts import FACTS

#: Problems named in one sentence; the rest are counted.
MOST_NAMED = 4

#: Names of fields that the history never tells on their own, or tells in words that need their thing beside them.
FIELDS: Mapping[str, Message] = {
    "absence": message("absence"),
    "absences": message("absences"),
    "activities": message("activities"),
    "arguments": message("arguments"),
    "assignments": message("assignments"),
    "authority": message("authority"),
    "cancelled": message("cancelled"),
    "closed": message("closed"),
    "code": message("code"),
    "command": message("command"),
    "command_id": message("command id"),
    "critical": message("critical"),
    "delegations": message("delegations"),
    "document": message("document"),
    "effective_from": message("effective from"),
    "end": message("end"),
    "existing": message("what is done with codes that exist"),
    "fixed": message("fixed time"),
    "headcount": message("number of persons"),
    "key_points": message("key points"),
    "kind": message("kind"),
    "lat": message("latitude"),
    "lon": message("longitude"),
    "member": message("member"),
    "members": message("members"),
    "numbers": message("numbers"),
    "occurred_at": message("time it happened"),
    "officers": message("officers"),
    "override": message("override"),
    "override_authority": message("authority for the override"),
    "persons": message("persons"),
    "point": message("key point"),
    "position": message("position"),
    "posts": message("posts"),
    "qualification": message("qualification"),
    "qualifications": message("qualifications"),
    "reason": message("reason"),
    "rooms": message("rooms"),
    "routes": message("routes"),
    "shifts": message("shifts"),
    "start": message("start"),
    "tentative": message("tentative"),
    "minutes": message("minutes"),
    "terms": message("terms of the membership"),
    "user": message("account"),
    "venues": message("venues"),
    "verdict": message("verdict"),
    "visit": message("visit"),
}

#: What pydantic says, by its type of error; the places are filled from the error's context.
PROBLEMS: Mapping[str, Message] = {
    "missing": message("is missing"),
    "extra_forbidden": message("is not known here"),
    "unexpected_keyword_argument": message("is not known here"),
    "string_type": message("must be text"),
    "string_too_long": message("is longer than {max_length} characters"),
    "string_too_short": message("is shorter than {min_length} characters"),
    "too_long": message("has more than {max_length} entries"),
    "int_type": message("must be a whole number"),
    "int_parsing": message("must be a whole number"),
    "int_from_float": message("must be a whole number"),
    "int_parsing_size": message("is too large a number"),
    "float_type": message("must be a number"),
    "float_parsing": message("must be a number"),
    "finite_number": message("must be a number"),
    "bool_type": message("must be true or false"),
    "bool_parsing": message("must be true or false"),
    "greater_than_equal": message("must be at least {ge}"),
    "greater_than": message("must be more than {gt}"),
    "less_than_equal": message("must be at most {le}"),
    "less_than": message("must be less than {lt}"),
    "enum": message("must be one of {expected}"),
    "literal_error": message("must be one of {expected}"),
    "timezone_aware": message("needs a zone, as in 2026-11-24T08:00+07:00"),
    "datetime_type": message("must be a time such as 2026-11-24T08:00+07:00"),
    "datetime_parsing": message("must be a time such as 2026-11-24T08:00+07:00"),
    "datetime_from_date_parsing": message("must be a time such as 2026-11-24T08:00+07:00"),
    "datetime_object_invalid": message("must be a time such as 2026-11-24T08:00+07:00"),
    "date_type": message("must be a date such as 2026-11-24"),
    "date_parsing": message("must be a date such as 2026-11-24"),
    "date_from_datetime_parsing": message("must be a date such as 2026-11-24"),
    "date_from_datetime_inexact": message("must be a date such as 2026-11-24"),
    "dataclass_type": message("must be an object with named fields"),
    "dict_type": message("must be an object with named fields"),
    "model_type": message("must be an object with named fields"),
    "tuple_type": message("must be a list"),
    "list_type": message("must be a list"),
}

#: Problems of names that mean something elsewhere perhaps, but nothing here.
_UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})

#: What patterns ask for, by a piece that only they have.
PATTERNS: Sequence[tuple[str, Message]] = (
    ("._-", message("must be a short code of letters, digits, «.», «_» and «-», and begin with a letter or digit")),
    (r"\P{Cc}*[^\p{Cc}\p{Cf}\s]", message("must be one line with at least one visible character")),
    (r"|[\n\t]", message("must not hold control characters")),
    (r"^\P{Cc}*$", message("must be one line")),
    ("[A-Z]{2}", message("must be a country code of two capital letters such as LA")),
    ("[a-z]{2,3}", message("must be a language code such as lo, km, vi or en")),
)

#: What values of the domain say of themselves.
OF_VALUES: Mapping[str, Message] = {
    said.text: said
    for said in (
        message("The end of a time window must be after its start"),
        message("The time window lies beyond the calendar"),
        message("The last day of a visit must not be before its first day"),
        message("The second distance limit of estimates must be greater than the first"),
        message("The time zone is not known"),
        message("A membership needs a role"),
        message("A member is planner, commander, protocol, press or auditor"),
        message("A membership must close after it opens"),
    )
}


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
    why, places = reason(found), found["loc"]
    where = path(places[:-1], as_typed(places[-1])) if found["type"] in _UNKNOWN else path(places)
    return why if where is None else message("{field}: {problem}", field=where, problem=why)


def path(places: Sequence[str | int], last: Message | None = None) -> Message | None:
    """Where a value stands: «activity › time window › start»."""
    parts = [message("#{number}", number=place + 1) if isinstance(place, int) else field(place) for place in places]
    whole: Message | None = None
    for part in parts if last is None else (*parts, last):
        whole = part if whole is None else message("{outer} › {inner}", outer=whole, inner=part)
    return whole


def field(name: str) -> Message:
    """The name of a field, as people read it; names that nobody knows are shown as they are."""
    return _labels().get(name) or as_typed(name)


def as_typed(name: str | int) -> Message:
    """A name that nobody knows, as it was typed."""
    return message("{name}", name=name)


@functools.cache
def _labels() -> Mapping[str, Message]:
    """The words by which the history calls fields, and our own."""
    told = {
        name: label
        for facts in FACTS.values()
        for name, fact in facts.items()
        if isinstance(label := getattr(fact, "label", None), Message)
    }
    return {**told, **FIELDS}


def reason(found: ErrorDetails) -> Message:
    """Why one value cannot be."""
    kind, context = found["type"], found.get("ctx", {})
    if kind == "value_error":
        said = str(context["error"])
        return OF_VALUES.get(said) or message("cannot be used ({problem})", problem=said)
    if kind == "string_pattern_mismatch":
        for piece, known in PATTERNS:
            if piece in context["pattern"]:
                return known
    template = PROBLEMS.get(kind)
    if template is None:
        return message("cannot be used ({problem})", problem=found["msg"])
    return Message(template.text, {name: _shown(value) for name, value in context.items()})


def _shown(value: Any) -> Any:
    return value.replace(" or ", ", ") if isinstance(value, str) else value
