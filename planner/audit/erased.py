"""Events that were erased with their visit: that a record says so, and that nothing was slipped in under its code.

What was sealed with a key that is destroyed cannot be told from noise. Up to the record of the erasure the tree and its
checkpoints vouch for it; after the record nothing of the visit may stand in the log.
"""

from __future__ import annotations

from domain.base import Event
from domain.erasure import Erased, VisitErased
from domain.messages import Message, message


class ErasedVisits:
    """Looks at every event in the order of the log; ``trouble``: one that is erased without a record, or comes late."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: dict[str, int] = {}
        self._recorded: set[str] = set()
        self._late: Message | None = None

    def see(self, position: int, event: Event) -> None:
        if isinstance(event, VisitErased):
            visit = event.key.partition("/")[2]
            self._recorded.add(visit)
            self._waiting.pop(visit, None)
        elif isinstance(event, Erased):
            self.count += 1
            visit = event.key.partition("/")[0]
            if visit not in self._recorded:
                self._waiting.setdefault(visit, position)
            elif self._late is None:
                self._late = message(
                    "event {position} of {subject} came after visit {visit} was erased",
                    position=str(position),
                    subject=event.originator_id,
                    visit=visit,
                )

    @property
    def trouble(self) -> Message | None:
        """What is wrong, once every event was seen."""
        if self._late is None and self._waiting:
            visit, position = min(self._waiting.items(), key=lambda one: one[1])
            return message(
                "event {position} cannot be read: the key of visit {visit} was destroyed, and no erasure is recorded",
                position=str(position),
                visit=visit,
            )
        return self._late
