"""``planner export``: a visit, its programme, duties and duty sheets as files."""

from __future__ import annotations

import argparse

from domain.plan import Plan
from domain.refusals import InvalidInput
from planner.access.reads import Ended
from planner.cli.console import Console
from planner.cli.files import write_file
from planner.cli.opening import opened, position, reader, record, signed, visit_code
from planner.exports.calendar import officer_calendar, visit_calendar
from planner.exports.pdf import officer_sheet, post_sheet, programme_sheet
from planner.exports.plan_json import plan_json
from planner.exports.programme_xlsx import programme_workbook
from planner.text import Speaker


def export(asked: argparse.Namespace, console: Console) -> int:
    """Write one file."""
    with opened(asked) as planner:
        who = reader(planner, asked.user, leaving=True)
        at = who.timeline.at(position(who, asked.at))
        who.permit(*_query(asked, at))
        speaker = _speaker(asked, at, console)
        if asked.post is not None and asked.format != "pdf":
            raise InvalidInput.because("The duty sheet of a post is a PDF: --format pdf.")
        signed(planner.store, console)
        content = _content(asked, at, speaker)
        query, visit = _query(asked, at)
        things = " ".join(f"{name}={getattr(asked, name)}" for name in ("officer", "post") if getattr(asked, name))
        about = f"{asked.format} at {at.position} {things}".strip()
        record(who, console, query, visit or None, about, Ended.TAKEN_OUT)
        write_file(asked.out, content, force=asked.force)
    return 0


def _query(asked: argparse.Namespace, plan: Plan) -> tuple[str, str]:
    """The rule of each file's download, and the visit that is meant; none for all duties of an officer."""
    if asked.officer is not None and asked.visit is None:
        return "export_officers", ""
    query = "export_plan" if asked.format == "json" else "export_programme"
    if asked.officer is not None or asked.post is not None:
        query = "export_force"
    return query, visit_code(plan, asked.visit)


def _speaker(asked: argparse.Namespace, plan: Plan, console: Console) -> Speaker:
    """Times are those of the visit; of an officer with duties in several, those of the default zone."""
    if asked.officer is not None and asked.visit is None:
        return console.speaker
    return console.in_zone(plan.visit(visit_code(plan, asked.visit)).details.zone)


def _content(asked: argparse.Namespace, plan: Plan, speaker: Speaker) -> bytes:
    if asked.officer is not None:
        plan.officer(asked.officer)
        if asked.format == "ics":
            return officer_calendar(plan, asked.officer, speaker)
        if asked.format == "pdf":
            return officer_sheet(plan, asked.officer, speaker, visit=asked.visit)
        raise InvalidInput.because("The duties of one officer are written as ics or pdf.")
    visit = visit_code(plan, asked.visit)
    match asked.format:
        case "json":
            return plan_json(plan, visit)
        case "ics":
            return visit_calendar(plan, visit, speaker)
        case "xlsx":
            return programme_workbook(plan, visit, speaker)
    if asked.post is not None:
        return post_sheet(plan, visit, asked.post, speaker)
    return programme_sheet(plan, visit, speaker)
