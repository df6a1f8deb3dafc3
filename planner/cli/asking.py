"""``planner questions``: what auditors ask of a visit."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from domain.refusals import InvalidInput
from planner.access.exporting import Subject
from planner.access.reader import Reader
from planner.cli.console import Console
from planner.cli.handing import asking, listed, marked, say_mark, say_or_hand_out
from planner.cli.opening import opened, visit_code
from planner.exports.watermark import Watermark
from planner.history.questions import ASKED, MOST_HOURS, Answers, Question, noticed, record, write_csv
from planner.text import Speaker
from planner.zones import zone_of


def questions(asked: argparse.Namespace, console: Console) -> int:
    """The cases of one question, or of all."""
    if not 0 <= asked.late_hours <= MOST_HOURS:
        raise InvalidInput.because("--late-hours needs a number from 0 to {most}.", most=MOST_HOURS)
    with opened(asked) as planner:
        meant = Subject("read_questions", asked.format, "questions", asked.visit or "")
        who = asking(asked, planner, meant, "read_questions")
        visit = visit_code(who.plan, asked.visit)
        subject = Subject("read_questions", asked.format, "questions", visit)

        def write(source: Reader, watermark: Watermark | None) -> None:
            answers = _answers(source, visit, asked)
            zone, level = zone_of(who.plan, f"visit/{visit}"), marked(who, subject, watermark)
            if asked.format == "json":
                found = [record(question, case, zone) for question, cases in answers.items() for case in cases]
                console.json(listed("cases", found, level, watermark))
            elif asked.format == "csv":
                beside = watermark.beside() if watermark else {"mark": level.value}
                write_csv(sys.stdout, answers, console.in_zone(zone), beside)
            else:
                say_mark(level, watermark, console)
                _in_words(answers, console.in_zone(zone), console)

        say_or_hand_out(asked, console, who, subject, write, read="read_questions")
    return 0


def _answers(who: Reader, visit: str, asked: argparse.Namespace) -> Answers:
    answers = who.answers(visit, timedelta(hours=asked.late_hours))
    if asked.question is None:
        return answers
    question = Question(asked.question)
    if question in (Question.OUTSIDE_DUTY, Question.REFUSED):
        who.permit("read_reads", visit)
    if question not in answers:
        raise InvalidInput.because(
            "A redacted file does not tell who opened a visit in an emergency: ask for the whole, with --whole."
        )
    return {question: answers[question]}


def _in_words(answers: Answers, speaker: Speaker, console: Console) -> None:
    for question, cases in answers.items():
        console.line(f"{speaker.say(ASKED[question])} {len(cases)}")
        for case in cases:
            when = "" if case.recorded_at is None else f"{speaker.second(case.recorded_at)}  "
            by = f"{case.by}  " if case.by else ""
            notice = "" if case.notice is None else f"  ({speaker.say(noticed(case.notice))})"
            why = f" – {' '.join(case.reason.split())}" if case.reason.strip() else ""
            console.line(f"  {when}{by}{speaker.say(case.message)}{notice}{why}")
