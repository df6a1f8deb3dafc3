"""What a command says: on the terminal, recorded as read; or with ``--out`` as a file, which passes the guard."""

from __future__ import annotations

import argparse
import contextlib
import io
from collections.abc import Callable
from typing import Any, NamedTuple

from domain.values import SecrecyLevel
from planner.access.exporting import Release, Subject, exported, mark, permit_export
from planner.access.reader import Reader
from planner.application import Planner
from planner.cli.console import Console
from planner.cli.files import refuse_taken, write_file
from planner.cli.opening import reader, record, taker
from planner.exports.watermark import Watermark, printed_mark

type Write = Callable[[Reader, Watermark | None], None]


class _Said(NamedTuple):
    """What is written to the file that was named."""

    content: bytes


def release(asked: argparse.Namespace) -> Release:
    """For whom, why, and whether the whole, as it was asked for. Raises ``InvalidInput``."""
    return Release(asked.recipient or "", asked.reason or "", asked.whole)


def hand_out(
    asked: argparse.Namespace,
    console: Console,
    who: Reader,
    subject: Subject,
    given: Release,
    make: Callable[[Reader, Watermark], bytes],
    *,
    own: bool = False,
) -> None:
    """Write one file, through the guard, and say under which record."""
    refuse_taken(asked.out, force=asked.force)
    file, watermark = exported(who, subject, given, lambda *given: _Said(make(*given)), own=own)
    write_file(asked.out, file.content, force=asked.force)
    speaker = console.speaker
    said = " · ".join(filter(None, (watermark.marked(speaker), watermark.for_whom(speaker), watermark.under(speaker))))
    console.note(said)


def asking(asked: argparse.Namespace, planner: Planner, subject: Subject, query: str = "read_visit") -> Reader:
    """Who asks. Where a file is asked for, the guard comes before all else, so that what it refuses is recorded."""
    if asked.out is not None:
        permit_export(taker(planner, asked.user), subject)
    return reader(planner, asked.user, query)


def say_or_hand_out(
    asked: argparse.Namespace, console: Console, who: Reader, subject: Subject, write: Write, *, read: str
) -> None:
    """What ``write`` puts on standard output: there, recorded as read by the rule ``read``; or in a file."""
    if asked.out is None:
        record(who, console, read, subject.visit or None, subject.about)
        write(who, None)
        return

    def made(source: Reader, watermark: Watermark) -> bytes:
        said = io.StringIO(newline="")
        with contextlib.redirect_stdout(said):
            write(source, watermark)
        return said.getvalue().encode("utf-8", "replace")

    hand_out(asked, console, who, subject, release(asked), made)


def marked(who: Reader, subject: Subject, watermark: Watermark | None) -> SecrecyLevel:
    """The secrecy mark of what is said: that of the file, or of what is read."""
    return mark(who.plan, subject) if watermark is None else watermark.mark


def say_mark(level: SecrecyLevel, watermark: Watermark | None, console: Console) -> None:
    """The lines above a text: the mark, and in a file for whom it is."""
    if watermark is not None:
        for line in watermark.head(console.speaker):
            console.line(line)
    elif level is not SecrecyLevel.NONE:
        console.line(printed_mark(level, console.speaker))


def listed(
    name: str, items: list[dict[str, Any]], level: SecrecyLevel, watermark: Watermark | None
) -> dict[str, Any] | list[dict[str, Any]]:
    """A list, each item with the mark; in a file one object that says for whom it is."""
    if watermark is None:
        return [{**item, "mark": level.value} for item in items]
    return {"export": watermark.fields(), "mark": level.value, name: items}
