"""``planner export``: a visit, its programme, duties and duty sheets as files."""

from __future__ import annotations

import argparse

from domain.plan import Plan
from domain.refusals import InvalidInput
from planner.access.exporting import Subject, own_duties, permit_export
from planner.access.permits import may
from planner.access.reader import Reader
from planner.application import Planner
from planner.cli.console import Console
from planner.cli.handing import hand_out, release
from planner.cli.opening import actor, opened, position, reader, signed, visit_code, visit_meant
from planner.exports.calendar import officer_calendar, visit_calendar
from planner.exports.pdf import officer_sheet, post_sheet, programme_sheet
from planner.exports.plan_json import plan_json
from planner.exports.programme_xlsx import programme_workbook
from planner.exports.watermark import Watermark
from planner.text import Speaker


def export(asked: argparse.Namespace, console: Console) -> int:
    """Write one file."""
    if asked.officer is not None and asked.post is not None:
        raise InvalidInput.because("A file is of one officer or of one post: leave --officer or --post away.")
    with opened(asked) as planner:
        who, own = _who(planner, asked)
        at = position(who, asked.at)
        subject = _subject(asked, who.timeline.at(at), own=own)
        permit_export(who, subject)
        if asked.post is not None and asked.format != "pdf":
            raise InvalidInput.because("The duty sheet of a post is a PDF: --format pdf.")
        given = own_duties(who) if own and asked.recipient is None else release(asked)
        signed(planner.store, console)

        def made(source: Reader, watermark: Watermark) -> bytes:
            plan = source.timeline.at(at)
            return _content(asked, plan, _speaker(asked, plan, console), watermark)

        hand_out(asked, console, who, subject, given, made, own=own)
    return 0


def _who(planner: Planner, asked: argparse.Namespace) -> tuple[Reader, bool]:
    """Who asks, and whether it is an officer who may take out nothing but the own duties, and asks for these."""
    if asked.user is None:
        return reader(planner, None), False
    account = actor(planner, asked.user)
    own = asked.officer is not None and account.officer == asked.officer and not may(account, "export_officers")
    return Reader(planner, account).taking_out(), own


def _subject(asked: argparse.Namespace, at: Plan, *, own: bool) -> Subject:
    query, visit = ("export_own_duties", asked.visit or "") if own else _query(asked, at)
    things = " ".join(f"{name}={getattr(asked, name)}" for name in ("officer", "post") if getattr(asked, name))
    return Subject(query, asked.format, f"{asked.format} at {at.position} {things}".strip(), visit, asked.officer or "")


def _query(asked: argparse.Namespace, plan: Plan) -> tuple[str, str]:
    """The rule of each file's download, and the visit that is meant; none for all duties of an officer."""
    if asked.officer is not None and asked.visit is None:
        return "export_officers", ""
    query = "export_plan" if asked.format == "json" else "export_programme"
    if asked.officer is not None or asked.post is not None:
        query = "export_force"
    return query, visit_meant(plan, asked.visit)


def _speaker(asked: argparse.Namespace, plan: Plan, console: Console) -> Speaker:
    """Times are those of the visit; of an officer with duties in several, those of the default zone."""
    if asked.officer is not None and asked.visit is None:
        return console.speaker
    return console.in_zone(plan.visit(visit_code(plan, asked.visit)).details.zone)


def _content(asked: argparse.Namespace, plan: Plan, speaker: Speaker, watermark: Watermark) -> bytes:
    if asked.officer is not None:
        plan.officer(asked.officer)
        if asked.format == "ics":
            return officer_calendar(plan, asked.officer, speaker, watermark=watermark)
        if asked.format == "pdf":
            return officer_sheet(plan, asked.officer, speaker, visit=asked.visit, watermark=watermark)
        raise InvalidInput.because("The duties of one officer are written as ics or pdf.")
    visit = visit_code(plan, asked.visit)
    match asked.format:
        case "json":
            return plan_json(plan, visit, watermark=watermark)
        case "ics":
            return visit_calendar(plan, visit, speaker, watermark=watermark)
        case "xlsx":
            return programme_workbook(plan, visit, speaker, watermark=watermark)
    if asked.post is not None:
        return post_sheet(plan, visit, asked.post, speaker, watermark=watermark)
    return programme_sheet(plan, visit, speaker, watermark=watermark)
