"""A bundle for an auditor: the events of a visit as they are stored, and what proves that they stand in the log.

A ZIP file that is verified without any data, by ``planner verify-bundle`` or by programs of others: the formats are
C2SP's. In a redacted bundle each event is only the hash of its leaf; the proofs hold all the same.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import json
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.messages import Message, counted, message
from domain.refusals import PlanningError
from domain.signer import SigningKeys, SigningKeyVouched
from planner.audit.checkpoint import Checkpoint, Key, verify
from planner.audit.contents import CONTENTS, check_contents, signed_contents
from planner.audit.exchange import EventProof, Growth
from planner.audit.kept import Checkpoints, Kept
from planner.audit.tree import ProofError, row_hashes, verify_consistency, verify_inclusion
from planner.exports.watermark import Watermark
from planner.store.mapper import Row
from planner.store.recorder import Recorder
from planner.store.startup import Check
from planner.timeline import Timeline

KEYS, CHECKPOINT, EVENTS, README = "keys.txt", "checkpoint.txt", "events.jsonl", "README.txt"
EXPORT = "export.json"
_FORMAL = {KEYS, CHECKPOINT, EVENTS, README, CONTENTS}
#: What a bundle may hold at most: files, bytes of one, bytes of all.
MOST_FILES, LARGEST_FILE, LARGEST_BUNDLE = 250_000, 500_000_000, 1_000_000_000
#: So many earlier witnessed checkpoints are proved to have grown into the last.
EARLIER = 50

_README = """\
This bundle proves that events stand in the log of a security planner as they were recorded.

events.jsonl      one event a line: position, originator_id, originator_version, topic, and state as stored
                  (encrypted, base64). In a redacted bundle: position, and leaf, the hash of the same (base64).
proofs/N          for the event at position N: C2SP tlog-proof (c2sp.org/tlog-proof), ending in the checkpoint.
checkpoint.txt    the head of the log that all proofs lead to: C2SP tlog-checkpoint, a signed note as of Go's
                  golang.org/x/mod/sumdb/note. A line of a witness is a C2SP tlog-cosignature.
checkpoints/N     earlier heads, of N events; consistency/N: "old N", hashes, then checkpoint.txt, as C2SP's
                  tlog-witness has it: they prove that the log only grew from N.
read.html         the plan and its history in words, for any browser; plan.json and history.json the same for programs.
                  In a redacted bundle: without what need not be known.
export.json       for whom this bundle was taken out, by whom and when, and under which record.
contents.txt      the SHA-256 of these files, and the log, size and root of the checkpoint that they were made from: a
                  signed note of the log's own key. So the site says that the log tells this; that it does, shows by
                  opening the events with the key of the data.
keys.txt          the public keys. Compare them with copies that you got in another way; a forger brings his own.

The algorithm. With u32 four bytes and i64 eight bytes, highest first, and field(x) = u32(length of x) || x:
  leaf  = SHA-256(0x00 || field("delegation-planner/event/1") || field(originator_id in UTF-8)
                  || field(i64(originator_version)) || field(topic in UTF-8) || field(state))
  node  = SHA-256(0x01 || left || right)
The leaves, in order of position and without gaps (index = position - 1), make a Merkle tree as RFC 6962, 2.1 has it;
inclusion and consistency proofs are those of RFC 6962 (verified as in RFC 9162, 2.1.3.2 and 2.1.4.2).
A signature of the log: Ed25519 over the three lines. Of a witness: over "cosignature/v1\\ntime T\\n" and those.

Who overrode a rule, opened the visit in an emergency or reviewed that signed it: in an event after that one, with an
Ed25519 key that the events of "signer/ACCOUNT" tell of, which stand here too. The key of the data opens them.

What it does not prove: that these are all events of the visit (only that none is missing between those of one
thing), and, without the key of the data, what they say. planner verify-bundle FILE.zip checks all of the above.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """One event of a bundle: its position and the hash of its leaf; its row unless it is redacted."""

    position: int
    hash: bytes
    row: Row | None = None


def bundled(timeline: Timeline, visit: str) -> list[int]:
    """The positions of the events that prove a visit: its own, and those of the keys that signed any of them.

    Also of the keys of who vouched for these, so that whoever has the key of the data can judge every signature.
    """
    found = timeline.positions_of_visit(visit)
    told: set[str] = set()
    asked = {event.by for _, event in timeline.events_at(found) if hasattr(event, "public_key")}
    while asked:
        keys = timeline.positions_of(*(f"{SigningKeys.kind}/{user}" for user in sorted(asked)))
        told |= asked
        vouching = (event for _, event in timeline.events_at(keys) if isinstance(event, SigningKeyVouched))
        found, asked = [*found, *keys], {event.by for event in vouching} - told
    return sorted(found)


