"""``planner import``: visits from documents, programmes and registers from workbooks."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from typing import Any

from domain.base import Actor
from domain.messages import Message, message
from domain.plan import Plan
from domain.refusals import InvalidInput
from planner.access import permit
from planner.access.reader import Reader
from planner.application import Planner
from planner.cli.answers import finding
from planner.cli.console import Console
from planner.cli.files import write_file
from planner.cli.opening import founder, named, opened, readable, visit_code
from planner.deciding import Outcome
from planner.exports.plan_json import PlanDocument
from planner.imports.officers import preview_officers
from planner.imports.posts import preview_posts
from planner.imports.preview import Existing, Preview, Progress, Row, RowChange
from planner.imports.programme import preview_programme
from planner.imports.venues import preview_venues
from planner.imports.visit_json import LARGEST as LARGEST_DOCUMENT
from planner.imports.visit_json import imported_visit, read_visit
from planner.imports.visit_preview import KINDS, Coming, alongside, arrivals
from planner.imports.workbook import LARGEST as LARGEST_WORKBOOK
from planner.preview import preview as preview_command
from planner.text import DEFAULT_ZONE, both
from planner.zones import zone_of

type Reading = Callable[[bytes, Plan, str, Existing, Progress], Preview[Any]]
type Taking = Callable[..., Outcome]

#: How each register is read, and whether it belongs to a visit.
READINGS: dict[str, tuple[Reading, bool]] = {
    "programme": (preview_programme, True),
    "posts": (preview_posts, True),
    "officers": (lambda content, plan, visit, *how: preview_officers(content, plan, *how), False),
    "venues": (lambda content, plan, visit, *how: preview_venues(content, plan, *how), False),
}


def import_(asked: argparse.Namespace, console: Console) -> int:
    """Take in a file; 1 where a row was bad."""
    if asked.template:
        return _template(asked, console)
    if asked.what == "visit":
        return _visit(asked, console)
    return _workbook(asked, console)


def _template(asked: argparse.Namespace, console: Console) -> int:
    if asked.what == "visit":
        raise InvalidInput.because("A visit is imported from the document that «planner plan --format json» writes.")
    from planner.exports.registers_xlsx import template  # noqa: PLC0415 - openpyxl, which reading never loads here

    write_file(asked.file, template(asked.what, DEFAULT_ZONE, console.speaker), force=asked.force)
    return 0


def _visit(asked: argparse.Namespace, console: Console) -> int:
    named(asked.user)
    document = read_visit(readable(asked.file, LARGEST_DOCUMENT))
    with opened(asked, create=True) as planner:
        by = founder(planner, asked, console)
        if asked.preview:
            return _visit_preview(planner, document, asked, by, console)
        outcome = planner.import_visit(document, by=by, reason=asked.reason)
        if asked.format == "json":
            visit, events = document.visit.code, len(outcome.events)
            console.json({"visit": visit, "position": outcome.position, "events": events})
            return 0
        console.tell(
            "Visit {visit} is imported: {n} events, up to event {position}.",
            visit=document.visit.code,
            n=len(outcome.events),
            position=str(outcome.position),
        )
    return 0


def _visit_preview(
    planner: Planner, document: PlanDocument, asked: argparse.Namespace, by: Actor, console: Console
) -> int:
    """What would come, and which codes stand in its way; 1 where it would be refused."""
    permit(by, "import_visit")
    plan = Reader(planner, by).plan
    found = arrivals(plan, document)
    if asked.format == "json":
        console.json([dataclasses.asdict(one) | {"coming": one.coming.value} for one in found])
    else:
        console.line(console.speaker.say(alongside(document)))
        for one in found:
            kind, coming = console.speaker.say(KINDS[one.kind]), console.speaker.say(one.told)
            console.line(f"{kind} {one.code} {one.name}: {coming}")
    if any(one.coming is Coming.TAKEN for one in found):
        return 1
    preview_command(plan, lambda current, act: imported_visit(current, document, act), by, planner.clock())
    return 0


def _workbook(asked: argparse.Namespace, console: Console) -> int:
    named(asked.user)
    content = readable(asked.file, LARGEST_WORKBOOK)
    existing = Existing(asked.existing)
    read, of_a_visit = READINGS[asked.what]
    with opened(asked, create=True) as planner:
        by = founder(planner, asked, console)
        permit(by, f"import_{asked.what}")
        plan = Reader(planner, by).plan
        visit = visit_code(plan, asked.visit) if of_a_visit else ""
        preview = read(content, plan, visit, existing, console.counting(_row))
        if asked.format == "text":
            _tell(preview, console)
        outcome = None
        if not asked.preview and preview.items:
            take: Taking = getattr(planner, f"import_{asked.what}")
            whose = (visit,) if of_a_visit else ()
            outcome = take(*whose, preview.items, existing, by=by, reason=asked.reason)
        if asked.format == "json":
            console.json(_answer(preview, outcome, Reader(planner, by).plan, zone_of(plan, f"visit/{visit}")))
        elif outcome is not None:
            _tell_outcome(outcome, console)
    return 1 if preview.bad else 0


def _row(number: int, total: int) -> Message:
    return message("Row {number} of {total}", number=str(number), total=str(total))


def _answer(preview: Preview[Any], outcome: Outcome | None, after: Plan, zone: str) -> dict[str, Any]:
    """For scripts: the rows that are bad or worth a look, as typed, with why; the counts; what was recorded."""
    return {
        "rows": [
            {
                "row": row.number,
                "errors": [both(one, zone) for one in row.errors],
                "warnings": [both(one, zone) for one in row.warnings],
                "typed": [
                    {"sheet": typed.sheet, "row": typed.number, "cells": [list(cell) for cell in typed.cells]}
                    for typed in row.typed
                ],
            }
            for row in preview.rows
            if row.errors or row.warnings
        ],
        "counts": {change.value: preview.count(change) for change in RowChange if change is not RowChange.NOTHING}
        | {"bad": len(preview.bad)},
        "ignored": list(preview.ignored),
        "position": None if outcome is None else outcome.position,
        "events": 0 if outcome is None else len(outcome.events),
        "findings": [] if outcome is None else [finding(found, after) for found in outcome.findings],
    }


def _tell_outcome(outcome: Outcome, console: Console) -> None:
    console.tell("Imported: {n} events, up to event {position}.", n=len(outcome.events), position=str(outcome.position))
    for found in outcome.findings:
        console.tell_message(found.message)


def _tell(preview: Preview[Any], console: Console) -> None:
    """Every bad row as typed with its reasons on standard error, then the counts on standard output."""
    for row in preview.rows:
        _tell_row(row, console)
    if preview.ignored:
        console.tell("Columns that mean nothing here were left out: {columns}.", columns=preview.ignored)
    said = console.speaker(
        "{new} new, {changed} changed, {same} the same, {skipped} skipped, {bad} bad",
        new=preview.count(RowChange.NEW),
        changed=preview.count(RowChange.CHANGED),
        same=preview.count(RowChange.SAME),
        skipped=preview.count(RowChange.SKIPPED),
        bad=len(preview.bad),
    )
    console.line(said)


def _tell_row(row: Row[Any], console: Console) -> None:
    for problem in row.errors:
        console.tell("Row {number}: {problem}", number=str(row.number), problem=problem)
    for warning in row.warnings:
        console.tell("Row {number}: {problem}", number=str(row.number), problem=warning)
    for typed in row.typed if row.errors or row.warnings else ():
        console.note(f"    {typed.sheet} {typed.number} | {typed.line}")
