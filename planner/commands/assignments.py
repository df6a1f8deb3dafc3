"""Commands on the duties of officers."""

from __future__ import annotations

from typing import Unpack

from domain.assigning import assign, reinstate, reschedule
from domain.base import Act, Code, Decision, Line
from domain.draft import Draft
from domain.duty import duty
from domain.plan import Plan
from domain.values import TimeWindow
from planner.deciding import Decides, Outcome, Why, command


class AssignmentCommands:
    """Who stands where and when."""

    @command
    def assign_officer(
        self: Decides,
        visit: Code,
        post: Code,
        officer: Code,
        shift: Code | None = None,
        window: TimeWindow | None = None,
        tentative: bool = False,
        override_authority: Line | None = None,
        code: Code | None = None,
        **why: Unpack[Why],
    ) -> Outcome:
        """Give an officer a shift of a post.

        Refused where R01, the rest of R03 or R04 would newly be broken, unless overridden on a named authority
        with a reason.
        """
        return self.decide(
            lambda plan, act: assign(
                plan,
                visit,
                post,
                officer,
                act,
                shift=shift,
                window=window,
                tentative=tentative,
                override_authority=override_authority,
                code=code,
                visible=act.visible,
            ),
            **why,
        )

    @command
    def confirm_assignment(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """Let a proposed assignment stand."""
        return self.decide(lambda plan, act: plan.assignment(visit, code).confirm(act), **why)

    @command
    def reschedule_assignment(
        self: Decides,
        visit: Code,
        code: Code,
        window: TimeWindow,
        override_authority: Line | None = None,
        **why: Unpack[Why],
    ) -> Outcome:
        """Move one duty to another time; refused and overridden as assigning is."""
        return self.decide(
            lambda plan, act: reschedule(
                plan,
                plan.assignment(visit, code),
                window,
                act,
                override_authority=override_authority,
                visible=act.visible,
            ),
            **why,
        )

    @command
    def pin_assignments(
        self: Decides, visit: Code, pinned: tuple[Code, ...], released: tuple[Code, ...] = (), **why: Unpack[Why]
    ) -> Outcome:
        """Keep duties from being moved by proposals, and let others be moved again; pinning needs a reason."""

        def decision(plan: Plan, act: Act) -> Decision:
            draft = Draft(plan, act)
            for code in pinned:
                draft.add(draft.plan.assignment(visit, code).pin(act))
            for code in released:
                draft.add(draft.plan.assignment(visit, code).unpin(act))
            return draft.decision

        return self.decide(decision, **why)

    @command
    def acknowledge_assignment(
        self: Decides, visit: Code, code: Code, seen: Line | None = None, **why: Unpack[Why]
    ) -> Outcome:
        """Take the own duty; ``seen`` is the fingerprint of the duty that was read."""
        return self.decide(
            lambda plan, act: plan.assignment(visit, code).acknowledge(
                duty(plan, plan.assignment(visit, code)).fingerprint, seen, act
            ),
            **why,
        )

    @command
    def start_duty(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """The officer is on post."""
        return self.decide(lambda plan, act: plan.assignment(visit, code).start(act), **why)

    @command
    def end_duty(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """The duty is over."""
        return self.decide(lambda plan, act: plan.assignment(visit, code).end(act), **why)

    @command
    def withdraw_assignment(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """Take a duty from an officer; needs a reason."""
        return self.decide(lambda plan, act: plan.assignment(visit, code).withdraw(act), **why)

    @command
    def reinstate_assignment(
        self: Decides, visit: Code, code: Code, override_authority: Line | None = None, **why: Unpack[Why]
    ) -> Outcome:
        """Let a withdrawn assignment stand again."""
        return self.decide(
            lambda plan, act: reinstate(
                plan,
                plan.assignment(visit, code),
                act,
                override_authority=override_authority,
                visible=act.visible,
            ),
            **why,
        )
