"""Rosters that are being proposed beside the pages: one for each visit, whoever asked; leaving a page loses nothing.

They are searched ``AT_ONCE`` at most over all visits, the others wait. Whoever may be told less gets a proposal of the
own, so that no reason names what is hidden.
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from domain.plan import Plan
from domain.refusals import NotPossible, PlanningError

if TYPE_CHECKING:
    from planner.rostering.changes import Change
    from planner.rostering.compared import Compared
    from planner.rostering.made import Made
    from planner.rostering.moved_visit import MovedVisit
    from planner.rostering.proposing import Progress
    from planner.rostering.reasons import Lacking
    from planner.rostering.seating import Asked

#: The visits that may be named to who asks; None: all.
type Told = frozenset[str] | None
type Key = tuple[str, Told]

#: So many are searched side by side: each takes a processor for as long as was asked for.
AT_ONCE = 1
#: So many wait at most.
MOST_WAITING = 20
#: So many open shifts are explained at once, the others when somebody asks.
EXPLAINED: Final = 30


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
    open: tuple[Lacking, ...] = ()
    #: True where some of its changes were accepted already and are no longer among those of ``made``.
    in_part: bool = False
    problem: PlanningError | None = None
    stop: threading.Event = dataclasses.field(default_factory=threading.Event)
    over: threading.Event = dataclasses.field(default_factory=threading.Event)
    #: Set when its turn has come.
    searching: threading.Event = dataclasses.field(default_factory=threading.Event)
    #: No two have the same: who accepts is asked whether it is the one that was seen.
    number: int = dataclasses.field(default_factory=itertools.count(1).__next__)
    _compared: Compared | None = None
    #: At which position of the plan it was asked how the visit was moved since, and how.
    _moved: tuple[int, MovedVisit | None] = (-1, None)

    def compared(self) -> Compared:
        """What the proposal changes: worked out when a page asks first, and the same whenever one asks again."""
        from planner.rostering.compared import compared  # noqa: PLC0415 - the solver, for who asks

        assert self.made is not None, "nothing is compared before there is a proposal"
        if self._compared is None:
            self._compared = compared(self.made)
        return self._compared

    def moved_since(self, plan: Plan) -> MovedVisit | None:
        """How the visit was moved since it was proposed; worked out once for each plan."""
        from planner.rostering.moved_visit import moved_since  # noqa: PLC0415 - the solver, for who asks

        assert self.made is not None, "nothing was moved since before there is a proposal"
        if self._moved[0] != plan.position:
            self._moved = plan.position, moved_since(self.made, plan)
        return self._moved[1]


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
        """Begin a proposal, or have it wait; the same that is in the making already is answered instead.

        ``NotPossible`` where another one is in the making for the visit, or too many wait.
        """
        with self._lock:
            running = self._works.get((asked.visit, asked.told))
            if running is not None and not running.over.is_set():
                if dataclasses.replace(asked, as_of=running.asked.as_of) == running.asked:
                    return running
                raise NotPossible.because("Another roster is being proposed for this visit. Wait for it, or stop it.")
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

    def choose(self, work: Work, seat: int, officer: str) -> None:
        """Take another officer for a place of a proposal: what comes of it takes its place. Raises as ``chosen``."""
        from planner.rostering.chosen import chosen  # noqa: PLC0415 - the solver, for who asks

        assert work.made is not None, "nothing is chosen otherwise before there is a proposal"
        made = chosen(work.made, seat, officer)
        other = Work(work.asked, work.seconds, work.seed, made=made)
        _explain(other, made)
        if not self._instead(work, other):
            raise NotPossible.because("Another roster has been proposed since. Look at that one.")

    def accepted(self, work: Work, changes: Collection[Change]) -> None:
        """Keep of a proposal what was not accepted yet; drop it where that is nothing.

        Of a visit that is moved nothing is kept: the rest would move it once more.
        """
        made = work.made
        rest = () if made is None or work.asked.shift else tuple(one for one in made.changes if one not in changes)
        if made is None or not rest:
            self.forget(work.asked.visit, work.asked.told)
            return
        made = dataclasses.replace(made, changes=rest)
        self._instead(work, Work(work.asked, work.seconds, work.seed, made=made, open=work.open, in_part=True))

    def _instead(self, work: Work, other: Work) -> bool:
        """Put a proposal that is over in the place of another; False where that has been left already."""
        other.over.set()
        with self._lock:
            if self._works.get((work.asked.visit, work.asked.told)) is not work:
                return False
            self._works[work.asked.visit, work.asked.told] = other
        return True

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
    from planner.rostering.reasons import PROVEN  # noqa: PLC0415 - as above

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
        _explain(work, made, PROVEN, proving)
        work.made = made
    except PlanningError as refusal:
        work.problem = refusal


def _explain(work: Work, made: Made, prove: int = 0, progress: Callable[[int, int], None] | None = None) -> None:
    """Why the places of a proposal stay open, as far as a page shows it at once."""
    from planner.rostering.reasons import lacking, open_shifts  # noqa: PLC0415 - as above

    first = open_shifts(made, prove=prove, most=EXPLAINED, progress=progress, stop=work.stop.is_set)
    work.open = (*first, *lacking(made)[EXPLAINED:])
