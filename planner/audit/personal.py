"""Personal signatures: each override, break-glass and review of it was given by the person whose name it bears."""

from __future__ import annotations

from collections.abc import Iterable

from domain.assignment import OverrideSigned
from domain.base import Event
from domain.emergency import EmergencyAccessOpened, EmergencyAccessReviewed, EmergencyAccessSigned
from domain.erasure import Erased
from domain.messages import Message, counted, message
from domain.signer import SigningKeyMade, SigningKeyRevoked, SigningKeyVouched
from domain.signing import binds
from domain.visit import VisitRegistered
from planner.audit.signing_keys import Owned, SigningKeysOfLog, signed_by
from planner.personal_keys import PersonalKey

#: From the first visit on that was registered in this form, nothing that binds is recorded unsigned.
SIGNED_SINCE = VisitRegistered.schema_version
#: The same for reviews of what was opened in an emergency, from the first that was opened in this form.
REVIEWS_SIGNED_SINCE = EmergencyAccessOpened.schema_version


class PersonalSignatures:
    """Looks at every event in the order of the log; ``trouble`` is the first signature that does not hold, or lacks.

    ``keys`` are those of the accounts beside this log, on that ``machine``. From the first key on that the log tells of
    nothing else counts than what it tells. Before, a key must be that of an account here, or one that the log tells of
    later; in a ``team``, where it may be of an account of another machine, it is told, and what it signed must hold.
    """

    def __init__(self, keys: Iterable[PersonalKey], *, team: bool = False, machine: str = "") -> None:
        self._keys = {(one.user, one.key.decode()) for one in keys}
        self.of_log = SigningKeysOfLog(self._keys, machine)
        self._team = team
        self._early: dict[Owned, int] = {}
        self._compulsory = False
        self._reviews_compulsory = False
        self._bound: dict[tuple[str, int], Event] = {}
        self._unsigned: dict[tuple[str, int], int] = {}
        self._signed = 0
        self._wrong: Message | None = None

    def see(self, position: int, event: Event, written: int) -> None:
        """The event at a position, and the schema version in which it was written."""
        if isinstance(event, VisitRegistered) or (
            isinstance(event, Erased) and event.topic == VisitRegistered.__name__
        ):
            self._compulsory = self._compulsory or written >= SIGNED_SINCE
        if binds(event):
            self._bound[event.originator_id, event.originator_version] = event
            if self._must_be_signed(event, written):
                self._unsigned[event.originator_id, event.originator_version] = position
        elif isinstance(event, SigningKeyMade | SigningKeyVouched | SigningKeyRevoked):
            self.of_log.see(position, event)
        elif isinstance(event, OverrideSigned | EmergencyAccessSigned):
            if self._holds(position, event):
                self._signed += 1
                self._unsigned.pop((event.originator_id, event.of), None)
            elif self._wrong is None:
                self._wrong = _not_held(position)

    def _must_be_signed(self, event: Event, written: int) -> bool:
        """False for what was recorded before its kind had to be signed."""
        if isinstance(event, EmergencyAccessOpened):
            self._reviews_compulsory = self._reviews_compulsory or written >= REVIEWS_SIGNED_SINCE
            return True
        return self._reviews_compulsory if isinstance(event, EmergencyAccessReviewed) else self._compulsory

    @property
    def trouble(self) -> Message | None:
        """What is wrong, once every event was seen."""
        unknown = [position for owned, position in self._early.items() if not self.of_log.knows(owned)]
        if self._wrong is None and unknown and not self._team:
            return _not_held(min(unknown))
        if self._wrong is None and self._unsigned:
            position = min(self._unsigned.values())
            return message("event {position} binds a person and is not signed", position=str(position))
        return self._wrong

    @property
    def told(self) -> Message:
        """How much of what binds is signed, and by whom with a key that this machine cannot know."""
        share = counted(
            "{m} of {n} override, emergency access or review of one",
            "{m} of {n} overrides, emergency accesses and reviews of these",
            len(self._bound),
            m=self._signed,
        )
        elsewhere = {user for user, key in self._early if not self.of_log.knows((user, key))}
        if not elsewhere:
            return share
        return message(
            "{share}; keys of {users} are known to another machine of the team alone: verify there too",
            share=share,
            users=tuple(sorted(elsewhere)),
        )

    def _holds(self, position: int, event: OverrideSigned | EmergencyAccessSigned) -> bool:
        """True for a signature by a key of the person who acted, over the event that it names."""
        bound, owned = self._bound.get((event.originator_id, event.of)), (event.by, event.public_key)
        if bound is None or bound.by != event.by or not signed_by(*owned, bound, event.signature):
            return False
        if self.of_log:
            return self.of_log.signs(*owned)
        if owned not in self._keys:
            self._early.setdefault(owned, position)
        return True


def _not_held(position: int) -> Message:
    return message("the signature at event {position} does not hold", position=str(position))
