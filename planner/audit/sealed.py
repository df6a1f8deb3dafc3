"""Checkpoints of the logs beside the plan's: who read what, what was refused to whom, who signed in.

Each row of such a log seals the one before it. The tree over these seals is signed in the form of every checkpoint,
under a name of its own (``delegation-planner/<site>/reads``). What a log cannot show of itself, that its end is gone
or that it was put back to an older copy, is seen by who brings a checkpoint that was kept elsewhere. In a team each
machine has such logs of its own, and checkpoints of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Final, NamedTuple

from domain.messages import Message, counted, message
from domain.refusals import PlanningError
from planner.access.reads import FILE as READS_FILE
from planner.access.reads import Reads
from planner.access.refused import FILE as REFUSALS_FILE
from planner.access.refused import Refusals
from planner.access.sign_in_log import FILE as SIGN_INS_FILE
from planner.access.sign_in_log import SignInLog
from planner.audit.checkpoint import Checkpoint, Key, sign
from planner.audit.exchange import Growth
from planner.audit.tree import CompactRange, ProofError, Tree, leaf_hash
from planner.store.directory import Store
from planner.store.keys import Keys
from planner.store.startup import Check
from planner.text import now


class _Log(NamedTuple):
    """One of the logs: its file, what opens it, and what is said of it."""

    file: str
    kind: type[Reads | Refusals | SignInLog]
    sound: Message
    continues: Message


LOGS: Final = {
    "reads": _Log(
        READS_FILE,
        Reads,
        message("the log of reads is as it was written"),
        message("the log of reads continues the checkpoint that was brought"),
    ),
    "refusals": _Log(
        REFUSALS_FILE,
        Refusals,
        message("the log of refusals is as it was written"),
        message("the log of refusals continues the checkpoint that was brought"),
    ),
    "sign-ins": _Log(
        SIGN_INS_FILE,
        SignInLog,
        message("the log of sign-ins is as it was written"),
        message("the log of sign-ins continues the checkpoint that was brought"),
    ),
}


def sealed_key(keys: Keys, name: str) -> Key:
    """The key that signs the checkpoints of one of these logs: that of the site, under the log's own name."""
    return Key.signing(f"delegation-planner/{keys.site}/{name}", keys.checkpoints)


def sign_sealed(store: Store, name: str) -> bytes:
    """The checkpoint of one of these logs as it is now. ``ProofError`` where it is not as it was written."""
    seals, broken = _read(store, LOGS[name])
    if broken:
        raise ProofError.because(
            "The log in {file} is not as it was written, from row {number} on. It was not signed. Keep the files as "
            "they are and run: planner verify",
            file=LOGS[name].file,
            number=str(broken),
        )
    key, tree = sealed_key(store.keys, name), _tree(seals)
    return sign(Checkpoint(key.name, tree.size, tree.root).text, key.signer)


def growth(store: Store, name: str, since: int, size: int) -> Growth:
    """What proves to a witness that the first ``since`` rows of one of these logs only grew into the first ``size``."""
    seals, _ = _read(store, LOGS[name])
    tree = Tree([leaf_hash(seal) for seal in seals[:size]])
    return Growth(since, tuple(tree.consistency_proof(since)), b"")


def check_sealed(store: Store) -> Iterator[Check]:
    """Whether each of these logs is as it was written, where it is there."""
    for log in LOGS.values():
        if not (store.data_dir / log.file).exists():
            continue
        try:
            seals, broken = _read(store, log)
        except PlanningError as refusal:
            yield Check(log.sound, False, refusal.message)
            continue
        why = message("row {number} is not, or is missing", number=str(broken)) if broken else _rows(len(seals))
        yield Check(log.sound, not broken, why)


def name_of(keys: Keys, one: Checkpoint) -> str:
    """Which of these logs a checkpoint is of; empty where it is of none."""
    return next((name for name in LOGS if sealed_key(keys, name).name == one.origin), "")


def check_continued(store: Store, one: Checkpoint) -> Check:
    """Whether the log that a checkpoint of one of these logs is of begins as it was when that was signed."""
    log = LOGS[name_of(store.keys, one)]
    seals, broken = _read(store, log)
    if len(seals) < one.size:
        gone = message(
            "{size} rows were signed, the log has {head}: the last ones are gone",
            size=str(one.size),
            head=str(len(seals)),
        )
        return Check(log.continues, False, gone)
    if 0 < broken <= one.size or _tree(seals[: one.size]).root != one.root:
        changed = message("the first {size} rows are not those that were signed", size=str(one.size))
        return Check(log.continues, False, changed)
    since = counted("{n} row came since", "{n} rows came since", len(seals) - one.size)
    return Check(log.continues, True, since)


def _read(store: Store, log: _Log) -> tuple[list[bytes], int]:
    """The seals of a log, none where it is not there, and the first row that is not as it was written, or 0."""
    if not (store.data_dir / log.file).exists():
        return [], 0
    with closing(log.kind(store.data_dir, store.keys.database, now)) as opened:
        return opened.seals(), opened.broken()


def _tree(seals: list[bytes]) -> CompactRange:
    return CompactRange().extended([leaf_hash(seal) for seal in seals])


def _rows(number: int) -> Message:
    return counted("{n} row", "{n} rows", number)
