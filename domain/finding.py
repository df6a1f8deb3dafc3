"""What a rule finds in a plan."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import NamedTuple

from domain.messages import Message, message
from domain.values import TimeWindow


class Severity(StrEnum):
    """How bad it is: ``block`` stops approval and release, ``warn`` needs acknowledgement."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


#: What is said of a finding that an authority accepted.
OVERRIDDEN = message("{finding} Overridden on the authority of {authority}.")

#: The entities that a check is about, by originator id (``officer/CA-0113``); None means all.
type Scope = frozenset[str] | None


class Finding(NamedTuple):
    """One finding: the rule, how bad it is, whom and what it concerns (originator ids), when, in words.

    ``severity`` is not part of the identity, so an acknowledgement survives recomputation and dies when
    subjects or time change.
    """

    rule: str
    severity: Severity
    subjects: tuple[str, ...]
    window: TimeWindow | None
    message: Message

    @property
    def id(self) -> str:
        """A stable id: rule, sorted subjects and the window rounded to the minute."""
        window = "-"
        if self.window is not None:
            window = "/".join(
                moment.replace(second=0, microsecond=0).isoformat() for moment in (self.window.start, self.window.end)
            )
        text = "|".join((self.rule, *sorted(self.subjects), window))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def overridden(self) -> bool:
        """True where an authority accepted it."""
        return self.message.text == OVERRIDDEN.text

    def accepted(self, authority: str) -> Finding:
        """What is left of it once an authority accepted it: a warning that says so."""
        said = OVERRIDDEN._replace(values={"finding": self.message, "authority": authority})
        return self._replace(severity=Severity.WARN, message=said)

    @property
    def order(self) -> tuple[object, ...]:
        """Worst first, then by rule, time and subjects: the same for the same plan."""
        start = self.window.start.timestamp() if self.window else 0.0
        return (list(Severity).index(self.severity), self.rule, start, self.subjects)
