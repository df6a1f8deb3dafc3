"""Events one by one, each with the plans on both sides of it."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator

from domain.base import Event
from domain.messages import Message
from domain.plan import Plan
from planner.history.differences import Difference, differences
from planner.history.sentences import sentence
from planner.timeline import Timeline

#: Events read at a time.
_CHUNK = 1_000


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One event at its position of the log, with the plans before and after it."""

    position: int
    event: Event
    before: Plan
    after: Plan

    @property
    def sentence(self) -> Message:
        return sentence(self.event, self.before, self.after)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What it changed: nothing but the entity that it is about."""
        return differences(self.before, self.after, only=(self.event.originator_id,), whole=False)


def step(timeline: Timeline, position: int) -> Step:
    """The event at a position of the log (1 is the first)."""
    (_, event) = next(timeline.events(position - 1, position))
    return Step(position, event, timeline.at(position - 1), timeline.at(position))


def steps(timeline: Timeline, positions: Iterable[int]) -> Iterator[Step]:
    """The events at these positions, which rise; neighbours cost one folded event each."""
    after = Plan()
    for chunk in itertools.batched(positions, _CHUNK):
        for position, event in timeline.events_at(chunk):
            before = after if after.position == position - 1 else timeline.at(position - 1)
            after = before.after((event,), position)
            yield Step(position, event, before, after)
