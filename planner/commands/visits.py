"""Commands on visits and their programme."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Unpack

from pydantic import AwareDatetime, Field

from domain.base import Code
from domain.references import near_activity, usable_place
from domain.shifting import shifted
from domain.values import TimeWindow
from domain.visit import Activity, Visit, VisitDetails
from planner.deciding import Decides, Outcome, Why, command

#: A year each way.
ShiftMinutes = Annotated[int, Field(ge=-366 * 1440, le=366 * 1440)]


class VisitCommands:
    """A visit, its programme and its journeys."""

    @command
    def register_visit(self: Decides, code: Code, visit: VisitDetails, **why: Unpack[Why]) -> Outcome:
        """Enter a visit under a code of your choice."""
        return self.decide(lambda plan, act: Visit.register(plan.free(Visit, code), visit, act), **why)

    @command
    def amend_visit(self: Decides, code: Code, visit: VisitDetails, **why: Unpack[Why]) -> Outcome:
        """Change what is known of a visit."""
        return self.decide(lambda plan, act: plan.visit(code).amend(visit, act), **why)

    @command
    def shift_visit(self: Decides, visit: Code, minutes: ShiftMinutes, **why: Unpack[Why]) -> Outcome:
        """Move all of a visit that has not begun: programme, posts, shifts and duties, later or earlier."""
        return self.decide(lambda plan, act: shifted(plan, visit, timedelta(minutes=minutes), act), **why)

    @command
    def cancel_visit(self: Decides, code: Code, **why: Unpack[Why]) -> Outcome:
        """Cancel a visit; needs a reason."""
        return self.decide(lambda plan, act: plan.visit(code).cancel(act), **why)

    @command
    def reinstate_visit(self: Decides, code: Code, **why: Unpack[Why]) -> Outcome:
        """Let a cancelled visit take place."""
        return self.decide(lambda plan, act: plan.visit(code).reinstate(act), **why)

    @command
    def schedule_activity(self: Decides, visit: Code, activity: Activity, **why: Unpack[Why]) -> Outcome:
        """Put an activity into the programme."""
        return self.decide(
            lambda plan, act: plan.visit(visit).schedule(near_activity(plan, visit, activity), act), **why
        )

    @command
    def move_activity(self: Decides, visit: Code, activity: Code, window: TimeWindow, **why: Unpack[Why]) -> Outcome:
        """Move an activity to another time."""
        return self.decide(
            lambda plan, act: plan.visit(visit).move_activity(activity, plan.visit(visit).near(window), act), **why
        )

    @command
    def relocate_activity(
        self: Decides,
        visit: Code,
        activity: Code,
        venue: Code | None,
        room: Code | None = None,
        **why: Unpack[Why],
    ) -> Outcome:
        """Move an activity to another place."""
        return self.decide(
            lambda plan, act: plan.visit(visit).relocate_activity(activity, *usable_place(plan, venue, room), act),
            **why,
        )

    @command
    def amend_activity(self: Decides, visit: Code, activity: Activity, **why: Unpack[Why]) -> Outcome:
        """Change other facts of an activity."""
        return self.decide(
            lambda plan, act: plan.visit(visit).amend_activity(near_activity(plan, visit, activity), act),
            **why,
        )

    @command
    def cancel_activity(self: Decides, visit: Code, activity: Code, **why: Unpack[Why]) -> Outcome:
        """Take an activity out of the programme; needs a reason."""
        return self.decide(lambda plan, act: plan.visit(visit).cancel_activity(activity, act), **why)

    @command
    def reinstate_activity(self: Decides, visit: Code, activity: Code, **why: Unpack[Why]) -> Outcome:
        """Put a cancelled activity back."""
        return self.decide(lambda plan, act: plan.visit(visit).reinstate_activity(activity, act), **why)

    @command
    def report_journey(
        self: Decides, visit: Code, activity: Code, actual: AwareDatetime, **why: Unpack[Why]
    ) -> Outcome:
        """Say when guests really arrived or left."""
        return self.decide(lambda plan, act: plan.visit(visit).report_journey(activity, actual, act), **why)
