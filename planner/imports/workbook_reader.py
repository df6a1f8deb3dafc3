"""Reads a workbook in a process of its own, under limits: standard input XLSX, standard output JSON.

It imports nothing of the program. The answer is ``{"sheets": [{"name", "rows": [[cell, …], …]}]}``, without empty
rows at the end; a cell is null, text, a number, true or false, ``{"at"}``, ``{"clock"}``, ``{"seconds"}`` (a
duration), ``{"formula"}`` (one whose result was not saved) or ``{"error"}``. Formulas are never worked out: their
saved results are taken.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import warnings
from datetime import date, datetime, time, timedelta
from typing import Any

#: Bytes of memory, seconds of CPU.
MEMORY, SECONDS = 1_500_000_000, 20
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 12, 20_000, 80
#: After so many empty rows the rest of a sheet is taken to be formatting.
MOST_EMPTY = 500
#: How the format writes characters that XML cannot hold, and underscores that would read as such.
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def main() -> int:
    """The whole of the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 2))
    warnings.simplefilter("ignore")
    content = sys.stdin.buffer.read()
    sheets, formulas = read(content, results=False)
    if formulas:
        saved, _ = read(content, results=True)
        for sheet, results in zip(sheets, saved, strict=True):
            _take_results(sheet["rows"], results["rows"])
    json.dump({"sheets": sheets}, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    return 0


def read(content: bytes, *, results: bool) -> tuple[list[dict[str, Any]], bool]:
    """All sheets, and whether there are formulas among their cells."""
    from openpyxl import load_workbook  # noqa: PLC0415 - after the limits are set

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=results, keep_links=False)
    sheets, formulas = [], False
    for sheet in book.worksheets[:MOST_SHEETS]:
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        rows: list[list[Any]] = []
        empty = 0
        for row in sheet.iter_rows(max_col=MOST_COLUMNS):
            cells = [_cell(cell) for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            empty = 0 if cells else empty + 1
            formulas = formulas or any(isinstance(cell, dict) and "formula" in cell for cell in cells)
            rows.append(cells)
            if empty > MOST_EMPTY:
                break
            if len(rows) > MOST_ROWS:
                raise SystemExit(3)
        while rows and not rows[-1]:
            rows.pop()
        sheets.append({"name": sheet.title, "rows": rows})
    return sheets, formulas


def _cell(cell: Any) -> Any:
    value = cell.value
    kind = getattr(cell, "data_type", "n")
    if value is None or value == "":
        return None
    if kind == "f":
        return {"formula": True}
    if kind == "e":
        return {"error": str(value)}
    match value:
        case str():
            return ESCAPED.sub(_unescaped, value)
        case bool() | int():
            return value
        case float():
            return value if value == value and abs(value) != float("inf") else {"error": "#NUM!"}
        case datetime() | date():
            return {"at": value.isoformat()}
        case time():
            return {"clock": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
    return str(value)


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return found[0] if 0xD800 <= number <= 0xDFFF else chr(number)


def _take_results(rows: list[list[Any]], results: list[list[Any]]) -> None:
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, dict) and "formula" in cell and number < len(results):
                saved = results[number][place] if place < len(results[number]) else None
                if saved is not None:
                    row[place] = saved


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MemoryError:
        sys.exit(4)
