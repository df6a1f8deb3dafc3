"""An officer's duty at a post in a shift, and its life.

proposed → confirmed → acknowledged → on post → ended; withdrawn from any of them but the last. A material
change of the duty takes an acknowledged one back to confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Self

from domain.base import Act, Code, Decision, Entity, Event, Line, Role, entity, value
from domain.refusals import NotAllowed, NotPossible
from domain.values import TimeWindow


class AssignmentStatus(StrEnum):
    """Where an assignment stands in its life."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    ACKNOWLEDGED = "acknowledged"
    ON_POST = "on_post"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@value
class Override:
    """Rules that were knowingly broken and on whose authority; the event's reason says why.

    ``findings`` are the ids of what was accepted: it dies with the facts, so that a later clash is a new one.
    """

    rules: tuple[Line, ...]
    authority: Line
    findings: tuple[Line, ...] = ()


@value
class OfficerAssigned(Event):
    """An officer was given a shift of a post; a tentative one is only proposed."""

    post: Code
    shift: Code
    officer: Code
    window: TimeWindow
    tentative: bool = False
    override: Override | None = None


@value
class AssignmentConfirmed(Event):
    """A proposed assignment stands."""


@value
class AssignmentRescheduled(Event):
    """The duty takes place at another time."""

    window: TimeWindow
    override: Override | None = None


@value
class AssignmentAcknowledged(Event):
    """The officer has seen the duty with this fingerprint and takes it."""

    duty: Line


@value
class AcknowledgementLapsed(Event):
    """The duty changed after the officer acknowledged it; the new one has this fingerprint."""

    duty: Line


@value
class DutyStarted(Event):
    """The officer is on post."""


@value
class DutyEnded(Event):
    """The officer's duty at the post is over."""


@value
class AssignmentSetBack(Event):
    """What was confirmed or reported of a duty is taken back: it stands where it stood before."""

    status: AssignmentStatus


@value
class AssignmentWithdrawn(Event):
    """The officer no longer has this duty."""


@value
class AssignmentReinstated(Event):
    """A withdrawn assignment stands again, to be acknowledged anew."""

    override: Override | None = None


@value
class AssignmentPinned(Event):
    """No proposal may move the duty from now on."""


@value
class AssignmentUnpinned(Event):
    """Proposals may move the duty again."""


@value
class OverrideSigned(Event):
    """Who overrode rules signed it: the event of this duty with the version ``of``, by the key ``public_key``."""

    of: int
    public_key: Line
    signature: Line


#: The state that an event without facts of its own leads to.
_LEADS_TO: Mapping[type[Event], AssignmentStatus] = {
    AssignmentConfirmed: AssignmentStatus.CONFIRMED,
    DutyStarted: AssignmentStatus.ON_POST,
    DutyEnded: AssignmentStatus.ENDED,
}


