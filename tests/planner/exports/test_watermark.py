"""For whom a file was taken out comes out of every form exactly as typed and does nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from domain.plan import Plan
from domain.values import SecrecyLevel
from planner.access.redaction import Redaction
from planner.exports.calendar import officer_calendar, visit_calendar
from planner.exports.plan_json import plan_json
from planner.exports.programme_xlsx import programme_workbook
from planner.exports.registers_xlsx import officers_workbook
from planner.exports.watermark import WITHHELD, Watermark
from planner.history.records import as_csv
from planner.imports.officers import preview_officers
from planner.imports.visit_json import read_visit
from planner.text import Speaker
from tests.examples import HOSTILE_NAMES, PLANNING, VISIT, Story

ENGLISH, VIETNAMESE = Speaker("en"), Speaker("vi")
RECIPIENTS = (*HOSTILE_NAMES, "R&D & Co, &C", "=HYPERLINK(1)", "W" * 120, "&" * 120, "x" + "&" * 119, "a;b,c:d\\n")


def told() -> Plan:
    story = Story()
    story.visit(secrecy=SecrecyLevel.SECRET)
    story.officer("CA-0113", phone="0912 345 678")
    story.activity("A-01")
    story.duty("CA-0113", "08:00", "12:00")
    return story.plan


def issued(recipient: str, **changes: Any) -> Watermark:
    given = {"record": "7K3F-9Q2M", "by": "hoa", "at": PLANNING, "redacted": False, "mark": SecrecyLevel.SECRET}
    return Watermark(recipient=recipient, **{**given, **changes})


def unescaped(text: str) -> str:
    """A text of RFC 5545 as it was before it was escaped (3.3.11)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


@pytest.mark.parametrize("recipient", RECIPIENTS)
@pytest.mark.parametrize("speaker", [ENGLISH, VIETNAMESE], ids=["en", "vi"])
def test_a_workbook_says_it_on_a_sheet_of_its_own_and_on_every_printed_page(recipient: str, speaker: Speaker) -> None:
    book = load_workbook(io.BytesIO(programme_workbook(told(), VISIT, speaker, watermark=issued(recipient))))

    rows = {row[0].value: row[1] for row in book[speaker("Export")].iter_rows(max_col=2)}
    assert (rows[speaker("Recipient")].value, rows[speaker("Recipient")].data_type) == (recipient, "s")
    assert rows[speaker("Record number")].value == "7K3F-9Q2M"
    assert rows[speaker("Secrecy mark")].value == speaker.label(SecrecyLevel.SECRET).upper()
    feet = [page.oddFooter for page in book.worksheets]
    said = [str(foot.center.text or "") if foot and foot.center else "" for foot in feet]
    assert [0 < len(foot) <= 255 for foot in said] == [True] * len(book.worksheets)
    under = issued(recipient).under(speaker)
    assert [foot.endswith(under) for foot in said] == [True] * len(book.worksheets)
    assert {re.search("(?<!&)(?:&&)*&(?!&)", foot) for foot in said} == {None}


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_a_calendar_says_it_in_its_description_and_in_a_property(recipient: str) -> None:
    for content in (
        visit_calendar(told(), VISIT, ENGLISH, watermark=issued(recipient)),
        officer_calendar(told(), "CA-0113", ENGLISH, watermark=issued(recipient)),
    ):
        calendar = Calendar.from_ical(content)

        # What the reader does not know it leaves escaped.
        known, other = str(calendar["description"]), unescaped(str(calendar["x-wr-caldesc"]))
        assert json.loads(unescaped(str(calendar["x-planner-export"]))) == issued(recipient).fields()
        assert (known, recipient in known) == (other, True)
        lines = known.split("\n")
        assert (lines[0], lines[-1]) == ("SECRET", "Record 7K3F-9Q2M, whole")
        assert max(len(line) for line in content.split(b"\r\n")) <= 75


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_a_document_says_it_in_a_field_and_is_read_again(recipient: str) -> None:
    content = plan_json(told(), VISIT, watermark=issued(recipient))

    document = read_visit(content)
    assert json.loads(content)["export"] == issued(recipient).fields()
    assert document.export is not None
    assert (document.export.recipient, document.mark) == (recipient, SecrecyLevel.SECRET)


@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_a_table_says_it_in_columns_of_which_no_cell_is_a_formula(recipient: str) -> None:
    content = as_csv([], ENGLISH, issued(recipient).beside()).decode("utf-8-sig")

    assert next(csv.reader(io.StringIO(content)))[-3:] == ["mark", "record", "recipient"]


def test_a_redacted_register_is_not_taken_in_even_without_its_export_sheet() -> None:
    plan = told()
    redacted = Redaction().plan(plan)
    content = officers_workbook(redacted, ENGLISH, watermark=issued("x", redacted=True))
    book = load_workbook(io.BytesIO(content))
    del book["Export"]
    stream = io.BytesIO()
    book.save(stream)

    refusals = []
    for one in (content, stream.getvalue()):
        with pytest.raises(Exception, match="The workbook is redacted") as refused:
            preview_officers(one, plan)
        refusals.append(refused.type.__name__)

    assert refusals == ["InvalidInput", "InvalidInput"]
    assert preview_officers(officers_workbook(plan, ENGLISH, watermark=issued("x")), plan).bad == ()


def test_what_is_withheld_is_said_in_both_languages() -> None:
    assert WITHHELD == "đã che / withheld"
