"""Sentences about posts, their orders, commanders and shifts."""

from __future__ import annotations

from domain.messages import Message, message
from domain.post import (
    CommanderAppointed,
    Post,
    PostAmended,
    PostCancelled,
    PostCreated,
    PostOrderIssued,
    PostReinstated,
    PostRescheduled,
    Shift,
    ShiftsPlanned,
)
from planner.history.changes import Field, joined, quoted_change
from planner.history.facts import FACTS, SHIFTS
from planner.history.names import Names, named, one_line
from planner.history.telling import Tellings, amended, before_it, cancelled, reinstated, saying
from planner.text import Change


def _created(event: PostCreated, before: Names, after: Names) -> Message:
    code = event.key.rpartition("/")[2]
    post = message("post {post}", post=named(code, event.post.task))
    return message("created {thing}: {facts}", thing=post, facts=saying(event.post, after))


def _amended(event: PostAmended, before: Names, after: Names) -> Message:
    old = before_it(Post, before, after).details
    return amended(before.thing(), old, event.post, before, after)


def _shifts_changed(old: tuple[Shift, ...], new: tuple[Shift, ...], before: Names, after: Names) -> list[Message]:
    return SHIFTS.change(Field(old, None, before, FACTS), Field(new, None, after, FACTS))


def _rescheduled(event: PostRescheduled, before: Names, after: Names) -> Message:
    post = before_it(Post, before, after)
    change = Change(post.window, event.window, spoken=True)
    shifts = _shifts_changed(post.own_shifts, event.shifts, before, after)
    if not shifts:
        return message("moved {thing} {change}", thing=after.thing(), change=change)
    if post.window == event.window:
        return message("planned the shifts of {thing} anew: {facts}", thing=after.thing(), facts=joined(shifts))
    return message("moved {thing} {change}; {facts}", thing=after.thing(), change=change, facts=joined(shifts))


def _order_issued(event: PostOrderIssued, before: Names, after: Names) -> Message:
    old = before_it(Post, before, after).details
    if not one_line(event.instructions):
        return message("took back the post order of {thing}", thing=after.thing())
    change = quoted_change(old.instructions, event.instructions)
    return message("issued a post order for {thing}: {change}", thing=after.thing(), change=change)


def _commander_appointed(event: CommanderAppointed, before: Names, after: Names) -> Message:
    old = before_it(Post, before, after).details.commander
    was = None if old is None else before.officer(old)
    if event.commander is None:
        return message("left {thing} without a commander, which was {old}", thing=after.thing(), old=was)
    new = after.officer(event.commander)
    if was is None:
        return message("appointed {officer} as commander of {thing}", officer=new, thing=after.thing())
    change = Change(was, new, spoken=True)
    return message("changed the commander of {thing} {change}", thing=after.thing(), change=change)


def _shifts_planned(event: ShiftsPlanned, before: Names, after: Names) -> Message:
    old = before_it(Post, before, after).own_shifts
    if not event.shifts:
        return message("planned {thing} without shifts, as one duty", thing=after.thing())
    told = _shifts_changed(old, event.shifts, before, after)
    return message("planned the shifts of {thing}: {facts}", thing=after.thing(), facts=joined(told))


TELLINGS: Tellings = {
    PostCreated: _created,
    PostAmended: _amended,
    PostRescheduled: _rescheduled,
    PostOrderIssued: _order_issued,
    CommanderAppointed: _commander_appointed,
    ShiftsPlanned: _shifts_planned,
    PostCancelled: cancelled,
    PostReinstated: reinstated,
}
