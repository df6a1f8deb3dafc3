"""``planner sign-ins``: who came in or was refused, what was done to accounts, and whether its log is as written."""

from __future__ import annotations

import argparse
from typing import Any

from domain.messages import message
from planner.access.sign_in_log import Entry, said
from planner.cli.answers import moment
from planner.cli.console import Console
from planner.cli.logs import say_log
from planner.cli.opening import accounts_of, opened, reader, record


def list_(asked: argparse.Namespace, console: Console) -> int:
    """The last entries, newest first; 1 where their log is not as it was written."""
    with opened(asked) as planner, accounts_of(planner) as accounts:
        who = reader(planner, asked.user, "read_sign_ins")
        record(who, console, "read_sign_ins", "", "sign-ins")
        told = accounts.log.listed(user=asked.of or "", last=asked.last)
        speaker = console.speaker
        return say_log(
            asked,
            console,
            told,
            _fields,
            lambda one: (speaker.second(one.at), one.user, said(one.what, speaker), one.by, one.client, one.about),
            log=accounts.log,
            broken=message("Row {number} of the log of sign-ins is not as it was written."),
            sound=message("Every row of the log of sign-ins is as it was written."),
        )


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
