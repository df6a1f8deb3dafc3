"""Planning the routes of a leg anew: the earlier ones of that leg are withdrawn in the same decision."""

from __future__ import annotations

from domain.base import Act, Decision
from domain.draft import Draft
from domain.plan import Plan
from domain.references import known_route
from domain.refusals import InvalidInput
from domain.route import Route, RouteDetails, RouteWithdrawn


def planned_anew(plan: Plan, visit: str, routes: tuple[RouteDetails, ...], act: Act) -> Decision:
    """Routes under the next free codes ``R-01`` …; what was planned for their legs before is withdrawn."""
    plan.visit(visit)
    if not routes:
        raise InvalidInput.because("There is no route to plan; ask for routes between two venues first.")
    kinds = [(route.origin, route.destination, route.kind) for route in routes]
    if len(set(kinds)) != len(kinds):
        raise InvalidInput.because("A leg has one primary, one alternate and one emergency route, not two of a kind.")
    draft = Draft(plan, act)
    legs = {(route.origin, route.destination) for route in routes}
    for old in plan.routes(visit):
        if old.leg in legs and not old.withdrawn:
            draft.add((RouteWithdrawn(**act.on(old)),))
    number = len(plan.routes(visit))
    for route in routes:
        number += 1
        while plan.has(Route, f"{visit}/R-{number:02d}"):
            number += 1
        draft.add(Route.plan(f"{visit}/R-{number:02d}", known_route(plan, route), act))
    return draft.decision
