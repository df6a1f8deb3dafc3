"""A proposal against the roster as it stands, in numbers: what is new, moved, open, and what each costs by cause."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from domain.messages import Message, counted, message
from planner.rostering.made import Made
from planner.rostering.proposal import cost_by_term
from planner.rostering.replan import standing
from planner.rostering.seating import Place


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """Duties that are new, that change hands, that are withdrawn without another; places that are open then, how many
    of them at critical posts, and those that were open before and are no part of a repair.

    ``terms_before`` is the cost of the roster as it stands, by cause, where a duty that is lost counts as an open
    place. ``places`` is how many there are to fill at all. ``leaves`` is True of a repair that leaves places open:
    asked anew, other duties may be moved for them.
    """

    new: int
    moved: int
    withdrawn: int
    open: int
    critical: int
    open_before: int
    terms_before: dict[str, float]
    places: int
    leaves: bool


def compared(made: Made) -> Compared:
    """What a proposal changes."""
    laid = made.laid
    gone = sum(len(change.withdrawn) for change in made.changes)
    come = sum(len(change.given) for change in made.changes)
    moved = sum(min(len(change.withdrawn), len(change.given)) for change in made.changes)
    left, before = [place for _, place in made.open], laid.seating.open
    return Compared(
        new=come - moved,
        moved=moved,
        withdrawn=gone - moved,
        open=len(left),
        critical=_critical(left) + _critical(before),
        open_before=len(before),
        terms_before=cost_by_term(laid.problem, standing(laid.problem, laid.problem.published)[0]),
        places=len(laid.seating.places) + len(before),
        leaves=laid.asked.repairs and bool(left or before),
    )


def _critical(places: Iterable[Place]) -> int:
    return sum(place.post.details.critical for place in places)


def left_said(told: Compared) -> Message:
    """What a repair leaves open, and what would help."""
    return counted(
        "{n} place stays open, {critical} at critical posts. A repair moves no other duty for it; a roster proposed "
        "anew may move others, as few as it can.",
        "{n} places stay open, {critical} at critical posts. A repair moves no other duty for them; a roster proposed "
        "anew may move others, as few as it can.",
        told.open + told.open_before,
        critical=told.critical,
    )


def nothing_said(made: Made) -> Message:
    """That there is nothing to fill, and why."""
    plan, since = made.plan, made.laid.asked.as_of
    if plan.visit(made.visit).cancelled:
        return message("Visit {visit} is cancelled; reinstate it first.", visit=made.visit)
    posts = (post for post in plan.posts(made.visit) if not post.cancelled)
    if any(shift.window.start >= since for post in posts for shift in post.shifts):
        return message(
            "There is no place to fill: all that is still to begin is held by duties that stay, such as pinned ones."
        )
    return message("There is no place to fill: no post of this visit is still to begin. What has begun stays as it is.")


def kept_said(made: Made) -> Message | None:
    """Whose pinned duties stay though nobody of that name will come; None where there are none."""
    asked, kept = made.laid.asked, set[str]()
    for duty in made.plan.assignments(made.visit):
        stays = duty.counts and (duty.pinned or duty.code in asked.pinned) and duty.officer not in asked.without
        if stays and duty.window.start >= asked.as_of:
            officer = made.plan.officer(duty.officer)
            if officer.retired or any(absence.window.overlaps(duty.window) for absence in officer.absences):
                kept.add(duty.officer)
    if not kept:
        return None
    return message(
        "Pinned duties stay though these officers are away or retired: {officers}. Replace them, or take the pins off.",
        officers=[made.names.officer(code) for code in sorted(kept)],
    )


def without_said(made: Made) -> Message | None:
    """Who is to give up all duties; None where nobody is."""
    lost = sorted(made.laid.asked.without)
    names = [made.names.officer(code) for code in lost]
    return message("Without {officers}.", officers=names) if names else None
