"""Commands on posts and their shifts."""

from __future__ import annotations

from typing import Unpack

from domain.assigning import moved_shifts
from domain.base import Act, Code, Decision, Prose
from domain.plan import Plan
from domain.post import Post, PostDetails, Shift
from domain.references import known_post, near_post
from domain.values import TimeWindow
from planner.deciding import Decides, Outcome, Why, command


class PostCommands:
    """The posts of a visit."""

    @command
    def create_post(self: Decides, visit: Code, code: Code, post: PostDetails, **why: Unpack[Why]) -> Outcome:
        """Create a post."""
        return self.decide(
            lambda plan, act: Post.create(
                plan.free(Post, f"{plan.visit(visit).key}/{code}"), near_post(plan, visit, post), act
            ),
            **why,
        )

    @command
    def amend_post(self: Decides, visit: Code, code: Code, post: PostDetails, **why: Unpack[Why]) -> Outcome:
        """Change task, place, headcount or requirements of a post."""
        return self.decide(lambda plan, act: plan.post(visit, code).amend(known_post(plan, visit, post), act), **why)

    @command
    def reschedule_post(
        self: Decides,
        visit: Code,
        code: Code,
        window: TimeWindow,
        shifts: tuple[Shift, ...] | None = None,
        **why: Unpack[Why],
    ) -> Outcome:
        """Man a post at another time; its assignments move along."""
        return self.decide(
            lambda plan, act: _with_moves(
                plan, plan.post(visit, code).reschedule(plan.visit(visit).near(window), shifts, act), act
            ),
            **why,
        )

    @command
    def issue_post_order(self: Decides, visit: Code, code: Code, instructions: Prose, **why: Unpack[Why]) -> Outcome:
        """Set down anew what to do at a post."""
        return self.decide(lambda plan, act: plan.post(visit, code).issue_order(instructions, act), **why)

    @command
    def appoint_commander(
        self: Decides, visit: Code, code: Code, commander: Code | None, **why: Unpack[Why]
    ) -> Outcome:
        """Say who answers for a post."""
        return self.decide(
            lambda plan, act: plan.post(visit, code).appoint_commander(commander and plan.officer(commander).key, act),
            **why,
        )

    @command
    def plan_shifts(self: Decides, visit: Code, code: Code, shifts: tuple[Shift, ...], **why: Unpack[Why]) -> Outcome:
        """Divide a post into shifts; their assignments move along."""
        return self.decide(
            lambda plan, act: _with_moves(plan, plan.post(visit, code).plan_shifts(shifts, act), act), **why
        )

    @command
    def cancel_post(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """A post is not needed; needs a reason."""
        return self.decide(lambda plan, act: plan.post(visit, code).cancel(act), **why)

    @command
    def reinstate_post(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """A cancelled post is needed after all."""
        return self.decide(lambda plan, act: plan.post(visit, code).reinstate(act), **why)


def _with_moves(plan: Plan, decision: Decision, act: Act) -> Decision:
    """The decision together with the duties that move along with the shifts."""
    if not decision:
        return decision
    return (*decision, *moved_shifts(plan, plan.after(decision), decision[0].key, act))
