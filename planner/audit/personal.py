"""Personal signatures: that each override and break-glass was given by the person whose name it bears."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable

from domain.assignment import OverrideSigned
from domain.base import Event
from domain.emergency import EmergencyAccessOpened, EmergencyAccessSigned
from domain.messages import Message, counted, message
from domain.signing import binds, statement
from domain.visit import VisitRegistered
from planner.audit.checkpoint import Key, Signature
from planner.audit.tree import ProofError
from planner.personal_keys import PersonalKey

#: From the first visit on that was registered in this form, nothing that binds is recorded unsigned.
SIGNED_SINCE = VisitRegistered.schema_version


class PersonalSignatures:
    """Looks at every event in the order of the log; ``trouble`` is the first signature that does not hold, or lacks.

    ``keys`` are those of the accounts beside this log. In a ``team`` other machines have accounts of their own: a key
    of one of them is told, and what it signed must hold all the same.
    """

    def __init__(self, keys: Iterable[PersonalKey], *, team: bool = False) -> None:
        self._keys = {(one.user, one.key.decode()) for one in keys}
        self._team = team
        self._compulsory = False
        self._bound: dict[tuple[str, int], Event] = {}
        self._unsigned: dict[tuple[str, int], int] = {}
        self._elsewhere: set[str] = set()
        self._signed = 0
        self._wrong: Message | None = None

    def see(self, position: int, event: Event, written: int) -> None:
        """The event at a position, and the schema version in which it was written."""
        if isinstance(event, VisitRegistered):
            self._compulsory = self._compulsory or written >= SIGNED_SINCE
        if binds(event):
            self._bound[event.originator_id, event.originator_version] = event
            if self._compulsory or isinstance(event, EmergencyAccessOpened):
                self._unsigned[event.originator_id, event.originator_version] = position
        elif isinstance(event, OverrideSigned | EmergencyAccessSigned):
            if self._holds(event):
                self._signed += 1
                self._unsigned.pop((event.originator_id, event.of), None)
            elif self._wrong is None:
                self._wrong = message("the signature at event {position} does not hold", position=str(position))

    @property
    def trouble(self) -> Message | None:
        """What is wrong, once every event was seen."""
        if self._wrong is None and self._unsigned:
            position = min(self._unsigned.values())
            return message("event {position} binds a person and is not signed", position=str(position))
        return self._wrong

    @property
    def told(self) -> Message:
        """How much of what binds is signed, and by whom with a key that this machine cannot know."""
        share = counted(
            "{m} of {n} override or emergency access",
            "{m} of {n} overrides and emergency accesses",
            len(self._bound),
            m=self._signed,
        )
        if not self._elsewhere:
            return share
        return message(
            "{share}; keys of {users} are known to another machine of the team alone: verify there too",
            share=share,
            users=tuple(sorted(self._elsewhere)),
        )

    def _holds(self, event: OverrideSigned | EmergencyAccessSigned) -> bool:
        """True for a signature by a key of the person who acted, over the event that it names."""
        bound = self._bound.get((event.originator_id, event.of))
        known = (event.by, event.public_key) in self._keys
        if bound is None or bound.by != event.by or not (known or self._team):
            return False
        try:
            key, content = Key.read(event.public_key.encode()), b64decode(event.signature, validate=True)
        except (ProofError, ValueError):
            return False
        if key.name != event.by or not key.holds(statement(bound), Signature(key.name, key.key_id, content)):
            return False
        if not known:
            self._elsewhere.add(event.by)
        return True
