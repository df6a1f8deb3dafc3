"""The secrecy mark of what is made of several things: the highest of them, so that no page says less than its parts."""

from __future__ import annotations

from domain.plan import Plan
from domain.values import SecrecyLevel


def mark_of(plan: Plan, visit: str) -> SecrecyLevel:
    """The mark of a visit: the highest of its own, its delegations' and those of the venues that it uses.

    Raises ``NotFound``. Worked out once for each plan, from the few venues that carry a mark.
    """
    return plan.remembered(("secrecy", visit), lambda: _highest(plan, visit))


def mark_of_all(plan: Plan) -> SecrecyLevel:
    """The mark of what is made of the whole plan, such as a register: the highest of its visits and venues."""

    def highest() -> SecrecyLevel:
        venues = (venue.details.secrecy for venue in plan.venues)
        return SecrecyLevel.highest(*(mark_of(plan, visit.key) for visit in plan.visits), *venues)

    return plan.remembered("secrecy of all", highest)


def mark_of_officer(plan: Plan, officer: str) -> SecrecyLevel:
    """The mark of what tells of an officer: the highest of the visits with a duty of theirs. None without any."""
    visits = {duty.visit for duty in plan.assignments_ever_of(officer)}
    return SecrecyLevel.highest(*(mark_of(plan, visit) for visit in sorted(visits)))


def mark_of_venue(plan: Plan, venue: str) -> SecrecyLevel:
    """The mark of what tells of a venue: its own, and those of the visits with an activity or a post there."""
    visits = {visit.key for visit in plan.visits_at(venue)} | {post.visit for post in plan.posts_at(venue)}
    return SecrecyLevel.highest(plan.venue(venue).details.secrecy, *(mark_of(plan, visit) for visit in sorted(visits)))


def _highest(plan: Plan, visit: str) -> SecrecyLevel:
    whole = plan.visit(visit)
    used = {activity.venue for activity in whole.activities}
    marked = (venue for venue in plan.venues if venue.details.secrecy is not SecrecyLevel.NONE)
    venues = (one for one in marked if one.key in used or any(post.visit == visit for post in plan.posts_at(one.key)))
    return SecrecyLevel.highest(
        whole.details.secrecy,
        *(one.details.secrecy for one in plan.delegations(visit) if not one.withdrawn),
        *(one.details.secrecy for one in venues),
    )
