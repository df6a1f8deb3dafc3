"""The events that a reader walks along: all of them, or those that were asked for by visit, kind, person and words.

What was found is kept for all readers and followed as the log grows, as rows of eight bytes: a walk along a log of
half a million events is four megabytes, shared. The walk along everything is a range and costs nothing.
"""

from __future__ import annotations

import dataclasses
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import numpy as np
from pydantic_core import to_jsonable_python

from domain.base import Event
from domain.erasing import erasures
from domain.erasure import Erasure
from domain.plan import Plan
from planner.history.names import Names
from planner.history.sentences import name
from planner.search import folded
from planner.text import LANGUAGES, Speaker
from planner.timeline import Timeline

#: Walks that are remembered.
REMEMBERED = 32
#: Whom a reader who may not see the force hears about.
_OPEN_TO_ALL = ("visit/", "delegation/", "venue/", "route/", "policy/", "membership/", "emergency/")

type Positions = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for: a visit, the class of the events (``PostCreated``), an account, and words.

    Empty means all. Without ``force`` nothing is found about officers, posts and duties; ``among`` are the originator
    ids that the reader may see, all where it is None.
    """

    visit: str = ""
    kind: str = ""
    by: str = ""
    words: str = ""
    force: bool = True
    among: tuple[str, ...] | None = None

    @property
    def everything(self) -> bool:
        return self == Asked()


@dataclasses.dataclass(frozen=True, slots=True)
class Doings:
    """What the log holds so far: the accounts that did something, and the kinds of events, with their numbers."""

    position: int
    by: dict[str, int]
    kinds: dict[str, int]


class Walks:
    """Finds walks and remembers them. Safe for several threads."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._lock = threading.Lock()
        self._found: OrderedDict[Any, tuple[int, Positions]] = OrderedDict()
        self._doings = Doings(0, {}, {})
        self._erased: tuple[Erasure, ...] = ()

    def along(self, asked: Asked, plan: Plan) -> Sequence[int]:
        """The positions of the events that are asked for, in the log as it is in ``plan``, the current one."""
        if asked.everything:
            return range(1, plan.position + 1)
        if (erased := erasures(plan)) != self._erased:
            # What was found by a name of somebody must not tell afterwards whose name that was.
            with self._lock:
                self._erased = erased
                self._found.clear()
        parts = []
        if asked.visit:
            parts.append(self._kept(("visit", asked.visit), plan, lambda _: self._of_visit(asked.visit, plan)))
        if not asked.force:
            parts.append(self._kept("open", plan, lambda _: self._timeline.positions_of(*_OPEN_TO_ALL)))
        if asked.among is not None:
            among = asked.among
            parts.append(self._kept(("among", among), plan, lambda _: self._timeline.positions_of(*among)))
        if asked.kind or asked.by or asked.words:
            told = dataclasses.replace(asked, visit="", force=True, among=None)
            parts.append(self._kept(told, plan, lambda after: self._matching(told, after, plan), grows=True))
        walk = parts[0]
        for part in parts[1:]:
            walk = np.intersect1d(walk, part, assume_unique=True)
        return cast(Sequence[int], walk)

    def doings(self, plan: Plan) -> Doings:
        """Who did something and what happened, for the choices of a reader."""
        known = self._doings
        if known.position < plan.position:
            by, kinds = dict(known.by), dict(known.kinds)
            for _, event in self._timeline.events(known.position, plan.position):
                by[event.by] = by.get(event.by, 0) + 1
                kind = type(event).__name__
                kinds[kind] = kinds.get(kind, 0) + 1
            known = self._doings = Doings(plan.position, by, kinds)
        return known

    def doings_along(self, walk: Sequence[int], plan: Plan) -> Doings:
        """The same of the events at these positions alone."""
        by: dict[str, int] = {}
        kinds: dict[str, int] = {}
        for _, event in self._timeline.events_at(map(int, walk)):
            by[event.by] = by.get(event.by, 0) + 1
            kinds[type(event).__name__] = kinds.get(type(event).__name__, 0) + 1
        return Doings(plan.position, by, kinds)

    def _kept(self, key: Any, plan: Plan, find: Callable[[int], Iterable[int]], *, grows: bool = False) -> Positions:
        """What was found before, found anew (or further, where it only ``grows``) when the log is longer."""
        with self._lock:
            position, walk = self._found.get(key, (0, np.empty(0, np.int64)))
        if position < plan.position:
            new = np.fromiter(find(position if grows else 0), np.int64)
            walk = np.concatenate((walk, new)) if grows else new
            with self._lock:
                self._found[key] = (plan.position, walk)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            while len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return walk

    def _of_visit(self, visit: str, plan: Plan) -> Iterable[int]:
        return (position for position in self._timeline.positions_of_visit(visit, plan) if position <= plan.position)

    def _matching(self, asked: Asked, after: int, plan: Plan) -> Iterable[int]:
        words = tuple(folded(asked.words).split())
        told = _Told(plan)
        for position, event in self._timeline.events(after, plan.position):
            if asked.kind and type(event).__name__ != asked.kind:
                continue
            if asked.by and event.by != asked.by:
                continue
            if words:
                text = told.text(event)
                if not all(word in text for word in words):
                    continue
            yield position


_SHARED: weakref.WeakKeyDictionary[Timeline, Walks] = weakref.WeakKeyDictionary()


def walks(timeline: Timeline) -> Walks:
    """The walks that all readers of one timeline share."""
    return _SHARED.setdefault(timeline, Walks(timeline))


class _Told:
    """What is told of events, as text for the search: without case and diacritics, in both languages."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._speakers = [Speaker(language) for language in LANGUAGES]
        self._things: dict[str, str] = {}
        self._names: dict[type[Event], str] = {}

    def text(self, event: Event) -> str:
        """Who, why, what happened, what it is about as it is called today, and everything that was typed."""
        about = event.originator_id
        if about not in self._things:
            thing = Names(self._plan, about).thing()
            self._things[about] = folded(" ".join(speaker.say(thing) for speaker in self._speakers) + " " + about)
        kind = type(event)
        if kind not in self._names:
            self._names[kind] = folded(" ".join(speaker.say(name(event)) for speaker in self._speakers))
        typed = " ".join(_strings(to_jsonable_python(event)))
        return f"{self._names[kind]} {self._things[about]} {folded.__wrapped__(typed)}"


_STAMP = frozenset({"originator_id", "recorded_at", "occurred_at", "command_id"})


def _strings(value: Any) -> Iterable[str]:
    """Every text in a value, the stamp's own left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for field, part in value.items():
            if field not in _STAMP:
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