@entity
class Assignment(Entity):
    """One officer's duty at one post of a visit; ``duty`` is the fingerprint that was acknowledged."""

    kind: ClassVar[str] = "assignment"

    post: str
    shift: str
    officer: str
    window: TimeWindow
    status: AssignmentStatus
    duty: str | None = None
    override: Override | None = None
    #: True where who overrode signed it.
    signed: bool = False
    #: True where no proposal may move it.
    pinned: bool = False

    @property
    def post_key(self) -> str:
        return f"{self.visit}/{self.post}"

    @property
    def counts(self) -> bool:
        """True while it counts for clashes and coverage."""
        return self.status not in (AssignmentStatus.WITHDRAWN, AssignmentStatus.ENDED)

    # Decisions (giving a duty needs the whole plan: domain.assigning)

    def confirm(self, act: Act) -> Decision:
        self._is(AssignmentStatus.PROPOSED)
        return (AssignmentConfirmed(**act.on(self)),)

    def acknowledge(self, duty: str, seen: str | None, act: Act) -> Decision:
        """Only the own duty, as it is now: ``seen`` is the fingerprint that the officer was shown."""
        if act.officer != self.officer:
            raise NotAllowed.because("Only officer {officer} can acknowledge this duty.", officer=self.officer)
        if seen is not None and seen != duty:
            raise NotPossible.because("This duty changed since you opened it; read it again.")
        if self.status in (AssignmentStatus.ACKNOWLEDGED, AssignmentStatus.ON_POST) and self.duty == duty:
            return ()
        self._is(AssignmentStatus.CONFIRMED)
        return (AssignmentAcknowledged(**act.on(self), duty=duty),)

    def start(self, act: Act) -> Decision:
        self._own_or_commanded(act)
        self._is(AssignmentStatus.CONFIRMED, AssignmentStatus.ACKNOWLEDGED)
        return (DutyStarted(**act.on(self)),)

    def end(self, act: Act) -> Decision:
        self._own_or_commanded(act)
        self._is(AssignmentStatus.ON_POST)
        return (DutyEnded(**act.on(self)),)

    def withdraw(self, act: Act) -> Decision:
        if not self.counts:
            raise NotPossible.because("Assignment {code} is over already.", code=self.code)
        act.needs_reason()
        return (AssignmentWithdrawn(**act.on(self)),)

    def pin(self, act: Act) -> Decision:
        """Keep a duty where it is, whatever is proposed; by hand it can still be changed."""
        if self.pinned:
            return ()
        if not self.counts:
            raise NotPossible.because("Assignment {code} is over already.", code=self.code)
        act.needs_reason()
        return (AssignmentPinned(**act.on(self)),)

    def unpin(self, act: Act) -> Decision:
        return (AssignmentUnpinned(**act.on(self)),) if self.pinned else ()

    def _own_or_commanded(self, act: Act) -> None:
        """An officer reports the own duty; who plans or commands may report any."""
        if act.roles <= {Role.OFFICER} and act.officer != self.officer:
            raise NotAllowed.because("Only officer {officer} can report on this duty.", officer=self.officer)

    def _is(self, *statuses: AssignmentStatus) -> None:
        if self.status not in statuses:
            raise NotPossible.because(
                "Assignment {code} is {status}; this needs one that is {wanted}.",
                code=self.code,
                status=self.status,
                wanted=statuses,
            )

    # Evolution

    @staticmethod
    def founded(event: OfficerAssigned) -> Assignment:
        status = AssignmentStatus.PROPOSED if event.tentative else AssignmentStatus.CONFIRMED
        return Assignment(
            key=event.key,
            version=event.originator_version,
            post=event.post,
            shift=event.shift,
            officer=event.officer,
            window=event.window,
            status=status,
            override=event.override,
        )

    def evolve(self, event: Event) -> Self:
        match event:
            case AssignmentConfirmed() | DutyStarted() | DutyEnded():
                return self.with_(event, status=_LEADS_TO[type(event)])
            case AssignmentSetBack(status=status):
                return self.with_(event, status=status)
            case AssignmentRescheduled(window=window, override=override):
                # Without a new override the old one stays: what it accepted is named by facts that may be gone.
                signed = self.signed and override is None
                return self.with_(event, window=window, override=override or self.override, signed=signed)
            case AssignmentAcknowledged(duty=duty):
                return self.with_(event, status=AssignmentStatus.ACKNOWLEDGED, duty=duty)
            case AcknowledgementLapsed():
                return self.with_(event, status=AssignmentStatus.CONFIRMED, duty=None)
            case AssignmentWithdrawn():
                return self.with_(event, status=AssignmentStatus.WITHDRAWN, duty=None)
            case AssignmentReinstated(override=override):
                return self.with_(event, status=AssignmentStatus.CONFIRMED, duty=None, override=override, signed=False)
            case AssignmentPinned() | AssignmentUnpinned():
                return self.with_(event, pinned=isinstance(event, AssignmentPinned))
            case OverrideSigned():
                return self.with_(event, signed=True)
        return self.with_(event)
