"""What of a visit's plan is to be filled: places at posts that are movable or open, and duties that stay whatever.

A place is one officer's part of a shift. Where a roster is only repaired, places that are open already are no part of
it: nothing but what is lost is given to anybody; what they ask for is known all the same. The duty of somebody who
stands there for the whole shift, is not pinned and has not begun is movable; every other duty of an officer, in this
visit or another, stays and is only worked around.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple, cast, overload

from domain.assignment import Assignment, AssignmentStatus
from domain.base import Act
from domain.officer import Officer
from domain.plan import Plan
from domain.post import Post, Shift
from domain.rules import Moved
from domain.rules.duty import duties_of
from domain.values import TimeWindow

#: Duties up to so long before and after what is to be filled can matter for its rest, way and span.
AROUND = timedelta(hours=36)


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal is asked for: the visit, as of when, which duties must stay besides those that are pinned, who
    must give all of theirs up.

    ``told`` are the visits that may be named to who asks (None: all); what stands in others is obeyed all the same.
    """

    visit: str
    as_of: datetime
    pinned: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    told: frozenset[str] | None = None
    #: By how much the whole visit is moved first.
    shift: timedelta = timedelta(0)
    #: Whether what is open is filled too and other duties may be moved for it, though officers are lost or the visit
    #: is moved.
    anew: bool = False

    @property
    def repairs(self) -> bool:
        """True where the roster as it stands is to be mended with few changes, not made anew."""
        return bool(self.without or self.shift) and not self.anew

    @property
    def moved(self) -> Moved | None:
        """The visit and by how much it is moved first; None where it is not."""
        return Moved(self.visit, self.shift) if self.shift else None

    @property
    def act(self) -> Act:
        """The act in whose name the rules are asked: nothing is recorded of it."""
        moment = self.as_of
        return Act(
            by="roster",
            recorded_at=moment,
            occurred_at=moment,
            reason="roster",
            command_id="roster",
            visible=self.told,
        )


class Place(NamedTuple):
    """One officer's place in a shift of a post; ``held`` is the assignment that fills it now, movable."""

    post: Post
    shift: Shift
    held: Assignment | None = None

    @property
    def window(self) -> TimeWindow:
        return self.shift.window


@dataclasses.dataclass(frozen=True, slots=True)
class Places(Sequence[Place]):
    """Places in order of time.

    Where the visit is moved they are known as they stood before it (``stood``) and by how much they are later; each is
    looked up in the ``plan`` in which it is moved when somebody asks for it.
    """

    plan: Plan = dataclasses.field(compare=False)
    stood: tuple[Place, ...]
    by: timedelta = timedelta(0)

    def __len__(self) -> int:
        return len(self.stood)

    @overload
    def __getitem__(self, at: int) -> Place: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Place]: ...

    def __getitem__(self, at: int | slice) -> Place | Sequence[Place]:
        if isinstance(at, slice):
            return dataclasses.replace(self, stood=self.stood[at])
        post, shift, held = self.stood[at]
        if not self.by:
            return self.stood[at]
        then = cast(Post, self.plan.entities[post.id])
        duty = None if held is None else cast(Assignment, self.plan.entities[held.id])
        return Place(then, then.shift(shift.code), duty)


@dataclasses.dataclass(frozen=True, slots=True)
class Seating:
    """The places of a visit that are to be filled, and each officer's duties that stay."""

    places: Places
    officers: tuple[Officer, ...]
    fixed: tuple[Assignment, ...]
    #: Places that are open and stay so in a repair.
    open: Places
    #: Officers whose duties that stay already break a rule among themselves: nothing more is given to them.
    beyond: frozenset[str] = frozenset()


def seating(plan: Plan, asked: Asked, stood: Plan | None = None) -> Seating:
    """The places and duties of a visit from the present on. Raises ``NotFound`` for an unknown visit.

    Where the visit was moved and nothing in it but that changed, ``stood`` is the plan in which it was not yet.
    """
    visit, stood = plan.visit(asked.visit), stood or plan
    by = timedelta(0) if stood is plan else asked.shift
    places = _asked_for(stood, asked) if not visit.cancelled else ()
    still_open = tuple(place for place in places if place.held is None) if asked.repairs else ()
    if still_open:
        places = tuple(place for place in places if place.held is not None)
    officers = tuple(officer for officer in stood.officers if not officer.retired)
    if not places:
        return Seating(Places(plan, ()), officers, (), Places(plan, still_open, by))
    around = TimeWindow(
        start=places[0].window.start + by - AROUND,
        end=max(place.window.end for place in places) + by + AROUND,
    )
    fixed = tuple(_fixed(plan, visit.key, places, officers, around))
    return Seating(Places(plan, places, by), officers, fixed, Places(plan, still_open, by))


