"""How the command line tells of a sealed log: its last entries, and whether it is as it was written."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from domain.messages import Message
from planner.access.sealed_log import Sealed
from planner.cli.console import Console


def say_log[Entry](
    asked: argparse.Namespace,
    console: Console,
    told: Iterable[Entry],
    fields: Callable[[Entry], dict[str, Any]],
    row: Callable[[Entry], Iterable[str]],
    *,
    log: Sealed,
    broken: Message,
    sound: Message,
) -> int:
    """The entries as JSON or as lines; 1 where the log was to be verified and is ``broken`` at a ``{number}``."""
    if asked.format == "json":
        console.json([fields(one) for one in told])
    else:
        for one in told:
            console.line("\t".join(row(one)))
    number = log.broken() if asked.verify else 0
    if number:
        console.tell_message(Message(broken.text, {"number": str(number)}))
    elif asked.verify:
        console.tell_message(sound)
    return 1 if number else 0
