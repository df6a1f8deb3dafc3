"""Commands on the keys with which people sign."""

from __future__ import annotations

from typing import Unpack

from domain.base import Act, Code, Decision
from domain.plan import Plan
from domain.refusals import InvalidInput
from domain.signing import signing_keys
from planner.deciding import Decides, Outcome, Why, command


class SignerCommands:
    """A person's keys stand in the log, vouched for by an administrator, until they are revoked."""

    @command
    def make_signing_key(self: Decides, **why: Unpack[Why]) -> Outcome:
        """Say with which key one signs from now on, where it is not said yet."""
        return self.decide(_made, **why)

    @command
    def vouch_for_keys(self: Decides, user: Code, **why: Unpack[Why]) -> Outcome:
        """Say that the keys of an account which nobody vouched for are that person's; needs a signature."""
        return self.decide(lambda plan, act: signing_keys(plan, user.casefold()).vouch(act), **why)

    @command
    def revoke_keys(self: Decides, user: Code, **why: Unpack[Why]) -> Outcome:
        """End all keys of an account; what they signed until now holds. Needs a reason."""
        return self.decide(lambda plan, act: signing_keys(plan, user.casefold()).revoke(act), **why)


def _made(plan: Plan, act: Act) -> Decision:
    if act.signer is None:
        raise InvalidInput.because("A key to sign with is opened by your password: say it too.")
    return signing_keys(plan, act.by).make(act.signer, act)
