"""Everything that the program says is said in Vietnamese too; ``python -m planner.locales`` lists what is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.locales.completeness import VIETNAMESE, placeholders, problems, report
from planner.locales.texts import ROOT, Text, Unclear, source_files, texts

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
FILES = sorted(
    [path.relative_to(ROOT).as_posix() for path in source_files()]
    + [path.relative_to(ROOT).as_posix() for path in VIETNAMESE.glob("*.po")]
)


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    return {file: report({file: those}) for file, those in problems().items()}


@pytest.mark.parametrize("file", FILES)
def test_a_file_says_nothing_that_is_not_said_in_vietnamese(file: str, found: dict[str, str]) -> None:
    missing = found.get(file, "")

    assert missing == ""


#: A tone on the second vowel where no letter follows («huỷ»): the catalogs write «hủy», as decrees do.
OTHER_SPELLING = re.compile(r"(?<!q)(?:o[áàảãạéèẻẽẹ]|u[ýỳỷỹỵ])(?!\w)", re.IGNORECASE)


@pytest.mark.parametrize("file", sorted(path.name for path in VIETNAMESE.glob("*.po")))
def test_a_tone_stands_in_one_place_in_all_catalogs(file: str) -> None:
    said = (VIETNAMESE / file).read_text("utf-8")

    assert OTHER_SPELLING.findall(said) == []


def test_the_other_spelling_is_found_where_it_is() -> None:
    found = OTHER_SPELLING.findall("Huỷ hủy khoá khóa quý hoàn ngoài hoà-bình thuyền quá Thượng uý")

    assert found == ["uỷ", "oá", "oà", "uý"]


# The controls: each problem is found where it is made


def checked(folder: Path, source: str, catalog: str) -> list[str]:
    """What is to mend in one file of source and one catalog."""
    (folder / "ui").mkdir()
    (folder / "ui" / "page.py").write_text(source)
    (folder / "vi").mkdir()
    (folder / "vi" / "pages.po").write_text(HEADER + catalog)
    return [problem.what for those in problems(folder, folder / "vi").values() for problem in those]


SAID = 'msgid "Hello {name}"\nmsgstr "Chào {name}"\n'


@pytest.mark.parametrize(
    ("source", "catalog", "what"),
    [
        ('speaker("Hello {name}", name=1)', SAID, []),
        ('speaker("Hello {name}", name=1)', "", ["no Vietnamese for: Hello {name}"]),
        (
            'speaker("Hello {name}", name=1)',
            'msgid "Hello {name}"\nmsgstr ""\n',
            ["no Vietnamese for: Hello {name}"],
        ),
        (
            'speaker("Hello {name}", name=1)',
            "#, fuzzy\n" + SAID,
            ["fuzzy: Hello {name}", "no Vietnamese for: Hello {name}"],
        ),
        (
            'speaker("Hello {name}", name=1)',
            'msgid "Hello {name}"\nmsgstr "Chào {nam}"\n',
            ["other placeholders in pages.po: Chào {nam}"],
        ),
        (
            'counted("{n} day", "{n} days", n)',
            'msgid "{n} day"\nmsgid_plural "{n} day(s)"\nmsgstr[0] "{n} ngày"\n',
            ["no Vietnamese for the plural: {n} days"],
        ),
        ("", SAID, ["nobody says: Hello {name}"]),
        ("speaker(text)", "", ["cannot read what is said: text"]),
        ('speaker(f"Hello {name}")', "", ["cannot read what is said: f'Hello {name}'"]),
        (
            "class Mood(StrEnum):\n    GOOD = 'very_good'",
            'msgid "very good"\nmsgstr "tốt"\n',
            ["nobody says: very good", "no Vietnamese for (Mood): very good"],
        ),
    ],
)
def test_each_problem_is_found(tmp_path: Path, source: str, catalog: str, what: list[str]) -> None:
    assert checked(tmp_path, source, catalog) == what


def test_two_catalogs_that_say_the_same_differently_are_found(tmp_path: Path) -> None:
    (tmp_path / "vi").mkdir()
    for area, word in (("a", "đoàn"), ("b", "nhóm")):
        (tmp_path / "vi" / f"{area}.po").write_text(HEADER + f'msgid "delegation"\nmsgstr "{word}"\n')
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "page.py").write_text('message("delegation")')

    what = [problem.what for those in problems(tmp_path, tmp_path / "vi").values() for problem in those]

    assert what == ["translated otherwise in a.po: delegation"]


SOURCE = """
TITLES = {"a": "First", "b": "Second"}
TITLE = "Third"
refuse = NotPossible.because("Fourth {x}", x=1)
page.speaker("Fifth" if x else "Sixth")
speaker(TITLES[key]), speaker(TITLE), speaker.say(other), self("Seventh " "eighth")
def _page(self, request, title):
    return speaker(title)
self._page(request, "Ninth")
self._page(request, title="Tenth")
class Column:
    name: str
    heading: str
columns = [Column("a", "Eleventh"), *(Column(key, label) for key, label in (("b", "Twelfth"),))]
for column in columns:
    speaker(column.heading)
"""


def test_texts_are_found_in_every_way_in_which_they_may_be_said(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text(SOURCE)

    said = list(texts([path], tmp_path))

    assert {text.id for text in said if isinstance(text, Text)} == {
        *("First", "Second", "Third", "Fourth {x}", "Fifth", "Sixth", "Seventh eighth", "Ninth", "Tenth"),
        *("Eleventh", "Twelfth"),
    }
    assert [text for text in said if isinstance(text, Unclear)] == []


def test_placeholders_are_read_as_format_reads_them() -> None:
    assert placeholders("{a} and {b:>3} not {{c}}") == {"a", "b"}
