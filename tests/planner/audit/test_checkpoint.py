"""Signed notes are those of Go's ``sumdb/note`` and of C2SP, and nothing that is nearly one passes."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.audit.checkpoint import (
    COSIGNATURE,
    Checkpoint,
    Key,
    Note,
    cosign,
    cosigned,
    parse,
    read_signature,
    sign,
    verify,
)
from planner.audit.tree import EMPTY_ROOT, ProofError

#: The example of the documentation of Go's golang.org/x/mod/sumdb/note.
GO_SIGNER = b"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER = b"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    GO_TEXT
    + "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n".encode()
)
#: The example of C2SP's signed-note.
C2SP_VERIFIER = b"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

LOG = Key.signing("delegation-planner/site/events", bytes(range(32)))
OTHER = Key.signing("delegation-planner/site/events", bytes(range(1, 33)))
WITNESS = Key.signing("auditor.example", bytes(range(2, 34)), COSIGNATURE)
CHECKPOINT = Checkpoint(LOG.name, 359, bytes(range(32)))
SIGNED = sign(CHECKPOINT.text, LOG.signer)
WITNESSED = cosigned(SIGNED, cosign(SIGNED, WITNESS.signer, 1_790_000_000))


# Published vectors


def test_the_note_of_gos_documentation_is_signed_and_verified_bit_for_bit() -> None:
    assert sign(GO_TEXT, GO_SIGNER) == GO_NOTE
    assert verify(GO_NOTE, GO_VERIFIER) == parse(GO_NOTE)
    assert parse(GO_NOTE).text == GO_TEXT


def test_keys_are_written_as_go_writes_them() -> None:
    key = Key.read(GO_SIGNER)

    assert (key.signer, key.verifier, key.key_id.hex()) == (GO_SIGNER, GO_VERIFIER, "c74f20a3")
    assert Key.read(GO_VERIFIER).verifier == GO_VERIFIER


def test_the_note_of_c2sp_is_verified() -> None:
    note = verify(C2SP_NOTE, C2SP_VERIFIER)

    assert (note.text, note.signatures[0].name) == (b"This is an example message.\n", "example.com/foo")
    assert note.signatures[0].key_id.hex() == C2SP_VERIFIER.split(b"+")[1].decode() == "530d903a"
    assert bytes(note) == C2SP_NOTE


def test_a_cosignature_signs_the_moment_and_the_text() -> None:
    (signature,) = parse(WITNESSED).witnesses
    message = b"cosignature/v1\ntime 1790000000\n" + CHECKPOINT.text

    assert signature.content == (1_790_000_000).to_bytes(8, "big") + WITNESS.signed(message)
    assert (signature.name, signature.seconds) == ("auditor.example", 1_790_000_000)
    assert base64.b64decode(WITNESS.verifier.split(b"+", 2)[2])[0] == 4
    assert read_signature(signature.line) == signature


# What holds


def test_a_checkpoint_is_three_lines_and_comes_back() -> None:
    text = b"delegation-planner/site/events\n359\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"

    assert (CHECKPOINT.text, parse(SIGNED).checkpoint) == (text, CHECKPOINT)


def test_log_and_witness_are_verified_each_with_its_key() -> None:
    both = verify(WITNESSED, LOG.verifier, WITNESS.verifier)

    assert [one.name for one in both.signatures] == [LOG.name, WITNESS.name]
    assert verify(WITNESSED, WITNESS.verifier).signatures == both.witnesses
    assert verify(WITNESSED, LOG.verifier).witnesses == ()


def test_a_witness_that_signs_again_has_one_signature() -> None:
    again = cosigned(WITNESSED, cosign(SIGNED, WITNESS.signer, 1_790_000_060))

    assert [one.seconds for one in parse(again).witnesses] == [1_790_000_060]


def test_signatures_by_unknown_keys_are_left_away() -> None:
    note = bytes(
        Note(CHECKPOINT.text, (*parse(sign(CHECKPOINT.text, OTHER.signer)).signatures, *parse(SIGNED).signatures))
    )

    assert verify(note, LOG.verifier) == parse(SIGNED)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_comes_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("delegation-planner/ສະ-ຖານ/events", size, root)

    assert parse(sign(checkpoint.text, LOG.signer)).checkpoint == checkpoint


# What does not


def refused(function: Any, *arguments: Any) -> bool:
    try:
        function(*arguments)
    except ProofError:
        return True
    return False


def test_a_note_with_any_one_byte_changed_is_refused() -> None:
    held = []
    for place in range(len(WITNESSED)):
        for mask in (0x01, 0x20, 0x80):
            changed = WITNESSED[:place] + bytes([WITNESSED[place] ^ mask]) + WITNESSED[place + 1 :]
            try:
                found = verify(changed, LOG.verifier, WITNESS.verifier)
            except ProofError:
                continue
            if len(found.signatures) == 2:
                held.append((place, mask))

    assert held == []


@pytest.mark.parametrize("length", range(0, len(WITNESSED), 7))
def test_a_note_cut_short_is_refused(length: int) -> None:
    cut = WITNESSED[:length]

    assert refused(verify, cut, WITNESS.verifier)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        GO_NOTE[:-1],
        GO_NOTE + b"\n",
        GO_NOTE.replace("—".encode(), b"-"),
        GO_NOTE.replace(b"PeterNeumann", b""),
        GO_NOTE.replace(b"PeterNeumann", b"Peter+Neumann"),
        GO_NOTE.replace(b"PeterNeumann", "Peter\u00a0Neumann".encode()),
        GO_NOTE.replace(b"BwJnAM=", b"BwJnAN="),
        GO_NOTE.replace(b"BwJnAM=", b"BwJnAM"),
        GO_NOTE.replace(b"BwJnAM=", b"BwJn AM="),
        GO_NOTE.replace(b"think", b"thi\0nk"),
        GO_NOTE.replace(b"think", b"thi\rnk"),
        GO_NOTE.replace(b"think", b"thi\xffnk"),
        GO_NOTE.replace(b"\n", b"\r\n"),
        GO_TEXT + b"\n" + GO_NOTE.split(b"\n\n")[1] * 101,
        GO_TEXT * 12_000 + b"\n" + GO_NOTE.split(b"\n\n")[1],
        b"text\n\n" + "— name AAAA\n".encode(),
    ],
)
def test_what_is_no_note_is_refused(note: bytes) -> None:
    with pytest.raises(ProofError):
        parse(note)


ROOT = base64.b64encode(EMPTY_ROOT)


@pytest.mark.parametrize(
    "text",
    [
        b"log\n0\n",
        b"log\n0\n" + ROOT,
        b"log\n0\n" + ROOT + b"\nmore\n",
        b"\n0\n" + ROOT + b"\n",
        b"a log\n0\n" + ROOT + b"\n",
        b"log\n00\n" + ROOT + b"\n",
        b"log\n-1\n" + ROOT + b"\n",
        b"log\n+1\n" + ROOT + b"\n",
        b"log\n1_0\n" + ROOT + b"\n",
        "log\n٣\n".encode() + ROOT + b"\n",
        b"log\n9223372036854775808\n" + ROOT + b"\n",
        b"log\n" + b"9" * 5000 + b"\n" + ROOT + b"\n",
        b"log\n1\n" + ROOT[:-2] + b"\n",
        b"log\n1\n" + ROOT.replace(b"+", b"-") + b" \n",
        b"log\n1\nAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: bytes) -> None:
    with pytest.raises(ProofError):
        Checkpoint.read(text)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"name",
        GO_VERIFIER[:-1],
        GO_VERIFIER.replace(b"c74f", b"C74F"),
        GO_VERIFIER.replace(b"c74f", b"c74e"),
        GO_VERIFIER.replace(b"PeterNeumann", b"Peter Neumann"),
        GO_VERIFIER.replace(b"PeterNeumann", b"Petra"),
        GO_VERIFIER + b"\n",
        C2SP_VERIFIER.replace(b"AekyeR", b"BekyeR"),
        GO_SIGNER.removeprefix(b"PRIVATE+KEY+"),
        b"PRIVATE+KEY+" + GO_VERIFIER,
    ],
)
def test_what_is_no_key_is_refused(key: bytes) -> None:
    with pytest.raises(ProofError):
        Key.read(key)


def test_no_key_signs_what_it_is_not_for() -> None:
    assert refused(sign, GO_TEXT, GO_VERIFIER)
    assert refused(sign, GO_TEXT, WITNESS.signer)
    assert refused(cosign, SIGNED, LOG.signer, 1)
    assert refused(cosign, SIGNED, WITNESS.signer, 0)
    assert refused(cosign, GO_NOTE, WITNESS.signer, 1)
    assert refused(sign, b"no newline", LOG.signer)
    assert refused(sign, b"", LOG.signer)


def test_a_key_of_a_log_is_no_witness_and_the_other_way_round() -> None:
    as_log = Key.signing(WITNESS.name, WITNESS.secret)

    assert refused(verify, WITNESSED, as_log.verifier)
    assert refused(verify, WITNESSED, OTHER.verifier)
    assert refused(verify, WITNESSED)
