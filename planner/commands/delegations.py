"""Commands on delegations and their members."""

from __future__ import annotations

from typing import Unpack

from domain.base import Code
from domain.delegation import Delegation, DelegationDetails, Member
from planner.deciding import Decides, Outcome, Why, command


class DelegationCommands:
    """A delegation, its members and its head."""

    @command
    def register_delegation(
        self: Decides, visit: Code, code: Code, delegation: DelegationDetails, **why: Unpack[Why]
    ) -> Outcome:
        """Enter a delegation of a visit."""
        return self.decide(
            lambda plan, act: Delegation.register(
                plan.free(Delegation, f"{plan.visit(visit).key}/{code}"), delegation, act
            ),
            **why,
        )

    @command
    def amend_delegation(
        self: Decides, visit: Code, code: Code, delegation: DelegationDetails, **why: Unpack[Why]
    ) -> Outcome:
        """Change what is known of a delegation."""
        return self.decide(lambda plan, act: plan.delegation(visit, code).amend(delegation, act), **why)

    @command
    def withdraw_delegation(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """A delegation does not come; needs a reason."""
        return self.decide(lambda plan, act: plan.delegation(visit, code).withdraw(act), **why)

    @command
    def reinstate_delegation(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """A withdrawn delegation comes after all."""
        return self.decide(lambda plan, act: plan.delegation(visit, code).reinstate(act), **why)

    @command
    def add_member(self: Decides, visit: Code, delegation: Code, member: Member, **why: Unpack[Why]) -> Outcome:
        """Add a guest to a delegation."""
        return self.decide(lambda plan, act: plan.delegation(visit, delegation).add_member(member, act), **why)

    @command
    def amend_member(self: Decides, visit: Code, delegation: Code, member: Member, **why: Unpack[Why]) -> Outcome:
        """Change what is known of a guest."""
        return self.decide(lambda plan, act: plan.delegation(visit, delegation).amend_member(member, act), **why)

    @command
    def remove_member(self: Decides, visit: Code, delegation: Code, member: Code, **why: Unpack[Why]) -> Outcome:
        """A guest does not come; needs a reason."""
        return self.decide(lambda plan, act: plan.delegation(visit, delegation).remove_member(member, act), **why)

    @command
    def designate_head(
        self: Decides, visit: Code, delegation: Code, member: Code | None, **why: Unpack[Why]
    ) -> Outcome:
        """Say who heads a delegation."""
        return self.decide(lambda plan, act: plan.delegation(visit, delegation).designate_head(member, act), **why)
