"""What people are told of a refusal: files by their names alone; where they lie is for whoever keeps the machine."""

from __future__ import annotations

import logging
from pathlib import Path

from domain.messages import Message
from domain.refusals import PlanningError
from planner.store.refusals import StoreRefusal

_LOG = logging.getLogger("planner")


def told(refusal: PlanningError) -> Message:
    """The message of a refusal as pages say it. What the store refused stands whole in the server's own log."""
    if isinstance(refusal, StoreRefusal):
        _LOG.error("%s: %s", refusal.name, refusal)
    return _without_places(refusal.message)


def _without_places(message: Message) -> Message:
    values = {
        name: value.name if isinstance(value, Path) else _without_places(value) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return message._replace(values=values)
