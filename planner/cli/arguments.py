"""Commands as scripts write them: which there are, what they take, and one line read into a call."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from domain.base import Prose, value
from domain.refusals import InvalidInput, NotFound
from planner.access import COMMANDS
from planner.application import commands
from planner.deciding import form
from planner.imports.json_text import refuse_numbers_for_times, refuse_repeated
from planner.validation import invalid_input


@value
class WrittenOrder:
    """One line as it is written; ``arguments`` are looked at once the command is known."""

    command: str
    arguments: dict[str, Any] = dataclasses.field(default_factory=dict)
    reason: Prose = ""
    command_id: str | None = None
    occurred_at: AwareDatetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """One command to carry out: its name, its arguments as values, and why."""

    command: str
    arguments: Mapping[str, Any]
    why: Mapping[str, Any]


_WRITTEN = TypeAdapter(WrittenOrder)
#: Bounds of a command id: long enough for any scheme, short enough to store.
LONGEST_COMMAND_ID = 200


def read_order(line: bytes) -> Order:
    """The command of one JSON line. Raises ``InvalidInput`` or ``NotFound``."""
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InvalidInput.because("This line is not JSON from character {column} on.", column=error.colno) from None
    refuse_repeated(line)
    if not isinstance(given, dict):
        raise InvalidInput.because(
            "A line is an object such as {example}.", example='{"command": "…", "arguments": {…}}'
        )
    try:
        written = _WRITTEN.validate_json(line, strict=True)
    except ValidationError as error:
        raise invalid_input(error) from None
    refuse_numbers_for_times(written.occurred_at, given.get("occurred_at"), ("occurred_at",))
    if written.command not in commands():
        raise NotFound.because(
            "There is no command {name}. «planner do --list» shows all of them.", name=written.command
        )
    why: dict[str, Any] = {"reason": written.reason}
    if written.command_id is not None:
        why["command_id"] = _command_id(written.command_id)
    if written.occurred_at is not None:
        why["occurred_at"] = written.occurred_at
    return Order(written.command, read_arguments(written.command, written.arguments), why)


def _command_id(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_COMMAND_ID or not text.isprintable():
        raise InvalidInput.because("A command id is one line of 1 to {most} characters.", most=LONGEST_COMMAND_ID)
    return text


def read_arguments(command: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a command as values of the domain: those that were given, each of the type that JSON has."""
    asked = forms()[command]
    try:
        read = asked.model_validate_json(orjson.dumps(given), strict=True)
    except ValidationError as error:
        raise invalid_input(error) from None
    refuse_numbers_for_times(read, given)
    return {name: getattr(read, name) for name in asked.model_fields if name in read.model_fields_set}


@functools.cache
def forms() -> dict[str, type[BaseModel]]:
    """What each command takes."""
    return {name: form(inspect.unwrap(method)) for name, method in commands().items()}


def listing() -> list[dict[str, Any]]:
    """Every command: what it does, who may give it, and the JSON schema of its arguments."""
    return [
        {
            "command": name,
            "description": " ".join((inspect.unwrap(method).__doc__ or "").split()),
            "roles": sorted(COMMANDS[name].roles),
            "reach": COMMANDS[name].reach.value,
            "arguments": forms()[name].model_json_schema(),
        }
        for name, method in commands().items()
    ]
