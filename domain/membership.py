"""Who belongs to a visit, in which roles and from when to when.

A visit is seen and changed by its members alone. Whoever registered it is its first member: that is said by the
registration itself. A membership of no visit is one of every visit, present and to come: for the few who answer for
the whole site. Officers need none: a duty is what makes them part of a visit.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from pydantic import AwareDatetime

from domain.base import Act, Decision, Entity, Event, Role, entity, value
from domain.refusals import NotAllowed, NotPossible

#: What a member may be: administrators manage accounts alone, and officers belong to a visit by their duties.
ROLES = frozenset({Role.PLANNER, Role.COMMANDER, Role.PROTOCOL, Role.PRESS, Role.AUDITOR})
#: What only a commander gives and takes.
GIVEN_BY_COMMANDERS = frozenset({Role.COMMANDER, Role.AUDITOR})


@value
class Terms:
    """What a member may be, and when: from ``opens`` on, before ``closes``, always where neither is said."""

    roles: frozenset[Role]
    opens: AwareDatetime | None = None
    closes: AwareDatetime | None = None

    def __post_init__(self) -> None:
        if not self.roles:
            raise ValueError("A membership needs a role")
        if not self.roles <= ROLES:
            raise ValueError("A member is planner, commander, protocol, press or auditor")
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValueError("A membership must close after it opens")

    def holds(self, moment: datetime) -> bool:
        """True while it is open."""
        return (self.opens is None or self.opens <= moment) and (self.closes is None or moment < self.closes)


#: What whoever registered a visit is in it, as far as the account may be that at all, until something else is said.
FIRST_MEMBER = Terms(roles=frozenset({Role.PLANNER, Role.COMMANDER, Role.PROTOCOL}))


@value
class MembershipGranted(Event):
    """An account became a member of a visit, or of every visit."""

    terms: Terms


@value
class MembershipAmended(Event):
    """A member has other roles, or at other times."""

    terms: Terms


@value
class MembershipEnded(Event):
    """An account is no longer a member."""


def given_by(roles: frozenset[Role], visit: str) -> frozenset[Role]:
    """What an account with these roles in a visit may let others be there; of every visit where that is empty."""
    return ROLES if not visit or Role.COMMANDER in roles else ROLES - GIVEN_BY_COMMANDERS


#: The events that may be the first of a membership.
FOUNDINGS: tuple[type[Event], ...] = (MembershipGranted, MembershipAmended, MembershipEnded)


@entity
class Membership(Entity):
    """One account's part in one visit; in every visit where ``visit`` is empty. No terms: it has ended."""

    kind: ClassVar[str] = "membership"

    terms: Terms | None

    @property
    def user(self) -> str:
        return self.code

    def roles_at(self, moment: datetime) -> frozenset[Role]:
        """What the member may be at a moment."""
        return self.terms.roles if self.terms is not None and self.terms.holds(moment) else frozenset()

    def decided_by(self, user: str, roles: frozenset[Role]) -> bool:
        """True where an account with these roles in the visit may decide on what the member is now."""
        held = self.terms.roles if self.terms is not None else frozenset[Role]()
        return user != self.user and (not self.visit or Role.COMMANDER in roles or not held & GIVEN_BY_COMMANDERS)

    # Decisions

    def grant(self, terms: Terms, act: Act) -> Decision:
        """Let the account take part. Nobody lets oneself in."""
        if self.terms is not None:
            raise NotPossible.because("{user} is a member already; amend the membership instead.", user=self.user)
        self._given_by(act, terms)
        return (MembershipGranted(**act.on(self), terms=terms),)

    def amend(self, terms: Terms, act: Act) -> Decision:
        """Give other roles or times. Nobody changes the own part."""
        held = self._held()
        if held == terms:
            return ()
        self._given_by(act, held, terms)
        return (MembershipAmended(**act.on(self), terms=terms),)

    def end(self, act: Act) -> Decision:
        """Let the account take part no longer; one may leave by oneself."""
        held = self._held()
        if act.by == self.user:
            act.needs_reason()
        else:
            self._given_by(act, held)
        return (MembershipEnded(**act.on(self)),)

    def _held(self) -> Terms:
        if self.terms is None:
            raise NotPossible.because("{user} is no member.", user=self.user)
        return self.terms

    def _given_by(self, act: Act, *terms: Terms) -> None:
        """Refuse the own part, and what only a commander gives and takes."""
        if act.by == self.user:
            raise NotAllowed.because("Nobody decides on their own membership; somebody else must.")
        given = frozenset[Role]().union(*(one.roles for one in terms))
        if self.visit and given & GIVEN_BY_COMMANDERS and Role.COMMANDER not in act.roles:
            raise NotAllowed.because("Only a commander of the visit lets commanders and auditors in or out.")
        act.needs_reason()

    # Evolution

    @staticmethod
    def founded(event: Event) -> Membership:
        """The first that is said of a membership: of who registered the visit it may be that it changes or ends."""
        return Membership(key=event.key, version=0, terms=None).evolve(event)

    def evolve(self, event: Event) -> Self:
        match event:
            case MembershipGranted(terms=terms) | MembershipAmended(terms=terms):
                return self.with_(event, terms=terms)
            case MembershipEnded():
                return self.with_(event, terms=None)
        return self.with_(event)


def membership_key(visit: str, user: str) -> str:
    """The key of an account's membership of a visit, or of every visit where ``visit`` is empty."""
    return f"{visit}/{user}" if visit else user
