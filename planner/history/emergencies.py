"""Sentences about break-glass: who opened a visit, until when, and what somebody else thinks of it."""

from __future__ import annotations

from domain.emergency import (
    EmergencyAccessEnded,
    EmergencyAccessOpened,
    EmergencyAccessReviewed,
    EmergencyAccessSigned,
)
from domain.messages import Message, message
from planner.history.changes import quoted
from planner.history.names import Names
from planner.history.shown import in_order
from planner.history.telling import Tellings


def _opened(event: EmergencyAccessOpened, before: Names, after: Names) -> Message:
    return message(
        "opened visit {visit} in an emergency until {until}, as {roles}",
        visit=after.visit_named(after.visit),
        until=event.until,
        roles=in_order(event.roles),
    )


def _signed(event: EmergencyAccessSigned, before: Names, after: Names) -> Message:
    return message("signed {thing}", thing=after.thing())


def _ended(event: EmergencyAccessEnded, before: Names, after: Names) -> Message:
    return message("ended {thing}", thing=after.thing())


def _reviewed(event: EmergencyAccessReviewed, before: Names, after: Names) -> Message:
    return message("reviewed {thing}: {verdict}", thing=after.thing(), verdict=quoted(event.verdict))


TELLINGS: Tellings = {
    EmergencyAccessOpened: _opened,
    EmergencyAccessSigned: _signed,
    EmergencyAccessEnded: _ended,
    EmergencyAccessReviewed: _reviewed,
}
