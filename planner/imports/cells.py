"""What a cell of a workbook says: text, codes, numbers, days, times, members of the vocabulary in either language."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, cast

from domain.messages import Message, message
from planner.imports.workbook import Cell, Unread
from planner.text import LANGUAGES, Speaker
from planner.years import possible

type Reader = Callable[[Cell], Any]

_CLOCK = re.compile(r"^(\d{1,2})\s*(?:[:hHgG]\s*(\d{2})?)\s*(?::(\d{2}))?\s*$")
_DAY = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_YES = frozenset({"yes", "y", "x", "co", "true", "1", "dung", "✓", "✔"})
_NO = frozenset({"no", "n", "khong", "false", "0", "sai", ""})


class Unclear(Exception):
    """A cell that does not say what its column asks for; ``message`` says what would."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.message = said


def folded(text: str) -> str:
    """Text for comparing: without case, diacritics, punctuation and what stands in parentheses."""
    plain = re.sub(r"\([^)]*\)", " ", text).replace("đ", "d").replace("Đ", "D")
    letters = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w✓✔]+|_", " ", letters.casefold()).split())


def text(cell: Cell) -> str:
    """The text exactly as typed; numbers as they are written."""
    match cell:
        case None:
            return ""
        case str():
            return cell.replace("\r\n", "\n")
        case bool():
            return "yes" if cell else "no"
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case time():
            return cell.isoformat("minutes")
        case Unread(shown):
            raise Unclear(message("{shown} is no value: type the value itself", shown=shown))


def as_typed(cell: Cell) -> str:
    """What a cell shows, for who has to find it again; also where it could not be read."""
    return cell.shown if isinstance(cell, Unread) else text(cell)


def code(cell: Cell) -> str | None:
    """A code without spaces around it; None where the cell is empty."""
    return text(cell).strip() or None


def listed(cell: Cell) -> tuple[str, ...]:
    """Several words, separated by commas, semicolons or line breaks."""
    return tuple(part.strip() for part in re.split(r"[,;\n]", text(cell)) if part.strip())


def truth(cell: Cell) -> bool:
    """Yes or no, in either language."""
    said = folded(text(cell))
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unclear(message("«{typed}» is neither yes nor no", typed=text(cell)))


def whole(cell: Cell) -> int | None:
    """A whole number; None where the cell is empty."""
    found = number(cell)
    if found is None:
        return None
    if not float(found).is_integer():
        raise Unclear(message("«{typed}» is no whole number", typed=text(cell)))
    return int(found)


def number(cell: Cell) -> float | None:
    """A number, with a point or a comma; None where the cell is empty."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    said = text(cell).strip()
    if not said:
        return None
    try:
        return float(said.replace(",", "."))
    except ValueError:
        raise Unclear(message("«{typed}» is no number", typed=said)) from None


def member_of[M: StrEnum](kind: type[M], default: M | None = None) -> Callable[[Cell], M | None]:
    """A member of the vocabulary by its value or its label in either language."""

    def read(cell: Cell) -> M | None:
        said = folded(text(cell))
        if not said:
            return default
        known = _labels(kind)
        if said not in known:
            raise Unclear(message("«{typed}» is not one of: {known}", typed=text(cell), known=tuple(kind)))
        return cast(M, known[said])

    return read


@functools.cache
def _labels(kind: type[StrEnum]) -> dict[str, StrEnum]:
    """Every way to write the members of a vocabulary, folded."""
    known = {folded(member.value): member for member in kind}
    for language in LANGUAGES:
        speaker = Speaker(language)
        known |= {folded(speaker.label(member)): member for member in kind}
    return known


def day(cell: Cell) -> date | None:
    """A date: an Excel date, dd/mm/yyyy or yyyy-mm-dd; None where the cell is empty."""
    if isinstance(cell, datetime):
        return _possible(cell.date())
    said = text(cell).strip()
    if not said:
        return None
    found = _DAY.match(said)
    try:
        if not (found or _ISO_DAY.match(said)):
            raise _no_date(said)
        read = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(said)
    except ValueError:
        raise _no_date(said) from None
    return _possible(read)


def _possible(read: date) -> date:
    if not possible(read):
        raise _no_date(f"{read:%d/%m}/{read.year:04}")
    return read


def _no_date(typed: str) -> Unclear:
    return Unclear(message("«{typed}» is no date: write it as 24/11/2026", typed=typed))


def clock(cell: Cell) -> time | datetime | timedelta | None:
    """A time of day, or a moment with its date and perhaps its zone; ``24:00`` is the end of the day."""
    if isinstance(cell, datetime | time):
        return cell
    said = text(cell).strip()
    if not said:
        return None
    found = _CLOCK.match(said)
    try:
        if found and (int(found[1]), found[2] or "00") == (24, "00"):
            return timedelta(days=1)
        if found:
            return time(int(found[1]), int(found[2] or 0), int(found[3] or 0))
        return _moment(said)
    except ValueError:
        raise Unclear(message("«{typed}» is no time: write it as 08:30", typed=said)) from None


def _moment(said: str) -> datetime:
    """A date and a time in one cell, such as ``24/11/2026 08:30`` or ``2026-11-24T08:30+07:00``."""
    first, _, rest = said.partition(" ")
    found, at = _DAY.match(first), _CLOCK.match(rest)
    if found and at:
        clock_time = time(int(at[1]), int(at[2] or 0), int(at[3] or 0))
        return datetime.combine(date(int(found[3]), int(found[2]), int(found[1])), clock_time)
    if not _ISO_DAY.match(said[:10]):
        raise ValueError("no date")
    return datetime.fromisoformat(said)
