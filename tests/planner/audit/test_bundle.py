"""A bundle is verified without any data, redacted or not, and no changed one passes."""

from __future__ import annotations

import base64
import dataclasses
import functools
import json
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from planner.audit.bundle import make_bundle, verify_bundle
from planner.audit.checkpoint import Key, parse, sign
from planner.audit.contents import signed_contents
from planner.audit.kept import Checkpoints
from planner.store.startup import Check
from tests.planner.audit.ledger import WITNESS, grown, opened, story, witnessed

READ = {"plan.json": b'{"posts": 7}\n', "read.html": b"<p>7 posts</p>\n"}
POSITIONS = [1, 2, 3, 5, 8, 13, 21, 30]


def bundle(place: Path, *, redact: bool = False) -> Path:
    """A bundle of some events of a log of thirty, with two witnessed checkpoints before the last."""
    told, file = story(30), place / "bundle.zip"
    with closing(opened(place)) as store, closing(Checkpoints(store)) as checkpoints:
        for size in (10, 20):
            grown(store, told[store.recorder.head() : size])
            witnessed(store)
        grown(store, told[20:])
        file.write_bytes(make_bundle(store.recorder, checkpoints, POSITIONS, redact=redact, readable=lambda size: READ))
    return file


def wrong(file: Path, *keys: bytes) -> list[Check]:
    return [check for check in verify_bundle(file, keys) if not check.ok]


