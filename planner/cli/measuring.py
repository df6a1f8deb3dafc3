"""``planner ways``: measure the ways between the posts of a visit on a map, and record them."""

from __future__ import annotations

import argparse

from domain.messages import Message, message
from planner.cli.answers import finding
from planner.cli.console import Console
from planner.cli.opening import actor, opened, reader, visit_code
from planner.routing.engine import Router
from planner.routing.map_pack import MapPack
from planner.routing.measuring import left_out, measured, places, spread, unmeasured


def ways(asked: argparse.Namespace, console: Console) -> int:
    """Measure and record; ``missing`` are the places that were not measured before, ``left_out`` those that are not
    measured because there are too many; of ``pairs`` of places the ways of so many are ``estimates`` afterwards."""
    with opened(asked) as planner:
        by = actor(planner, asked.user)
        who = reader(planner, asked.user, "propose_roster")
        asked.visit = visit_code(who.plan, asked.visit)
        who.permit("propose_roster", asked.visit)
        before = len(unmeasured(who.plan, asked.visit, places(who.plan, asked.visit)))
        with Router(MapPack.open(asked.map)) as router:
            roads = measured(who.plan, asked.visit, router, console.counting(_counted))
        outcome = planner.record_ways(asked.visit, roads, by=by, reason=asked.reason)
        found = spread(who.plan, asked.visit, roads)
        console.json(
            {
                "visit": asked.visit,
                "position": outcome.position,
                "command_id": outcome.command_id,
                "places": len(roads.places),
                "missing": before,
                "left_out": len(left_out(who.plan, asked.visit)),
                "pairs": found.pairs,
                "estimates": found.estimates,
                "pairs_without_a_way": len(roads.places) * (len(roads.places) - 1) - found.measured,
                "walks": sum(len(inside.places) * (len(inside.places) - 1) for inside in roads.inside),
                "map": roads.pack,
                "findings": [finding(one, who.plan) for one in outcome.findings],
            }
        )
    return 0


def _counted(done: int, total: int) -> Message:
    return message("{done} of {total} ways are measured", done=done, total=total)
