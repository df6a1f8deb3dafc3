"""The roll of a visit: who belongs to it, in which roles and when, and who let them in for which reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime

from domain.membership import Membership, Terms
from domain.parked import Unreadable
from planner.access.reader import Reader


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One member as things stand, and the last decision on it; ``registered`` where that was entering the visit."""

    membership: Membership
    terms: Terms
    by: str
    reason: str
    decided_at: datetime
    registered: bool

    @property
    def user(self) -> str:
        return self.membership.user


def roll(reader: Reader, visit: str) -> tuple[Entry, ...]:
    """The members of a visit (of every visit where that is empty) that the reader may see, who registered it first."""
    return tuple(_entries(reader, visit))


def _entries(reader: Reader, visit: str) -> Iterator[Entry]:
    for one in reader.plan.memberships(visit):
        registered = one.version == 0
        positions = reader.timeline.positions_of(f"visit/{visit}" if registered else one.id)
        decisions = [event for _, event in reader.timeline.events_at(positions) if not isinstance(event, Unreadable)]
        if decisions and one.terms is not None:
            last = decisions[0 if registered else -1]
            yield Entry(one, one.terms, last.by, last.reason, last.recorded_at, registered)
