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

    A repair takes from nobody a place that is not new. ``stop`` is asked before each round: a stopped search answers
    with what it has.
    """
    sound, at_once, unavoidable = now.sound, len(laid.seating.places), set[str]()
    for _ in range(ROUNDS):
        alone = [one for one in _alone(sound) if one.subjects[0] not in unavoidable][:at_once]
        if not alone or (stop is not None and stop()):
            break
        found = _relieved(laid, sound, [seat for one in alone for seat in _to_give(sound, one)])
        if found is None and len(alone) == 1 and not laid.asked.repairs:
            found = _relieved(laid, sound, _held(laid, sound, alone[0]))
        if found is not None:
            sound = found
        elif len(alone) == 1:
            unavoidable.add(alone[0].subjects[0])
        else:
            at_once = len(alone) // 2
    return dataclasses.replace(now, sound=sound)


def _relieved(laid: Laid, sound: Sound, seats: Sequence[int]) -> Sound | None:
    """The roster in which others have all of these seats; None where that is not better."""
    if not seats:
        return None
    holder, able = _given_to_others(laid, sound, seats)
    if np.any(holder[list(seats)] == NONE):
        return None
    found = sound_by_the_rules(laid, holder, able)
    return dataclasses.replace(found, refused=(*sound.refused, *found.refused)) if _fewer(found, sound) else None


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


def _held(laid: Laid, sound: Sound, found: Finding) -> list[int]:
    """The seats on such posts that the officer had before, and has still."""
    officers, numbered = laid.seating.officers, zip(laid.place.tolist(), laid.seating.places, strict=True)
    had = [
        (seat, held.officer)
        for seat, (post, _, held) in numbered
        if held is not None and {post.id, f"officer/{held.officer}"}.issubset(found.subjects)
    ]
    return [seat for seat, code in had if sound.holder[seat] != NONE and officers[sound.holder[seat]].key == code]


def _given_to_others(laid: Laid, sound: Sound, seats: Sequence[int]) -> tuple[Ints, Bools]:
    """The roster with these seats given to officers on no critical post, who may give another place up for it where
    somebody else can take that; and who may hold which seat then."""
    able = sound.able.copy()
    needed = np.zeros(laid.problem.n, dtype=np.bool_)
    needed[laid.place] = [must_be_held(place.post) for place in laid.seating.places]
    number = {officer.key: who for who, officer in enumerate(laid.seating.officers)}
    busy = set(sound.holder[needed & (sound.holder != NONE)].tolist())
    busy |= {number[duty.officer] for duty in laid.seating.fixed if must_be_held(laid.plan.post(duty.visit, duty.post))}
    able[np.ix_(sorted(busy), list(seats))] = False
    return replan(laid.problem.with_able(able), sound.holder).roster.holder, able


def _fewer(found: Sound, before: Sound) -> bool:
    """True where fewer are alone, nothing more is open and nobody has too much."""
    missing = np.any((found.holder == NONE) & (before.holder != NONE))
    too_much = [sum(one.rule == "R03" for one in each.said.findings) for each in (found, before)]
    return not missing and too_much[0] <= too_much[1] and len(_alone(found)) < len(_alone(before))
