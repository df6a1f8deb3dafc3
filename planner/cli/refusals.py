"""``planner refusals``: which commands were refused to whom, and whether nobody changed what is recorded of it."""

from __future__ import annotations

import argparse
from typing import Any

from planner.access.refused import Refused, said
from planner.cli.answers import moment
from planner.cli.console import Console
from planner.cli.opening import opened, reader, record


def list_(asked: argparse.Namespace, console: Console) -> int:
    """The last refusals, newest first; 1 where their log is not as it was written."""
    with opened(asked) as planner:
        who = reader(planner, asked.user, "read_reads")
        told = who.refused(visit=asked.visit or "", user=asked.of or "", last=asked.last)
        record(who, console, "read_reads", asked.visit, "refusals")
        broken = planner.refusals.broken() if asked.verify else 0
        if asked.format == "json":
            console.json([_fields(one) for one in told])
        else:
            for one in told:
                when = console.speaker.second(one.at)
                console.line("\t".join((when, one.user, one.visit, console.speaker.say(said(one)))))
        if broken:
            console.tell("Row {number} of the log of refusals is not as it was written.", number=str(broken))
        elif asked.verify:
            console.tell("Every row of the log of refusals is as it was written.")
    return 1 if broken else 0


def _fields(one: Refused) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": moment(one.at),
        "user": one.user,
        "via": one.via,
        "command": one.command,
        "visit": one.visit or None,
        "codes": list(one.codes),
        "cause": one.cause.value,
    }