def _fixed(
    plan: Plan, visit: str, places: Sequence[Place], officers: Iterable[Officer], around: TimeWindow
) -> Iterator[Assignment]:
    """The duties that stay and matter: those around the places in time, and in the details of which these are."""
    held = [place.held for place in places if place.held is not None]
    own = Counter(duty.officer for duty in held)
    busy = [officer for officer in officers if plan.number_of_duties(officer.key) > own[officer.key]]
    if not busy:
        return
    movable = {duty.id for duty in held}
    details = {place.post.details.detail for place in places} - {None}
    for officer in busy:
        for duty in duties_of(plan, officer.key):
            mate = duty.counts and duty.visit == visit
            beside = mate and plan.post(visit, duty.post).details.detail in details
            if duty.id not in movable and (duty.window.overlaps(around) or beside):
                yield duty


def _asked_for(plan: Plan, asked: Asked) -> tuple[Place, ...]:
    """The places of all shifts that are still to come, in order of time."""
    usual, unlike = _usual(plan, asked.visit), _unlike(plan, asked)
    if not unlike and (usual.since is None or usual.since >= asked.as_of):
        return usual.places
    return tuple(
        place
        for code, (post, shift, places) in usual.shifts.items()
        if shift.window.start >= asked.as_of
        for place in (_places(post, shift, unlike[code], asked) if code in unlike else places)
    )


class _Shift(NamedTuple):
    """A shift of a post that is needed, with its places where nobody is asked to stay or to give up duties."""

    post: Post
    shift: Shift
    places: Sequence[Place]


class _Usual(NamedTuple):
    """The shifts of a visit by the codes of post and shift, in order of time; when the first begins; all places."""

    shifts: Mapping[tuple[str, str], _Shift]
    since: datetime | None
    places: tuple[Place, ...]


def _usual(plan: Plan, visit: str) -> _Usual:
    """Worked out once a plan, and of a post until the post or a duty there changes."""

    def made() -> _Usual:
        # Posts are listed in order of their codes, so are shifts that begin together.
        needed = (post for post in plan.posts(visit) if not post.cancelled)
        shifts = [one for own in plan.remembered_of_each(needed, "places", partial(_of, plan)) for one in own]
        shifts.sort(key=lambda one: one.shift.window.start)
        return _Usual(
            {(one.post.code, one.shift.code): one for one in shifts},
            shifts[0].shift.window.start if shifts else None,
            tuple(place for one in shifts for place in one.places),
        )

    return plan.remembered(("usual places", visit), made)


def _of(plan: Plan, post: Post) -> tuple[_Shift, ...]:
    asked, duties = Asked(post.visit, datetime.min.replace(tzinfo=UTC)), dict[str, list[Assignment]]()
    for duty in plan.assignments_of_post(post.visit, post.code):
        if duty.counts:
            duties.setdefault(duty.shift, []).append(duty)
    return tuple(_Shift(post, each, _places(post, each, duties.get(each.code, ()), asked)) for each in post.shifts)


def _unlike(plan: Plan, asked: Asked) -> dict[tuple[str, str], list[Assignment]]:
    """The shifts in which somebody is asked to stay or to give up duties, with all their duties."""
    found: dict[tuple[str, str], list[Assignment]] = {}
    if asked.without or asked.pinned:
        duties = [duty for duty in plan.assignments(asked.visit) if duty.counts]
        for duty in duties:
            if duty.officer in asked.without or (asked.pinned and duty.code in asked.pinned):
                found[duty.post, duty.shift] = []
        for duty in duties if found else ():
            if (duty.post, duty.shift) in found:
                found[duty.post, duty.shift].append(duty)
    return found


def _places(post: Post, shift: Shift, own: Sequence[Assignment], asked: Asked) -> list[Place]:
    held = [duty for duty in own if _movable(duty, shift, asked)]
    places = [Place(post, shift, duty) for duty in held]
    needed = shift.headcount or post.details.headcount
    if needed > len(held):
        stay = [duty for duty in own if not _movable(duty, shift, asked)]
        present = _least_present(stay, shift.window) if stay else 0
        places.extend(Place(post, shift) for _ in range(needed - len(held) - present))
    return places


def _movable(duty: Assignment, shift: Shift, asked: Asked) -> bool:
    if duty.officer in asked.without:
        return duty.status is not AssignmentStatus.ON_POST
    pinned = duty.pinned or duty.code in asked.pinned
    begun = duty.status is AssignmentStatus.ON_POST or duty.override is not None
    return duty.window == shift.window and not begun and not pinned


def _least_present(duties: Iterable[Assignment], window: TimeWindow) -> int:
    """How many of these duties there are at the moment of the window at which there are fewest."""
    changes: list[tuple[datetime, int]] = [(window.start, 0), (window.end, 0)]
    for duty in duties:
        if (part := duty.window.intersection(window)) is not None:
            changes += [(part.start, 1), (part.end, -1)]
    present, least = 0, len(changes)
    moments = sorted({moment for moment, _ in changes})
    for moment in moments[:-1]:
        present += sum(by for when, by in changes if when == moment)
        least = min(least, present)
    return least
