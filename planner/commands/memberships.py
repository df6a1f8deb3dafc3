"""Commands on who belongs to visits."""

from __future__ import annotations

from typing import Unpack

from domain.base import Code
from domain.membership import Terms
from planner.deciding import Decides, Outcome, Why, command


class MembershipCommands:
    """The members of a visit, and those of every visit."""

    @command
    def grant_membership(self: Decides, visit: Code, user: Code, terms: Terms, **why: Unpack[Why]) -> Outcome:
        """Let an account take part in a visit; needs a reason."""
        return self.decide(
            lambda plan, act: plan.membership(plan.visit(visit).key, user.casefold()).grant(terms, act), **why
        )

    @command
    def amend_membership(self: Decides, visit: Code, user: Code, terms: Terms, **why: Unpack[Why]) -> Outcome:
        """Give a member other roles or times; needs a reason."""
        return self.decide(
            lambda plan, act: plan.membership(plan.visit(visit).key, user.casefold()).amend(terms, act), **why
        )

    @command
    def end_membership(self: Decides, visit: Code, user: Code, **why: Unpack[Why]) -> Outcome:
        """Let a member take part no longer; needs a reason."""
        return self.decide(lambda plan, act: plan.membership(plan.visit(visit).key, user.casefold()).end(act), **why)

    @command
    def grant_site_membership(self: Decides, user: Code, terms: Terms, **why: Unpack[Why]) -> Outcome:
        """Let an account take part in every visit, present and to come; needs a reason."""
        return self.decide(lambda plan, act: plan.membership("", user.casefold()).grant(terms, act), **why)

    @command
    def amend_site_membership(self: Decides, user: Code, terms: Terms, **why: Unpack[Why]) -> Outcome:
        """Give a member of every visit other roles or times; needs a reason."""
        return self.decide(lambda plan, act: plan.membership("", user.casefold()).amend(terms, act), **why)

    @command
    def end_site_membership(self: Decides, user: Code, **why: Unpack[Why]) -> Outcome:
        """Let a member of every visit be one no longer; needs a reason."""
        return self.decide(lambda plan, act: plan.membership("", user.casefold()).end(act), **why)
