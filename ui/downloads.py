"""What can be fetched as a file: one table, name to function, filled by the exports.

A download is ``GET /download/<name>?<parameters>``. The gate has checked the session; the rule that each download names
(``planner.access.registry``) is asked before its function, which sees no more than its reader may. Register where the
function is written::

    @download("programme.xlsx", "export_programme")
    def programme(reader: Reader, asked: Mapping[str, str]) -> File: ...

and name the module in ``WRITTEN_IN``. ``asked`` holds the parameters of the address, and the reader's ``language`` and
``zone`` where it names no others. The modules are loaded with the first file that is asked for, or by the server when
it answers: their libraries are heavy, and the first page needs none.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode
from zoneinfo import available_timezones

from domain.refusals import NotFound, PlanningError
from planner.access.permits import permit
from planner.access.reader import Reader
from planner.access.reads import Ended
from planner.access.registry import rule_of
from planner.account import Look
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


#: Parameters that name single things: they are recorded with the file.
_THINGS: Final = ("post", "officer", "activity", "route", "at", "from", "to", "redact")

type Download = Callable[[Reader, Mapping[str, str]], File]


class Listed(NamedTuple):
    """A download: the query whose rule must allow it, and the function that makes it."""

    query: str
    make: Download


DOWNLOADS: dict[str, Listed] = {}
_calendars: list[Download] = []


def download[F: Download](name: str, query: str) -> Callable[[F], F]:
    """Registers a function as the download of that name; ``query`` is the rule that allows it, and must exist."""
    rule_of(query)

    def register(function: F) -> F:
        if name in DOWNLOADS and DOWNLOADS[name].make is not function:
            raise ValueError(f"there is a download {name} already")
        DOWNLOADS[name] = Listed(query, function)
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


def fetched(name: str, reader: Reader, asked: Mapping[str, str]) -> File:
    """The file of that name. Raises ``NotFound``, what the rule refuses, and what the function refuses."""
    load()
    if name not in DOWNLOADS:
        raise NotFound.because("There is no download {name}.", name=name)
    query, make = DOWNLOADS[name]
    visit = asked.get("visit", "")
    try:
        if visit or not rule_of(query).of_visit:
            reader.permit(query, visit)
        else:
            permit(reader.actor, query)
        file = make(reader, asked)
    except PlanningError:
        _record(reader, query, name, asked, Ended.REFUSED)
        raise
    _record(reader, query, name, asked, Ended.TAKEN_OUT)
    return file


def _record(reader: Reader, query: str, name: str, asked: Mapping[str, str], outcome: Ended) -> None:
    """Before a byte of the file leaves; where this is refused, so is the file."""
    visit = asked.get("visit", "")
    every = reader.visits_seen if rule_of(query).of_visit and outcome is Ended.TAKEN_OUT else ()
    things = " ".join(f"{key}={asked[key]}" for key in _THINGS if asked.get(key))
    reader.record(query, (visit,) if visit else every, f"{name} {things}".strip(), outcome)


def duties(reader: Reader, asked: Mapping[str, str]) -> File:
    """The calendar of the reader's duties."""
    load()
    if not _calendars:
        raise NotFound.because("There is no calendar.")
    file = _calendars[0](reader, asked)
    reader.record("export_own_duties", reader.visits_seen, "calendar", Ended.TAKEN_OUT)
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
