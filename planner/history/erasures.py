"""The sentences about a person or a visit that was erased: by code alone."""

from __future__ import annotations

from domain.delegation import Delegation
from domain.erasure import PersonErased, VisitErased
from domain.messages import Message, message
from domain.officer import Officer
from domain.visit import Visit
from planner.history.names import Names
from planner.history.telling import Tellings


def erased(person: str) -> Message:
    """That a person, such as ``officer/CA-0113``, or a visit was erased."""
    kind, _, code = person.partition("/")
    match kind:
        case Officer.kind:
            return message("erased for good what was known of officer {code}", code=code)
        case Delegation.kind:
            return message("erased for good what was known of delegation member {code}", code=code)
        case Visit.kind:
            return message("erased for good what was planned for visit {code}", code=code)
        case _:
            return message("erased for good the contacts of venue {code}", code=code)


def _erased(event: PersonErased | VisitErased, before: Names, after: Names) -> Message:
    return erased(event.key)


TELLINGS: Tellings = {PersonErased: _erased, VisitErased: _erased}
