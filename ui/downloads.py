"""What can be fetched as a file: one table, name to function, filled by the exports.

A download is ``/download/<name>?<parameters>``: asked for with GET it is a form for recipient and reason
(``ui.releasing``), sent with POST the file. The gate has checked the session; the guard (``planner.access.exporting``)
asks the rule that each download names, gives its function no more than its reader may see, and records it. Register
where the function is written::

    @download("programme.xlsx", "export_programme")
    def programme(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File: ...

and name the module in ``WRITTEN_IN``. ``asked`` holds the parameters of the address, and the reader's ``language`` and
``zone`` where it names no others. The modules are loaded with the first file that is asked for, or by the server when
it answers: their libraries are heavy, and the first page needs none.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode
from zoneinfo import available_timezones

from domain.refusals import NotFound
from domain.values import SecrecyLevel
from planner.access.exporting import Release, Subject, exported, own_duties, permit_export
from planner.access.reader import Reader
from planner.access.reads import Ended
from planner.access.registry import rule_of
from planner.account import Look
from planner.exports.watermark import Watermark
from planner.text import DEFAULT_ZONE, LANGUAGES, Speaker

WRITTEN_IN: Final = (
    "ui.calendars",
    "ui.downloads_programme",
    "ui.downloads_venues",
    "ui.downloads_duty",
    "ui.downloads_force",
    "ui.downloads_history",
    "ui.downloads_proof",
)


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A file on its way to the reader: its name, its media type, and its bytes."""

    name: str
    media_type: str
    content: bytes

    @property
    def disposition(self) -> str:
        """The header that names the file in any script, and never lets a name break out of it."""
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in self.name)
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(self.name, safe='')}"


class Guard(Enum):
    """How a download leaves: for somebody who is named, to whom it is about, or unguarded because it tells nothing."""

    NAMED = "named"
    OWN = "own"
    EMPTY = "empty"


#: Parameters that name single things: they are recorded with the file.
_THINGS: Final = ("post", "officer", "activity", "route", "at", "from", "to")

type Download = Callable[[Reader, Mapping[str, str], Watermark], File]


class Listed(NamedTuple):
    """A download: the query whose rule must allow it, the function that makes it, and how it leaves."""

    query: str
    make: Download
    guard: Guard


DOWNLOADS: dict[str, Listed] = {}
_calendars: list[Download] = []


def download[F: Download](name: str, query: str, guard: Guard = Guard.NAMED) -> Callable[[F], F]:
    """Registers a function as the download of that name; ``query`` is the rule that allows it, and must exist."""
    rule_of(query)

    def register(function: F) -> F:
        if name in DOWNLOADS and DOWNLOADS[name].make is not function:
            raise ValueError(f"there is a download {name} already")
        DOWNLOADS[name] = Listed(query, function, guard)
        return function

    return register


def calendar[F: Download](function: F) -> F:
    """Registers the calendar of an officer's duties, for calendar programs: asked as the officer's account."""
    _calendars[:] = [function]
    return function


@functools.cache
def load() -> None:
    """Fills the table."""
    for module in WRITTEN_IN:
        importlib.import_module(module)


def listed(name: str) -> Listed:
    """The download of that name. Raises ``NotFound``."""
    load()
    if name not in DOWNLOADS:
        raise NotFound.because("There is no download {name}.", name=name)
    return DOWNLOADS[name]


def subject_of(name: str, reader: Reader, asked: Mapping[str, str]) -> Subject:
    """What is asked for, as the guard takes it."""
    query = listed(name).query
    things = " ".join(f"{key}={asked[key]}" for key in _THINGS if asked.get(key))
    officer = asked.get("officer", "") if query == "export_officers" else ""
    if listed(name).guard is Guard.OWN:
        officer = reader.actor.officer or ""
    about = f"{name} {things}".strip()
    return Subject(query, name.rpartition(".")[2], about, asked.get("visit", ""), officer)


def permitted(name: str, reader: Reader, asked: Mapping[str, str]) -> Subject:
    """What is asked for, where the reader may take it out; a refusal is recorded."""
    subject = subject_of(name, reader, asked)
    permit_export(reader, subject)
    return subject


def fetched(name: str, reader: Reader, asked: Mapping[str, str], release: Release | None = None) -> File:
    """The file of that name, for whom ``release`` says; nobody need be named for the own duties and empty forms.

    Raises ``NotFound``, ``InvalidInput`` without a recipient or a reason, and what the rule or the function refuses.
    """
    found = listed(name)
    if found.guard is Guard.EMPTY:
        return _empty(name, reader, asked)
    subject, own = subject_of(name, reader, asked), found.guard is Guard.OWN
    if release is None and own:
        release = own_duties(reader)
    elif release is None:
        permit_export(reader, subject)
        release = Release("", "")
    return _guarded(found.make, subject, reader, asked, release, own=own)


def duties(reader: Reader, asked: Mapping[str, str]) -> File:
    """The calendar of the reader's duties, for a program that fetches it now and then."""
    load()
    if not _calendars:
        raise NotFound.because("There is no calendar.")
    subject = Subject("export_own_duties", "ics", "calendar", officer=reader.actor.officer or "")
    return _guarded(_calendars[0], subject, reader, asked, own_duties(reader), own=True)


def _guarded(
    make: Download, subject: Subject, reader: Reader, asked: Mapping[str, str], release: Release, *, own: bool
) -> File:
    """A file that passed the guard; a table that can say it nowhere else says mark and record in its name too."""
    file, watermark = exported(reader, subject, release, lambda source, issued: make(source, asked, issued), own=own)
    if subject.form != "csv":
        return file
    mark = () if watermark.mark is SecrecyLevel.NONE else (watermark.mark.value,)
    stem = file.name.removesuffix(".csv")
    return dataclasses.replace(file, name="-".join((stem, *mark, watermark.record)) + ".csv")


def _empty(name: str, reader: Reader, asked: Mapping[str, str]) -> File:
    """A form to be filled in, or a number that anybody may know: it tells nothing of anybody, and is only recorded."""
    subject = permitted(name, reader, asked)
    nobody = Watermark(record="", recipient="", by="", at=reader.clock(), redacted=False)
    file = DOWNLOADS[name].make(reader, asked, nobody)
    reader.record(subject.query, (subject.visit,) if subject.visit else (), subject.about, Ended.TAKEN_OUT)
    return file


def asked_by(look: Look, parameters: Mapping[str, str]) -> dict[str, str]:
    """What a function is asked: the parameters, and the reader's language and zone."""
    return {"language": look.language, "zone": look.zone, **parameters}


def speaker_for(asked: Mapping[str, str]) -> Speaker:
    """Who speaks in the file. Raises ``NotFound`` for a language or zone that does not exist."""
    language, zone = asked.get("language", "vi"), asked.get("zone", DEFAULT_ZONE)
    if language not in LANGUAGES or zone not in available_timezones():
        raise NotFound.because("There is no language {language} or zone {zone}.", language=language, zone=zone)
    return Speaker(language, zone)


def address(name: str, **asked: str) -> str:
    """The address a page links to."""
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"/download/{quote(name)}" + (f"?{query}" if query else "")
