"""What the program says, in English or Vietnamese: pages, command line and exports all speak from here.

English sentences are the message ids; Vietnamese stands in ``locales/vi/<area>.po``. Members of the
vocabulary (``StrEnum``) are looked up under their class name as context, so that «none» of a secrecy mark and
«none» of something else may differ.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from domain.messages import LanguageCode, Message
from domain.values import Coordinates, TimeWindow
from planner.vocabulary import english

LOCALES = Path(__file__).parent / "locales"
DEFAULT_ZONE = "Asia/Ho_Chi_Minh"

type Tongue = Literal["en", "vi"]
LANGUAGES: tuple[Tongue, ...] = get_args(Tongue.__value__)

#: How a day is written; Vietnamese names of days end in a number («Th 3»), so a comma keeps them from the date.
DAYS: dict[Tongue, str] = {"en": "EEE dd/MM/yyyy", "vi": "EEE, dd/MM/yyyy"}


class Sentence(Message):
    """A message that stands alone and begins with words of ours: said with a capital letter."""

    __slots__ = ()


class CountryCode(str):
    """An ISO 3166 code among the values of a message: shown as the country's name."""

    __slots__ = ()


class ZoneCode(str):
    """A time zone among the values of a message: shown as the place that gives it its time."""

    __slots__ = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """An old and a new value among the values of a message: ``old → new``, or «from old to new» where spoken."""

    old: Any
    new: Any
    spoken: bool = False


