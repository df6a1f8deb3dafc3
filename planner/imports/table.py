"""Tables in workbooks: which columns there are, how they are headed, and rows read one by one.

The same columns write a workbook and read it. A heading is known by its name in English or Vietnamese and by
other names that people use; order, case and diacritics do not matter.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from domain.messages import Message, message
from domain.refusals import InvalidInput
from planner.imports.cells import Reader, Unclear, as_typed, folded
from planner.imports.workbook import Cell, Sheet
from planner.text import LANGUAGES, Speaker

#: The heading row is looked for among so many rows.
HEADING_WITHIN = 25
#: Characters of a cell that are shown of a row that is bad.
LONGEST_SHOWN = 300


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column: the name of what it holds, its heading (English, translated), and how a cell is read and written.

    ``show`` gives the cell of an item, None where it is left empty. ``choices`` are offered as a list.
    """

    name: str
    heading: str
    read: Reader
    show: Callable[[Any], Any]
    also: tuple[str, ...] = ()
    required: bool = False
    choices: type[StrEnum] | None = None
    form: str | None = None
    width: int = 14
    hint: str = ""

    def headings(self) -> frozenset[str]:
        """Every heading by which it is known, folded."""
        shown = (Speaker(language)(self.heading) for language in LANGUAGES)
        return frozenset(folded(name) for name in (self.name.replace("_", " "), self.heading, *shown, *self.also))


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table: the name of its sheet (English, translated) and its columns."""

    title: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclasses.dataclass(frozen=True, slots=True)
class Typed:
    """A row as somebody typed it: its sheet, its number there, its cells that say anything with their headings."""

    sheet: str
    number: int
    cells: tuple[tuple[str, str], ...]

    @property
    def line(self) -> str:
        """All of it on one line; a line break inside a cell is shown, and what no eye sees does nothing."""
        return " | ".join(f"{_visible(heading)}: {_visible(said)}" for heading, said in self.cells)


def _visible(said: str) -> str:
    unseen = {ord(c): "⏎" if c == "\n" else "\ufffd" for c in set(said) if unicodedata.category(c) in ("Cc", "Cf")}
    return said.translate(unseen)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One row that was read: as typed, the values of the columns that the sheet has, what is wrong."""

    typed: Typed
    values: Mapping[str, Any]
    errors: tuple[Message, ...] = ()

    @property
    def number(self) -> int:
        """Its number in the sheet; the first row has 1."""
        return self.typed.number


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A table that was found in a workbook."""

    sheet: str
    lines: tuple[Line, ...]
    columns: frozenset[str]
    ignored: tuple[str, ...]


def find(sheets: Iterable[Sheet], table: Table) -> Found | None:
    """The first sheet that has all required columns of the table, read; None where there is none."""
    known = {heading: column.name for column in reversed(table.columns) for heading in column.headings()}
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEADING_WITHIN], 1):
            places = _places(row, known)
            if {column.name for column in table.columns if column.required} <= set(places) and len(places) > 1:
                return Found(
                    sheet=sheet.name,
                    lines=tuple(_lines(sheet, number, table, places)),
                    columns=frozenset(places),
                    ignored=_ignored(row, places),
                )
    return None


def demand(sheets: Iterable[Sheet], table: Table) -> Found:
    """The same, refused where there is none."""
    found = find(sheets, table)
    if found is None:
        required = tuple(message(column.heading) for column in table.columns if column.required)
        raise InvalidInput.because(
            "No sheet of the workbook has the columns that are needed: {columns}. "
            "A workbook that has them: «Empty workbook» on the page, or «planner import … --template FILE.xlsx».",
            columns=required,
        )
    return found


def _places(row: tuple[Cell, ...], known: Mapping[str, str]) -> dict[str, int]:
    """Where each column stands in a heading row, by the folded headings that are known."""
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        name = known.get(folded(cell)) if isinstance(cell, str) else None
        if name is not None:
            places.setdefault(name, place)
    return places


def _ignored(row: tuple[Cell, ...], places: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(str(cell) for place, cell in enumerate(row) if cell is not None and place not in places.values())


def _lines(sheet: Sheet, heading: int, table: Table, places: Mapping[str, int]) -> Iterator[Line]:
    headings = {name: str(sheet.rows[heading - 1][place]).strip() for name, place in places.items()}
    for number, row in enumerate(sheet.rows[heading:], heading + 1):
        cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells.values()):
            continue
        shown = ((name, as_typed(cell)[:LONGEST_SHOWN]) for name, cell in cells.items())
        typed = Typed(sheet.name, number, tuple((headings[name], said) for name, said in shown if said.strip()))
        yield _line(typed, table, cells)


def _line(typed: Typed, table: Table, cells: Mapping[str, Cell]) -> Line:
    values: dict[str, Any] = {}
    errors: list[Message] = []
    for name, cell in cells.items():
        column = table.column(name)
        try:
            values[name] = column.read(cell)
        except Unclear as unclear:
            errors.append(message("{column}: {problem}", column=message(column.heading), problem=unclear.message))
            continue
        if column.required and values[name] in (None, ""):
            errors.append(message("{column}: {problem}", column=message(column.heading), problem=message("is missing")))
    return Line(typed, values, tuple(errors))