def make_bundle(
    recorder: Recorder,
    checkpoints: Checkpoints,
    positions: Sequence[int],
    *,
    redact: bool = False,
    watermark: Watermark | None = None,
    readable: Callable[[int], Mapping[str, bytes]] = lambda size: {},
) -> bytes:
    """The bundle of the events at these positions, under a checkpoint that is signed now.

    ``readable`` makes the files that people read in it, of the log as it was with so many events.
    """
    last = checkpoints.sign()
    tree = checkpoints.tree(last.size)
    if tree.root() != last.checkpoint.root:
        raise ProofError.because("The log is not the one that was signed: run planner verify. No bundle was made.")
    note = bytes(last.note)
    rows = recorder.select_positions([one for one in positions if one <= last.size])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, README, _README.encode())
        files = dict(readable(last.size))
        if watermark is not None:
            files[EXPORT] = json.dumps(watermark.fields(), ensure_ascii=False, indent=1).encode() + b"\n"
        for name, told in files.items():
            _put(archive, name, told)
        if files:
            _put(archive, CONTENTS, signed_contents(files, last.checkpoint, checkpoints.key.signer))
        _put(archive, KEYS, b"".join(key.verifier + b"\n" for key in (checkpoints.key, *checkpoints.witnesses)))
        _put(archive, CHECKPOINT, note)
        _put(archive, EVENTS, b"".join(_told(row, redact) for row in rows))
        for row in rows:
            proof = EventProof(row[0] - 1, tuple(tree.inclusion_proof(row[0] - 1)), note)
            _put(archive, f"proofs/{row[0]:010}.tlog-proof", bytes(proof))
        for kept in _earlier(checkpoints, last):
            _put(archive, f"checkpoints/{kept.size:010}.txt", bytes(kept.note))
            growth = Growth(kept.size, tuple(tree.consistency_proof(kept.size)), note)
            _put(archive, f"consistency/{kept.size:010}.txt", bytes(growth))
    return content.getvalue()


def _earlier(checkpoints: Checkpoints, last: Kept) -> list[Kept]:
    return [kept for kept in checkpoints if kept.note.witnesses and kept.size < last.size][-EARLIER:]


def _told(row: Row, redact: bool) -> bytes:
    position, subject, version, topic, state = row
    told: dict[str, Any] = {"position": position}
    if redact:
        told["leaf"] = b64encode(row_hashes([row])[0]).decode()
    else:
        told |= {"originator_id": subject, "originator_version": version, "topic": topic}
        told["state"] = b64encode(state).decode()
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


# Verifying


def verify_bundle(file: Path, keys: Sequence[bytes] = ()) -> Iterator[Check]:
    """Looks at everything in a bundle; ``keys`` are those that are trusted, its own where none are given.

    Raises ``PermissionError`` where the file may not be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            files = _Files(archive)
            trusted = list(keys) or files.read(KEYS).splitlines()
            yield _check_keys(trusted, given=bool(keys))
            note = files.read(CHECKPOINT)
            checkpoint = verify(note, *trusted).checkpoint
            _log_signed(note, checkpoint, trusted)
            yield Check(
                message("the checkpoint is signed by the log"),
                True,
                counted(
                    "{n} event, {m} witnesses",
                    "{n} events, {m} witnesses",
                    checkpoint.size,
                    m=_witnesses(note, trusted),
                ),
            )
            yield _check_growth(files, checkpoint, note, trusted)
            yield from _check_events(files, checkpoint, note)
            yield _check_readable(files, checkpoint, trusted)
    except PermissionError:
        raise
    # What ``zipfile`` raises for broken archives, for passwords and unknown compression (``RuntimeError``), and
    # for cut files.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        why = message("it is no bundle, or was cut short or damaged on its way ({why}): get it again", why=str(error))
        yield Check(message("the bundle can be read"), False, why)
    except PlanningError as refusal:
        yield Check(message("the bundle holds what it should"), False, refusal.message)


def _check_keys(trusted: Sequence[bytes], *, given: bool) -> Check:
    names = tuple(Key.read(key).name for key in trusted)
    name = message("the keys are known: {names}", names=names)
    if given:
        return Check(name, True, message("as they were given"))
    return Check(name, True, message("from the bundle itself: compare them with copies that you got otherwise"))


def _log_signed(note: bytes, checkpoint: Checkpoint, trusted: Sequence[bytes]) -> None:
    """The key of the log itself must have signed, under the log's own name."""
    verify(note, *(key for key in trusted if Key.read(key).name == checkpoint.origin))


