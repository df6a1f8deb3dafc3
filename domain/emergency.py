"""Break-glass: somebody opens a visit without belonging to it, for at most an hour, and answers for it afterwards.

It shows the visit as to a member in the roles that the account has. It changes nothing and takes nothing out: that
stands in ``planner.access.registry``, rule by rule. Whoever opens says why, and signs it (``domain.signing``); what
was opened ends by itself, and a commander or an auditor of the visit who is somebody else says what to think of it,
and signs that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AwareDatetime, PlainSerializer

from domain.base import Act, Decision, Entity, Event, Line, Role, entity, folded, value
from domain.refusals import InvalidInput, NotAllowed, NotPossible, ReasonRequired

#: In what roles a visit may be opened: press and officers answer for no whole visit, administrators see no plan.
ROLES: Final = frozenset({Role.PLANNER, Role.COMMANDER, Role.PROTOCOL, Role.AUDITOR})
SHORTEST_REASON: Final = 20
LONGEST: Final = timedelta(minutes=60)
#: By when somebody else must have said what to think of it, from the moment it was opened.
REVIEWED_WITHIN: Final = timedelta(hours=24)


@value
class EmergencyAccessOpened(Event):
    """Somebody who did not belong to a visit opened it, in these roles and until then; the reason says why.

    The roles are written in order: the event is signed as it is written, and a set has another order in each process.
    Version 2: from here on every review in the log is signed.
    """

    schema_version: ClassVar[int] = 2

    roles: Annotated[frozenset[Role], PlainSerializer(sorted, list[Role])]
    until: AwareDatetime

    @classmethod
    def upcast_v1_v2(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Says the same."""
        return fields


@value
class EmergencyAccessSigned(Event):
    """Who opened the visit, or reviewed that, signed it: the event with the version ``of``, by ``public_key``."""

    of: int
    public_key: Line
    signature: Line


@value
class EmergencyAccessEnded(Event):
    """It was ended before its time."""


@value
class EmergencyAccessReviewed(Event):
    """Somebody else said in words what to think of what was opened by the event of the version ``of``."""

    of: int
    verdict: Line


@entity
class Opening:
    """One time that a visit was opened; ``of`` is the version of the event that did it. No verdict: not reviewed."""

    of: int
    roles: frozenset[Role]
    opened_at: datetime
    until: datetime
    reason: str
    signed: bool = False
    verdict: str = ""
    reviewer: str = ""

    @property
    def code(self) -> str:
        """What tells it apart from the other times."""
        return str(self.of)

    @property
    def due(self) -> datetime:
        """By when it must be reviewed."""
        return self.opened_at + REVIEWED_WITHIN

    @property
    def reviewed(self) -> bool:
        return bool(self.verdict)

    def open_at(self, moment: datetime) -> bool:
        """True while it shows the visit."""
        return self.opened_at <= moment < self.until

    def overdue(self, moment: datetime) -> bool:
        """True where nobody reviewed it in time."""
        return not self.reviewed and self.due <= moment


@entity
class EmergencyAccess(Entity):
    """All the times that one account opened one visit, in order."""

    kind: ClassVar[str] = "emergency"

    openings: tuple[Opening, ...] = ()

    @property
    def user(self) -> str:
        return self.code

    @property
    def to_review(self) -> tuple[Opening, ...]:
        """What nobody reviewed yet, the first first."""
        return tuple(one for one in self.openings if not one.reviewed)

    def opening_at(self, moment: datetime) -> Opening | None:
        """What shows the visit at a moment."""
        return next((one for one in self.openings[-1:] if one.open_at(moment)), None)

    # Decisions

    def open(self, roles: frozenset[Role], minutes: int, act: Act) -> Decision:
        """Open the visit. Refused while it is open, and while what was opened before waits too long for its review."""
        if self.opening_at(act.recorded_at) is not None:
            raise NotPossible.because("You have opened visit {visit} already.", visit=self.visit)
        if any(one.overdue(act.recorded_at) for one in self.openings):
            raise NotPossible.because(
                "Nobody has reviewed yet what you opened of visit {visit} before. Ask a commander or an auditor of it.",
                visit=self.visit,
            )
        until = act.recorded_at + timedelta(minutes=minutes)
        return (EmergencyAccessOpened(**act.on(self), roles=roles, until=until),)

    def end(self, act: Act) -> Decision:
        """End it before its time."""
        if self.opening_at(act.recorded_at) is None:
            raise NotPossible.because("{user} has not opened visit {visit}.", user=self.user, visit=self.visit)
        return (EmergencyAccessEnded(**act.on(self)),)

    def review(self, verdict: str, act: Act) -> Decision:
        """Say what to think of the first that nobody reviewed yet; never of what one opened oneself."""
        if act.by == self.user:
            raise NotAllowed.because("Nobody reviews what they opened themselves; somebody else must.")
        waiting = self.to_review
        if not waiting:
            raise NotPossible.because("There is nothing to review of {user} in visit {visit}.", **self._named)
        if waiting[0].open_at(act.recorded_at):
            raise NotPossible.because("{user} still has visit {visit} open: end that first, or wait.", **self._named)
        if act.signer is None:
            raise NotAllowed.because("Who reviews it signs that: say your password too.")
        return (EmergencyAccessReviewed(**act.on(self), of=waiting[0].of, verdict=verdict),)

    @property
    def _named(self) -> dict[str, str]:
        return {"user": self.user, "visit": self.visit}

    # Evolution

    @staticmethod
    def founded(event: EmergencyAccessOpened) -> EmergencyAccess:
        """The first time that the account opened the visit."""
        return EmergencyAccess(key=event.key, version=0).evolve(event)

    def evolve(self, event: Event) -> Self:
        match event:
            case EmergencyAccessOpened(roles=roles, until=until):
                opened = Opening(
                    of=event.originator_version,
                    roles=roles,
                    opened_at=event.recorded_at,
                    until=until,
                    reason=event.reason,
                )
                return self.with_(event, openings=(*self.openings, opened))
            case EmergencyAccessEnded():
                last = folded(self.openings[-1], until=event.recorded_at)
                return self.with_(event, openings=(*self.openings[:-1], last))
            case EmergencyAccessSigned(of=of):
                return self._changed(event, of, signed=True)
            case EmergencyAccessReviewed(of=of, verdict=verdict):
                return self._changed(event, of, verdict=verdict, reviewer=event.by)
        return self.with_(event)

    def _changed(self, event: Event, of: int, **facts: object) -> Self:
        return self.with_(event, openings=tuple(folded(one, **facts) if one.of == of else one for one in self.openings))


def refuse_unfounded(minutes: int, act: Act) -> None:
    """Refuse what needs no look at any visit: so it is said alike of every code, whatever carries it."""
    if len(" ".join(act.reason.split())) < SHORTEST_REASON:
        raise ReasonRequired.because(
            "Say why in {n} characters or more: it is signed, and others are told at once.", n=SHORTEST_REASON
        )
    if not timedelta(0) < timedelta(minutes=minutes) <= LONGEST:
        raise InvalidInput.because(
            "A visit is opened for 1 to {most} minutes.", most=round(LONGEST / timedelta(minutes=1))
        )
    if act.signer is None:
        raise NotAllowed.because("Who opens a visit signs it: say your password too.")
