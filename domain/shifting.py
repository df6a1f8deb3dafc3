"""A whole visit at another time: programme, posts, shifts and duties, all by the same hours or days.

What has begun stays: of a visit that is running, only what is still to come is moved. What the new times break is
found, not refused, as with everything that is moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial, reduce
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.assigning import windows_along
from domain.assignment import Assignment, AssignmentRescheduled
from domain.base import Act, Decision, Entity, Event, changed, folded
from domain.layered import Foundation, Layered
from domain.plan import Plan
from domain.post import WHOLE, Post, PostRescheduled, Shift
from domain.refusals import InvalidInput, NotPossible
from domain.rules.moving import Moved, is_shifted
from domain.values import TimeWindow
from domain.visit import Activity, Visit, VisitDetails

DAY = timedelta(days=1)


class Shifted(NamedTuple):
    """The plan in which a visit is moved, what only moved in it, and the events of what moved otherwise."""

    plan: Plan
    moved: Moved
    besides: Decision


def shifted(plan: Plan, code: str, by: timedelta, act: Act) -> Decision:
    """Everything of a visit that has not begun, later by so much, or earlier.

    Raises ``NotFound``, ``NotPossible`` where the visit is cancelled or nothing is still to come, and ``InvalidInput``
    where something would begin before now.
    """
    found, events = _moves(plan, code, by, act), list[Event]()
    for move in found.posts.moves:
        window, shifts = move.times(by)
        events.append(PostRescheduled(**act.on(move.of.post), window=window, shifts=shifts))
        along = _along(move.of.post, window, shifts, move.of.duties)
        events.extend(AssignmentRescheduled(**act.on(duty), window=then) for duty, then in along)
    return (*found.programme, *events, *found.days)


def as_shifted(plan: Plan, code: str, by: timedelta, act: Act) -> Shifted:
    """The plan as it is after ``shifted``, at the position at which that was asked; raises what that raises.

    No event is made and folded of what only moves, and it is moved when somebody asks for it: of a visit of a thousand
    posts whoever makes a proposal looks at a few.
    """
    found, besides = _moves(plan, code, by, act), list[Event]()
    along = set(found.posts.along)
    entities: dict[str, Entity] = {found.visit.id: found.visit}
    for move in found.posts.unlike:
        post = move.of.post
        duties = move.of.others if move.begun is None else move.of.duties
        window, own = move.times(by)
        if move.begun is not None:
            entities[post.id] = post.at(window, own, post.version + 1)
            besides.append(PostRescheduled(**act.on(post), window=window, shifts=own))
        for duty, then in _along(post, window, own, duties):
            entities[duty.id] = folded(duty, window=then, version=duty.version + 1)
            if duty.override is not None or not is_shifted(duty.window, then, by):
                besides.append(AssignmentRescheduled(**act.on(duty), window=then))
            else:
                along.add(duty.id)
    for key in plan.parked:
        # It stays as it was, and nothing can be said of it.
        entities.pop(key, None)
        along.discard(key)
    kept = frozenset(along)
    moved = Layered(_Later(plan.entities, by, kept)).update(entities)
    return Shifted(plan.at_other_times(moved, act.recorded_at), Moved(code, by, kept), tuple(besides))


class _Later(Foundation[Entity]):
    """The entities of a plan of which some posts and duties are later by so much, each moved when it is asked for."""

    def __init__(self, before: Layered[Entity], by: timedelta, along: frozenset[str]) -> None:
        self._before, self._by, self._along = before, by, along
        self._known: dict[str, Entity] = {}

    def without(self, keys: Collection[str]) -> _Later:
        return _Later(self._before.without(keys), self._by, self._along.difference(keys))

    def __getitem__(self, key: str) -> Entity:
        if key not in self._along:
            return self._before[key]
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _later(self._before[key], self._by)
        return found

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self._along else self._before.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._before

    def __iter__(self) -> Iterator[str]:
        return iter(self._before)

    def __len__(self) -> int:
        return len(self._before)


def _later(entity: Entity, by: timedelta) -> Entity:
    """A post or a duty as it is later by so much."""
    match entity:
        case Post(window=window, own_shifts=own):
            shifts = tuple(folded(shift, window=shift.window.shifted(by)) for shift in own)
            return entity.at(window.shifted(by), shifts, entity.version + 1)
        case Assignment(window=window):
            return folded(entity, window=window.shifted(by), version=entity.version + 1)
    return entity


class _Manned(NamedTuple):
    """A post that is needed with its duties that count.

    Where all of it moves, ``along`` are its id and those of the duties of which nothing but the time changes, by as
    much; ``others`` are the duties of which that is not so plain.
    """

    post: Post
    duties: Sequence[Assignment]
    along: Sequence[str]
    others: Sequence[Assignment]


class _Move(NamedTuple):
    """A post that is moved; ``begun`` are the window and own shifts that it will have if it has begun, so that not all
    of it moves."""

    of: _Manned
    begun: tuple[TimeWindow, tuple[Shift, ...]] | None

    def times(self, by: timedelta) -> tuple[TimeWindow, tuple[Shift, ...]]:
        """The window and own shifts that it will have."""
        return self.begun or self.of.post.times(self.of.post.window.shifted(by), None)


class _Posts(NamedTuple):
    """Posts that are moved: ``along`` are they and their duties where nothing but the time changes, by as much;
    ``unlike`` are those of which that is not so plain, ``since`` when the first of all begins."""

    moves: tuple[_Move, ...]
    along: frozenset[str]
    unlike: tuple[_Move, ...]
    since: datetime | None

    @classmethod
    def of(cls, moves: tuple[_Move, ...]) -> _Posts:
        return cls(
            moves,
            frozenset(chain.from_iterable(one.of.along for one in moves if one.begun is None)),
            tuple(one for one in moves if one.of.others or one.begun is not None),
            min((one.of.post.details.window.start for one in moves), default=None),
        )


def _needed(plan: Plan, code: str) -> _Posts:
    """The posts of a visit that are needed, as they move where none has begun; worked out once a plan, whatever it is
    moved by."""

    def made() -> _Posts:
        needed = (post for post in plan.posts(code) if not post.cancelled)
        return _Posts.of(tuple(plan.remembered_of_each(needed, "moved whole", partial(_whole, plan))))

    return plan.remembered(("posts that move", code), made)


def _whole(plan: Plan, post: Post) -> _Move:
    shifts = {shift.code: shift.window for shift in post.own_shifts} or {WHOLE: post.window}
    along, others = [post.id], list[Assignment]()
    duties = [duty for duty in plan.assignments_of_post(post.visit, post.code) if duty.counts]
    for duty in duties:
        shift = shifts.get(duty.shift)
        if shift is not None and duty.override is None and shift.covers(duty.window):
            along.append(duty.id)
        else:
            others.append(duty)
    return _Move(_Manned(post, duties, along, others), None)


class _Moves(NamedTuple):
    """What a visit that is moved changes: itself, by events of its programme and its days, and its posts."""

    visit: Visit
    programme: Decision
    posts: _Posts
    days: Decision


def _moves(plan: Plan, code: str, by: timedelta, act: Act) -> _Moves:
    visit = plan.visit(code)
    if visit.cancelled:
        raise NotPossible.because("Visit {visit} is cancelled; reinstate it first.", visit=code)
    if not by:
        return _Moves(visit, (), _Posts.of(()), ())
    since, programme = act.occurred_at, list[Event]()
    activities = [one for one in visit.programme if one.window.start >= since]
    begun = len(activities) < len(visit.programme)
    for activity in activities:
        _refuse_past(activity.window, by, since)
        decided = visit.move_activity(activity.code, activity.window.shifted(by), act)
        visit = _after(visit, decided)
        programme.extend(decided)
    posts = _needed(plan, code)
    if posts.since is not None:
        begun |= posts.since < since
        if posts.since < since or by < timedelta(0):
            found = (_move(one.of, by, since) for one in posts.moves)
            posts = _Posts.of(tuple(move for move in found if move is not None))
    if not programme and not posts.moves:
        raise NotPossible.because("Nothing of visit {visit} is still to come.", visit=code)
    days = visit.amend(_days(visit, by, begun=begun), act)
    return _Moves(_after(visit, days), tuple(programme), posts, days)


def _move(one: _Manned, by: timedelta, since: datetime) -> _Move | None:
    """How a post is moved, or of one that has begun the shifts that have not, with the duties in them.

    No other post and no duty elsewhere has a part in it, so the plan in which the others have moved is not needed.
    """
    post = one.post
    whole = post.details.window.start >= since
    if whole and by > timedelta(0):
        return _Move(one, None)
    coming = [shift for shift in post.shifts if shift.window.start >= since]
    if not coming:
        return None
    for shift in coming:
        _refuse_past(shift.window, by, since)
    if whole:
        return _Move(one, None)
    own = tuple(
        changed(shift, window=shift.window.shifted(by)) if shift in coming else shift for shift in post.own_shifts
    )
    end = max(post.window.end + by, *(shift.window.end for shift in own))
    return _Move(one, post.times(TimeWindow(start=post.window.start, end=end), own))


def _along(
    post: Post, window: TimeWindow, shifts: tuple[Shift, ...], duties: Iterable[Assignment]
) -> Iterator[tuple[Assignment, TimeWindow]]:
    """Duties of a post that go along with its shifts to where they will be, with their windows then."""
    now = {shift.code: shift.window for shift in shifts} or {WHOLE: window}
    return windows_along(post.shifts, now, duties)


def _after[E: Entity](entity: E, decision: Decision) -> E:
    """The entity after what was decided about it."""
    return reduce(lambda state, event: state.evolve(event), decision, entity)


def _days(visit: Visit, by: timedelta, *, begun: bool) -> VisitDetails:
    """The visit's days afterwards: moved with it where whole days are, and wide enough for its programme."""
    zone = ZoneInfo(visit.details.zone)
    days = by if by % DAY == timedelta(0) else timedelta(0)
    first = visit.details.first_day if begun else visit.details.first_day + days
    last = visit.details.last_day + days
    on: list[date] = [_day(activity, zone) for activity in visit.programme]
    return changed(visit.details, first_day=min(first, *on) if on else first, last_day=max(first, last, *on))


def _day(activity: Activity, zone: ZoneInfo) -> date:
    return activity.window.start.astimezone(zone).date()


def _refuse_past(window: TimeWindow, by: timedelta, since: datetime) -> None:
    if window.start + by < since:
        raise InvalidInput.because(
            "What begins {window} would begin before now; move the visit by less.", window=window
        )
