"""What is brought may be anything: each broken thing is named in words, in both languages, and nothing breaks."""

from __future__ import annotations

import random
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Answer, Terminal
from tests.releases import ASKED

MISTAKE = "made a mistake of its own"

type InBoth = Callable[..., str]


@pytest.fixture
def planned(terminal: Terminal) -> Terminal:
    """A terminal with four events."""
    terminal.do(VISIT, OFFICER, POST, ASSIGNED)
    return terminal


@pytest.fixture
def refused(planned: Terminal) -> InBoth:
    """Gives a command line that is refused, in both languages; what is said in English."""

    def give(*line: str | Path) -> str:
        english, vietnamese = (planned(*line, lang=lang) for lang in ("en", "vi"))
        said, other = (f"{one.out}{one.err}".strip() for one in (english, vietnamese))
        assert (english.status, vietnamese.status, said == other) == (1, 1, False)
        assert MISTAKE not in said
        return said

    return give


def bundle(planned: Terminal, place: Path) -> Path:
    """A whole bundle of the visit."""
    planned.adopt()
    planned("bundle", "--out", place / "bundle.zip", "--as", "kiem", "--whole", *ASKED)
    return place / "bundle.zip"


def unpacks_alike(one: Path, other: Path, name: str) -> bool:
    """True where a bit that was turned says nothing: some of a packed file do not."""
    with zipfile.ZipFile(one) as damaged, zipfile.ZipFile(other) as whole:
        try:
            return damaged.read(name) == whole.read(name)
        except (zipfile.BadZipFile, zlib.error):
            return False


def test_a_bundle_that_is_not_there_is_not_read_as_a_broken_one(refused: InBoth, tmp_path: Path) -> None:
    assert refused("verify-bundle", tmp_path / "nope.zip") == f"There is no file {tmp_path / 'nope.zip'}."
    assert refused("verify-bundle", tmp_path) == f"{tmp_path} is not a file."


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 1000])
def test_what_is_no_bundle_is_said_to_be_none(refused: InBoth, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "none.zip").write_bytes(content)

    said = refused("verify-bundle", tmp_path / "none.zip")

    assert said.startswith("✗ the bundle can be read: it is no bundle, or was cut short or damaged on its way (")


def test_however_a_bundle_is_damaged_it_is_told(planned: Terminal, tmp_path: Path) -> None:
    """Bits turned within its packed contents, and pieces cut off; unhurt, as the control, it verifies."""
    whole = bundle(planned, tmp_path).read_bytes()
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        proved = [one for one in archive.infolist() if one.filename not in ("README.txt", "export.json")]
    draw, answers = random.Random(3), list[Answer]()
    damaged = tmp_path / "damaged.zip"
    for _ in range(60):
        content, part = bytearray(whole), draw.choice(proved)
        at = part.header_offset + 30 + len(part.filename) + draw.randrange(part.compress_size)
        content[at] ^= 1 << draw.randrange(8)
        damaged.write_bytes(content)
        if not unpacks_alike(damaged, tmp_path / "bundle.zip", part.filename):
            answers.append(planned("verify-bundle", damaged))
    for _ in range(20):
        damaged.write_bytes(whole[: draw.randrange(len(whole))])
        answers.append(planned("verify-bundle", damaged))

    assert len(answers) > 60
    assert {(one.status, MISTAKE in one.err, "✗" in one.out) for one in answers} == {(1, False, True)}
    assert planned("verify-bundle", tmp_path / "bundle.zip").status == 0


@pytest.mark.parametrize("content", [b"", b"root:x:0:0\n", b"\xff" * 100])
def test_what_is_no_checkpoint_says_nothing_of_the_log(planned: Terminal, tmp_path: Path, content: bytes) -> None:
    """The log is looked at all the same, with the other checkpoints that were brought."""
    (tmp_path / "none").write_bytes(content)
    planned("checkpoint", "--out", tmp_path / "head")

    answer = planned("verify", "--level", "3", "--checkpoint", tmp_path / "none", "--checkpoint", tmp_path / "head")

    assert answer.status == 1
    assert [line for line in answer.out.splitlines() if line.startswith("✗")] == [
        "✗ 2  what was brought is a checkpoint: This is no signed note: it is damaged, or not what it should be."
    ]
    assert "✓ 2  the log continues the checkpoint that was brought, of 4 events" in answer.out
    assert planned("verify", "--level", "3", "--checkpoint", tmp_path / "head").status == 0


def test_a_backup_goes_into_no_folder_that_is_not_there(refused: InBoth, tmp_path: Path) -> None:
    assert refused("backup", "--out", tmp_path / "stick" / "b") == f"There is no folder {tmp_path / 'stick'}."
    assert not (tmp_path / "stick").exists()


def test_the_old_key_goes_into_no_folder_that_is_not_there(refused: InBoth, tmp_path: Path) -> None:
    said = refused("key", "rotate", "--keep-old", tmp_path / "stick" / "old.key")

    assert said == f"There is no folder {tmp_path / 'stick'}."


def test_what_holds_no_keys_is_not_taken_for_their_backup(planned: Terminal, refused: InBoth, tmp_path: Path) -> None:
    """It would restore events that nobody can read, and say that all is well."""
    planned("backup", "--out", tmp_path / "backup")
    planned.data.rename(tmp_path / "lost")

    said = refused("restore", tmp_path / "backup", "--keys", tmp_path / "backup")

    assert said.startswith(f"{tmp_path / 'backup'} is no backup of keys")
    assert not planned.data.exists()
    assert planned("restore", tmp_path / "backup").status == 0


def test_keys_that_are_older_than_the_backup_are_told(planned: Terminal, tmp_path: Path) -> None:
    planned("backup", "--out", tmp_path / "first")
    (keys,) = tmp_path.glob("keys-*.backup")
    shutil.copy(keys, tmp_path / "stale")
    planned.do({**VISIT, "arguments": {**VISIT["arguments"], "code": "NO-2026-02"}})
    planned("backup", "--out", tmp_path / "second")
    planned.data.rename(tmp_path / "lost")

    stale = planned("restore", tmp_path / "second", "--keys", tmp_path / "stale")
    newest = planned("restore", tmp_path / "second", "--replace")

    assert (stale.status, "of these events cannot be read: the keys that were found are older" in stale.err) == (
        1,
        True,
    )
    assert (newest.status, newest.err) == (0, "")


@pytest.mark.parametrize("database", ["host=127.0.0.1 port=1 dbname=x user=y", "service=nope", "host=/nowhere user=y"])
def test_a_database_that_cannot_be_reached_is_named(refused: InBoth, database: str) -> None:
    said = refused("store", "init-postgresql", "--database", database)

    assert said.startswith("PostgreSQL ")
    assert "cannot be read or written now" in said
