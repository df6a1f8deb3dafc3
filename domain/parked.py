"""Things whose story has a gap: an event that is in the log and cannot be read.

From that event on the thing is parked: it stays as it was before, nothing more is folded into it, nothing may be
recorded of it or built on it, and an alarm is shown. Everything else goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.base import Event, value
from domain.messages import Message, message
from domain.refusals import NotPossible


@value
class Unreadable(Event):
    """Stands where an event cannot be read; never recorded. ``forged`` where it is not as it was written."""

    position: int
    forged: bool

    @property
    def alarm(self) -> Message:
        """What is wrong, and what is not known since."""
        if self.forged:
            return message(
                "Event {position} of {subject} is not as it was written. What is shown of {subject} is older than that "
                "event, and duties in it are not counted. Keep the files as they are and restore a backup beside them.",
                position=str(self.position),
                subject=self.originator_id,
            )
        return message(
            "Event {position} of {subject} cannot be read by this version. What is shown of {subject} is older than "
            "that event, and duties in it are not counted. Ask whoever maintains the program.",
            position=str(self.position),
            subject=self.originator_id,
        )


class Parked(NotPossible):
    """A thing whose story has a gap."""


def refuse_parked(parked: Mapping[str, Unreadable], events: Iterable[Event]) -> None:
    """Refuse recording anything of a parked thing, or of a visit, post or officer that an event stands on."""
    for event in events if parked else ():
        for subject in _stands_on(event):
            if subject in parked:
                raise parked_refusal(parked[subject])


def parked_refusal(gap: Unreadable) -> Parked:
    """Why nothing can be done with a parked thing."""
    return Parked(gap.alarm)


def _stands_on(event: Event) -> Iterable[str]:
    """The originator ids of what an event changes and of what it names."""
    yield event.originator_id
    visit = event.key.rpartition("/")[0]
    if visit:
        yield f"visit/{visit}"
    for kind, prefix in (("officer", ""), ("post", f"{visit}/")):
        named = getattr(event, kind, None)
        if isinstance(named, str):
            yield f"{kind}/{prefix}{named}"
