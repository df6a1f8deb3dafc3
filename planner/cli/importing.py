"""``planner import``: visits from documents, programmes and registers from workbooks."""

from __future__ import annotations

import argparse

from domain.refusals import NotAllowed
from planner.access import COMMANDS, may
from planner.cli.console import Console
from planner.cli.opening import actor, opened, readable
from planner.imports.visit_json import LARGEST, read_visit


def import_(asked: argparse.Namespace, console: Console) -> int:
    """Take in a file."""
    return _visit(asked, console)


def _visit(asked: argparse.Namespace, console: Console) -> int:
    content = readable(asked.file, LARGEST)
    with opened(asked) as planner:
        by = actor(planner, asked.user)
        document = read_visit(content)
        outcome = planner.import_visit(document, by=by, reason=asked.reason)
        console.tell(
            "Visit {visit} is imported: {n} events, up to event {position}.",
            visit=document.visit.code,
            n=len(outcome.events),
            position=str(outcome.position),
        )
    return 0
