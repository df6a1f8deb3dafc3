"""The sentence about a person who was erased: by code alone."""

from __future__ import annotations

from domain.erasure import PersonErased
from domain.messages import Message, message
from planner.history.names import Names
from planner.history.telling import Tellings


def _erased(event: PersonErased, before: Names, after: Names) -> Message:
    return message("erased for good what was known of {person}", person=event.key)


TELLINGS: Tellings = {PersonErased: _erased}
