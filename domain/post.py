"""A post: a task at a place for a time, how many officers it needs and what they must be able to do."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field

from domain.base import (
    Act,
    Code,
    Decision,
    Entity,
    Event,
    Line,
    OptionalLine,
    Prose,
    by_code,
    changed,
    composed,
    entity,
    folded,
    value,
)
from domain.refusals import InvalidInput, NotFound, NotPossible
from domain.values import Coordinates, Language, TimeWindow

Headcount = Annotated[int, Field(ge=1, le=500)]


class PostKind(StrEnum):
    """What officers at a post do."""

    GUARD = "guard"
    PATROL = "patrol"
    TRAFFIC = "traffic"
    ESCORT = "escort"
    CLOSE_PROTECTION = "close_protection"
    ACCESS_CONTROL = "access_control"
    COMMAND = "command"
    LIAISON = "liaison"
    INTERPRETER = "interpreter"
    DRIVER = "driver"
    MEDICAL = "medical"
    RESERVE = "reserve"


@value
class PostDetails:
    """Task, place, window, headcount and requirements of a post.

    The place is a venue's key point, a venue, or coordinates of its own; ``place`` says it in words.
    ``backups`` are officers who take over where somebody is missing at a critical post.
    ``headcount`` officers are needed during the whole window, in shifts where the post has any. All ``languages`` must
    be spoken, and ``licence`` is the class of the vehicle to be driven. Posts that name the same ``detail`` are given
    as one package, to one unit.
    """

    task: Line
    kind: PostKind = PostKind.GUARD
    window: TimeWindow
    headcount: Headcount = 1
    venue: Code | None = None
    key_point: Code | None = None
    coordinates: Coordinates | None = None
    place: OptionalLine = ""
    activity: Code | None = None
    required: tuple[Line, ...] = ()
    desired: tuple[Line, ...] = ()
    critical: bool = False
    commander: Code | None = None
    backups: tuple[Code, ...] = ()
    equipment: tuple[Line, ...] = ()
    radio: OptionalLine = ""
    instructions: Prose = ""
    languages: tuple[Language, ...] = ()
    licence: OptionalLine = ""
    detail: Code | None = None


@value
class Shift:
    """A part of a post's window that one set of officers covers; shifts may overlap for handover."""

    code: Code
    window: TimeWindow
    headcount: Headcount | None = None


#: The only shift of a post that has none of its own.
WHOLE = "ALL"


@value
class PostCreated(Event):
    """A post was created."""

    post: PostDetails


@value
class PostAmended(Event):
    """Task, place, headcount or requirements of a post changed."""

    post: PostDetails


@value
class PostRescheduled(Event):
    """A post is manned at another time."""

    window: TimeWindow
    shifts: tuple[Shift, ...]


@value
class PostOrderIssued(Event):
    """What to do at a post was set down anew."""

    instructions: Prose


@value
class CommanderAppointed(Event):
    """An officer answers for a post; nobody does where it is missing."""

    commander: Code | None


@value
class ShiftsPlanned(Event):
    """A post is manned in these shifts; in one where there are none."""

    shifts: tuple[Shift, ...]


@value
class PostCancelled(Event):
    """A post is not needed."""


@value
class PostReinstated(Event):
    """A cancelled post is needed after all."""


