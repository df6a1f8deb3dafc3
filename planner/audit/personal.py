"""Personal signatures: that each override and break-glass was given by the person whose name it bears."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable

from domain.assignment import OverrideSigned
from domain.base import Event
from domain.emergency import EmergencyAccessSigned
from domain.messages import Message, counted, message
from domain.signing import binds, statement
from planner.audit.checkpoint import Key, Signature
from planner.audit.tree import ProofError
from planner.personal_keys import PersonalKey


class PersonalSignatures:
    """Looks at every event in the order of the log; ``trouble`` is the first signature that does not hold."""

    def __init__(self, keys: Iterable[PersonalKey]) -> None:
        self._keys = {(one.user, one.key.decode()) for one in keys}
        self._bound: dict[tuple[str, int], Event] = {}
        self._signed = 0
        self.trouble: Message | None = None

    def see(self, position: int, event: Event) -> None:
        """The event at a position."""
        if binds(event):
            self._bound[event.originator_id, event.originator_version] = event
        elif isinstance(event, OverrideSigned | EmergencyAccessSigned):
            if self._holds(event):
                self._signed += 1
            elif self.trouble is None:
                self.trouble = message("the signature at event {position} does not hold", position=str(position))

    @property
    def told(self) -> Message:
        """How much of what binds is signed."""
        return counted(
            "{m} of {n} override or emergency access",
            "{m} of {n} overrides and emergency accesses",
            len(self._bound),
            m=self._signed,
        )

    def _holds(self, event: OverrideSigned | EmergencyAccessSigned) -> bool:
        """True for a signature by a known key of the person who acted, over the event that it names."""
        bound = self._bound.get((event.originator_id, event.of))
        if bound is None or bound.by != event.by or (event.by, event.public_key) not in self._keys:
            return False
        try:
            key, content = Key.read(event.public_key.encode()), b64decode(event.signature, validate=True)
        except (ProofError, ValueError):
            return False
        return key.name == event.by and key.holds(statement(bound), Signature(key.name, key.key_id, content))
