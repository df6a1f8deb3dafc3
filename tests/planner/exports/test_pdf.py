"""Printed sheets: everything on them as typed, mark, event number, zone and pages on every page."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from domain.refusals import NotFound, NotPossible
from domain.values import SecrecyLevel
from planner.exports import fonts
from planner.exports.pdf import officer_sheet, post_sheet, programme_sheet
from planner.exports.sheets import at_the_place, of_officer, of_post, of_programme
from planner.exports.watermark import Watermark
from planner.text import LANGUAGES, Speaker, Tongue
from tests.examples import HOSTILE_NAMES, OTHER_VISIT, PLANNING, VISIT, Story, shift

SPEAKER = Speaker("vi")
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not there")


@pytest.fixture(autouse=True)
def fonts_are_there() -> None:
    if not any(fonts.FONTS.glob("*.ttf")):
        pytest.skip("the fonts are not fetched; `make setup` does")


def story(activities: int = 3) -> Story:
    told = Story()
    told.visit(secrecy=SecrecyLevel.SECRET)
    told.delegation(members=4)
    told.venue("HOTEL-1")
    told.room("R-1")
    told.officer("CA-0113", phone="0912 345 678", callsign="SAO-1")
    told.officer("CA-0114", "Trần Đức Nghĩa")
    for number in range(activities):
        told.activity(f"A-{number:02d}", f"{number % 12 + 6:02d}:00", f"{number % 12 + 7:02d}:00", venue="HOTEL-1")
    order = "*Không* #rời $chốt$ @ref <b>x</b> ${1} \\ `x`\nBáo cáo ngay"
    told.duty("CA-0113", "08:00", "12:00", venue="HOTEL-1", commander="CA-0114", instructions=order, radio="Kênh 4")
    return told


def text_of(content: bytes, folder: Path, order: str = "-layout") -> list[str]:
    """The text of each page, composed and with single spaces; slanting text stays together in the order ``-raw``."""
    (folder / "sheet.pdf").write_bytes(content)
    command = ["pdftotext", order, str(folder / "sheet.pdf"), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pages = said.rstrip("\f\n").split("\f")
    return [" ".join(unicodedata.normalize("NFC", page).replace("\u200b", "").split()) for page in pages]


@needs_pdftotext
def test_markup_in_an_order_is_printed_as_typed(tmp_path: Path) -> None:
    (page,) = text_of(post_sheet(story().plan, VISIT, "P-01", SPEAKER), tmp_path)

    assert "*Không* #rời $chốt$ @ref <b>x</b> ${1} \\ `x` Báo cáo ngay" in page
    assert "Trần Đức Nghĩa (CA-0114)" in page


@needs_pdftotext
def test_hostile_names_are_printed_as_typed(tmp_path: Path) -> None:
    told = Story()
    told.visit()
    for number, name in enumerate(HOSTILE_NAMES):
        told.activity(f"A-{number:02d}", f"{number + 6:02d}:00", f"{number + 7:02d}:00", title=name)

    (page,) = text_of(programme_sheet(told.plan, VISIT, SPEAKER), tmp_path)

    assert [name for name in HOSTILE_NAMES if name not in page] == []


@needs_pdftotext
def test_every_page_has_mark_event_number_hash_zone_and_its_number(tmp_path: Path) -> None:
    told = story(activities=60)
    pages = text_of(programme_sheet(told.plan, VISIT, SPEAKER), tmp_path)

    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert page.count("TỐI MẬT") == 2
        assert f"Sự kiện {told.plan.position}" in page
        assert "(UTC+7)" in page
        assert len(set(re.findall(r"SHA-256 ([0-9a-f]{32})", page))) == 1
        assert f"Trang {number} / {len(pages)}" in page


@needs_pdftotext
def test_a_table_that_goes_on_repeats_its_heading(tmp_path: Path) -> None:
    pages = text_of(programme_sheet(story(activities=60).plan, VISIT, SPEAKER), tmp_path)

    assert ["Thời gian" in page for page in pages[:2]] == [True, True]


def test_the_same_event_number_gives_the_same_bytes_and_another_does_not() -> None:
    told = story()
    first, again = (officer_sheet(told.plan, "CA-0113", SPEAKER) for _ in range(2))
    told.officer("CA-0115")

    later = officer_sheet(told.plan, "CA-0113", SPEAKER)

    assert (first == again, first == later) == (True, False)


def test_names_too_long_for_their_column_do_not_stop_the_printer() -> None:
    told = story()
    told.officer("CA-0116", "W" * 200)
    told.duty("CA-0116", "13:00", "14:00", task="Ấ" * 200, instructions="ພ" * 3000, commander="CA-0116")

    assert officer_sheet(told.plan, "CA-0116", SPEAKER).startswith(b"%PDF-")


def abroad() -> Story:
    """An officer with a duty in Tokyo, eight to twelve in Hanoi: ten to two there."""
    told = Story()
    told.visit(zone="Asia/Tokyo")
    told.officer("CA-0113")
    told.duty("CA-0113", "08:00", "12:00")
    return told


def times(told: Story) -> list[str]:
    """The first cell of each row of the duties of CA-0113."""
    there = at_the_place(told.plan, "CA-0113", Speaker("en"))
    return [row[0] for row in of_officer(told.plan, "CA-0113", there).parts[0].rows]


@needs_pdftotext
def test_an_officer_reads_times_by_the_clock_of_the_place(tmp_path: Path) -> None:
    (page,) = text_of(officer_sheet(abroad().plan, "CA-0113", Speaker("en")), tmp_path)

    assert times(abroad()) == ["Tue 24/11/2026", "10:00–14:00"]
    assert "Times: Japan Time (UTC+9)" in page


@needs_pdftotext
def test_duties_under_several_clocks_say_at_each_day_which(tmp_path: Path) -> None:
    told = abroad()
    told.visit(OTHER_VISIT)
    told.duty("CA-0113", "14:00", "16:00", visit=OTHER_VISIT)

    (page,) = text_of(officer_sheet(told.plan, "CA-0113", Speaker("en")), tmp_path)

    assert times(told) == ["Tue 24/11/2026 (UTC+9)", "10:00–14:00", "Tue 24/11/2026 (UTC+7)", "14:00–16:00"]
    assert "Times: of the place of each duty, as its day says" in page


def test_a_venue_is_printed_by_its_name_in_the_language_of_the_sheet() -> None:
    told = Story()
    told.visit()
    told.venue("HOTEL-1", name="Khách sạn Bờ Biển", name_en="Seafront hotel")
    told.activity("A-01", venue="HOTEL-1")

    printed = [of_programme(told.plan, VISIT, Speaker(language)).parts[0].rows[1][2] for language in LANGUAGES]

    assert [place.splitlines()[0] for place in printed] == [
        {"en": "Seafront hotel", "vi": "Khách sạn Bờ Biển"}[language] for language in LANGUAGES
    ]


def test_an_officer_without_duties_gets_a_sheet_that_says_so() -> None:
    told = Story()
    told.visit()
    told.officer("CA-0113")

    sheet = of_officer(told.plan, "CA-0113", Speaker("en"))

    assert [part.text for part in sheet.parts] == ["No duties are planned."]
    assert officer_sheet(told.plan, "CA-0113", SPEAKER, visit=VISIT).startswith(b"%PDF-")


def test_a_duty_that_was_withdrawn_is_not_on_the_sheet() -> None:
    told = story()
    before = of_officer(told.plan, "CA-0113", SPEAKER).parts[0].rows

    told.tell(told.plan.assignment(VISIT, "A-0001").withdraw(told.act()))

    assert (len(before), of_officer(told.plan, "CA-0113", SPEAKER).parts[0].rows) == (2, ())


def test_the_sheet_carries_the_highest_mark_of_what_it_tells() -> None:
    told = Story()
    told.visit(secrecy=SecrecyLevel.CONFIDENTIAL)
    told.delegation(secrecy=SecrecyLevel.TOP_SECRET)

    assert of_programme(told.plan, VISIT, SPEAKER).secrecy is SecrecyLevel.TOP_SECRET


def test_a_post_names_who_stands_in_each_shift_and_how_many_are_missing() -> None:
    told = story()

    sheet = of_post(told.plan, VISIT, "P-01", Speaker("en"))

    rows = next(part for part in sheet.parts if part.heading == "Officers").rows
    assert rows[0] == ("Tue 24/11/2026 08:00–12:00 (UTC+7): 1 of 1 officers",)
    assert rows[1][0] == "Nguyễn Thị Phương Thảo (CA-0113)\nSAO-1"


@needs_pdftotext
@pytest.mark.parametrize("manned", [(), ("S1",), ("S2",), ("S3",)])
def test_shifts_in_which_nobody_stands_are_printed_too(tmp_path: Path, manned: tuple[str, ...]) -> None:
    told = Story()
    told.visit()
    told.officer("CA-0113")
    told.post("P-01", "08:00", "20:00", headcount=1)
    told.shifts("P-01", shift("S1", "08:00", "12:00"), shift("S2", "12:00", "16:00"), shift("S3", "16:00", "20:00"))
    for code in manned:
        told.placed("CA-0113", "P-01", shift=code)

    (page,) = text_of(post_sheet(told.plan, VISIT, "P-01", Speaker("en")), tmp_path)

    times = {"S1": "08:00–12:00", "S2": "12:00–16:00", "S3": "16:00–20:00"}
    said = [f"{times[code]} (UTC+7): {int(code in manned)} of 1 officers" for code in times]
    assert [words for words in said if words not in page] == []


def test_without_fonts_printing_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FONTS", tmp_path)

    with pytest.raises(NotPossible, match="make setup"):
        programme_sheet(story().plan, VISIT, SPEAKER)


def test_unknown_codes_are_refused() -> None:
    plan = story().plan

    with pytest.raises(NotFound):
        officer_sheet(plan, "XX", SPEAKER)
    with pytest.raises(NotFound):
        post_sheet(plan, VISIT, "XX", SPEAKER)
    with pytest.raises(NotFound):
        programme_sheet(plan, "XX", SPEAKER)


@needs_pdftotext
def test_the_day_stands_on_every_page_of_a_programme(tmp_path: Path) -> None:
    told = Story()
    told.visit()
    told.venue("HOTEL-1")
    for number in range(40):
        told.activity(f"A-{number:02d}", f"{number // 4 + 8:02d}:{number % 4 * 15:02d}", "22:00", venue="HOTEL-1")
    day = SPEAKER.day(told.plan.visit(VISIT).programme[0].window.start)

    pages = text_of(programme_sheet(told.plan, VISIT, SPEAKER), tmp_path)

    table = [page for page in pages if "A-" in page]
    assert (len(table) > 1, [day in page.partition("Bộ phận đoàn, chủ trì")[2] for page in table]) == (
        True,
        [True] * len(table),
    )


def issued(**changes: Any) -> Watermark:
    given = {"record": "7K3F-9Q2M", "recipient": "Sở Ngoại vụ", "by": "hoa", "at": PLANNING, "redacted": True}
    return Watermark(**{**given, **changes})


@needs_pdftotext
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_says_for_whom_it_is(tmp_path: Path, language: Tongue) -> None:
    speaker = Speaker(language)

    pages = text_of(programme_sheet(story(activities=60).plan, VISIT, speaker, watermark=issued()), tmp_path, "-raw")

    assert len(pages) > 2
    for page in pages:
        assert page.count("Sở Ngoại vụ") >= 3  # twice across it, once in its foot
        assert page.count("7K3F-9Q2M") >= 3
        assert speaker.second(PLANNING) in page


@needs_pdftotext
@pytest.mark.parametrize("recipient", [*HOSTILE_NAMES, "W" * 120, "Sở Ngoại vụ " * 10])
def test_a_recipient_of_any_script_and_length_is_printed_as_typed_on_the_same_pages(
    tmp_path: Path, recipient: str
) -> None:
    plan = story().plan
    plain = text_of(programme_sheet(plan, VISIT, SPEAKER), tmp_path)

    pages = text_of(programme_sheet(plan, VISIT, SPEAKER, watermark=issued(recipient=recipient.strip())), tmp_path)

    assert len(pages) == len(plain)
    said = pages[0].replace(" ", "")
    assert "".join(unicodedata.normalize("NFC", recipient).split()) in said


@needs_pdftotext
def test_two_copies_of_a_sheet_have_the_same_hash_of_what_they_say(tmp_path: Path) -> None:
    copies = [programme_sheet(story().plan, VISIT, SPEAKER, watermark=issued(record=one)) for one in ("A", "B")]

    hashes = {re.findall(r"SHA-256 [0-9a-f]{32}", text_of(copy, tmp_path)[0])[0] for copy in copies}
    assert (len(hashes), copies[0] == copies[1]) == (1, False)


@needs_pdftotext
def test_a_sheet_carries_the_higher_mark_of_then_and_now(tmp_path: Path) -> None:
    (page,) = text_of(
        post_sheet(story().plan, VISIT, "P-01", SPEAKER, watermark=issued(mark=SecrecyLevel.TOP_SECRET)),
        tmp_path,
        "-raw",
    )

    assert ("TUYỆT MẬT" in page, page.count("TUYỆT MẬT") >= 4) == (True, True)
