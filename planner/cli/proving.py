"""``planner checkpoint``, ``witness``, ``verify``, ``bundle``, ``verify-bundle``: nobody rewrote the history."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from pathlib import Path

import segno

from domain.messages import Message
from domain.refusals import InvalidInput
from planner.access.exporting import Subject, permit_export
from planner.access.reader import Reader
from planner.audit import bundle as bundles
from planner.audit.checkpoint import LONGEST_NOTE, cosigned, parse
from planner.audit.exchange import Growth
from planner.audit.kept import Checkpoints, Kept, log_key
from planner.audit.sealed import LOGS, growth, sealed_key, sign_sealed
from planner.audit.tree import ProofError
from planner.audit.verify import Progress, verify_data
from planner.audit.witness import Witness
from planner.audit.witness_http import WitnessServer, ask
from planner.cli.console import Console
from planner.cli.files import write_file
from planner.cli.handing import hand_out, release
from planner.cli.opening import opened, readable, reader, refuse_no_file, visit_meant
from planner.exports.evidence import evidence
from planner.exports.watermark import Watermark
from planner.outward import permit_outward
from planner.store.opening import open_store
from planner.text import both

#: Seconds between two words on how far it is.
TOLD_EVERY = 2.0


def checkpoint(asked: argparse.Namespace, console: Console) -> int:
    """Sign, have it witnessed, and print that of one log; to a file all, the logs beside the plan's beside it."""
    with closing(open_store(asked.data, asked.key, create=False)) as store:
        if asked.show_key:
            key = sealed_key(store.keys, asked.log) if asked.log in LOGS else log_key(store.keys)
            console.line(key.verifier.decode())
            return 0
        with closing(Checkpoints(store)) as checkpoints:
            kept = _signed(asked, checkpoints, console)
            if asked.proof is not None and asked.log not in LOGS:
                proof = checkpoints.tree(kept.size).consistency_proof(asked.since)
                _proved(asked.proof, Growth(asked.since, tuple(proof), b""))
        notes = {"events": bytes(kept.note)} | {name: sign_sealed(store, name) for name in LOGS}
        note = notes[asked.log]
        if asked.proof is not None and asked.log in LOGS:
            _proved(asked.proof, growth(store, asked.log, asked.since, parse(note).checkpoint.size))
    if asked.out is not None:
        for name, one in notes.items():
            place = asked.out.with_name(f"{asked.out.name}.{name}") if name in LOGS else asked.out
            write_file(place, one, force=True)
    console.line(note.decode().removesuffix("\n"))
    if asked.qr:
        segno.make(note, error="l").terminal(compact=True)
    return 0


def _proved(file: Path, grown: Growth) -> None:
    write_file(file, bytes(grown).removesuffix(b"\n"), force=True)


def _signed(asked: argparse.Namespace, checkpoints: Checkpoints, console: Console) -> Kept:
    """The checkpoint that is printed: the one a witness signed by file, or the newest."""
    if asked.witness_key is not None:
        known = checkpoints.know_witness(_key(asked.witness_key))
        console.tell("The witness {name} is known from now on.", name=known.name)
    if asked.cosigned is not None:
        note = parse(readable(asked.cosigned, LONGEST_NOTE))
        if note.checkpoint.origin != checkpoints.key.name or not note.witnesses:
            raise ProofError.because(
                "{file} is no checkpoint of this log with a witness's signature.", file=asked.cosigned
            )
        return checkpoints.take_cosignatures(note.checkpoint.size, note.witnesses)
    kept = checkpoints.sign()
    if asked.witness is None:
        return kept
    permit_outward(asked.data, asked.witness)
    return ask(asked.witness, checkpoints, kept)


def witness(asked: argparse.Namespace, console: Console) -> int:
    """Sign one checkpoint, or serve; otherwise show the key and what was seen."""
    one = Witness(asked.state, asked.name)
    if asked.log_key is not None:
        one.knows(_key(asked.log_key))
    if asked.serve:
        return _served(one, asked, console)
    if asked.checkpoint is None:
        console.line(one.key.verifier.decode())
        for log, size in one.logs().items():
            console.tell("{log}: {size} events witnessed.", log=log, size=str(size))
        return 0
    note = readable(asked.checkpoint, LONGEST_NOTE)
    head = b"old 0\n" if asked.proof is None else readable(asked.proof, LONGEST_NOTE)
    signed = cosigned(note, one.cosign(Growth.read(head + b"\n" + note)))
    if asked.out is not None:
        write_file(asked.out, signed, force=True)
    console.line(signed.decode().removesuffix("\n"))
    return 0


