"""The keys with which people sign, as the log tells of them: whose each is, until when, and who vouched for it.

A key stands where it signed that it is the person's, and, where it was made beside the accounts of this machine, where
the sealed log of sign-ins knows of its making. Vouching counts along a tree: from the first key that vouched for
another one. So keys that a forger adds later vouch for each other in vain; the auditor compares that first one with a
copy that came another way.
"""

from __future__ import annotations

import dataclasses
from base64 import b64decode
from collections.abc import Collection

from domain.base import Event, folded
from domain.messages import Message, counted, message
from domain.signer import SigningKeyMade, SigningKeyRevoked, SigningKeyVouched
from domain.statement import statement
from planner.audit.checkpoint import Key, Signature
from planner.audit.tree import ProofError

#: The account and the public key.
type Owned = tuple[str, str]


@dataclasses.dataclass(slots=True)
class _Listed:
    """A key of the log: the event that told of it, and what became of it since."""

    position: int
    event: SigningKeyMade
    ended: bool = False
    vouched: bool = False


class SigningKeysOfLog:
    """Looks at the events that tell of keys, in the order of the log.

    ``made_here`` are the keys whose making the log of sign-ins of this machine knows; ``machine`` is its name.
    """

    def __init__(self, made_here: Collection[Owned], machine: str) -> None:
        self._made_here = made_here
        self._here = ("", machine)
        self._listed: dict[tuple[str, int], _Listed] = {}
        self._keys: dict[Owned, _Listed] = {}
        self._first: _Listed | None = None
        self.wrong: Message | None = None

    def see(self, position: int, event: SigningKeyMade | SigningKeyVouched | SigningKeyRevoked) -> None:
        """The next event; ``wrong`` says what does not hold, once and of the first."""
        held = self._vouched(event) if isinstance(event, SigningKeyVouched) else self._changed(position, event)
        if not held and self.wrong is None:
            self.wrong = message("what event {position} says of a signing key does not hold", position=str(position))

    def signs(self, user: str, key: str) -> bool:
        """True where the key is that user's, and signs at this place of the log."""
        listed = self._keys.get((user, key))
        return listed is not None and not listed.ended

    def knows(self, owned: Owned) -> bool:
        """True where the log tells of the key, here or further on."""
        return owned in self._keys

    def __bool__(self) -> bool:
        return bool(self._keys)

    @property
    def unvouched(self) -> tuple[Message, ...]:
        """The keys that nobody vouched for whose vouching counts."""
        return tuple(_named(one) for one in self._keys.values() if not one.vouched and one is not self._first)

    @property
    def told(self) -> Message:
        """How many there are, and which of them nobody vouched for whose vouching counts."""
        count = counted("{n} key", "{n} keys", len(self._keys))
        parts: dict[str, object] = {"count": count}
        unvouched = self.unvouched
        if self._first is None:
            if not unvouched:
                return count
            return message("{count}; nobody vouched for those of {keys}", **parts, keys=unvouched)
        parts["first"] = _named(self._first)
        if not unvouched:
            return message("{count}, vouched for from that of {first} on", **parts)
        return message(
            "{count}, vouched for from that of {first} on; nobody vouched for those of {keys}", **parts, keys=unvouched
        )

    def _changed(self, position: int, event: SigningKeyMade | SigningKeyRevoked) -> bool:
        if isinstance(event, SigningKeyRevoked):
            listed = self._listed.get((event.originator_id, event.of))
            if listed is not None:
                listed.ended = True
            return listed is not None
        owned = (event.by, event.public_key)
        unsigned = folded(event, proof="")
        if event.key != event.by or owned in self._keys or not signed_by(*owned, unsigned, event.proof):
            return False
        if event.machine in self._here and owned not in self._made_here:
            return False
        for one in self._keys.values():
            if (one.event.by, one.event.machine) == (event.by, event.machine):
                one.ended = True
        made = _Listed(position, event)
        self._listed[event.originator_id, event.originator_version] = self._keys[owned] = made
        return True

    def _vouched(self, event: SigningKeyVouched) -> bool:
        vouched = self._listed.get((event.originator_id, event.of))
        by = self._keys.get((event.by, event.public_key))
        if vouched is None or by is None or by.ended or event.by == event.key:
            return False
        if vouched.event.public_key != event.vouched:
            return False
        if not signed_by(event.by, event.public_key, folded(event, signature=""), event.signature):
            return False
        self._first = self._first or by
        vouched.vouched = vouched.vouched or by.vouched or by is self._first
        return True


def signed_by(user: str, public_key: str, event: Event, signature: str) -> bool:
    """True where it is a signature of that key, which bears the user's name, over what the event says."""
    try:
        key, content = Key.read(public_key.encode()), b64decode(signature, validate=True)
    except (ProofError, ValueError):
        return False
    return key.name == user and key.holds(statement(event), Signature(key.name, key.key_id, content))


def _named(one: _Listed) -> Message:
    return message("{user} (event {position})", user=one.event.by, position=str(one.position))
