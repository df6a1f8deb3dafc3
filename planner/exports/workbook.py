"""Writes workbooks: the tables that imports read, with text that stays text and lists to choose from."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from enum import StrEnum
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from domain.messages import Message
from domain.values import SecrecyLevel
from planner.exports.watermark import WITHHELD, Watermark, printed_mark
from planner.imports.table import Column, Table
from planner.text import Speaker

#: Rows below the last one that lists to choose from reach.
ROOM = 500
#: Characters that the foot of a page may have.
FOOT = 240
#: The hidden sheet of the words to choose from.
LISTS = "_"
_HEAD = PatternFill("solid", fgColor="1F3A5F")
_NEEDED = PatternFill("solid", fgColor="7A1F1F")
_WHITE = Font(color="FFFFFF", bold=True)
_TOP = Alignment(wrap_text=True, vertical="top")
#: Spreadsheets read ``_x0041_`` as a letter; written so, it is read back as it was.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def workbook(
    sheets: Sequence[tuple[Table, Iterable[Any]]],
    help_: Sequence[Message | str],
    speaker: Speaker,
    mark: SecrecyLevel = SecrecyLevel.NONE,
    watermark: Watermark | None = None,
) -> bytes:
    """A workbook with one sheet for each table and a last one that explains them.

    The secrecy mark and the watermark stand on every printed page and among the properties of the file; for whom it
    was taken out also on a sheet of its own.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    pages = [book.create_sheet(title_of(table, speaker)) for table, _ in sheets]
    _explain(book.create_sheet(speaker("Help")), [table for table, _ in sheets], help_, speaker)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for page, (table, items) in zip(pages, sheets, strict=True):
        _fill(page, lists, table, items, speaker)
    if watermark is not None:
        mark = SecrecyLevel.highest(mark, watermark.mark)
        _issued(book, watermark, speaker)
    if mark is not SecrecyLevel.NONE:
        book.properties.category = printed_mark(mark, speaker)
        for page in book.worksheets:
            cast(HeaderFooterItem, page.oddHeader).center.text = book.properties.category
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _issued(book: Workbook, watermark: Watermark, speaker: Speaker) -> None:
    """For whom the workbook is: on the sheet «Export», in the foot of every printed page, among the properties."""
    said = (watermark.for_whom(speaker), watermark.under(speaker))
    book.properties.description = "\n".join(said)
    sheet = book.create_sheet(speaker("Export"), index=book.sheetnames.index(speaker("Help")))
    for row, (label, value) in enumerate(watermark.facts(speaker), 1):
        _text(sheet.cell(row, 1), label)
        _text(sheet.cell(row, 2), value)
        sheet.cell(row, 1).font = Font(bold=True)
    if watermark.redacted:
        _text(sheet.cell(sheet.max_row + 1, 1), WITHHELD)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
    for page in book.worksheets:
        foot = cast(HeaderFooterItem, page.oddFooter).center
        foot.text, foot.size = _foot(*said), 8


def _foot(for_whom: str, under: str) -> str:
    """Both lines as the foot of a page holds them: the record's number whole, for whom as far as there is room.

    An ampersand begins a code there and is doubled, and more than 255 characters make the file unreadable.
    """
    last = "\n" + under.replace("&", "&&")
    while len(first := for_whom.replace("&", "&&")) + len(last) > FOOT:
        for_whom = for_whom[:-1]
    return first + last


def title_of(table: Table, speaker: Speaker) -> str:
    """The name of a table's sheet; spreadsheets allow 31 characters."""
    return speaker(table.title)[:31]


def put(cell: Cell | MergedCell, value: Any, speaker: Speaker) -> None:
    """Write a value; text is text even where it begins with ``=``, ``+``, ``-`` or ``@``."""
    match value:
        case None | "":
            return
        case bool():
            _text(cell, speaker("yes") if value else speaker("no"))
        case StrEnum():
            _text(cell, speaker.label(value))
        case str():
            _text(cell, value)
        case date() | time() | int() | float():
            cell.value = value
        case _:
            _text(cell, str(value))


def _text(cell: Cell | MergedCell, text: str) -> None:
    cell.value = _ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"
    if text[:1] in tuple("=+-@'"):
        cell.quotePrefix = True


def _fill(sheet: Worksheet, lists: Worksheet, table: Table, items: Iterable[Any], speaker: Speaker) -> None:
    for place, column in enumerate(table.columns, 1):
        head = sheet.cell(1, place)
        _text(head, speaker(column.heading))
        head.font, head.fill, head.alignment = _WHITE, _NEEDED if column.required else _HEAD, _TOP
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    last = 1
    for last, item in enumerate(items, 2):
        for place, column in enumerate(table.columns, 1):
            cell = sheet.cell(last, place)
            put(cell, column.show(item), speaker)
            cell.alignment = _TOP
    for place, column in enumerate(table.columns, 1):
        _offer(sheet, lists, place, column, last + ROOM, speaker)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{max(last, 2)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _offer(sheet: Worksheet, lists: Worksheet, place: int, column: Column, last: int, speaker: Speaker) -> None:
    """The form of a column's cells, and the list to choose from where it has one."""
    letter = get_column_letter(place)
    if column.form is not None:
        for row in range(2, last + 1):
            sheet.cell(row, place).number_format = column.form
    if column.choices is None:
        return
    offer = DataValidation(type="list", formula1=_list(lists, column, speaker), allow_blank=True)
    offer.showErrorMessage = False  # other words for the same are understood too
    sheet.add_data_validation(offer)
    offer.add(f"{letter}2:{letter}{last}")


def _list(lists: Worksheet, column: Column, speaker: Speaker) -> str:
    """Where the words to choose from stand: on a sheet of their own, since they may hold commas."""
    place = lists.max_column + 1
    words = [speaker.label(member) for member in column.choices or ()]
    for row, word in enumerate(words, 1):
        _text(lists.cell(row, place), word)
    letter = get_column_letter(place)
    return f"'{LISTS}'!${letter}$1:${letter}${len(words)}"


def _explain(sheet: Worksheet, tables: Sequence[Table], said: Sequence[Message | str], speaker: Speaker) -> None:
    row = 0
    for sentence in said:
        row += 1
        _text(sheet.cell(row, 1), speaker.say(sentence) if isinstance(sentence, Message) else sentence)
    for table in tables:
        row += 2
        _text(sheet.cell(row, 1), title_of(table, speaker))
        sheet.cell(row, 1).font = Font(bold=True)
        for column in table.columns:
            row += 1
            _text(sheet.cell(row, 1), speaker(column.heading))
            needed = speaker("needed") if column.required else ""
            hint = speaker(column.hint) if column.hint else ""
            known = ", ".join(speaker.label(member) for member in column.choices or ())
            _text(sheet.cell(row, 2), " · ".join(filter(None, (needed, hint, known))) or " ")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
