"""Critical posts: no proposal leaves two of them to one officer where somebody else could take one (R06).

Which posts hang on one officer no pair of places shows: it depends on backups, reserves and who else stands there. So
the rule is asked after the search, and of what it would block, places go to officers who are on no such post. Nothing
more is left open for it, and nobody gets too much duty by it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from domain.finding import Finding, Severity
from domain.rules.resilience import must_be_held
from planner.rostering.checked import Sound, sound_by_the_rules
from planner.rostering.easing import Eased
from planner.rostering.from_plan import Laid
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.replan import replan

#: So often places are given to others.
ROUNDS = 8


def spread(laid: Laid, now: Eased, stop: Callable[[], bool] | None = None) -> Eased:
    """The roster with fewer officers on whom two critical posts hang.

    ``stop`` is asked before each round: a stopped search answers with what it has.
    """
    sound, at_once, unavoidable = now.sound, len(laid.seating.places), set[str]()
    for _ in range(ROUNDS):
        alone = [one for one in _alone(sound) if one.subjects[0] not in unavoidable][:at_once]
        seats = sorted({seat for one in alone for seat in _to_give(sound, one)})
        if not seats or (stop is not None and stop()):
            break
        holder, able = _given_to_others(laid, sound, seats)
        # The rules are asked only where others could be found for all of them.
        found = None if np.any(holder[seats] == NONE) else sound_by_the_rules(laid, holder, able)
        if found is not None and _fewer(found, sound):
            sound = dataclasses.replace(found, refused=(*sound.refused, *found.refused))
        elif len(alone) == 1:
            unavoidable.add(alone[0].subjects[0])
        else:
            at_once = len(alone) // 2
    return dataclasses.replace(now, sound=sound)


def _alone(sound: Sound) -> list[Finding]:
    """What R06 would newly block, each of one officer, who is its first subject."""
    return [one for one in sound.said.findings if one.rule == "R06" and one.severity is Severity.BLOCK]


def _to_give(sound: Sound, found: Finding) -> list[int]:
    """The seats newly given to the officer that others should take: all but those of one post."""
    given = [sound.said.given[subject] for subject in found.subjects if subject in sound.said.given]
    posts = sum(subject.startswith("post/") for subject in found.subjects)
    own = list(dict.fromkeys(one.post for one in given))
    # Where the officer is on another such post already, none of these is kept.
    kept = own[:1] if len(own) == posts else []
    return [one.seat for one in given if one.post not in kept]


def _given_to_others(laid: Laid, sound: Sound, seats: Sequence[int]) -> tuple[Ints, Bools]:
    """The roster with these seats given to officers on no critical post; and who may hold which seat then."""
    able, trial = sound.able.copy(), sound.holder.copy()
    trial[list(seats)] = NONE
    needed = np.zeros(laid.problem.n, dtype=np.bool_)
    needed[laid.place] = [must_be_held(place.post) for place in laid.seating.places]
    number = {officer.key: who for who, officer in enumerate(laid.seating.officers)}
    busy = set(sound.holder[needed & (sound.holder != NONE)].tolist())
    busy |= {number[duty.officer] for duty in laid.seating.fixed if must_be_held(laid.plan.post(duty.visit, duty.post))}
    able[np.ix_(sorted(busy), list(seats))] = False
    return replan(laid.problem.with_able(able), trial).roster.holder, able


def _fewer(found: Sound, before: Sound) -> bool:
    """True where fewer are alone, nothing more is open and nobody has too much."""
    missing = np.any((found.holder == NONE) & (before.holder != NONE))
    too_much = [sum(one.rule == "R03" for one in each.said.findings) for each in (found, before)]
    return not missing and too_much[0] <= too_much[1] and len(_alone(found)) < len(_alone(before))
