"""At the prompt nothing leaves as a file without a recipient, a reason and a record; redacted unless asked whole."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

import pytest

from planner.access.reads import FILE
from planner.application import Planner
from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Terminal
from tests.releases import ASKED, ASKED_WHOLE, REASON, RECIPIENT
from tests.withheld import CANARIES, fill, found_in, said_by

CODE = ("--visit", "LA-2026-01")
#: Every way to write a file, without the file.
WAYS: tuple[tuple[str, ...], ...] = (
    *(("export", *CODE, "--format", form) for form in ("json", "ics", "xlsx", "pdf")),
    *(("export", "--officer", "CA-0113", "--format", form) for form in ("ics", "pdf")),
    ("export", *CODE, "--post", "P-01", "--format", "pdf"),
    *(("plan", *CODE, "--format", form) for form in ("json", "text")),
    *(("history", *CODE, "--format", form) for form in ("json", "csv", "text")),
    *(("diff", *CODE, "--from", "0", "--format", form) for form in ("json", "text")),
    *(("questions", *CODE, "--late-hours", "8000", "--format", form) for form in ("json", "csv", "text")),
    ("bundle", *CODE),
)

if shutil.which("pdftotext") is None:  # `make test` says so; all other files are looked at all the same
    WAYS = tuple(way for way in WAYS if "pdf" not in way)


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """The visit of canaries."""
    planner = Planner(terminal.data, terminal.key)
    fill(planner)
    planner.close()
    return terminal


@pytest.fixture
def planned(terminal: Terminal) -> Terminal:
    terminal.do(VISIT, OFFICER, POST, ASSIGNED)
    return terminal


def said(terminal: Terminal, way: tuple[str, ...], out: Path, *asked: str) -> str:
    answer = terminal(*way, "--out", out, *asked, "--force")
    assert (answer.status, answer.out) == (0, "")
    return said_by(out.read_bytes(), out.parent)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_redacted_file_says_nothing_that_need_not_be_known(filled: Terminal, tmp_path: Path, lang: str) -> None:
    found = {way: found_in(said(filled, way, tmp_path / "out", *ASKED, "--lang", lang)) for way in WAYS}

    assert {way: those for way, those in found.items() if those} == {}


def test_the_whole_files_say_all_of_it(filled: Terminal, tmp_path: Path) -> None:
    """The control."""
    found = [found_in(said(filled, way, tmp_path / "out", *ASKED_WHOLE)) for way in WAYS]

    assert set().union(*found) == set(CANARIES)


def test_a_redacted_file_is_not_asked_who_broke_the_glass(filled: Terminal, tmp_path: Path) -> None:
    way = ("questions", *CODE, "--question", "break_glass", "--out", tmp_path / "out")

    redacted, whole = filled(*way, *ASKED), filled(*way, *ASKED_WHOLE)

    assert (redacted.status, redacted.err.partition(":")[0]) == (
        1,
        "A redacted file does not tell who opened a visit in an emergency",
    )
    assert (whole.status, "zqglasszq" in (tmp_path / "out").read_text()) == (0, True)


def test_every_file_is_matched_to_its_record_by_its_bytes_and_by_its_number(filled: Terminal, tmp_path: Path) -> None:
    for way in WAYS:
        told = said(filled, way, tmp_path / "out", *ASKED)

        (found,) = filled("reads", "--file", tmp_path / "out", "--format", "json").json
        (again,) = filled("reads", "--record", found["file"]["record"].lower(), "--format", "json").json
        assert again == found
        assert (found["recipient"], found["purpose"], found["outcome"]) == (RECIPIENT, REASON, "taken out")
        assert found["file"]["sha256"] == hashlib.sha256((tmp_path / "out").read_bytes()).hexdigest()
        assert (RECIPIENT in told, found["file"]["record"] in told) == (True, True)
        assert any(mark in told for mark in ("SECRET", '"secret"', "secret,")), way


def test_a_file_that_was_changed_has_no_record(planned: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "visit.json"
    planned("export", *CODE, "--format", "json", "--out", out, *ASKED)
    out.write_bytes(out.read_bytes() + b"\n")

    answer = planned("reads", "--file", out)

    assert (answer.status, answer.err.startswith("No record of that file")) == (1, True)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize(
    "asked", [(), ("--recipient", RECIPIENT), ("--reason", REASON), ("--recipient", " ", *ASKED[2:])]
)
def test_nothing_leaves_for_nobody_or_without_a_reason(
    planned: Terminal, tmp_path: Path, way: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    way = tuple(one.replace("CA-0113", "CA-1").replace("P-01", "P-07") for one in way)

    answer = planned(*way, "--out", tmp_path / "out", *asked)

    assert (answer.status, answer.out, (tmp_path / "out").exists()) == (1, "", False)
    assert answer.err in {
        "Name the recipient: the person or office that this is handed to.\n",
        "Say why: taking something out needs a reason.\n",
    }


@pytest.mark.parametrize("user", [(), ("--as", "hoa")])
def test_nothing_leaves_that_cannot_be_recorded_not_even_for_who_holds_the_key(
    planned: Terminal, tmp_path: Path, user: tuple[str, ...]
) -> None:
    planned.adopt()
    (planned.data / FILE).mkdir()

    answer = planned("export", *CODE, "--format", "json", "--out", tmp_path / "out", *ASKED, *user)

    assert (answer.status, (tmp_path / "out").exists()) == (1, False)


def test_a_redacted_visit_is_not_taken_in(planned: Terminal, tmp_path: Path) -> None:
    planned("export", *CODE, "--format", "json", "--out", tmp_path / "visit.json", *ASKED)
    planned("export", *CODE, "--format", "xlsx", "--out", tmp_path / "programme.xlsx", *ASKED)

    visit = planned("import", "visit", tmp_path / "visit.json", "--as", "hoa")
    programme = planned("import", "programme", tmp_path / "programme.xlsx", "--as", "hoa")

    assert [answer.status for answer in (visit, programme)] == [1, 1]
    assert ["is redacted" in answer.err for answer in (visit, programme)] == [True, True]


def test_an_officer_takes_out_the_own_duties_and_is_asked_nothing(planned: Terminal, tmp_path: Path) -> None:
    own = planned("export", "--officer", "CA-1", "--format", "ics", "--out", tmp_path / "a.ics", "--as", "thao")
    other = planned("export", *CODE, "--format", "ics", "--out", tmp_path / "b.ics", "--as", "thao", *ASKED)

    refused, read = planned("reads", "--of", "thao", "--format", "json").json
    assert (own.status, other.status, refused["outcome"]) == (0, 1, "refused")
    assert (read["recipient"], read["purpose"], read["file"]["extent"]) == ("CA-1", "own duties", "whole")


@pytest.mark.parametrize(
    ("user", "way", "query"),
    [
        ("nam", ("export", *CODE, "--format", "json"), "export_plan"),
        ("nam", ("export", "--visit", "NO-2026-99", "--format", "ics"), "export_programme"),
        ("nam", ("plan", *CODE), "export_plan"),
        ("nam", ("bundle", *CODE), "export_bundle"),
        ("nam", ("history", *CODE), "export_history"),
        ("nam", ("history", "--visit", "NO-2026-99"), "export_history"),
        ("nam", ("diff", *CODE, "--from", "0"), "export_history"),
        ("nam", ("questions", *CODE), "read_questions"),
        ("chief", ("history",), "export_history"),
        ("chief", ("questions",), "read_questions"),
        ("chief", ("plan",), "export_plan"),
        ("thao", ("export", *CODE, "--post", "P-07", "--format", "pdf"), "export_force"),
        ("thao", ("export", "--officer", "CA-2", "--format", "pdf"), "export_officers"),
    ],
)
def test_who_is_refused_a_file_is_recorded_whether_a_recipient_was_named_or_not(
    planned: Terminal, tmp_path: Path, user: str, way: tuple[str, ...], query: str
) -> None:
    planned("user", "add", "chief", "--role", "administrator")

    answers = [planned(*way, "--out", tmp_path / "out", "--as", user, *asked) for asked in ((), ASKED)]

    reads = planned("reads", "--of", user, "--format", "json").json
    visits = [way[2]] if "--visit" in way else []
    assert [(one.status, one.out) for one in answers] == [(1, ""), (1, "")]
    assert [(one["query"], one["visits"], one["outcome"]) for one in reads] == [(query, visits, "refused")] * 2


def test_what_is_printed_is_a_read_and_carries_the_mark(filled: Terminal) -> None:
    text = [filled(name, *CODE).out.splitlines()[0] for name in ("plan", "history", "questions")]
    table = list(csv.DictReader(io.StringIO(filled("history", *CODE, "--format", "csv").out)))
    listed = json.loads(filled("history", *CODE, "--format", "json").out)
    compared = filled("diff", *CODE, "--from", "0", "--format", "json").json

    assert text == ["SECRET"] * 3
    assert {row["mark"] for row in (*table, *listed, compared)} == {"secret"}
    assert [one["outcome"] for one in filled("reads", "--format", "json").json] == ["shown"] * 7


def test_bundles_are_either_redacted_or_whole(planned: Terminal, tmp_path: Path) -> None:
    answer = planned("bundle", *CODE, "--out", tmp_path / "b.zip", *ASKED, "--redact", "--whole")

    assert (answer.status, answer.err) == (1, "Choose one of --redact and --whole.\n")
