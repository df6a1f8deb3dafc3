"""Accepting a proposal, whole or in part: ordinary commands, all recorded at once or none."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from domain.base import Actor, Event
from domain.messages import Message, message
from domain.plan import Plan
from domain.refusals import NotFound, NotPossible, PlanMoved
from domain.rules import for_reader, new_findings
from domain.shifting import as_shifted
from planner.application import Planner
from planner.deciding import Outcome
from planner.rostering.changes import Change
from planner.rostering.checked import tried
from planner.rostering.made import Made
from planner.rostering.moved_visit import moved_since, moved_since_said


def accept(planner: Planner, made: Made, by: Actor, reason: str, chosen: Collection[str] | None = None) -> Outcome:
    """Carry out the changes with these codes and those that they need, all where none are named; first the visit is
    moved where the proposal was made for another time.

    They can be taken back together by the id in the outcome. Raises ``PlanMoved`` where the visit was moved since, or
    the plan has changed in a way that matters to them, ``NotFound`` for a code that the proposal does not have,
    ``NotPossible`` where there is nothing to do, and what the commands raise.
    """
    wanted = needed(made.changes, chosen)
    asked = made.laid.asked
    if not wanted and not asked.shift:
        raise NotPossible.because("The proposal changes nothing: there is nothing to accept.")
    command_id, events = uuid4().hex, list[Event]()
    with planner.together(by, command_id):
        before = planner.plan
        moved = moved_since(made, before)
        if moved is not None:
            said = moved_since_said(made, moved, planner.timeline)
            raise PlanMoved.because("{moved} The proposal was made before that. Propose anew.", moved=said)
        _refuse_moved(_then(before, made, planner.clock()), made, wanted)
        for change in wanted:
            for duty in change.withdrawn:
                events += planner.withdraw_assignment(made.visit, duty.code, by=by, reason=reason).events
        if asked.shift:
            # After the withdrawals: taken back last first, those duties stand again at their own times.
            minutes = round(asked.shift / timedelta(minutes=1))
            events += planner.shift_visit(made.visit, minutes, by=by, reason=reason).events
        for given in (given for change in wanted for given in change.given):
            to = (made.visit, given.post, given.officer)
            events += planner.assign_officer(*to, shift=given.shift, by=by, reason=reason).events
        after = planner.plan
    found = for_reader(new_findings(before, after, events, asked.as_of, asked.moved), asked.told)
    return Outcome(command_id, after.position, tuple(events), found)


def needed(changes: tuple[Change, ...], chosen: Collection[str] | None) -> tuple[Change, ...]:
    """The chosen changes, and those that free the officers whom they give; all where nothing is chosen."""
    if chosen is None:
        return changes
    unknown = set(chosen) - {change.code for change in changes}
    if unknown:
        raise NotFound.because("The proposal has no change {code}.", code=min(unknown))
    wanted = set(chosen)
    freed_by = {duty.officer: change.code for change in changes for duty in change.withdrawn}
    while True:
        more = {
            freed_by[given.officer]
            for change in changes
            if change.code in wanted
            for given in change.given
            if given.officer in freed_by
        }
        if more <= wanted:
            return tuple(change for change in changes if change.code in wanted)
        wanted |= more


def _then(plan: Plan, made: Made, now: datetime) -> Plan:
    """The plan with the visit moved as the proposal was asked for."""
    asked = dataclasses.replace(made.laid.asked, as_of=now)
    return as_shifted(plan, made.visit, asked.shift, asked.act).plan if asked.shift else plan


def _refuse_moved(plan: Plan, made: Made, wanted: tuple[Change, ...]) -> None:
    """Refuse where the places, the duties to be withdrawn, or what the rules say to it are not what they were."""
    for why in _moved(plan, made, wanted):
        raise PlanMoved.because("The plan has changed since the proposal was made: {why} Propose anew.", why=why)


def _moved(plan: Plan, made: Made, wanted: tuple[Change, ...]) -> Iterable[Message]:
    for change in wanted:
        code = {"post": change.post, "shift": change.shift}
        post = plan.post(made.visit, change.post)
        shift = next((one for one in post.shifts if one.code == change.shift), None)
        planned = made.plan.post(made.visit, change.post).shift(change.shift)
        if post.cancelled or shift is None or shift.window != planned.window:
            yield message("shift {shift} of post {post} is another one now.", **code)
            continue
        duties = [d for d in plan.assignments_of_post(made.visit, change.post) if d.counts and d.shift == change.shift]
        known = {duty.id: duty for duty in duties}
        if any(duty.id not in known or known[duty.id].window != duty.window for duty in change.withdrawn):
            yield message("a duty in shift {shift} of post {post} is no longer what it was.", **code)
        pinned = (duty for duty in change.withdrawn if duty.id in known and known[duty.id].pinned)
        if any(duty.officer not in made.laid.asked.without for duty in pinned):
            yield message("a duty in shift {shift} of post {post} is pinned now.", **code)
        after = len(duties) - len(change.withdrawn) + len(change.given)
        if change.given and after > (shift.headcount or post.details.headcount) and after > len(duties):
            yield message("shift {shift} of post {post} has its officers already.", **code)
    refused = tried(plan, made.visit, wanted, made.laid.asked.act).refused
    yield from (one.why for one in refused)
