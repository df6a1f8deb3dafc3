"""``planner plan``, ``history``, ``diff`` and ``check``: what is planned, what happened, what is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from domain.finding import Severity
from domain.plan import Plan
from domain.rules import check as all_findings
from domain.secrecy import mark_of
from domain.values import SecrecyLevel
from planner.access.exporting import Subject, permit_export
from planner.access.reader import Reader
from planner.cli.answers import finding
from planner.cli.console import Console
from planner.cli.handing import asking, listed, marked, say_mark, say_or_hand_out
from planner.cli.opening import opened, position, reader, record, visit_meant
from planner.exports.evidence import in_words
from planner.exports.plan_json import plan_json
from planner.exports.plan_text import plan_lines
from planner.exports.watermark import Watermark
from planner.history.differences import differences
from planner.history.records import record_said, write_csv
from planner.history.steps import Step
from planner.text import Speaker, both
from planner.zones import zone_of


def plan(asked: argparse.Namespace, console: Console) -> int:
    """The plan of a visit at a moment."""
    with opened(asked) as planner:
        who = asking(asked, planner, Subject("export_plan", asked.format, "plan", asked.visit or ""))
        at = who.timeline.at(position(who, asked.at))
        code = visit_meant(at, asked.visit)
        subject = Subject("export_plan", asked.format, f"plan at {at.position}", code)
        permit_export(who, subject)

        def write(source: Reader, watermark: Watermark | None) -> None:
            told = source.timeline.at(at.position)
            if asked.format == "json":
                sys.stdout.write(plan_json(told, code, watermark=watermark).decode())
                return
            say_mark(SecrecyLevel.highest(mark_of(told, code), marked(who, subject, watermark)), watermark, console)
            for line in plan_lines(told, code, console.in_zone(told.visit(code).details.zone)):
                console.line(line)

        say_or_hand_out(asked, console, who, subject, write, read="export_plan")
    return 0


def history(asked: argparse.Namespace, console: Console) -> int:
    """All events, or those that concern a visit."""
    with opened(asked) as planner:
        subject = _of_history(asked.visit, asked.format, "history")
        who = asking(asked, planner, subject, "read_history")
        concerned = _concerned(who.plan, asked.visit)

        def write(source: Reader, watermark: Watermark | None) -> None:
            steps = (s for s in _steps(source) if concerned is None or s.event.originator_id in concerned)
            level, speaker = marked(who, subject, watermark), _speaker(who.plan, asked.visit, console)
            if asked.format == "json":
                console.json(listed("events", [record_said(step) for step in steps], level, watermark))
            elif asked.format == "csv":
                write_csv(sys.stdout, steps, speaker, watermark.beside() if watermark else {"mark": level.value})
            else:
                say_mark(level, watermark, console)
                for step in steps:
                    console.line(in_words(step, speaker))

        say_or_hand_out(asked, console, who, subject, write, read="read_history")
    return 0


def diff(asked: argparse.Namespace, console: Console) -> int:
    """What changed between two moments."""
    with opened(asked) as planner:
        who = asking(asked, planner, _of_history(asked.visit, asked.format, "diff"), "read_history")
        first, last = position(who, asked.first), position(who, asked.last)
        before, after = who.timeline.at(first), who.timeline.at(last)
        if asked.visit is not None:
            (after if after.position > before.position else before).visit(asked.visit)
        subject = _of_history(asked.visit, asked.format, f"diff {first} {last}")

        def write(source: Reader, watermark: Watermark | None) -> None:
            before, after = source.timeline.at(first), source.timeline.at(last)
            found = differences(before, after, asked.visit)
            level = marked(who, subject, watermark)
            if asked.format == "json":
                told = [
                    {"subject": d.subject, "kind": d.kind.value, "sentence": both(d.message, zone_of(after, d.subject))}
                    for d in found
                ]
                issued = {"export": watermark.fields()} if watermark else {}
                console.json({**issued, "from": first, "to": last, "mark": level.value, "differences": told})
                return
            say_mark(level, watermark, console)
            speaker = _speaker(after, asked.visit, console)
            for one in found:
                console.line(speaker.say(one.message))
            if not found:
                console.tell(
                    "Nothing differs between event {first} and event {last}.", first=str(first), last=str(last)
                )

        say_or_hand_out(asked, console, who, subject, write, read="read_history")
    return 0


def check(asked: argparse.Namespace, console: Console) -> int:
    """All findings of the rules, worst first."""
    with opened(asked) as planner:
        who = reader(planner, asked.user, "read_findings")
        at = who.timeline.at(position(who, asked.at))
        visit = None if asked.visit is None else at.visit(asked.visit).key
        record(who, console, "read_findings", visit, f"check at {at.position}")
        as_of = planner.clock() if asked.at is None or at.recorded_at is None else at.recorded_at
        found = who.told(all_findings(planner.timeline.at(at.position), as_of, visit=visit))
        if asked.format == "json":
            console.json([finding(one, at) for one in found])
        else:
            speaker = _speaker(at, visit, console)
            for one in found:
                console.line(f"{one.rule}\t{speaker.label(one.severity)}\t{speaker.say(one.message)}")
            if not found:
                console.tell("No rule is broken.")
    return 1 if any(one.severity is Severity.BLOCK for one in found) else 0


def _of_history(visit: str | None, form: str, about: str) -> Subject:
    return Subject("export_history", form, about, visit or "")


def _speaker(plan: Plan, visit: str | None, console: Console) -> Speaker:
    """Times are those of the visit that is asked for, or of the only one there is."""
    return console.in_zone(zone_of(plan, *(() if visit is None else (f"visit/{visit}",))))


def _steps(who: Reader) -> Iterator[Step]:
    before = Plan()
    for number, event in who.timeline.events():
        after = before.after((event,), number)
        yield Step(number, event, before, after)
        before = after


def _concerned(plan: Plan, visit: str | None) -> frozenset[str] | None:
    """The entities that belong to a visit, and the venues and officers that it uses; None for all."""
    if visit is None:
        return None
    whole = plan.visit(visit)
    own = (
        whole,
        *plan.delegations(visit),
        *plan.posts(visit),
        *plan.routes(visit),
        *plan.assignments(visit),
        *plan.said_of_members(visit),
        *plan.emergencies(visit),
        plan.ways(visit),
    )
    used = {f"venue/{activity.venue}" for activity in whole.activities}
    used |= {f"venue/{post.details.venue}" for post in plan.posts(visit)}
    used |= {f"officer/{assignment.officer}" for assignment in plan.assignments(visit)}
    used |= {f"officer/{post.details.commander}" for post in plan.posts(visit)}
    return frozenset(entity.id for entity in own) | used
