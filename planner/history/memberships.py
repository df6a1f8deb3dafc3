"""Sentences about who belongs to a visit."""

from __future__ import annotations

from domain.membership import Membership, MembershipAmended, MembershipEnded, MembershipGranted, Terms
from domain.messages import Message, message
from planner.history.names import Names
from planner.history.telling import Tellings, before_it, differing, saying


def _granted(event: MembershipGranted, before: Names, after: Names) -> Message:
    return message("granted {thing}: {facts}", thing=after.thing(), facts=saying(event.terms, after))


def _amended(event: MembershipAmended, before: Names, after: Names) -> Message:
    old = before_it(Membership, before, after).terms or Terms(roles=event.terms.roles)
    facts = saying(event.terms, after) if old == event.terms else differing(old, event.terms, before, after)
    return message("amended {thing}: {facts}", thing=after.thing(), facts=facts)


def _ended(event: MembershipEnded, before: Names, after: Names) -> Message:
    return message("ended {thing}", thing=after.thing())


TELLINGS: Tellings = {
    MembershipGranted: _granted,
    MembershipAmended: _amended,
    MembershipEnded: _ended,
}
