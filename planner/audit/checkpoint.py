"""Checkpoints: what the log says of itself, signed so that programs of others can check it.

A checkpoint is a signed note (C2SP ``signed-note``, the format of Go's ``sumdb/note``) whose text names the log, the
size of its tree and the root (C2SP ``tlog-checkpoint``)::

    delegation-planner/<site>/events
    359
    <root, base64>

    — <key name> <base64 of key id and signature>

A witness adds a line of its own, a cosignature over the moment and the same text (C2SP ``tlog-cosignature``). Keys
are written as Go writes them: ``name+id+base64`` and ``PRIVATE+KEY+name+id+base64``. Everything read here may come
from somebody hostile: whatever is not exactly right is a ``ProofError``.
"""

from __future__ import annotations

import dataclasses
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.refusals import PlanningError
from planner.audit.tree import HASH, LARGEST, ProofError

#: The kinds of signatures: of a log over the text, of a witness over moment and text.
ED25519, COSIGNATURE = 1, 4
LONGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100

_DASH = "— ".encode()
_PRIVATE = b"PRIVATE+KEY+"
_ID, _SIGNATURE, _MOMENT = 4, 64, 8
_SIZES = {ED25519: _SIGNATURE, COSIGNATURE: _MOMENT + _SIGNATURE}
#: No ASCII control character but the newline.
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_DECIMAL = re.compile(rb"0|[1-9][0-9]{0,18}")
_KEY_ID = re.compile(rb"[0-9a-f]{8}")


@dataclasses.dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a note: the name of its key, the four bytes that tell keys apart, and what was signed."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> bytes:
        """The line that stands under the note."""
        return _DASH + self.name.encode() + b" " + b64encode(self.key_id + self.content) + b"\n"

    @property
    def seconds(self) -> int:
        """When a witness signed, in seconds since 1970."""
        return int.from_bytes(self.content[:_MOMENT], "big")

    @property
    def is_of_witness(self) -> bool:
        """True for what has the form of a cosignature."""
        return len(self.content) == _SIZES[COSIGNATURE]


@dataclasses.dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its name, how many leaves its tree has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n".encode()

    @classmethod
    def read(cls, text: bytes) -> Checkpoint:
        """The checkpoint that a text speaks of. ``ProofError`` where it is none."""
        lines = text.split(b"\n")
        if len(lines) != 4 or lines[3]:
            raise ProofError.because("A checkpoint has three lines: the log, its size and the root.")
        return cls(_name(lines[0]), whole_number(lines[1]), read_hash(lines[2]))


