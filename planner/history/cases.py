"""What answers a question of an auditor."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from domain.messages import Message
from domain.values import TimeWindow


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One thing that answers a question.

    ``subject`` is its originator id, ``window`` when it takes place. Where an event made it a case, ``position``,
    ``recorded_at``, ``by`` and ``reason`` are the event's. ``notice`` is the time from then until it began, below
    zero where it had begun.
    """

    subject: str
    message: Message
    window: TimeWindow | None = None
    position: int | None = None
    recorded_at: datetime | None = None
    by: str = ""
    reason: str = ""
    notice: timedelta | None = None
