"""Several decisions in a row, each taken on the plan that the earlier ones would make."""

from __future__ import annotations

from domain.base import Act, Decision, Event
from domain.plan import Plan


class Draft:
    """A plan being changed by one act, not yet recorded; the plans inside stay immutable."""

    def __init__(self, plan: Plan, act: Act) -> None:
        self.plan = plan
        self.act = act
        self._events: list[Event] = []

    def add(self, decision: Decision) -> None:
        """Take a decision over: its events and the plan after them."""
        self._events.extend(decision)
        self.plan = self.plan.after(decision)

    @property
    def decision(self) -> Decision:
        """All events so far, in order."""
        return tuple(self._events)
