"""What a signature is over: an event in words that never change, whoever reads them and in whatever program."""

from __future__ import annotations

import functools
from typing import Any

from pydantic import TypeAdapter

from domain.base import Event


def statement(event: Event) -> bytes:
    """What is signed: the kind of the event and all that it says, as JSON; what it leaves open is left out."""
    kind: Any = type(event)
    return f"{kind.__name__}\n".encode() + _form(kind).dump_json(event, exclude_defaults=True)


@functools.cache
def _form(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
