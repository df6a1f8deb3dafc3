"""``planner reads``: who read a visit, by which right, and whether nobody changed what is recorded of it."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
from typing import Any, Final

from domain.messages import message
from domain.refusals import NotFound
from planner.access.reader import Reader
from planner.access.reads import Read, Recorded
from planner.cli.answers import moment
from planner.cli.console import Console
from planner.cli.logs import say_log
from planner.cli.opening import opened, readable, reader, record
from planner.text import Speaker

#: Bytes of the largest file whose record is looked for.
LARGEST: Final = 1_000_000_000


def list_(asked: argparse.Namespace, console: Console) -> int:
    """The last reads, newest first; 1 where the log of reads is not as it was written."""
    with opened(asked) as planner:
        who = reader(planner, asked.user, "read_reads")
        if asked.visit is not None:
            who.permit("read_reads", asked.visit)
            who.plan.visit(asked.visit)
        record(who, console, "read_reads", asked.visit, "reads")
        return say_log(
            asked,
            console,
            _told(who, asked),
            _fields,
            lambda one: _row(one, console.speaker),
            log=planner.reads,
            broken=message("Row {number} of the log of reads is not as it was written, or is missing."),
            sound=message("Every row of the log of reads is as it was written."),
        )


def _told(who: Reader, asked: argparse.Namespace) -> tuple[Recorded, ...]:
    """The reads that are asked for, as they may be told. ``NotFound`` for a file that nobody took out."""
    of_file = asked.file is not None or asked.record is not None
    told = who.reads(
        visit=asked.visit or "",
        user=asked.of or "",
        outside_duty=asked.outside_duty,
        sha256="" if asked.file is None else hashlib.sha256(readable(asked.file, LARGEST)).hexdigest(),
        record=(asked.record or "").strip().upper(),
        last=asked.last,
    )
    if of_file and (not told or asked.record == ""):
        raise NotFound.because("No record of that file: nobody took it out here, or it was changed since.")
    return told


def _fields(one: Recorded) -> dict[str, Any]:
    read = one.read
    return {
        "number": one.number,
        "at": moment(one.at),
        "user": read.user,
        "via": read.via,
        "query": read.query,
        "visits": list(read.visits),
        "about": read.about,
        "position": read.position,
        "standing": read.standing.value,
        "purpose": read.purpose,
        "recipient": read.recipient,
        "outcome": read.outcome.value,
        "file": None if read.file is None else dataclasses.asdict(read.file),
    }


def _row(one: Recorded, speaker: Speaker) -> list[str]:
    read = one.read
    return [
        speaker.second(one.at),
        read.user,
        speaker.label(read.outcome),
        " ".join(read.visits),
        read.query,
        read.about,
        speaker.label(read.standing),
        *_taken_out(read, speaker),
    ]


def _taken_out(read: Read, speaker: Speaker) -> list[str]:
    """Record, extent, recipient and reason of a file; nothing for what was only shown."""
    if read.file is None:
        return []
    return [read.file.record, speaker.label(read.file.extent), read.recipient, read.purpose]
