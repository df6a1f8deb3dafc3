"""A proposal in which a person chooses otherwise: one officer is taken for one place instead of another."""

from __future__ import annotations

import dataclasses

from domain.refusals import NotFound, NotPossible
from planner.rostering.checked import sound_by_the_rules
from planner.rostering.explain import Against, candidates
from planner.rostering.made import Made
from planner.rostering.problem import NONE
from planner.rostering.proposal import Ended, cost_by_term
from planner.rostering.roster import Roster
from planner.rostering.scarcity import sparing
from planner.rostering.waves import fill


def chosen(made: Made, seat: int, officer: str) -> Made:
    """The proposal with an officer in a seat; what that officer gives up for it is given to who is free, or stays open.

    Nobody else's duties change. Raises ``NotFound`` for an officer who does not serve, ``NotPossible`` where the
    officer cannot have the place whatever is given up, or the rules refuse it.
    """
    laid, numbered = made.laid, {one.key: number for number, one in enumerate(made.laid.seating.officers)}
    if officer not in numbered:
        raise NotFound.because("Officer {officer} is not one of those who can be chosen.", officer=officer)
    who, roster = numbered[officer], made.roster
    one = next((one for one in candidates(roster, seat) if one.officer == who), None)
    if one is None or laid.problem.pinned[list(one.given_up)].any():
        raise NotPossible.because("Officer {officer} cannot take this place.", officer=officer)
    if one.against is not Against.NOTHING and not one.given_up:
        raise NotPossible.because("Officer {officer} cannot take this place: {why}.", officer=officer, why=one.against)
    for other in one.given_up:
        roster.take(other)
    if roster.holder[seat] != NONE:
        roster.take(seat)
    roster.give(seat, who)
    fill(roster, sparing)
    sound = sound_by_the_rules(laid, roster.holder)
    if int(sound.holder[seat]) != who:
        why = next((told.why for told in sound.refused if told.given.seat == seat), "")
        raise NotPossible.because("Officer {officer} cannot take this place: {why}", officer=officer, why=why)
    after = Roster.of(laid.problem, sound.holder)
    return dataclasses.replace(
        made,
        holder=sound.holder,
        changes=sound.changes,
        cost=after.cost,
        terms=cost_by_term(laid.problem, after),
        ended=Ended.CHOSEN,
        refused=(*made.refused, *sound.refused),
        findings=sound.said.findings,
        then=sound.said.plan,
    )