class _Catalogs(NullTranslations):
    """What stands in the catalogs of a language that has no plural; everything else is said in English.

    Looked up as it was read: to compile it first takes as long as to read it.
    """

    def __init__(self, said: Mapping[tuple[str | None, str], str]) -> None:
        super().__init__()
        self._said = said

    def gettext(self, message: str) -> str:
        return self._said.get((None, message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._said.get((None, msgid1)) or super().ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        return self._said.get((context, message), message)


@functools.cache
def _translations(language: Tongue) -> NullTranslations:
    """All catalogs of a language as one; English needs none."""
    said: dict[tuple[str | None, str], str] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as stream:
            for entry in read_po(stream, locale=language):
                if entry.id and entry.string and not entry.fuzzy:
                    name, string = (one if isinstance(one, str) else one[0] for one in (entry.id, entry.string))
                    said[entry.context, name] = string
    return _Catalogs(said)


@functools.lru_cache(maxsize=4096)
def _day(day: int, language: Tongue) -> str:
    """A day by its ordinal: lists name the same few days hundreds of times, and Babel takes 50 µs for each."""
    return format_date(date.fromordinal(day), DAYS[language], locale=language)


def zone_label(moment: datetime) -> str:
    """The offset of a moment that has a zone, as people write it: ``UTC+7``, ``UTC-3:30``."""
    offset = moment.utcoffset() or timedelta(0)
    sign = "-" if offset < timedelta(0) else "+"
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


class Speaker:
    """Says things to one reader: in one language, with times in one zone."""

    def __init__(self, language: Tongue = "vi", zone: str = DEFAULT_ZONE) -> None:
        self.language: Tongue = language
        self.zone = ZoneInfo(zone)
        self._locale = Locale.parse(language)
        self._catalog = _translations(language)

    @property
    def tongue_and_zone(self) -> tuple[str, str]:
        """Speakers that agree in these say everything alike."""
        return self.language, self.zone.key

    def __call__(self, text: str, **values: Any) -> str:
        """A text of a page or an export; extraction of translations looks for this call."""
        return self._filled(self._catalog.gettext(text), values)

    def counted(self, text: str, plural: str, n: int, **values: Any) -> str:
        """A text that depends on a number."""
        return self._filled(self._catalog.ngettext(text, plural, n), {"n": n, **values})

    def say(self, message: Message) -> str:
        """A sentence of the domain."""
        if message.plural is None:
            said = self._filled(self._catalog.gettext(message.text), message.values)
        else:
            n = int(message.values["n"])
            said = self._filled(self._catalog.ngettext(message.text, message.plural, n), message.values)
        return said[:1].upper() + said[1:] if isinstance(message, Sentence) else said

    def label(self, member: StrEnum) -> str:
        """A member of the vocabulary, such as «foot patrol»."""
        return self._catalog.pgettext(type(member).__name__, english(member))

    def country(self, code: str) -> str:
        """The name of a country, or its code where it has no name."""
        return str(self._locale.territories.get(code, code))

    def tongue(self, code: str) -> str:
        """The name of a language, or its code where it has no name."""
        return str(self._locale.languages.get(code, code))

    def show(self, value: Any) -> str:
        """Any value a message may hold, as this reader writes it."""
        match value:
            case Message():
                return self.say(value)
            case Change():
                return self.change(value)
            case str():
                return self._word(value)
            case TimeWindow() | date() | timedelta():
                return self._time(value)
            case bool():
                return self("yes") if value else self("no")
            case int() | float() | Decimal():
                return self._figure(value)
            case Coordinates():
                return f"{value.lat:.5f}, {value.lon:.5f}"
            case None:
                return "–"
            case list() | tuple() | set() | frozenset():
                return self.listed(value)
        return str(value)

    def _word(self, value: str) -> str:
        match value:
            case StrEnum():
                return self.label(value)
            case CountryCode():
                return self.country(value)
            case LanguageCode():
                return self.tongue(value)
            case ZoneCode():
                return self.zone_name(value)
        return value

    def _time(self, value: TimeWindow | date | timedelta) -> str:
        match value:
            case TimeWindow():
                return self.window(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
        return self.duration(value)

    def _figure(self, value: float | Decimal) -> str:
        if isinstance(value, Decimal):  # exactly as it is
            return str(format_decimal(value, locale=self.language, decimal_quantization=False))
        return self.number(value)

    def zone_name(self, zone: str) -> str:
        """A time zone by the place that gives it its time: «Giờ Việt Nam»."""
        if "/" not in zone or zone.startswith("Etc/"):
            return zone.removeprefix("Etc/")
        return get_timezone_location(zone, locale=self.language)

    def number(self, value: float, digits: int = 1) -> str:
        if isinstance(value, int) and -1000 < value < 1000:
            return str(value)  # nothing to group: a hundredth of the time, and pages hold hundreds of these
        return str(format_decimal(round(value, digits), locale=self.language))

    def listed(self, values: Iterable[Any]) -> str:
        shown = [self.show(value) for value in values]
        return ", ".join(shown) if shown else "–"

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def moment(self, moment: datetime) -> str:
        """Date, time and zone: ``Mon 24/11/2026 14:05 (UTC+7)``."""
        local = self.local(moment)
        return f"{self.day(local)} {self.clock(local)} ({zone_label(local)})"

    def day(self, day: date) -> str:
        """A day with its name: ``Tue 24/11/2026``."""
        if isinstance(day, datetime):
            day = self.local(day) if day.tzinfo else day
        return _day(day.toordinal(), self.language)

    def clock(self, moment: datetime) -> str:
        """Hours and minutes, for places that say day and zone elsewhere."""
        local = self.local(moment)
        return f"{local.hour:02}:{local.minute:02}"  # a fifth of the time of %H:%M, and pages hold hundreds of these

    def second(self, moment: datetime) -> str:
        """A moment to the second, for the history."""
        local = self.local(moment)
        return f"{local:%d/%m/%Y %H:%M:%S} ({zone_label(local)})"

    def window(self, window: TimeWindow) -> str:
        """A window with its day and zone: both days where it passes midnight, both zones where the clock changes."""
        start, end = self.local(window.start), self.local(window.end)
        if start.utcoffset() != end.utcoffset():
            return f"{self.moment(start)} – {self.moment(end)}"
        return f"{self._span(start, end)} ({zone_label(start)})"

    def times(self, window: TimeWindow) -> str:
        """Times only, for tables that say day and zone elsewhere: ``22:00–06:00 +1`` ends on the next day."""
        start, end = self.local(window.start), self.local(window.end)
        days = (end.date() - start.date()).days
        return f"{self.clock(start)}–{self.clock(end)}" + (f" +{days}" if days else "")

    def change(self, change: Change) -> str:
        """Old and new value; two windows on the same day say day and zone once."""
        match change:
            case Change(old=TimeWindow() as was, new=TimeWindow() as now):
                old, new = self._windows(was, now)
            case _:
                old, new = self.show(change.old) or "–", self.show(change.new) or "–"
        return self("from {old} to {new}", old=old, new=new) if change.spoken else f"{old} → {new}"

    def _windows(self, old: TimeWindow, new: TimeWindow) -> tuple[str, str]:
        moments = [self.local(m) for m in (old.start, old.end, new.start, new.end)]
        if len({moment.utcoffset() for moment in moments}) > 1:
            return self.window(old), self.window(new)
        same_day = moments[0].date() == moments[2].date()
        shown = self._span(moments[2], moments[3], with_day=not same_day)
        return self._span(moments[0], moments[1]), f"{shown} ({zone_label(moments[0])})"

    def _span(self, start: datetime, end: datetime, with_day: bool = True) -> str:
        last = self.clock(end) if start.date() == end.date() else f"{self.day(end)} {self.clock(end)}"
        first = f"{self.day(start)} {self.clock(start)}" if with_day else self.clock(start)
        return f"{first}–{last}"

    def duration(self, length: timedelta) -> str:
        minutes = round(length.total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else ""
        if hours and rest:
            return sign + self("{hours} h {minutes} min", hours=hours, minutes=rest)
        return sign + (self("{hours} h", hours=hours) if hours else self("{minutes} min", minutes=rest))

    def _filled(self, text: str, values: Any) -> str:
        if not values:
            return text
        return text.format_map({name: self.show(value) for name, value in values.items()})


def both(message: Message, zone: str = DEFAULT_ZONE) -> dict[str, str]:
    """A sentence of the domain in every language, for scripts."""
    return {language: Speaker(language, zone).say(message) for language in LANGUAGES}


def now() -> datetime:
    """The clock of the machine, in UTC: the edge where time enters."""
    return datetime.now(UTC)
