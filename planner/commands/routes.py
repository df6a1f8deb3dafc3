"""Commands on routes."""

from __future__ import annotations

from typing import Unpack

from domain.base import Code
from domain.route import RouteDetails
from domain.routing import planned_anew
from domain.values import TimeWindow
from domain.ways import Roads
from planner.deciding import Decides, Outcome, Why, command


class RouteCommands:
    """The routes of a visit."""

    @command
    def plan_routes(self: Decides, visit: Code, routes: tuple[RouteDetails, ...], **why: Unpack[Why]) -> Outcome:
        """Plan routes for the legs they name; earlier routes of these legs are withdrawn."""
        return self.decide(lambda plan, act: planned_anew(plan, visit, routes, act), **why)

    @command
    def record_ways(self: Decides, visit: Code, roads: Roads, **why: Unpack[Why]) -> Outcome:
        """Record the ways between posts as they were measured on a map; they replace those measured before."""
        return self.decide(lambda plan, act: plan.ways(visit).measure(roads, act), **why)

    @command
    def close_route(self: Decides, visit: Code, code: Code, window: TimeWindow, **why: Unpack[Why]) -> Outcome:
        """A route cannot be used for a time; needs a reason."""
        return self.decide(lambda plan, act: plan.route(visit, code).close(window, act), **why)

    @command
    def reopen_route(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """A closed route can be used again."""
        return self.decide(lambda plan, act: plan.route(visit, code).reopen(act), **why)

    @command
    def withdraw_route(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """A route is no longer planned; needs a reason."""
        return self.decide(lambda plan, act: plan.route(visit, code).withdraw(act), **why)

    @command
    def reinstate_route(self: Decides, visit: Code, code: Code, **why: Unpack[Why]) -> Outcome:
        """A withdrawn route is planned again."""
        return self.decide(lambda plan, act: plan.route(visit, code).reinstate(act), **why)
