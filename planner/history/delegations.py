"""Sentences about delegations and their members."""

from __future__ import annotations

from domain.base import by_code
from domain.delegation import (
    Delegation,
    DelegationAmended,
    DelegationRegistered,
    DelegationReinstated,
    DelegationWithdrawn,
    HeadDesignated,
    Member,
    MemberAdded,
    MemberAmended,
    MemberRemoved,
)
from domain.messages import Message, message
from planner.history.changes import stated
from planner.history.facts import FACTS
from planner.history.names import Names, guest
from planner.history.telling import Tellings, amended, before_it, reinstated, saying, withdrew
from planner.text import Change


def _registered(event: DelegationRegistered, before: Names, after: Names) -> Message:
    facts = saying(event.delegation, after)
    return message("registered {thing}: {facts}", thing=after.thing(), facts=facts)


def _amended(event: DelegationAmended, before: Names, after: Names) -> Message:
    old = before_it(Delegation, before, after).details
    return amended(before.thing(), old, event.delegation, before, after)


def _before(code: str, before: Names, after: Names) -> Member:
    return by_code(before_it(Delegation, before, after).members)[code]


def _member_added(event: MemberAdded, before: Names, after: Names) -> Message:
    if not stated(event.member, after, FACTS):
        return message("added member {member} to {thing}", member=guest(event.member), thing=after.thing())
    return message(
        "added member {member} to {thing}: {facts}",
        member=guest(event.member),
        thing=after.thing(),
        facts=saying(event.member, after),
    )


def _member_amended(event: MemberAmended, before: Names, after: Names) -> Message:
    old = _before(event.member.code, before, after)
    thing = message("member {member} of {delegation}", member=guest(old), delegation=before.thing())
    return amended(thing, old, event.member, before, after)


def _member_removed(event: MemberRemoved, before: Names, after: Names) -> Message:
    member = before.member(event.member)
    delegation = before_it(Delegation, before, after)
    if delegation.head == event.member:
        return message("removed member {member}, head of delegation, from {thing}", member=member, thing=after.thing())
    return message("removed member {member} from {thing}", member=member, thing=after.thing())


def _head_designated(event: HeadDesignated, before: Names, after: Names) -> Message:
    old = before_it(Delegation, before, after).head
    was = None if old is None else before.member(old)
    if event.member is None:
        return message("left {thing} without a head, which was {old}", thing=after.thing(), old=was)
    new = before.member(event.member)
    if was is None:
        return message("designated {member} as head of {thing}", member=new, thing=after.thing())
    change = Change(was, new, spoken=True)
    return message("changed the head of {thing} {change}", thing=after.thing(), change=change)


TELLINGS: Tellings = {
    DelegationRegistered: _registered,
    DelegationAmended: _amended,
    DelegationWithdrawn: withdrew,
    DelegationReinstated: reinstated,
    MemberAdded: _member_added,
    MemberAmended: _member_amended,
    MemberRemoved: _member_removed,
    HeadDesignated: _head_designated,
}
