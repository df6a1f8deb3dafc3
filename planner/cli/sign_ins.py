"""``planner sign-ins``: who came in or was refused, what was done to accounts, and whether its log is as written."""

from __future__ import annotations

import argparse
from typing import Any

from planner.access.sign_in_log import Entry, said
from planner.cli.answers import moment
from planner.cli.console import Console
from planner.cli.opening import accounts_of, opened, reader, record


def list_(asked: argparse.Namespace, console: Console) -> int:
    """The last entries, newest first; 1 where their log is not as it was written."""
    with opened(asked) as planner, accounts_of(planner) as accounts:
        who = reader(planner, asked.user, "read_sign_ins")
        record(who, console, "read_sign_ins", "", "sign-ins")
        told = accounts.log.listed(user=asked.of or "", last=asked.last)
        broken = accounts.log.broken() if asked.verify else 0
        if asked.format == "json":
            console.json([_fields(one) for one in told])
        else:
            for one in told:
                when, what = console.speaker.second(one.at), said(one.what, console.speaker)
                console.line(f"{when}\t{one.user}\t{what}\t{one.by}\t{one.client}")
        if broken:
            console.tell("Row {number} of the log of sign-ins is not as it was written.", number=str(broken))
        elif asked.verify:
            console.tell("Every row of the log of sign-ins is as it was written.")
    return 1 if broken else 0


def _fields(one: Entry) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": moment(one.at),
        "what": one.what,
        "user": one.user or None,
        "by": one.by or None,
        "client": one.client or None,
        "about": one.about or None,
    }
