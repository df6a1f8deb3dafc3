"""``planner import``: visits from documents, programmes and registers from workbooks."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from domain.plan import Plan
from domain.refusals import InvalidInput
from planner.access import permit
from planner.access.reader import Reader
from planner.application import Planner
from planner.cli.console import Console
from planner.cli.files import write_file
from planner.cli.opening import founder, named, opened, readable, visit_code
from planner.deciding import Outcome
from planner.imports.officers import preview_officers
from planner.imports.posts import preview_posts
from planner.imports.preview import Existing, Preview, Row, RowChange
from planner.imports.programme import preview_programme
from planner.imports.venues import preview_venues
from planner.imports.visit_json import LARGEST as LARGEST_DOCUMENT
from planner.imports.visit_json import read_visit
from planner.imports.workbook import LARGEST as LARGEST_WORKBOOK
from planner.text import DEFAULT_ZONE

type Reading = Callable[[bytes, Plan, str, Existing], Preview[Any]]
type Taking = Callable[..., Outcome]

#: How each register is read, and whether it belongs to a visit.
READINGS: dict[str, tuple[Reading, bool]] = {
    "programme": (preview_programme, True),
    "posts": (preview_posts, True),
    "officers": (lambda content, plan, visit, existing: preview_officers(content, plan, existing), False),
    "venues": (lambda content, plan, visit, existing: preview_venues(content, plan, existing), False),
}


def import_(asked: argparse.Namespace, console: Console) -> int:
    """Take in a file; 1 where a row was bad."""
    if asked.template is not None:
        return _template(asked, console)
    if asked.what == "visit":
        return _visit(asked, console)
    return _workbook(asked, console)


def _template(asked: argparse.Namespace, console: Console) -> int:
    if asked.what == "visit":
        raise InvalidInput.because("A visit is imported from the document that «planner plan --format json» writes.")
    from planner.exports.registers_xlsx import template  # noqa: PLC0415 - openpyxl, which reading never loads here

    write_file(asked.template, template(asked.what, DEFAULT_ZONE, console.speaker))
    return 0


def _visit(asked: argparse.Namespace, console: Console) -> int:
    named(asked.user)
    document = read_visit(readable(asked.file, LARGEST_DOCUMENT))
    with opened(asked, create=True) as planner:
        by = founder(planner, asked, console)
        outcome = planner.import_visit(document, by=by, reason=asked.reason)
        console.tell(
            "Visit {visit} is imported: {n} events, up to event {position}.",
            visit=document.visit.code,
            n=len(outcome.events),
            position=str(outcome.position),
        )
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
        preview = read(content, plan, visit, existing)
        _tell(preview, console)
        if not asked.preview and preview.items:
            _record(planner, asked, (visit,) if of_a_visit else (), preview, existing, by, console)
    return 1 if preview.bad else 0


def _record(
    planner: Planner,
    asked: argparse.Namespace,
    visit: tuple[str, ...],
    preview: Preview[Any],
    existing: Existing,
    by: Any,
    console: Console,
) -> None:
    take: Taking = getattr(planner, f"import_{asked.what}")
    outcome = take(*visit, preview.items, existing, by=by, reason=asked.reason)
    console.tell("Imported: {n} events, up to event {position}.", n=len(outcome.events), position=str(outcome.position))
    for finding in outcome.findings:
        console.tell_message(finding.message)


def _tell(preview: Preview[Any], console: Console) -> None:
    """Every bad row with its reasons on standard error, then the counts on standard output."""
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