def _served(one: Witness, asked: argparse.Namespace, console: Console) -> int:
    if (asked.tls_cert is None) != (asked.tls_key is None):
        raise InvalidInput.because("Give both --tls-cert and --tls-key, or neither.")
    tls = None if asked.tls_cert is None else (asked.tls_cert, asked.tls_key)
    with WitnessServer(one, asked.host, asked.port, tls) as server:
        console.line_at_once(one.key.verifier.decode())
        console.line_at_once(console.speaker("The witness listens at {address}", address=server.address))
        console.line_at_once(console.speaker("Stop it with Ctrl-C."))
        server.serve_forever()
    return 0


def verify(asked: argparse.Namespace, console: Console) -> int:
    """All levels that were asked for; 1 where anything does not hold."""
    brought = [readable(file, LONGEST_NOTE) for file in asked.checkpoint]
    keys = [_key(text) for text in asked.witness_key]
    if keys and not brought:
        raise InvalidInput.because("A witness signs a checkpoint: name its file with --checkpoint.")
    if asked.vouched and asked.level < 4:
        raise InvalidInput.because("Keys to sign with are looked at from level 4 on.")
    found = verify_data(
        asked.data,
        asked.key,
        level=asked.level,
        brought=brought,
        witnesses=keys,
        vouched=asked.vouched,
        progress=_progress(console),
    )
    return _told(asked, console, [(one.level, one.name, one.ok, one.why) for one in found])


def bundle(asked: argparse.Namespace, console: Console) -> int:
    """Write the bundle of a visit."""
    with opened(asked) as planner:
        who = reader(planner, asked.user)
        visit = visit_meant(who.plan, asked.visit)
        subject = Subject("export_bundle", "zip", "bundle", visit)
        permit_export(who, subject)
        if asked.redact and asked.whole:
            raise InvalidInput.because("Choose one of --redact and --whole.")
        positions = bundles.bundled(who.timeline, visit)

        def made(source: Reader, watermark: Watermark) -> bytes:
            with closing(Checkpoints(planner.store, planner.clock)) as checkpoints:
                return bundles.make_bundle(
                    planner.recorder,
                    checkpoints,
                    positions,
                    redact=watermark.redacted,
                    watermark=watermark,
                    readable=lambda size: evidence(source.timeline, visit, size, watermark),
                )

        hand_out(asked, console, who, subject, release(asked), made)
        console.tell("{n} events of {visit}, with their proofs.", n=len(positions), visit=visit)
    return 0


def verify_bundle(asked: argparse.Namespace, console: Console) -> int:
    """Everything in a bundle; 1 where anything does not hold."""
    refuse_no_file(asked.file)
    found = bundles.verify_bundle(asked.file, [_key(text) for text in asked.trust])
    return _told(asked, console, [(0, one.name, one.ok, one.why) for one in found])


def _told(asked: argparse.Namespace, console: Console, found: list[tuple[int, Message, bool, Message]]) -> int:
    if asked.format == "json":
        console.json(
            [
                {**({"level": level} if level else {}), "name": both(name), "ok": ok, "why": both(why)}
                for level, name, ok, why in found
            ]
        )
    else:
        for level, name, ok, why in found:
            mark = "✓" if ok else "✗"
            number = f"{level}  " if level else ""
            console.line(f"{mark} {number}{console.speaker.say(name)}: {console.speaker.say(why)}")
    return 0 if all(ok for _, _, ok, _ in found) else 1


def _progress(console: Console) -> Progress:
    """Tells now and then how far a level is."""
    told = time.monotonic()

    def tell(level: int, done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TOLD_EVERY:
            told = time.monotonic()
            console.tell("Level {level}: {done} of {total} events", level=str(level), done=done, total=total)

    return tell


def _key(text: str) -> bytes:
    """A public key as it was typed, or the first line of the file that was named."""
    path = Path(text)
    if "+" not in text or path.is_file():
        return readable(path, LONGEST_NOTE).strip()
    return text.strip().encode()