@entity
class Post(Entity):
    """A post of a visit."""

    kind: ClassVar[str] = "post"

    details: PostDetails
    cancelled: bool = False
    own_shifts: tuple[Shift, ...] = ()

    @property
    def window(self) -> TimeWindow:
        return self.details.window

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The shifts in order of time; one over the whole window where none were planned."""
        if not self.own_shifts:
            return (composed(Shift, code=WHOLE, window=self.details.window, headcount=self.details.headcount),)
        return tuple(sorted(self.own_shifts, key=lambda shift: (shift.window.start, shift.code)))

    def shift(self, code: str) -> Shift:
        found = by_code(self.shifts).get(code)
        if found is None:
            raise NotFound.because("Post {post} has no shift {code}.", post=self.code, code=code)
        return found

    # Decisions

    @staticmethod
    def create(key: str, details: PostDetails, act: Act) -> Decision:
        return (PostCreated(**act.founds(Post, key), post=details),)

    def amend(self, details: PostDetails, act: Act) -> Decision:
        """Everything but the window, which ``reschedule`` changes with the shifts."""
        self._needed()
        if details == self.details:
            return ()
        if details.window != self.details.window:
            raise InvalidInput.because("Reschedule post {post} to change its window.", post=self.code)
        return (PostAmended(**act.on(self), post=details),)

    def reschedule(self, window: TimeWindow, shifts: tuple[Shift, ...] | None, act: Act) -> Decision:
        """Another window; own shifts move along where only the start changes, else they must be given."""
        window, shifts = self.times(window, shifts)
        if window == self.window and shifts == self.own_shifts:
            return ()
        return (PostRescheduled(**act.on(self), window=window, shifts=shifts),)

    def times(self, window: TimeWindow, shifts: tuple[Shift, ...] | None) -> tuple[TimeWindow, tuple[Shift, ...]]:
        """The window and the own shifts that rescheduling leads to; refused as that is."""
        self._needed()
        if shifts is None:
            shifts = self.own_shifts
            if shifts and window.length == self.window.length:
                by = window.start - self.window.start
                shifts = tuple(changed(shift, window=shift.window.shifted(by)) for shift in shifts)
        self._within(shifts, window)
        return window, shifts

    def issue_order(self, instructions: str, act: Act) -> Decision:
        self._needed()
        if instructions == self.details.instructions:
            return ()
        return (PostOrderIssued(**act.on(self), instructions=instructions),)

    def appoint_commander(self, officer: str | None, act: Act) -> Decision:
        self._needed()
        if officer == self.details.commander:
            return ()
        return (CommanderAppointed(**act.on(self), commander=officer),)

    def plan_shifts(self, shifts: tuple[Shift, ...], act: Act) -> Decision:
        self._needed()
        if shifts == self.own_shifts:
            return ()
        self._within(shifts, self.window)
        return (ShiftsPlanned(**act.on(self), shifts=shifts),)

    def cancel(self, act: Act) -> Decision:
        self._needed()
        act.needs_reason()
        return (PostCancelled(**act.on(self)),)

    def reinstate(self, act: Act) -> Decision:
        if not self.cancelled:
            raise NotPossible.because("Post {post} is not cancelled.", post=self.code)
        return (PostReinstated(**act.on(self)),)

    def _needed(self) -> None:
        if self.cancelled:
            raise NotPossible.because("Post {post} is cancelled; reinstate it first.", post=self.code)

    def _within(self, shifts: tuple[Shift, ...], window: TimeWindow) -> None:
        if len(by_code(shifts)) != len(shifts):
            raise InvalidInput.because("Two shifts of post {post} have the same code.", post=self.code)
        for shift in shifts:
            if not window.covers(shift.window):
                raise InvalidInput.because(
                    "Shift {shift} ({window}) lies outside the window of post {post} ({whole}); change its shifts too.",
                    shift=shift.code,
                    window=shift.window,
                    post=self.code,
                    whole=window,
                )

    # Evolution

    @staticmethod
    def founded(event: PostCreated) -> Post:
        return Post(key=event.key, version=event.originator_version, details=event.post)

    def at(self, window: TimeWindow, shifts: tuple[Shift, ...], version: int) -> Self:
        """The post at another time."""
        return folded(self, version=version, details=folded(self.details, window=window), own_shifts=shifts)

    def evolve(self, event: Event) -> Self:
        match event:
            case PostAmended(post=details):
                return self.with_(event, details=details)
            case PostRescheduled(window=window, shifts=shifts):
                return self.at(window, shifts, event.originator_version)
            case PostOrderIssued(instructions=instructions):
                return self.with_(event, details=folded(self.details, instructions=instructions))
            case CommanderAppointed(commander=commander):
                return self.with_(event, details=folded(self.details, commander=commander))
            case ShiftsPlanned(shifts=shifts):
                return self.with_(event, own_shifts=shifts)
            case PostCancelled():
                return self.with_(event, cancelled=True)
            case PostReinstated():
                return self.with_(event, cancelled=False)
        return self.with_(event)
