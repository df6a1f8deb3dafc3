"""With which keys people sign what binds them, said in the log itself: so that whoever has the log knows them.

The secret half never leaves the machine on which the person said the password (``planner.personal_keys``). That a key
was made says the key itself, by signing it; an administrator who knows the person vouches for it, with the own key. A
key ends when the person gets another one on the same machine, or when it is revoked; what it signed until then holds.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from domain.base import Act, Decision, Entity, Event, Line, OptionalLine, Signer, changed, entity, folded, value
from domain.refusals import NotAllowed, NotFound, NotPossible
from domain.statement import statement


@value
class SigningKeyMade(Event):
    """A person has a key, made on that machine; ``proof`` is its own signature over all else that is said here."""

    public_key: Line
    machine: OptionalLine = ""
    proof: OptionalLine = ""


@value
class SigningKeyVouched(Event):
    """Somebody who knows the person says that ``vouched`` is theirs: the key of the event with the version ``of``.

    ``signature`` is that of the key ``public_key`` over all else that is said here.
    """

    of: int
    vouched: Line
    public_key: Line
    signature: OptionalLine = ""


@value
class SigningKeyRevoked(Event):
    """A key signs no longer: that of the event with the version ``of``."""

    of: int


@entity
class SigningKey:
    """One key of a person; ``of`` is the version of the event that tells of it."""

    of: int
    public_key: str
    machine: str
    made_at: datetime
    ended_at: datetime | None = None
    vouched_by: str = ""

    @property
    def code(self) -> str:
        """What tells it apart from the others of the person."""
        return str(self.of)


@entity
class SigningKeys(Entity):
    """All keys of an account, in the order in which they were made; the key is the account."""

    kind: ClassVar[str] = "signer"

    keys: tuple[SigningKey, ...] = ()

    @property
    def visit(self) -> str:
        return ""

    @property
    def live(self) -> tuple[SigningKey, ...]:
        """Those that sign now: one on each machine on which the account is."""
        return tuple(one for one in self.keys if one.ended_at is None)

    def known(self, public_key: str) -> SigningKey | None:
        """The key, where it stands here."""
        return next((one for one in self.keys if one.public_key == public_key), None)

    # Decisions

    def make(self, signer: Signer, act: Act) -> Decision:
        """Say that the signer's key is that of who acts; nothing where that is said already."""
        self.refuse_ended(signer)
        if self.known(signer.key) is not None:
            return ()
        made = SigningKeyMade(**act.on(self), public_key=signer.key, machine=signer.machine)
        return (changed(made, proof=signer.sign(statement(made))),)

    def vouch(self, act: Act) -> Decision:
        """Say that the keys which nobody vouched for are this person's. Nobody vouches for oneself."""
        if act.by == self.key:
            raise NotAllowed.because("Nobody vouches for their own key; another administrator must.")
        if act.signer is None:
            raise NotAllowed.because("Who vouches for a key signs it: say your password too.")
        waiting = [one for one in self._held() if not one.vouched_by]
        if not waiting:
            raise NotPossible.because("Every key of {user} is vouched for already.", user=self.key)
        events: list[Event] = []
        for version, one in enumerate(waiting, self.version):
            stamp = act.on(folded(self, version=version))
            said = SigningKeyVouched(**stamp, of=one.of, vouched=one.public_key, public_key=act.signer.key)
            events.append(changed(said, signature=act.signer.sign(statement(said))))
        return tuple(events)

    def revoke(self, act: Act) -> Decision:
        """End all keys of the person. Needs a reason."""
        act.needs_reason()
        return tuple(
            SigningKeyRevoked(**act.on(folded(self, version=version)), of=one.of)
            for version, one in enumerate(self._held(), self.version)
        )

    def refuse_ended(self, signer: Signer) -> None:
        """Refuse a key that was ended, here or on another machine."""
        known = self.known(signer.key)
        if known is not None and known.ended_at is not None:
            raise NotAllowed.because(
                "Your key to sign with was ended at {moment}. Change your password; the next signature makes a new "
                "key.",
                moment=known.ended_at,
            )

    def _held(self) -> tuple[SigningKey, ...]:
        if not self.live:
            raise NotFound.because("{user} has no key to sign with.", user=self.key)
        return self.live

    # Evolution

    @staticmethod
    def founded(event: SigningKeyMade) -> SigningKeys:
        return SigningKeys(key=event.key, version=0).evolve(event)

    def evolve(self, event: Event) -> Self:
        match event:
            case SigningKeyMade(public_key=key, machine=machine):
                former = tuple(_ended(one, event) if one.machine == machine else one for one in self.keys)
                made = SigningKey(
                    of=event.originator_version, public_key=key, machine=machine, made_at=event.recorded_at
                )
                return self.with_(event, keys=(*former, made))
            case SigningKeyVouched(of=of):
                vouched = (folded(one, vouched_by=event.by) if one.of == of else one for one in self.keys)
                return self.with_(event, keys=tuple(vouched))
            case SigningKeyRevoked(of=of):
                return self.with_(event, keys=tuple(_ended(one, event) if one.of == of else one for one in self.keys))
        return self.with_(event)


def _ended(one: SigningKey, event: Event) -> SigningKey:
    return one if one.ended_at is not None else folded(one, ended_at=event.recorded_at)


def key_number(public_key: str) -> str:
    """What tells a key from others in a sentence: the number in ``name+number+…``."""
    return "".join(public_key.split("+")[1:2])
