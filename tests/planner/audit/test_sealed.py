"""The logs beside the plan's are those of a checkpoint that was kept elsewhere, or it is told that they are not.

The burglar has the key and writes each log anew from its first row, so that every seal holds.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.base import Actor, Role
from domain.refusals import NotAllowed
from planner.access.reads import Read, Reads
from planner.access.refused import Refusals
from planner.access.sign_in_log import SignInLog
from planner.audit.checkpoint import parse, verify
from planner.audit.sealed import LOGS, check_continued, check_sealed, sealed_key, sign_sealed
from planner.audit.tree import ProofError
from tests.examples import PLANNING
from tests.planner.audit.ledger import grown, opened, story, wrong

ROWS = 6
USERS = tuple(f"user{number}" for number in range(ROWS))

type Users = tuple[str, ...]


def write_anew(place: Path, name: str, users: Users) -> None:
    """The log with one row for each user, as if it had always been so."""
    with closing(opened(place)) as store:
        for file in store.data_dir.glob(f"{LOGS[name].file}*"):
            file.unlink()
        with closing(LOGS[name].kind(store.data_dir, store.keys.database, lambda: PLANNING)) as log:
            for user in users:
                match log:
                    case Reads():
                        log.append(Read(user=user, via="test", query="read_programme"))
                    case Refusals():
                        by = Actor(user, frozenset({Role.PLANNER}))
                        log.note(by, "cancel_post", {"visit": "V-1"}, frozenset(), NotAllowed.because("no"))
                    case SignInLog():
                        log.note("signed in", user=user, client="127.0.0.1")


@pytest.fixture(params=list(LOGS))
def name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of a log with six rows."""
    with closing(opened(tmp_path)) as store:
        grown(store, story(3))
    name = str(request.param)
    write_anew(tmp_path, name, USERS)
    return name


def signed(place: Path, name: str) -> bytes:
    with closing(opened(place)) as store:
        return sign_sealed(store, name)


def harms() -> Iterator[Users]:
    """Other logs that a burglar may make of it."""
    for left in range(ROWS):
        yield USERS[:left]
        yield USERS[:left] + ("other",) * (ROWS - left)
        yield USERS[:left] + ("other",) * ROWS
        yield USERS[:left] + USERS[left + 1 :]
        yield (*USERS[:left], "other", *USERS[left:])
    for left in range(ROWS - 1):
        yield (*USERS[:left], USERS[left + 1], USERS[left], *USERS[left + 2 :])


def test_a_log_that_was_written_anew_otherwise_is_told_to_who_brings_its_checkpoint(tmp_path: Path, name: str) -> None:
    checkpoint = parse(signed(tmp_path, name)).checkpoint
    passed = []

    for users in harms():
        write_anew(tmp_path, name, users)
        with closing(opened(tmp_path)) as store:
            if check_continued(store, checkpoint).ok or not all(check.ok for check in check_sealed(store)):
                passed.append(users)

    assert passed == []  # and each is sound to who brings nothing


def test_it_is_told_by_verifying_with_the_checkpoint_and_not_without(tmp_path: Path, name: str) -> None:
    note = signed(tmp_path, name)

    write_anew(tmp_path, name, USERS[:-1])

    assert [found.level for found in wrong(tmp_path, level=3, brought=[note])] == [2]
    assert wrong(tmp_path, level=3) == []


@pytest.mark.parametrize("more", [(), ("later",), ("later",) * 20])
def test_a_log_that_is_the_same_or_only_grew_continues_its_checkpoint(tmp_path: Path, name: str, more: Users) -> None:
    """The control: written anew as it was, and longer."""
    note = signed(tmp_path, name)

    write_anew(tmp_path, name, USERS + more)

    assert wrong(tmp_path, level=3, brought=[note]) == []


def test_a_log_that_is_gone_is_told(tmp_path: Path, name: str) -> None:
    note = signed(tmp_path, name)

    for file in (tmp_path / "data").glob(f"{LOGS[name].file}*"):
        file.unlink()

    assert [found.level for found in wrong(tmp_path, brought=[note])] == [2]


def test_a_log_whose_seals_do_not_hold_is_told_and_not_signed(tmp_path: Path, name: str) -> None:
    with closing(opened(tmp_path)) as store, closing(store.connect(LOGS[name].file)) as raw:
        table = LOGS[name].file.removesuffix(".db")
        raw.execute(f"DROP TRIGGER {table}_are_never_changed")
        raw.execute(f"UPDATE {table} SET user = 'other' WHERE number = 3")

    with pytest.raises(ProofError, match="from row 3 on"):
        signed(tmp_path, name)
    assert [(found.level, str(found.why)) for found in wrong(tmp_path)] == [(1, "row 3 is not, or is missing")]


def test_the_checkpoint_is_a_signed_note_under_a_name_of_its_own(tmp_path: Path, name: str) -> None:
    with closing(opened(tmp_path)) as store:
        key = sealed_key(store.keys, name)

    note = signed(tmp_path, name)

    checkpoint = verify(note, key.verifier).checkpoint
    assert (checkpoint.origin, checkpoint.size) == (key.name, ROWS)
    assert key.name.endswith(f"/{name}")


def test_a_checkpoint_that_says_other_than_was_signed_is_told(tmp_path: Path, name: str) -> None:
    note = parse(signed(tmp_path, name))
    forged = bytes(dataclasses.replace(note, text=note.text.replace(b"\n6\n", b"\n5\n")))

    assert [found.level for found in wrong(tmp_path, level=3, brought=[forged])] == [2, 3]


def test_a_checkpoint_of_the_same_log_elsewhere_is_told(tmp_path: Path, name: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with closing(opened(other)) as store:
        grown(store, story(3))
    write_anew(other, name, USERS)

    found = wrong(tmp_path, level=2, brought=[signed(other, name)])

    assert [str(one.why).partition(":")[0] for one in found] == ["it is of another log"]


def test_an_empty_log_has_a_checkpoint_that_everything_continues(tmp_path: Path, name: str) -> None:
    write_anew(tmp_path, name, ())
    note = signed(tmp_path, name)

    write_anew(tmp_path, name, USERS)

    assert wrong(tmp_path, level=3, brought=[note]) == []
