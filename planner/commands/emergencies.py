"""Commands on break-glass: opening a visit of others in an emergency, ending that, and reviewing it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Unpack

from domain.base import Act, Actor, Code, Decision, Line
from domain.emergency import LONGEST, ROLES, refuse_unfounded
from domain.plan import Plan
from domain.refusals import NotAllowed, NotFound, NotPossible
from planner.access.members import roles_in
from planner.access.refused import Refusals
from planner.deciding import Decides, Outcome, Why, command

#: Codes that are not there, by one account in a day.
MOST_GUESSES: Final = 3


class EmergencyCommands:
    """Break-glass."""

    @command
    def open_emergency_access(
        self: Decides, visit: Code, minutes: int = round(LONGEST.total_seconds() / 60), **why: Unpack[Why]
    ) -> Outcome:
        """Open a visit that one is no member of, to see it for at most an hour; needs a reason and a signature."""
        with _guess(self.refusals, why["by"].user, self.clock()):
            return self.decide(lambda plan, act: _opened(plan, visit, minutes, act), **why)

    @command
    def end_emergency_access(self: Decides, visit: Code, **why: Unpack[Why]) -> Outcome:
        """End what one opened, before its time."""
        return self.decide(lambda plan, act: plan.emergency(visit, act.by).end(act), **why)

    @command
    def revoke_emergency_access(self: Decides, visit: Code, user: Code, **why: Unpack[Why]) -> Outcome:
        """End what somebody else opened, before its time."""
        return self.decide(lambda plan, act: plan.emergency(visit, user.casefold()).end(act), **why)

    @command
    def review_emergency_access(self: Decides, visit: Code, user: Code, verdict: Line, **why: Unpack[Why]) -> Outcome:
        """Say in words what to think of what somebody else opened, the first time that nobody reviewed yet."""
        return self.decide(lambda plan, act: plan.emergency(visit, user.casefold()).review(verdict, act), **why)


@contextlib.contextmanager
def _guess(refusals: Refusals, user: str, now: datetime) -> Iterator[None]:
    """Refuse who asked for too many codes that are not there: said before any code is looked at."""
    if not refusals.may_guess(user, now - timedelta(days=1), MOST_GUESSES):
        raise NotAllowed.because(
            "You asked for {n} visits that are not there within a day. Ask a commander of the visit to let you in.",
            n=MOST_GUESSES,
        )
    try:
        yield
    except NotFound:
        raise  # it was one: what is recorded of it takes its place
    except BaseException:
        refusals.was_no_guess(user)
        raise
    refusals.was_no_guess(user)


def _opened(plan: Plan, visit: str, minutes: int, act: Act) -> Decision:
    """Whether the visit is there is looked at last: all that may be wrong with the asking is said of every code."""
    refuse_unfounded(minutes, act)
    roles = act.roles & ROLES
    whole = plan.visit(visit)
    if roles <= roles_in(plan, Actor(act.by, act.roles), whole.key, act.recorded_at):
        raise NotPossible.because("You are a member of visit {visit} already, in all your roles.", visit=visit)
    return plan.emergency(whole.key, act.by).open(roles, minutes, act)
