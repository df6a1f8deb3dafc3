"""Commands on the policy."""

from __future__ import annotations

from typing import Unpack

from pydantic import AwareDatetime

from domain.policy import PolicyNumbers
from planner.deciding import Decides, Outcome, Why, command


class PolicyCommands:
    """The numbers that rules need."""

    @command
    def adopt_policy(
        self: Decides, numbers: PolicyNumbers, effective_from: AwareDatetime, **why: Unpack[Why]
    ) -> Outcome:
        """Let other numbers count from a moment on; needs a reason."""
        return self.decide(lambda plan, act: plan.policy.adopt(numbers, effective_from, act), **why)
