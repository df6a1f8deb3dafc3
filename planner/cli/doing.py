"""``planner do``, ``undo`` and ``erase``: commands from scripts, one JSON line each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import BinaryIO

from domain.assignment import OfficerAssigned
from domain.base import Actor
from domain.plan import Plan
from domain.refusals import InvalidInput, PlanningError
from planner.access.reader import Reader
from planner.application import Planner
from planner.cli.answers import finding, refused, told, told_event
from planner.cli.arguments import Order, listing, read_order
from planner.cli.console import Console
from planner.cli.opening import actor, as_signer, founder, named, opened
from planner.deciding import Outcome
from planner.zones import zone_of

#: Bytes of the longest line that is read; a whole visit fits many times.
LONGEST_LINE = 16_000_000


def do(asked: argparse.Namespace, console: Console) -> int:
    """Carry out every line of standard input; 1 if any was refused."""
    if asked.listing:
        console.json(listing())
        return 0
    refusals = 0
    named(asked.user)
    with opened(asked, create=True) as planner:
        by = founder(planner, asked, console)
        for line in _lines(sys.stdin.buffer):
            answer = _answered(planner, by, line, console)
            refusals += answer["ok"] is False
            console.json_line(answer)
    return 1 if refusals else 0


def _answered(planner: Planner, by: Actor, line: bytes | None, console: Console) -> dict[str, object]:
    """What one line is answered; a mistake of the program is told too, and none of it stops the next line."""
    plan = Reader(planner, by).plan
    zone = zone_of(plan)
    try:
        order = read_order(_whole(line))
        zone = zone_of(plan, *_visits(order))
        return _carried_out(planner, by, order)
    except PlanningError as refusal:
        return refused(refusal, zone)
    except BrokenPipeError:
        raise
    except Exception as error:
        return refused(console.broken(error), zone)


def undo(asked: argparse.Namespace, console: Console) -> int:
    """Take one command back."""
    with opened(asked) as planner:
        by = as_signer(planner, actor(planner, asked.user), asked)
        before = planner.plan
        outcome = planner.undo(asked.command_id, by=by, reason=asked.reason)
        console.json_line(_answer(planner, before, outcome))
    return 0


def erase(asked: argparse.Namespace, console: Console) -> int:
    """Erase persons, one command each, or a visit."""
    with opened(asked) as planner:
        by = actor(planner, asked.user)
        for person in asked.person:
            before = planner.plan
            outcome = planner.erase_person(person, by=by, reason=asked.reason)
            console.json_line(_answer(planner, before, outcome))
        if asked.visit is not None:
            if not asked.confirm:
                raise InvalidInput.because("Say the code of the visit once more: --confirm {visit}", visit=asked.visit)
            before = planner.plan
            outcome = planner.erase_visit(asked.visit, asked.confirm, by=by, reason=asked.reason)
            console.json_line(_answer(planner, before, outcome))
    console.tell(
        "Make a backup now, and destroy every older copy of the keys backup: "
        "what such a copy opens is not erased there. An account keeps its own name: planner user rename."
    )
    return 0


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines that say anything; None for one that is too long to read."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        elif line.strip():
            yield line


def _whole(line: bytes | None) -> bytes:
    if line is None:
        raise InvalidInput.because("The line is longer than {most} MB.", most=LONGEST_LINE // 1_000_000)
    return line


def _visits(order: Order) -> Iterator[str]:
    """The visit that a command is about."""
    for name in ("visit", "code"):
        if isinstance(code := order.arguments.get(name), str):
            yield f"visit/{code}"


def _carried_out(planner: Planner, by: Actor, order: Order) -> dict[str, object]:
    before = planner.plan
    outcome: Outcome = getattr(planner, order.command)(**order.arguments, by=by, **order.why)
    return _answer(planner, before, outcome)


def _answer(planner: Planner, before: Plan, outcome: Outcome) -> dict[str, object]:
    first = outcome.position - len(outcome.events)
    if outcome.events and before.position != first:
        # It was carried out before, or others were faster: tell it on the plan that it was decided on.
        before = planner.timeline.at(first)
    result: dict[str, object] = {
        "command_id": outcome.command_id,
        "subject": outcome.subject,
        "events": [told_event(*step) for step in told(outcome.events, before)],
        "findings": [finding(found, planner.plan) for found in outcome.findings],
    }
    made = next((event.key.rpartition("/")[2] for event in outcome.events if event.originator_version == 1), None)
    assigned = next((e.key.rpartition("/")[2] for e in outcome.events if isinstance(e, OfficerAssigned)), made)
    if assigned is not None:
        result["code"] = assigned
    if outcome.repeated:
        result["repeated"] = True
    return {"ok": True, "position": outcome.position, "result": result}
