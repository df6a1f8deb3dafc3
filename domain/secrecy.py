"""The secrecy mark of what is made of several things: the highest of them, so that no page says less than its parts."""

from __future__ import annotations

from domain.plan import Plan
from domain.values import SecrecyLevel


def mark_of(plan: Plan, visit: str) -> SecrecyLevel:
    """The mark of a visit: the highest of its own, its delegations' and those of the venues that it uses.

    Raises ``NotFound``. Worked out once for each plan, from the few venues that carry a mark.
    """
    return plan.remembered(("secrecy", visit), lambda: _highest(plan, visit))


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
