"""Hostile texts in everything that leaves as a file or a line: as typed, and doing nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import Workbook, load_workbook

from domain.plan import Plan
from planner.application import Planner
from planner.exports import fonts
from planner.exports.calendar import officer_calendar, visit_calendar
from planner.exports.evidence import evidence
from planner.exports.pdf import officer_sheet, post_sheet, programme_sheet
from planner.exports.plan_json import plan_json
from planner.exports.programme_xlsx import programme_workbook
from planner.exports.registers_xlsx import officers_workbook, posts_workbook, venues_workbook
from planner.exports.watermark import Watermark
from planner.history.differences import differences
from planner.history.records import FORMULA_STARTS, as_csv, as_json
from planner.history.steps import Step
from planner.imports.visit_json import read_visit
from planner.imports.workbook import read_workbook
from planner.text import LANGUAGES, Speaker
from tests.examples import PLANNING
from tests.hostile.site import KINDS, PLANNER, VISIT, fields, fill
from tests.hostile.texts import TEXTS, TOKENS, found, mangled

pytestmark = pytest.mark.slow

BOTH = [Speaker(language) for language in LANGUAGES]
TABLES: dict[str, Callable[[Plan, Speaker], bytes]] = {
    "programme": lambda plan, speaker: programme_workbook(plan, VISIT, speaker),
    "posts": lambda plan, speaker: posts_workbook(plan, VISIT, speaker),
    "officers": officers_workbook,
    "venues": venues_workbook,
}


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    place = tmp_path_factory.mktemp("hostile")
    opened = Planner(place / "data", place / "key")
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def steps(planner: Planner) -> list[Step]:
    told, before = [], Plan()
    for number, event in planner.timeline.events():
        after = before.after((event,), number)
        told.append(Step(number, event, before, after))
        before = after
    return told


def texts(document: Any) -> Iterator[str]:
    """Every text in a JSON document."""
    match document:
        case str():
            yield document
        case dict():
            for value in document.values():
                yield from texts(value)
        case list():
            for value in document:
                yield from texts(value)


def whole(shown: Iterable[str]) -> tuple[set[str], dict[str, str]]:
    """What is missing of all texts, and what is not as typed."""
    said = "\n".join(shown)
    return set(TEXTS) - found(said), mangled(said)


NOTHING_WRONG: tuple[set[str], dict[str, str]] = (set(), {})


def test_there_are_sixty_texts_and_more_in_fifty_fields() -> None:
    assert (len(TEXTS) >= 60, sum(map(fields, KINDS)) >= 50) == (True, True)


@pytest.mark.parametrize(
    "careless",
    [
        lambda text: text.replace("<", "&lt;"),
        lambda text: text.replace("$", "\\$"),
        lambda text: text.replace('"', '\\"'),
        lambda text: text.removeprefix("="),
        lambda text: text.replace("{", "").replace("}", ""),
        lambda text: text.encode("ascii", "ignore").decode(),
        lambda text: text[:60],
    ],
)
def test_a_text_that_is_not_as_typed_is_noticed(careless: Callable[[str], str]) -> None:
    # The control: each careless way spoils one text at least, and the careful one none.
    assert mangled("\n".join(map(careless, TEXTS.values()))) != {}
    assert mangled("\n".join(TEXTS.values())) == {}


def test_the_plan_comes_out_as_typed(planner: Planner) -> None:
    document = json.loads(plan_json(planner.plan, VISIT))

    assert whole(texts(document)) == NOTHING_WRONG


def test_an_exported_visit_comes_in_elsewhere_as_it_was(planner: Planner, tmp_path: Path) -> None:
    exported = plan_json(planner.plan, VISIT)
    elsewhere = Planner(tmp_path / "data", tmp_path / "key")
    try:
        elsewhere.import_visit(read_visit(exported), by=PLANNER)
        again = json.loads(plan_json(elsewhere.plan, VISIT))
    finally:
        elsewhere.close()

    was = json.loads(exported)
    assert {name: again[name] for name in was if name not in ("position", "at")} == {
        name: was[name] for name in was if name not in ("position", "at")
    }


def test_the_history_comes_out_as_typed_as_json_and_in_sentences(steps: list[Step]) -> None:
    assert whole(texts(json.loads(as_json(steps)))) == NOTHING_WRONG
    for speaker in BOTH:
        assert whole(speaker.say(step.sentence) for step in steps) == NOTHING_WRONG


class Shown(HTMLParser):
    """What a page says, and the elements that it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_the_page_in_a_bundle_says_every_text_as_typed_and_holds_no_element_of_theirs(planner: Planner) -> None:
    watermark = Watermark(record="0000-0000", recipient="<b>Q</b>", by="lan", at=PLANNING, redacted=False)
    files = evidence(planner.timeline, VISIT, planner.plan.position, watermark)
    page = Shown(files["read.html"].decode())

    assert whole(page.said) == NOTHING_WRONG
    assert whole(texts(json.loads(files["history.json"]))) == NOTHING_WRONG
    assert page.tags == {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "section",
        "p",
        "strong",
        "h1",
        "pre",
        "ul",
        "li",
    }
    assert "script" in Shown(f"<p>{TEXTS[TOKENS[0]]}<script></script></p>").tags


