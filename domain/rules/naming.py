"""How findings name officers and duties, always in the same words."""

from __future__ import annotations

from domain.assignment import Assignment
from domain.messages import Message, message
from domain.officer import Officer

#: Characters of a name inside a sentence.
LONGEST = 60


def at_post(duty: Assignment) -> Message:
    """Where and when a duty is, as part of a sentence."""
    return message("post {post} of visit {visit} ({window})", post=duty.post, visit=duty.visit, window=duty.window)


def titled(code: str, name: str) -> str:
    """A code with what people call it, as the history says it: ``P-07 «Gác cổng chính»``; a long name is cut."""
    return f"{code} «{name if len(name) <= LONGEST else name[: LONGEST - 1] + '…'}»"


def named(officer: Officer) -> str:
    """Name and code of an officer, as typed."""
    return f"{officer.name} ({officer.key})"
