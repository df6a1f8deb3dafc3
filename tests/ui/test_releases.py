"""Every file that a page gives: redacted it says nothing that need not be known, whole it does; each has its record."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import Actor, Role
from domain.refusals import InvalidInput, NotAllowed
from planner.access.exporting import Release
from planner.access.reader import Reader
from planner.access.reads import Reads
from planner.application import Planner
from planner.store.refusals import StoreUnavailable
from tests.examples import VISIT
from tests.planner.acting import Clock, another, let_in
from tests.releases import REASON, RECIPIENT, REDACTED, WHOLE
from tests.withheld import CANARIES, STAYS, fill, found_in, said_by
from ui.downloads import DOWNLOADS, File, Guard, fetched, load

load()
#: Everything that leaves for somebody who is named.
NAMED = sorted(name for name, listed in DOWNLOADS.items() if listed.guard is Guard.NAMED)
KIEM = Actor("kiem", frozenset({Role.PLANNER, Role.COMMANDER, Role.AUDITOR}))
THAO = Actor("thao", frozenset({Role.OFFICER}), officer="CA-0113")
LANGUAGES = ("vi", "en")

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not there")


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    opened = another(tmp_path_factory.mktemp("releases"), Clock())
    fill(opened)
    let_in(opened, KIEM)
    yield opened
    opened.close()


def taken(planner: Planner, name: str, release: Release | None, language: str = "en", who: Actor = KIEM) -> File:
    asked = {"visit": VISIT, "post": "P-01", "language": language, "from": "0", "late": "8000"}
    if name.startswith(("officer", "venue")):
        asked |= {"visit": "", "officer": "CA-0113"}
    return fetched(name, Reader(planner, who), asked, release)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMED)
def test_a_redacted_file_says_nothing_that_need_not_be_known(
    planner: Planner, tmp_path: Path, name: str, language: str
) -> None:
    said = said_by(taken(planner, name, REDACTED, language).content, tmp_path)

    assert found_in(said) == set()


def test_the_whole_files_say_all_of_it(planner: Planner, tmp_path: Path) -> None:
    """The control: the same search finds all that it looks for, and something in every file."""
    found = {name: found_in(said_by(taken(planner, name, WHOLE).content, tmp_path)) for name in NAMED}

    assert set().union(*found.values()) == set(CANARIES)
    assert [name for name, those in found.items() if not those] == []


def test_the_redacted_files_say_what_must_be_known(planner: Planner, tmp_path: Path) -> None:
    said = " ".join(said_by(taken(planner, name, REDACTED).content, tmp_path) for name in NAMED)

    assert [text for text in STAYS if text not in said] == []


@pytest.mark.parametrize("release", [REDACTED, WHOLE], ids=["redacted", "whole"])
@pytest.mark.parametrize("name", NAMED)
def test_every_file_names_its_recipient_and_record_and_the_record_its_bytes(
    planner: Planner, tmp_path: Path, name: str, release: Release
) -> None:
    file = taken(planner, name, release)

    (found,) = planner.reads.listed(sha256=hashlib.sha256(file.content).hexdigest())
    told = found.read.file
    assert told is not None
    assert (found.read.recipient, found.read.purpose, found.read.user) == (RECIPIENT, REASON, KIEM.user)
    assert (told.form, told.extent.value) == (name.rpartition(".")[2], "whole" if release.whole else "redacted")
    said = said_by(file.content, tmp_path)
    assert (RECIPIENT in said, told.record in said) == (True, True)
    assert "secret" in said.lower()


@pytest.mark.parametrize("name", [name for name in NAMED if name.endswith(".csv")])
def test_a_table_says_mark_and_record_in_its_name_too(planner: Planner, name: str) -> None:
    file = taken(planner, name, REDACTED)

    (last,) = planner.reads.listed(last=1)
    assert last.read.file is not None
    assert file.name.endswith(f"-secret-{last.read.file.record}.csv")


@pytest.mark.parametrize("name", NAMED)
def test_nothing_leaves_where_nobody_is_named(planner: Planner, name: str) -> None:
    before = len(planner.reads.listed())

    with pytest.raises(InvalidInput, match="Name the recipient"):
        taken(planner, name, None)

    assert len(planner.reads.listed()) == before


def test_an_officer_takes_out_the_own_duties_and_is_asked_nothing(planner: Planner, tmp_path: Path) -> None:
    said = [said_by(taken(planner, name, None, who=THAO).content, tmp_path) for name in ("duties.ics", "duties.pdf")]

    reads = [one.read for one in planner.reads.listed(user="thao")]
    assert [("zqorderzq" in one, "0987 654 321" in one, "CA-0113" in one) for one in said] == [(True, True, True)] * 2
    assert [(read.recipient, read.purpose) for read in reads] == [("CA-0113", "own duties")] * 2
    assert [read.file.extent.value for read in reads if read.file] == ["whole", "whole"]


@pytest.mark.parametrize("name", NAMED)
def test_the_record_of_every_file_is_found_among_those_of_its_visit(planner: Planner, name: str) -> None:
    file = taken(planner, name, REDACTED)

    found = planner.reads.listed(visit=VISIT, last=1)
    assert [one.read.file and one.read.file.sha256 for one in found] == [hashlib.sha256(file.content).hexdigest()]


def test_who_may_not_have_the_whole_is_refused_and_it_is_recorded(planner: Planner) -> None:
    with pytest.raises(NotAllowed):
        taken(planner, "programme.xlsx", WHOLE, who=THAO)

    (last,) = planner.reads.listed(last=1)
    assert (last.read.user, last.read.outcome.value, last.read.file) == ("thao", "refused", None)


def test_nothing_leaves_that_cannot_be_recorded(tmp_path: Path) -> None:
    planner = another(tmp_path, Clock())
    fill(planner)
    let_in(planner, KIEM)
    planner.reads.close()
    planner.reads = Reads(planner.store.data_dir / "nowhere", planner.store.keys.database, planner.clock)

    for name in NAMED:
        with pytest.raises(StoreUnavailable):
            taken(planner, name, REDACTED)
    with pytest.raises(StoreUnavailable):
        taken(planner, "duties.ics", None, who=THAO)

    planner.close()