def names(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        return sorted(archive.namelist())


def changed(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The bundle with its files changed."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


@pytest.mark.parametrize("redact", [False, True])
def test_a_bundle_holds_with_its_own_keys_and_with_those_that_are_trusted(tmp_path: Path, redact: bool) -> None:
    file = bundle(tmp_path, redact=redact)
    with zipfile.ZipFile(file) as archive:
        log, witness = archive.read("keys.txt").splitlines()
        told = archive.read("events.jsonl")

    assert (wrong(file), wrong(file, log), wrong(file, log, witness)) == ([], [], [])
    assert (witness, [json.loads(line)["position"] for line in told.splitlines()]) == (WITNESS.verifier, POSITIONS)
    assert (b"originator_id" in told, b"leaf" in told) == (not redact, redact)


def test_it_tells_how_to_verify_it_with_other_programs(tmp_path: Path) -> None:
    file = bundle(tmp_path)

    assert [name for name in names(file) if not name.startswith("proofs/")] == [
        "README.txt",
        "checkpoint.txt",
        *("checkpoints/0000000010.txt", "checkpoints/0000000020.txt"),
        *("consistency/0000000010.txt", "consistency/0000000020.txt"),
        *("contents.txt", "events.jsonl", "keys.txt", "plan.json", "read.html"),
    ]
    assert len([name for name in names(file) if name.startswith("proofs/")]) == len(POSITIONS)


def test_the_algorithm_of_its_readme_leads_from_an_event_to_the_root(tmp_path: Path) -> None:
    """Written from the README alone, with nothing of the program."""
    from hashlib import sha256

    with zipfile.ZipFile(bundle(tmp_path)) as archive:
        told = json.loads(archive.read("events.jsonl").splitlines()[4])
        head, note = archive.read("proofs/0000000008.tlog-proof").decode().split("\n\n", 1)
    _, index_line, *hashes = head.split("\n")
    size, root = note.split("\n")[1:3]

    def field(content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + content

    leaf = b"\x00" + field(b"delegation-planner/event/1") + field(told["originator_id"].encode())
    leaf += field(told["originator_version"].to_bytes(8, "big", signed=True)) + field(told["topic"].encode())
    found = sha256(leaf + field(base64.b64decode(told["state"]))).digest()
    index, last = int(index_line.removeprefix("index ")), int(size) - 1
    for one in map(base64.b64decode, hashes):
        if index % 2 or index == last:
            found = sha256(b"\x01" + one + found).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            found = sha256(b"\x01" + found + one).digest()
        index, last = index // 2, last // 2

    assert base64.b64encode(found).decode() == root


def test_no_bundle_with_a_changed_file_passes(tmp_path: Path) -> None:
    file = bundle(tmp_path)
    whole, passed = file.read_bytes(), []
    for name in names(file):
        if name == "README.txt":
            continue
        for change in ("gone", "bit", "cut", "empty"):
            file.write_bytes(whole)
            changed(file, functools.partial(_spoilt, name=name, change=change))
            if not wrong(file):
                passed.append((name, change))

    assert passed == []


def _spoilt(files: dict[str, bytes], name: str, change: str) -> None:
    content = files.pop(name)
    middle = len(content) // 2
    if change == "bit":
        files[name] = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    elif change == "cut":
        files[name] = content[: middle + 1]
    elif change == "empty":
        files[name] = b""


def test_what_can_be_read_may_be_taken_out_whole_and_never_put_there(tmp_path: Path) -> None:
    def stripped(files: dict[str, bytes]) -> None:
        for name in (*READ, "contents.txt"):
            del files[name]

    def more(files: dict[str, bytes]) -> None:
        files["more.html"] = b"<p>9 posts</p>"

    told = [check.why.text for check in verify_bundle(changed(bundle(tmp_path), stripped))]
    (tmp_path / "bundle.zip").unlink()
    (tmp_path / "data").rename(tmp_path / "before")

    assert told[-1] == "there is nothing to read in it"
    assert [check.why.text for check in wrong(changed(bundle(tmp_path), more))] == [
        "{file} is missing, or was put there"
    ]


@pytest.mark.parametrize("by", ["the witness", "nobody", "another checkpoint"])
def test_what_can_be_read_is_signed_by_the_log_itself_over_this_checkpoint(tmp_path: Path, by: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        log, _ = map(Key.read, files["keys.txt"].splitlines())
        head = parse(files["checkpoint.txt"]).checkpoint
        forger = Key.signing(WITNESS.name if by == "the witness" else "forger.example", bytes(32))
        with closing(opened(tmp_path)) as store, closing(Checkpoints(store)) as checkpoints:
            signer = checkpoints.key.signer if by == "another checkpoint" else forger.signer
        of = dataclasses.replace(head, size=20) if by == "another checkpoint" else head
        assert log.name == head.origin
        files["contents.txt"] = signed_contents({name: files[name] for name in READ}, of, signer)

    assert len(wrong(changed(bundle(tmp_path), change))) == 1


@pytest.mark.parametrize("field", ["position", "originator_id", "originator_version", "topic", "state"])
def test_no_event_of_a_bundle_can_be_changed(tmp_path: Path, field: str) -> None:
    others = {
        "position": 4,
        "originator_id": "post/X",
        "originator_version": 9,
        "topic": "PostCreated",
        "state": "AAAA",
    }

    def change(files: dict[str, bytes]) -> None:
        lines = files["events.jsonl"].splitlines()
        lines[3] = json.dumps({**json.loads(lines[3]), field: others[field]}).encode()
        files["events.jsonl"] = b"\n".join(lines)

    assert len(wrong(changed(bundle(tmp_path), change))) == 1


def test_a_forger_who_signs_with_a_key_of_his_own_is_seen_by_who_has_the_right_one(tmp_path: Path) -> None:
    file = bundle(tmp_path)
    with zipfile.ZipFile(file) as archive:
        right = archive.read("keys.txt").splitlines()[0]
        text = archive.read("checkpoint.txt").partition(b"\n\n")[0] + b"\n"
    forger = Key.signing(Key.read(right).name, bytes(32))

    def change(files: dict[str, bytes]) -> None:
        told = files["contents.txt"].partition(b"\n\n")[0] + b"\n"
        files["contents.txt"] = sign(told, forger.signer)
        files["keys.txt"] = forger.verifier + b"\n" + WITNESS.verifier
        old, new = files["checkpoint.txt"], sign(text, forger.signer)
        files.update({name: content.replace(old, new) for name, content in files.items()})

    forged = changed(file, change)

    assert wrong(forged) == []
    assert len(wrong(forged, right)) == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 100])
def test_what_is_no_bundle_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)

    assert (len(wrong(tmp_path / "x.zip")), len(wrong(tmp_path / "none.zip"))) == (1, 1)
