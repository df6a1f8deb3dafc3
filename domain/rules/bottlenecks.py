"""R06 of streets: where one closes and no route that was planned leads around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from domain.finding import Finding, Scope, Severity
from domain.messages import message
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.route import Route, RouteKind, RouteSource
from domain.rules.naming import venue_named
from domain.rules.scope import keys_of
from domain.stretches import Along, Street, shared
from domain.values import TimeWindow
from domain.visit import Visit

type Leg = tuple[str, str]

#: After it there is a day in every zone.
LAST_DAY: Final = date.max - timedelta(days=2)


def bottlenecks(plan: Plan, numbers: PolicyNumbers, scope: Scope) -> Iterator[Finding]:
    """The stretches of street on which a leg hangs that has a primary route and an alternate; those of two legs block.

    Whatever route is planned around a stretch is a way left, the emergency route too. Both directions of a street
    count as one: what closes it, closes it.
    """
    for code in _visits(plan, scope):
        visit = plan.entities.get(f"visit/{code}")
        if isinstance(visit, Visit) and not visit.cancelled:
            yield from _of_visit(plan, numbers, visit)


def _visits(plan: Plan, scope: Scope) -> tuple[str, ...]:
    if scope is None:
        return tuple(visit.key for visit in plan.visits)
    named = {*keys_of(scope, "visit"), *(key.partition("/")[0] for key in keys_of(scope, "route"))}
    return tuple(sorted(named))


def _of_visit(plan: Plan, numbers: PolicyNumbers, visit: Visit) -> Iterator[Finding]:
    legs = _legs(plan, visit.key)
    streets: dict[Leg, dict[Street, Along]] = {}
    hang: dict[Street, tuple[Leg, ...]] = {}
    for leg, routes in legs.items():
        geometries = [route.details.geometry for route in routes]
        streets[leg] = dict(shared(geometries, numbers.routing.doorstep_m))
        for street in streets[leg]:
            hang[street] = (*hang.get(street, ()), leg)
    together = sorted(hang, key=lambda street: (-len(hang[street]), hang[street]))
    for concerned, group in groupby(together, key=hang.__getitem__):
        along = [streets[concerned[0]][street] for street in group]
        routes = [route for leg in concerned for route in legs[leg]]
        yield _finding(plan, visit, concerned, routes, along)


def _legs(plan: Plan, visit: str) -> dict[Leg, list[Route]]:
    """The routes of each leg that has a primary and an alternate on the road network, in order of their codes."""
    found: dict[Leg, list[Route]] = {}
    for route in plan.routes(visit):
        if not route.withdrawn and route.details.source is RouteSource.NETWORK:
            found.setdefault(route.leg, []).append(route)
    both = {RouteKind.PRIMARY, RouteKind.ALTERNATE}
    return {leg: found[leg] for leg in sorted(found) if both <= {route.details.kind for route in found[leg]}}


def _finding(plan: Plan, visit: Visit, legs: tuple[Leg, ...], routes: list[Route], along: list[Along]) -> Finding:
    ways = [
        message("from {origin} to {destination}", origin=venue_named(plan, one), destination=venue_named(plan, other))
        for one, other in legs
    ]
    return Finding(
        rule="R06",
        severity=Severity.BLOCK if len(legs) > 1 else Severity.WARN,
        subjects=(visit.id, *sorted(route.id for route in routes)),
        window=_days(visit),
        message=message(
            "All routes {legs} share {metres} m of street, from {km} km after {origin} on: where that is closed, no "
            "way is left. Plan one around it.",
            legs=ways,
            metres=round(sum(one.length_m for one in along)),
            km=round(min(one.after_m for one in along) / 1000, 1),
            origin=legs[0][0],
        ),
    )


def _days(visit: Visit) -> TimeWindow:
    """From the first day of a visit to the end of its last, where it takes place."""
    details, zone = visit.details, ZoneInfo(visit.details.zone)
    following = min(details.last_day, LAST_DAY) + timedelta(days=1)
    days = (min(details.first_day, LAST_DAY), following)
    start, end = (datetime.combine(day, time.min, zone) for day in days)
    return TimeWindow(start=start.astimezone(UTC), end=end.astimezone(UTC))
