"""``planner refusals``: which commands were refused to whom, and whether nobody changed what is recorded of it."""

from __future__ import annotations

import argparse
from typing import Any

from domain.messages import message
from planner.access.refused import Refused, said
from planner.cli.answers import moment
from planner.cli.console import Console
from planner.cli.logs import say_log
from planner.cli.opening import opened, reader, record


def list_(asked: argparse.Namespace, console: Console) -> int:
    """The last refusals, newest first; 1 where their log is not as it was written."""
    with opened(asked) as planner:
        who = reader(planner, asked.user, "read_reads")
        told = who.refused(visit=asked.visit or "", user=asked.of or "", last=asked.last)
        record(who, console, "read_reads", asked.visit, "refusals")
        speaker = console.speaker
        return say_log(
            asked,
            console,
            told,
            _fields,
            lambda one: (speaker.second(one.at), one.user, one.visit, speaker.say(said(one))),
            log=planner.refusals,
            broken=message("Row {number} of the log of refusals is not as it was written."),
            sound=message("Every row of the log of refusals is as it was written."),
        )


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
