"""What can be fetched as a file: one table, name to function, filled by the exports.

A download is ``GET /download/<name>?<parameters>``. The gate has checked the session; the function checks what
the actor may have and raises a ``PlanningError`` where it may not. Register where the function is written::

    @download("programme.xlsx")
    def programme(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File: ...

``asked`` holds the parameters of the address, and the reader's ``language`` and ``zone`` where it names no others.
and name the module in ``WRITTEN_IN``. They are loaded with the first file that is asked for, or by the server when
it answers: their libraries are heavy, and the first page needs none.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import available_timezones

from domain.base import Actor
from domain.refusals import NotFound
from planner.account import Look
from planner.application import Planner
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


type Download = Callable[[Planner, Actor, Mapping[str, str]], File]

_downloads: dict[str, Download] = {}
_calendars: list[Download] = []


def download[F: Download](name: str) -> Callable[[F], F]:
    """Registers a function as the download of that name."""

    def register(function: F) -> F:
        if _downloads.get(name, function) is not function:
            raise ValueError(f"there is a download {name} already")
        _downloads[name] = function
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


def fetched(name: str, planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The file of that name. Raises ``NotFound``, and what the function refuses."""
    load()
    if name not in _downloads:
        raise NotFound.because("There is no download {name}.", name=name)
    return _downloads[name](planner, actor, asked)


def duties(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The calendar of the actor's duties."""
    load()
    if not _calendars:
        raise NotFound.because("There is no calendar.")
    return _calendars[0](planner, actor, asked)


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
