"""A visiting group with one head, and its members."""

from __future__ import annotations

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
    entity,
    replaced,
    value,
    without,
)
from domain.refusals import CodeTaken, InvalidInput, NotFound, NotPossible
from domain.values import Country, ErasableLine, ErasableName, ErasableProse, Language, SecrecyLevel
from domain.visit import MAIN_PARTY, Persons, VisitCategory


@value
class DelegationDetails:
    """Who visits, who invited, who presides over the reception, and what for (NĐ 18/2022 Art. 3)."""

    name: Line
    country: Country
    province: OptionalLine = ""
    inviting_agency: OptionalLine = ""
    presiding_agency: OptionalLine = ""
    purpose: Prose = ""
    category: VisitCategory = VisitCategory.WORKING
    secrecy: SecrecyLevel = SecrecyLevel.NONE
    planned_size: Persons = 0


@value
class Member:
    """One guest: name, rank (title of office), role in the delegation, party, and whose spouse.

    ``precedence`` is the declared place in the order of precedence, 1 first; equal or missing places are
    a question for the protocol office, never decided by the order of entry.
    """

    code: Code
    name: ErasableName
    rank: ErasableLine = ""
    role: ErasableLine = ""
    party: Line = MAIN_PARTY
    spouse_of: Code | None = None
    precedence: Annotated[int, Field(ge=1, le=10_000)] | None = None
    languages: tuple[Language, ...] = ()
    needs: ErasableProse = ""


@value
class DelegationRegistered(Event):
    """A delegation of a visit was entered."""

    delegation: DelegationDetails


@value
class DelegationAmended(Event):
    """What is known of a delegation changed."""

    delegation: DelegationDetails


@value
class DelegationWithdrawn(Event):
    """A delegation does not come."""


@value
class DelegationReinstated(Event):
    """A withdrawn delegation comes after all."""


@value
class MemberAdded(Event):
    """A guest joined the delegation."""

    member: Member


@value
class MemberAmended(Event):
    """What is known of a guest changed."""

    member: Member


@value
class MemberRemoved(Event):
    """A guest does not come."""

    member: Code


@value
class HeadDesignated(Event):
    """A member heads the delegation; nobody does where it is missing."""

    member: Code | None


@entity
class Delegation(Entity):
    """A delegation with its present members and its head."""

    kind: ClassVar[str] = "delegation"

    details: DelegationDetails
    withdrawn: bool = False
    members: tuple[Member, ...] = ()
    head: str | None = None

    @property
    def in_precedence(self) -> tuple[Member, ...]:
        """The members as they are listed: the head first, then by the declared places, then those without one."""
        return tuple(sorted(self.members, key=lambda one: (one.code != self.head, one.precedence or 10_001, one.code)))

    def member(self, code: str) -> Member:
        found = by_code(self.members).get(code)
        if found is None:
            raise NotFound.because("Delegation {delegation} has no member {code}.", delegation=self.code, code=code)
        return found

    @property
    def head_of_delegation(self) -> Member | None:
        return None if self.head is None else self.member(self.head)

    # Decisions

    @staticmethod
    def register(key: str, details: DelegationDetails, act: Act) -> Decision:
        return (DelegationRegistered(**act.founds(Delegation, key), delegation=details),)

    def amend(self, details: DelegationDetails, act: Act) -> Decision:
        self._comes()
        if details == self.details:
            return ()
        return (DelegationAmended(**act.on(self), delegation=details),)

    def withdraw(self, act: Act) -> Decision:
        self._comes()
        act.needs_reason()
        return (DelegationWithdrawn(**act.on(self)),)

    def reinstate(self, act: Act) -> Decision:
        if not self.withdrawn:
            raise NotPossible.because("Delegation {code} is not withdrawn.", code=self.code)
        return (DelegationReinstated(**act.on(self)),)

    def add_member(self, member: Member, act: Act) -> Decision:
        self._comes()
        if member.code in by_code(self.members):
            raise CodeTaken.because(
                "Delegation {delegation} already has a member {code}; choose another code.",
                delegation=self.code,
                code=member.code,
            )
        self._spouse_known(member)
        return (MemberAdded(**act.on(self), member=member),)

    def amend_member(self, member: Member, act: Act) -> Decision:
        self._comes()
        if self.member(member.code) == member:
            return ()
        self._spouse_known(member)
        return (MemberAmended(**act.on(self), member=member),)

    def remove_member(self, code: str, act: Act) -> Decision:
        self._comes()
        self.member(code)
        act.needs_reason()
        return (MemberRemoved(**act.on(self), member=code),)

    def designate_head(self, code: str | None, act: Act) -> Decision:
        self._comes()
        if code is not None:
            self.member(code)
        if code == self.head:
            return ()
        return (HeadDesignated(**act.on(self), member=code),)

    def _comes(self) -> None:
        if self.withdrawn:
            raise NotPossible.because("Delegation {code} is withdrawn; reinstate it first.", code=self.code)

    def _spouse_known(self, member: Member) -> None:
        if member.spouse_of == member.code:
            raise InvalidInput.because("Nobody is their own spouse: member {code}.", code=member.code)
        if member.spouse_of is not None:
            self.member(member.spouse_of)

    # Evolution

    @staticmethod
    def founded(event: DelegationRegistered) -> Delegation:
        return Delegation(key=event.key, version=event.originator_version, details=event.delegation)

    def evolve(self, event: Event) -> Self:
        match event:
            case DelegationAmended(delegation=details):
                return self.with_(event, details=details)
            case DelegationWithdrawn():
                return self.with_(event, withdrawn=True)
            case DelegationReinstated():
                return self.with_(event, withdrawn=False)
            case MemberAdded(member=member) | MemberAmended(member=member):
                return self.with_(event, members=replaced(self.members, member))
            case MemberRemoved(member=code):
                head = None if self.head == code else self.head
                return self.with_(event, members=without(self.members, code), head=head)
            case HeadDesignated(member=code):
                return self.with_(event, head=code)
        return self.with_(event)
