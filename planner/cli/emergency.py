"""``planner emergency``: break-glass from the command line."""

from __future__ import annotations

import argparse
from typing import Any

from domain.emergency import EmergencyAccess, Opening
from planner.access.reader import Reader
from planner.cli.answers import moment
from planner.cli.console import Console
from planner.cli.opening import actor, opened, reader, record, signing, visit_code
from planner.zones import zone_of


def open_(asked: argparse.Namespace, console: Console) -> int:
    """Open a visit to see it."""
    with opened(asked) as planner:
        by = signing(planner, actor(planner, asked.user), asked.password_file, asked.visit)
        planner.open_emergency_access(asked.visit, asked.minutes, by=by, reason=asked.reason)
        plan = Reader(planner, by).plan
        until = plan.emergency(asked.visit, by.user).openings[-1].until
        speaker = console.in_zone(zone_of(plan, f"visit/{asked.visit}"))
        console.line(
            speaker(
                "You see visit {visit} by emergency access until {until}.", visit=asked.visit, until=speaker.show(until)
            )
        )
    return 0


def end(asked: argparse.Namespace, console: Console) -> int:
    """End what is open: one's own, or somebody else's."""
    with opened(asked) as planner:
        by = actor(planner, asked.user)
        if asked.of is None:
            planner.end_emergency_access(asked.visit, by=by)
        else:
            planner.revoke_emergency_access(asked.visit, asked.of, by=by)
    return 0


def review(asked: argparse.Namespace, console: Console) -> int:
    """Say in words what to think of it."""
    with opened(asked) as planner:
        by = signing(planner, actor(planner, asked.user), asked.password_file, asked.visit)
        planner.review_emergency_access(asked.visit, asked.name, asked.verdict, by=by)
    return 0


def list_(asked: argparse.Namespace, console: Console) -> int:
    """Every time that somebody opened the visit."""
    with opened(asked) as planner:
        who = reader(planner, asked.user, "read_members")
        visit = visit_code(who.plan, asked.visit)
        who.permit("read_members", visit)
        record(who, console, "read_members", visit, "emergencies")
        found = [(one, opening) for one in who.plan.emergencies(visit) for opening in one.openings]
        if asked.format == "json":
            console.json([_told(one, opening) for one, opening in found])
        else:
            speaker = console.in_zone(zone_of(who.plan, f"visit/{visit}"))
            for one, opening in found:
                reviewed = (opening.verdict, opening.reviewer) if opening.reviewed else (speaker("not reviewed"), "")
                times = (speaker.show(opening.opened_at), speaker.show(opening.until))
                console.line("\t".join((one.user, *times, " ".join(opening.reason.split()), *reviewed)))
    return 0


def _told(one: EmergencyAccess, opening: Opening) -> dict[str, Any]:
    return {
        "user": one.user,
        "visit": one.visit,
        "roles": sorted(opening.roles),
        "opened_at": moment(opening.opened_at),
        "until": moment(opening.until),
        "reason": opening.reason,
        "signed": opening.signed,
        "review_due": moment(opening.due),
        "verdict": opening.verdict or None,
        "reviewer": opening.reviewer or None,
    }
