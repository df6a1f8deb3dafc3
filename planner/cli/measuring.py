"""``planner ways``: measure the ways between the posts of a visit on a map, and record them."""

from __future__ import annotations

import argparse

from planner.cli.answers import finding
from planner.cli.console import Console
from planner.cli.opening import actor, opened, reader, visit_code
from planner.routing.engine import Router
from planner.routing.map_pack import MapPack
from planner.routing.measuring import left_out, measured, places, unmeasured


def ways(asked: argparse.Namespace, console: Console) -> int:
    """Measure and record; ``missing`` are the places that were not measured before, ``left_out`` those that are not
    measured because there are too many."""
    with opened(asked) as planner:
        by = actor(planner, asked.user)
        who = reader(planner, asked.user, "propose_roster")
        asked.visit = visit_code(who.plan, asked.visit)
        who.permit("propose_roster", asked.visit)
        before = len(unmeasured(who.plan, asked.visit, places(who.plan, asked.visit)))
        with Router(MapPack.open(asked.map)) as router:
            roads = measured(who.plan, asked.visit, router)
        outcome = planner.record_ways(asked.visit, roads, by=by, reason=asked.reason)
        lost = sum(minutes is None for row in roads.driving for minutes in row)
        console.json(
            {
                "visit": asked.visit,
                "position": outcome.position,
                "command_id": outcome.command_id,
                "places": len(roads.places),
                "missing": before,
                "left_out": len(left_out(who.plan, asked.visit)),
                "pairs_without_a_way": lost,
                "walks": len(roads.walks),
                "map": roads.pack,
                "findings": [finding(found, who.plan) for found in outcome.findings],
            }
        )
    return 0