def _witnesses(note: bytes, trusted: Sequence[bytes]) -> int:
    return len(verify(note, *trusted).witnesses)


def _check_growth(files: _Files, checkpoint: Checkpoint, note: bytes, trusted: Sequence[bytes]) -> Check:
    name = message("the log only grew from the earlier checkpoints")
    earlier = files.named("checkpoints/")
    if [one.rpartition("/")[2] for one in earlier] != [one.rpartition("/")[2] for one in files.named("consistency/")]:
        return Check(name, False, message("proofs are missing"))
    for one in earlier:
        old = verify(files.read(one), *trusted).checkpoint
        growth = Growth.read(files.read(one.replace("checkpoints/", "consistency/", 1)))
        if (growth.note, growth.old, old.origin) != (note, old.size, checkpoint.origin):
            return Check(name, False, message("a proof is of another checkpoint"))
        verify_consistency(old.size, checkpoint.size, old.root, checkpoint.root, growth.proof)
    return Check(name, True, counted("{n} checkpoint", "{n} checkpoints", len(earlier)))


def _check_events(files: _Files, checkpoint: Checkpoint, note: bytes) -> Iterator[Check]:
    leaves = [_leaf(line) for line in files.read(EVENTS).splitlines()]
    proofs = [f"proofs/{leaf.position:010}.tlog-proof" for leaf in leaves]
    name = message("every event stands in the log as it was recorded")
    if proofs != files.named("proofs/"):
        yield Check(name, False, message("proofs are missing"))
        return
    for leaf, proof in zip(leaves, map(EventProof.read, map(files.read, proofs)), strict=True):
        if (proof.note, proof.index) != (note, leaf.position - 1):
            yield Check(name, False, message("a proof is of another checkpoint"))
            return
        try:
            verify_inclusion(leaf.hash, proof.index, checkpoint.size, proof.proof, checkpoint.root)
        except ProofError:
            yield Check(name, False, message("event {position} does not", position=str(leaf.position)))
            return
    redacted = sum(leaf.row is None for leaf in leaves)
    yield Check(
        name,
        True,
        counted("{n} event, {m} of them redacted", "{n} events, {m} of them redacted", len(leaves), m=redacted),
    )
    gap = _gap([leaf.row for leaf in leaves if leaf.row is not None])
    yield Check(message("nothing lacks an event between others"), gap is None, gap or message("none"))


def _check_readable(files: _Files, checkpoint: Checkpoint, trusted: Sequence[bytes]) -> Check:
    names = [name for name in files.named("") if name not in _FORMAL and "/" not in name]
    own = [key for key in trusted if Key.read(key).name == checkpoint.origin]
    note = files.read(CONTENTS) if files.named(CONTENTS) else None
    return check_contents({name: functools.partial(files.read, name) for name in names}, note, checkpoint, own)


def _gap(rows: Sequence[Row]) -> Message | None:
    """The first event that does not follow the one before it of the same thing."""
    versions: dict[str, int] = {}
    for position, subject, version, _, _ in rows:
        if version != versions.get(subject, 0) + 1:
            return message("event {position} of {subject} is out of turn", position=position, subject=subject)
        versions[subject] = version
    return None


def _leaf(line: bytes) -> Leaf:
    try:
        told = json.loads(line)
        position = told["position"]
        if type(position) is not int or position < 1:
            raise ValueError
        if "leaf" in told:
            return Leaf(position, b64decode(told["leaf"], validate=True))
        row = (
            position,
            str(told["originator_id"]),
            int(told["originator_version"]),
            str(told["topic"]),
            b64decode(told["state"], validate=True),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ProofError.because("The bundle holds a line that is no event.") from None
    return Leaf(position, row_hashes([row])[0], row)


class _Files:
    """The files of a bundle, read within bounds."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        infos = archive.infolist()
        self._names = {info.filename: info.file_size for info in infos}
        if len(infos) > MOST_FILES or sum(self._names.values()) > LARGEST_BUNDLE or len(self._names) != len(infos):
            raise ProofError.because("The bundle is too large, or holds a file twice.")

    def named(self, folder: str) -> list[str]:
        """The files of a folder, in order."""
        return sorted(name for name in self._names if name.startswith(folder))

    def read(self, name: str) -> bytes:
        """A file, whole. ``ProofError`` where there is none."""
        if name not in self._names or self._names[name] > LARGEST_FILE:
            raise ProofError.because("The bundle lacks {file}.", file=name)
        with self._archive.open(name) as stream:
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ProofError.because("The bundle is too large, or holds a file twice.")
        return content