@pytest.mark.parametrize("speaker", BOTH, ids=LANGUAGES)
def test_no_cell_of_the_history_as_csv_is_a_formula(steps: list[Step], speaker: Speaker) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(steps, speaker).decode("utf-8-sig"))))

    cells = [cell for row in rows for cell in row]
    assert whole(cells) == NOTHING_WRONG
    assert [cell for cell in cells if cell.startswith(FORMULA_STARTS)] == []
    assert len(rows) == len(steps) + 1


def test_differences_name_things_as_typed(planner: Planner) -> None:
    said = [one.message for one in differences(Plan(), planner.plan, VISIT)]

    for speaker in BOTH:
        shown = "\n".join(map(speaker.say, said))
        assert (len(found(shown)) >= 60, mangled(shown)) == (True, {})


@pytest.mark.parametrize("speaker", BOTH, ids=LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_workbooks_hold_texts_and_no_formulas(planner: Planner, table: str, speaker: Speaker) -> None:
    content = TABLES[table](planner.plan, speaker)

    cells = [cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    read = [cell for sheet in read_workbook(content) for row in sheet.rows for cell in row if isinstance(cell, str)]
    assert whole(read) == NOTHING_WRONG


def test_a_workbook_with_formulas_is_noticed() -> None:
    book = Workbook()
    book.worksheets[0].append(list(TEXTS.values()))  # the control: openpyxl makes a formula of what begins so
    stream = io.BytesIO()
    book.save(stream)

    cells = [cell for row in load_workbook(stream).worksheets[0].iter_rows() for cell in row]

    assert {str(cell.value)[:2] for cell in cells if cell.data_type == "f"} == {"=H", "=c"}


@pytest.mark.parametrize("speaker", BOTH, ids=LANGUAGES)
def test_calendars_hold_an_entry_for_each_thing_and_no_more(planner: Planner, speaker: Speaker) -> None:
    programme = Calendar.from_ical(visit_calendar(planner.plan, VISIT, speaker))
    duties = [
        entry
        for officer in planner.plan.officers
        for entry in Calendar.from_ical(officer_calendar(planner.plan, officer.code, speaker)).walk("VEVENT")
    ]

    entries = [*programme.walk("VEVENT"), *duties]
    assert (len(programme.walk("VEVENT")), len(duties)) == (len(TEXTS), len(TEXTS))
    assert whole(str(value) for entry in entries for value in entry.values()) == NOTHING_WRONG
    assert {name for entry in entries for name in entry} & {"ATTACH", "ATTENDEE", "URL", "X"} == set()


@pytest.fixture
def printer() -> None:
    """Skips where nothing can be printed or read back."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not there")
    if not any(fonts.FONTS.glob("*.ttf")):
        pytest.skip("the fonts are not fetched; `make setup` does")


def printed(content: bytes) -> str:
    """What stands on a printed sheet, in the order of reading."""
    command = ["pdftotext", "-raw", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


#: Texts whose marks, direction or flags the reader of printed text puts elsewhere than they are printed.
READ_OTHERWISE = frozenset(
    token for token, text in TEXTS.items() if re.search("[\u0590-\u06ff\u1780-\u17ff\u202e\u0351🇱]", text)
)


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize("speaker", BOTH, ids=LANGUAGES)
def test_the_printed_programme_shows_every_text_as_typed(planner: Planner, speaker: Speaker) -> None:
    missing, spoilt = whole([printed(programme_sheet(planner.plan, VISIT, speaker))])

    assert (missing - READ_OTHERWISE, set(spoilt) - READ_OTHERWISE) == (set(), set())
    assert len(READ_OTHERWISE) == 5


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize("number", range(0, len(TEXTS), 4))
def test_printed_duty_sheets_show_every_text_as_typed(planner: Planner, number: int) -> None:
    token, speaker = list(TEXTS)[number], BOTH[number % 2]
    post = printed(post_sheet(planner.plan, VISIT, f"N-{number:02d}", speaker))
    officer = printed(officer_sheet(planner.plan, f"CA-{number:02d}", speaker))

    for sheet in (post, officer):
        assert (found(sheet), set(mangled(sheet)) - READ_OTHERWISE) == ({token}, set())


@pytest.mark.usefixtures("printer")
def test_a_printed_sheet_holds_nothing_that_runs_or_leads_away(planner: Planner) -> None:
    content = programme_sheet(planner.plan, VISIT, BOTH[0])

    # The printer writes its objects unpacked; the control is a word of the format that every sheet has.
    assert [word for word in (b"/URI", b"/JavaScript", b"/Launch", b"/EmbeddedFile") if word in content] == []
    assert b"/Catalog" in content
