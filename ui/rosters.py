"""Rosters that are being proposed beside the pages: one for each visit, whoever asked; leaving a page loses nothing.

They are searched ``AT_ONCE`` at most over all visits, the others wait. Whoever may be told less gets a proposal of the
own, so that no reason names what is hidden.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from domain.plan import Plan
from domain.refusals import NotPossible, PlanningError

if TYPE_CHECKING:
    from planner.rostering.made import Made
    from planner.rostering.proposing import Progress
    from planner.rostering.reasons import Open
    from planner.rostering.seating import Asked

#: The visits that may be named to who asks; None: all.
type Told = frozenset[str] | None
type Key = tuple[str, Told]

#: So many are searched side by side: each takes a processor for as long as was asked for.
AT_ONCE = 1
#: So many wait at most.
MOST_WAITING = 20


@dataclasses.dataclass(slots=True, eq=False)
class Work:
    """One proposal in the making, and what came of it."""

    asked: Asked
    seconds: float
    seed: int
    began: float = dataclasses.field(default_factory=time.monotonic)
    progress: Progress | None = None
    #: Of how many open shifts it is proven why, and of how many it will be; None while the search goes on.
    proven: tuple[int, int] | None = None
    made: Made | None = None
    open: tuple[Open, ...] = ()
    problem: PlanningError | None = None
    stop: threading.Event = dataclasses.field(default_factory=threading.Event)
    over: threading.Event = dataclasses.field(default_factory=threading.Event)
    #: Set when its turn has come.
    searching: threading.Event = dataclasses.field(default_factory=threading.Event)


class Rosters:
    """The proposals of a process. Safe for several threads. ``search`` makes one of them; usually the solver does."""

    def __init__(self, search: Callable[[Plan, Work], None] | None = None) -> None:
        self._search = search or _search
        self._works: dict[Key, Work] = {}
        self._lock = threading.Lock()
        self._turns = threading.Condition()
        self._queue: list[Work] = []

    def of(self, visit: str, told: Told) -> Work | None:
        """The last proposal for a visit, in the making or made, for those who may be told of the same visits."""
        return self._works.get((visit, told))

    def start(self, plan: Plan, asked: Asked, *, seconds: float, seed: int = 1) -> Work:
        """Begin a proposal, or have it wait; one that is in the making for the same visit is answered instead.

        ``NotPossible`` where too many wait already.
        """
        with self._lock:
            running = self._works.get((asked.visit, asked.told))
            if running is not None and not running.over.is_set():
                return running
            if len(self._queue) >= AT_ONCE + MOST_WAITING:
                raise NotPossible.because("{n} rosters wait to be searched already. Try again later.", n=MOST_WAITING)
            work = self._works[asked.visit, asked.told] = Work(asked, seconds, seed)
            self._queue.append(work)
        threading.Thread(target=self._work, args=(plan, work), name=f"roster {asked.visit}", daemon=True).start()
        return work

    def ahead(self, work: Work) -> int:
        """How many are searched or wait before this one does; 0 once its turn has come."""
        queue = list(self._queue)
        return max(queue.index(work) - AT_ONCE + 1, 0) if work in queue else 0

    def forget(self, visit: str, told: Told) -> None:
        """Drop a proposal; one in the making is stopped."""
        work = self._works.pop((visit, told), None)
        if work is not None:
            self.stop(work)

    def stop(self, work: Work) -> None:
        """End a search; one whose turn has not come is over at once."""
        work.stop.set()
        with self._turns:
            self._turns.notify_all()

    def close(self) -> None:
        """Stop whatever is in the making."""
        for visit, told in list(self._works):
            self.forget(visit, told)

    def _work(self, plan: Plan, work: Work) -> None:
        """Waits for its turn, in order of asking, and searches; what is stopped meanwhile is over."""
        try:
            with self._turns:
                self._turns.wait_for(lambda: work.stop.is_set() or work in self._queue[:AT_ONCE])
            if work.stop.is_set():
                work.problem = NotPossible.because("It was stopped before its turn had come.")
            else:
                work.searching.set()
                self._search(plan, work)
        finally:
            with self._turns:
                self._queue.remove(work)
                self._turns.notify_all()
            work.over.set()


def _search(plan: Plan, work: Work) -> None:
    # Whoever starts the server does not wait for the solver to load.
    from planner.rostering.made import make, replaced  # noqa: PLC0415 - the solver, for who asks
    from planner.rostering.proposing import Effort  # noqa: PLC0415 - as above
    from planner.rostering.reasons import PROVEN, open_shifts  # noqa: PLC0415 - as above

    def told(progress: Progress) -> None:
        work.progress = progress

    def proving(done: int, of: int) -> None:
        work.proven = done, of

    try:
        if work.asked.repairs:
            made = replaced(plan, work.asked, work.seed, work.stop.is_set)
        else:
            effort = Effort(seconds=work.seconds)
            made = make(plan, work.asked, seed=work.seed, effort=effort, progress=told, stop=work.stop.is_set)
        work.open = open_shifts(made, prove=PROVEN, progress=proving, stop=work.stop.is_set)
        work.made = made
    except PlanningError as refusal:
        work.problem = refusal
