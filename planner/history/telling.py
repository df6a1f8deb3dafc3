"""What the sentences of several nouns share: registered, amended, cancelled, withdrawn, retired, reinstated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from domain.base import Event
from domain.messages import Message, message
from planner.history.changes import changes, joined, stated
from planner.history.facts import FACTS
from planner.history.names import Names

#: Says what one event did, as a predicate: «moved activity A-05 …». Who did it stands before, why behind it.
type Telling = Callable[[Any, Names, Names], Message]
type Tellings = Mapping[type[Event], Telling]


def before_it[E](kind: type[E], before: Names, after: Names) -> E:
    """The entity as it was before the event; as it is where the plan before did not have it."""
    return cast(E, before.entity or after.entity)


def differing(old: Any, new: Any, before: Names, after: Names) -> Message:
    """Which facts of a value differ, in one message."""
    return joined(changes(old, new, before, after, FACTS))


def saying(value: Any, names: Names) -> Message:
    """What a value says, in one message."""
    return joined(stated(value, names, FACTS))


def amended(thing: Message, old: Any, new: Any, before: Names, after: Names) -> Message:
    """Facts of a thing changed."""
    return message("amended {thing}: {facts}", thing=thing, facts=differing(old, new, before, after))


def cancelled(event: Event, before: Names, after: Names) -> Message:
    """A thing will not be."""
    return message("cancelled {thing}", thing=after.thing())


def withdrew(event: Event, before: Names, after: Names) -> Message:
    """A thing is no longer planned."""
    return message("withdrew {thing}", thing=after.thing())


def retired(event: Event, before: Names, after: Names) -> Message:
    """A thing is no longer to be used."""
    return message("retired {thing}", thing=after.thing())


def reinstated(event: Event, before: Names, after: Names) -> Message:
    """A thing is as it was after all."""
    return message("reinstated {thing}", thing=after.thing())
