"""Sentences about routes, and about the numbers of the policy by which they are judged."""

from __future__ import annotations

from domain.messages import Message, message
from domain.plan import Plan
from domain.policy import PolicyAdopted
from domain.route import Route, RouteClosed, RoutePlanned, RouteReinstated, RouteReopened, RouteWithdrawn
from domain.ways import WaysMeasured
from planner.history.names import Names
from planner.history.telling import Tellings, before_it, differing, reinstated, saying, withdrew
from planner.text import Change


def _planned(event: RoutePlanned, before: Names, after: Names) -> Message:
    details = event.route
    return message(
        "planned the {kind} route {code} from {origin} to {destination}: {facts}",
        kind=details.kind,
        code=event.key.rpartition("/")[2],
        origin=after.venue(details.origin),
        destination=after.venue(details.destination),
        facts=saying(details, after),
    )


def _closed(event: RouteClosed, before: Names, after: Names) -> Message:
    old = before_it(Route, before, after).closed
    if old is None or old == event.window:
        return message("closed {thing} {window}", thing=after.thing(), window=event.window)
    change = Change(old, event.window, spoken=True)
    return message("changed the closure of {thing} {change}", thing=after.thing(), change=change)


def _reopened(event: RouteReopened, before: Names, after: Names) -> Message:
    old = before_it(Route, before, after).closed
    return message("reopened {thing}, which was closed {window}", thing=after.thing(), window=old)


def _adopted(event: PolicyAdopted, before: Names, after: Names) -> Message:
    plan: Plan = before.plan
    old = plan.policy.at(event.effective_from)
    return message(
        "adopted other policy numbers from {moment} on: {facts}",
        moment=event.effective_from,
        facts=differing(old, event.numbers, before, after),
    )


def _measured(event: WaysMeasured, before: Names, after: Names) -> Message:
    if not event.roads.places:
        return message("took back {thing} as they were measured", thing=after.thing())
    return message("measured {thing}: {facts}", thing=after.thing(), facts=saying(after.entity, after))


TELLINGS: Tellings = {
    RoutePlanned: _planned,
    RouteClosed: _closed,
    RouteReopened: _reopened,
    RouteWithdrawn: withdrew,
    RouteReinstated: reinstated,
    WaysMeasured: _measured,
    PolicyAdopted: _adopted,
}