@dataclasses.dataclass(frozen=True, slots=True)
class Note:
    """A text, whatever it says, and its signatures; nothing is verified yet unless ``verify`` returned it."""

    text: bytes
    signatures: tuple[Signature, ...]

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the text speaks of. ``ProofError`` where it is none."""
        return Checkpoint.read(self.text)

    @property
    def witnesses(self) -> tuple[Signature, ...]:
        """The signatures of witnesses."""
        return tuple(one for one in self.signatures if one.is_of_witness)

    def __bytes__(self) -> bytes:
        return self.text + b"\n" + b"".join(one.line for one in self.signatures)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A key as notes know it, for verifying or for signing; ``secret`` is empty in the former. Never shown."""

    name: str
    kind: int
    public: bytes
    secret: bytes = b""

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_ID]

    @property
    def verifier(self) -> bytes:
        """The key as others get it: ``name+id+base64``."""
        return self._encoded(self.public)

    @property
    def signer(self) -> bytes:
        """The key as its owner keeps it: ``PRIVATE+KEY+name+id+base64``."""
        return _PRIVATE + self._encoded(self.secret)

    def _encoded(self, key: bytes) -> bytes:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + key).decode()}".encode()

    @classmethod
    def signing(cls, name: str, secret: bytes, kind: int = ED25519) -> Key:
        """The key that signs with an Ed25519 seed of 32 bytes, under a name without spaces and plus signs."""
        public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
        return cls(_name(name.encode()), kind, public, secret)

    @classmethod
    def read(cls, encoded: bytes) -> Key:
        """The key of its written form, of either kind. ``ProofError`` where it is none."""
        private = encoded.startswith(_PRIVATE)
        parts = encoded.removeprefix(_PRIVATE).split(b"+", 2)
        if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
            raise ProofError.because("This is no key: it looks like name+1234abcd+… in one line.")
        content = _base64(parts[2])
        if len(content) != 1 + HASH or content[0] not in _SIZES:
            raise ProofError.because("This is no key that this program knows: only Ed25519 keys are used.")
        name, kind, rest = _name(parts[0]), content[0], content[1:]
        key = cls.signing(name, rest, kind) if private else cls(name, kind, rest)
        if key.key_id.hex().encode() != parts[1]:
            raise ProofError.because("The key of {name} is mangled: its number does not fit.", name=name)
        return key

    def signed(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.secret).sign(message)

    def holds(self, text: bytes, signature: Signature) -> bool:
        """True where the signature is one by this key over the text."""
        content = signature.content
        if len(content) != _SIZES[self.kind]:
            return False
        if self.kind == COSIGNATURE:
            text, content = _witnessed(text, signature.seconds), content[_MOMENT:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(content, text)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse(note: bytes) -> Note:
    """A note as it is written, nothing verified. ``ProofError`` where it is none."""
    if len(note) > LONGEST_NOTE or _CONTROL.search(note):
        raise _no_note()
    try:
        note.decode()
    except UnicodeDecodeError:
        raise _no_note() from None
    text, between, below = note.rpartition(b"\n\n")
    lines = below.split(b"\n")
    if not text or not between or lines.pop() or not lines or len(lines) > MOST_SIGNATURES:
        raise _no_note()
    return Note(text + b"\n", tuple(map(_signature, lines)))


def sign(text: bytes, key: bytes) -> bytes:
    """The note of a text signed with a key as ``Key.signer`` writes it. ``ProofError`` for what cannot be signed."""
    signer = _signer(key, ED25519)
    note = Note(text, (Signature(signer.name, signer.key_id, signer.signed(text)),))
    if parse(bytes(note)) != note:
        raise _no_note()
    return bytes(note)


def cosign(note: bytes, key: bytes, seconds: int) -> Signature:
    """The cosignature of a witness over a checkpoint, saying when, in seconds since 1970."""
    witness = _signer(key, COSIGNATURE)
    if not 0 < seconds <= LARGEST:
        raise ProofError.because("A witness says when it signed.")
    text = parse(note).checkpoint.text
    content = seconds.to_bytes(_MOMENT, "big") + witness.signed(_witnessed(text, seconds))
    return Signature(witness.name, witness.key_id, content)


def verify(note: bytes, *keys: bytes) -> Note:
    """The note with the signatures that were verified with these keys (``Key.verifier``), and no others.

    Signatures by unknown keys are left away. ``ProofError`` where a known key's signature does not hold, or none
    is left.
    """
    parsed, known = parse(note), [Key.read(key) for key in keys]
    held: dict[tuple[str, bytes], Signature] = {}
    for signature in parsed.signatures:
        place = (signature.name, signature.key_id)
        key = next((one for one in known if (one.name, one.key_id) == place), None)
        if key is None or place in held:
            continue
        if not key.holds(parsed.text, signature):
            raise ProofError.because("The signature of {name} does not hold.", name=key.name)
        held[place] = signature
    if not held:
        raise ProofError.because(
            "None of the known keys has signed this: {names}.", names=tuple(one.name for one in known)
        )
    return Note(parsed.text, tuple(held.values()))


def cosigned(note: bytes, *signatures: Signature) -> bytes:
    """The note with further signatures under it; one by the same key is replaced."""
    parsed = parse(note)
    fresh = {(one.name, one.key_id) for one in signatures}
    kept = tuple(one for one in parsed.signatures if (one.name, one.key_id) not in fresh)
    return bytes(dataclasses.replace(parsed, signatures=(*kept, *signatures)))


def whole_number(digits: bytes) -> int:
    """A number as these formats write it: digits, no zero before others, within eight bytes."""
    if not _DECIMAL.fullmatch(digits) or int(digits) > LARGEST:
        raise ProofError.because("«{written}» is no size of a tree.", written=digits[:40].decode("utf-8", "replace"))
    return int(digits)


def read_hash(line: bytes) -> bytes:
    """A hash in a line of its own."""
    content = _base64(line)
    if len(content) != HASH:
        raise ProofError.because("A hash has 32 bytes.")
    return content


def read_signature(line: bytes) -> Signature:
    """A signature in a line of its own, as a witness answers it."""
    return _signature(line.removesuffix(b"\n"))


def _signer(encoded: bytes, kind: int) -> Key:
    key = Key.read(encoded)
    if not key.secret or key.kind != kind:
        raise ProofError.because("The key of {name} cannot sign this.", name=key.name)
    return key


def _signature(line: bytes) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(b" ")
    if not line.startswith(_DASH) or not space:
        raise _no_note()
    content = _base64(encoded)
    if len(content) <= _ID:
        raise _no_note()
    return Signature(_name(name), content[:_ID], content[_ID:])


def _witnessed(text: bytes, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n".encode() + text


def _name(written: bytes) -> str:
    """The name of a key or a log: not empty, no space of any script, no plus sign."""
    try:
        name = written.decode()
    except UnicodeDecodeError:
        raise _no_note() from None
    if not name or "+" in name or any(sign.isspace() or not sign.isprintable() for sign in name):
        raise ProofError.because("«{name}» is no name of a key or a log.", name=name[:80])
    return name


def _base64(text: bytes) -> bytes:
    """What was written in base64, if it was written in the one right way."""
    try:
        content = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise _no_note() from None
    if b64encode(content) != text:
        raise _no_note()
    return content


def _no_note() -> PlanningError:
    return ProofError.because("This is no signed note: it is damaged, or not what it should be.")
