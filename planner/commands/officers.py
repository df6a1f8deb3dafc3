"""Commands on the personnel register."""

from __future__ import annotations

from typing import Unpack

from pydantic import AwareDatetime

from domain.base import Code, Line
from domain.officer import Absence, Officer, OfficerDetails
from domain.values import Qualification
from planner.deciding import Decides, Outcome, Why, command


class OfficerCommands:
    """Officers, their qualifications and absences, shared by all visits."""

    @command
    def register_officer(self: Decides, code: Code, officer: OfficerDetails, **why: Unpack[Why]) -> Outcome:
        """Enter an officer."""
        return self.decide(lambda plan, act: Officer.register(plan.free(Officer, code), officer, act), **why)

    @command
    def amend_officer(self: Decides, code: Code, officer: OfficerDetails, **why: Unpack[Why]) -> Outcome:
        """Change what is known of an officer."""
        return self.decide(lambda plan, act: plan.officer(code).amend(officer, act), **why)

    @command
    def retire_officer(self: Decides, code: Code, **why: Unpack[Why]) -> Outcome:
        """An officer is no longer assignable; needs a reason."""
        return self.decide(lambda plan, act: plan.officer(code).retire(act), **why)

    @command
    def reinstate_officer(self: Decides, code: Code, **why: Unpack[Why]) -> Outcome:
        """A retired officer is assignable again."""
        return self.decide(lambda plan, act: plan.officer(code).reinstate(act), **why)

    @command
    def grant_qualification(self: Decides, officer: Code, qualification: Qualification, **why: Unpack[Why]) -> Outcome:
        """Record a qualification and how long it is valid."""
        return self.decide(lambda plan, act: plan.officer(officer).grant(qualification, act), **why)

    @command
    def revoke_qualification(
        self: Decides, officer: Code, qualification: Line, revoked_from: AwareDatetime, **why: Unpack[Why]
    ) -> Outcome:
        """Revoke a qualification from a moment on; needs a reason."""
        return self.decide(lambda plan, act: plan.officer(officer).revoke(qualification, revoked_from, act), **why)

    @command
    def remove_qualification(self: Decides, officer: Code, qualification: Line, **why: Unpack[Why]) -> Outcome:
        """Take back a qualification entered by mistake; needs a reason."""
        return self.decide(lambda plan, act: plan.officer(officer).remove_qualification(qualification, act), **why)

    @command
    def record_absence(self: Decides, officer: Code, absence: Absence, **why: Unpack[Why]) -> Outcome:
        """Record that an officer cannot be assigned for a time."""
        return self.decide(lambda plan, act: plan.officer(officer).record_absence(absence, act), **why)

    @command
    def amend_absence(self: Decides, officer: Code, absence: Absence, **why: Unpack[Why]) -> Outcome:
        """Change the kind or the time of an absence."""
        return self.decide(lambda plan, act: plan.officer(officer).amend_absence(absence, act), **why)

    @command
    def cancel_absence(self: Decides, officer: Code, absence: Code, **why: Unpack[Why]) -> Outcome:
        """An absence does not take place."""
        return self.decide(lambda plan, act: plan.officer(officer).cancel_absence(absence, act), **why)
