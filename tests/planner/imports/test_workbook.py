"""Workbooks that nobody vouches for: looked at first, read under limits, formulas never worked out."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from typing import Any

import pytest
from openpyxl import Workbook

from domain.refusals import InvalidInput, NotPossible
from planner.imports import workbook
from planner.imports.workbook import Unread, read_workbook


def written(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(InvalidInput) as refusal:
        read_workbook(content)
    return str(refusal.value)


NO_WORKBOOK = "The file is no workbook that can be read. Save it as .xlsx and try again."
TOO_MUCH = "The workbook needs too much memory or time to read."


def test_cells_come_as_text_numbers_days_and_times() -> None:
    content = written(["Đón đoàn", 7, 2.5, True, datetime(2026, 11, 24, 8, 30), time(8, 30), None, "cuối"])  # noqa: DTZ001 - cells carry no zone

    (sheet,) = read_workbook(content)

    moment = datetime(2026, 11, 24, 8, 30)  # noqa: DTZ001 - cells carry no zone
    assert sheet.rows == (("Đón đoàn", 7, 2.5, True, moment, time(8, 30), None, "cuối"),)


@pytest.mark.parametrize(
    "content",
    [b"", b"code;title", b"%PDF-1.7", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 1000, packed(a=b"b"), written()[:500]],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert refused(content) == NO_WORKBOOK


def test_a_zip_that_only_claims_to_be_a_workbook_is_refused() -> None:
    assert refused(packed(**{"[Content_Types].xml": b"<x/>"})) == NO_WORKBOOK


def test_an_old_or_protected_workbook_is_refused_with_the_way_out() -> None:
    assert refused(b"\xd0\xcf\x11\xe0" + b"\0" * 100).startswith(
        "The workbook is protected with a password or in the old"
    )


def test_a_workbook_that_unpacks_to_far_more_than_it_seems_is_refused_unread() -> None:
    assert refused(packed(**{"[Content_Types].xml": b"<x/>", "bomb": b"\0" * 3_000_000})).startswith(TOO_MUCH)


def test_a_workbook_of_too_many_parts_is_refused_unread() -> None:
    parts = {f"part{number}": b"" for number in range(2_001)}

    assert refused(packed(**{"[Content_Types].xml": b"<x/>"}, **parts)).startswith(TOO_MUCH)


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST", 1_000)

    assert refused(written(["x"])).startswith("The workbook is larger than")


def test_a_reading_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "PATIENCE", 0.001)

    assert refused(written(["x"])).startswith(TOO_MUCH)


def test_entities_of_xml_do_not_multiply() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(io.BytesIO(written(["x"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    assert refused(packed(**{**parts, "xl/workbook.xml": laughs})) == NO_WORKBOOK


def test_formulas_are_not_worked_out() -> None:
    (sheet,) = read_workbook(written(["a", "=1+1", "=HYPERLINK(1)"]))

    assert sheet.rows == (("a", Unread("=…"), Unread("=…")),)


def test_more_rows_than_anybody_plans_are_refused() -> None:
    content = written(*([number] for number in range(20_005)))

    assert refused(content).startswith("A sheet of the workbook has more than 20000 rows.")


def test_formatting_far_below_does_not_count_as_rows() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "x"
    sheet["A30000"].number_format = "dd/mm/yyyy"
    stream = io.BytesIO()
    book.save(stream)

    (read,) = read_workbook(stream.getvalue())

    assert read.rows == (("x",),)


def test_more_workbooks_than_are_read_side_by_side_wait_and_then_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = written(["x"])
    monkeypatch.setattr(workbook, "WAITS", 0.05)
    for _ in range(workbook.SIDE_BY_SIDE):
        assert workbook._READING.acquire(timeout=1)

    with pytest.raises(NotPossible):
        read_workbook(content)
    for _ in range(workbook.SIDE_BY_SIDE):
        workbook._READING.release()

    assert read_workbook(content)[0].rows == (("x",),)  # a refusal takes no place
    refused(b"no workbook")
    assert [workbook._READING.acquire(timeout=0) for _ in range(workbook.SIDE_BY_SIDE + 1)] == [True, True, False]
    for _ in range(workbook.SIDE_BY_SIDE):
        workbook._READING.release()
