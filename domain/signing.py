"""What binds a person is signed by that person, with a key that only the password opens: an override, break-glass.

The signature stands in an event of its own after the one that it is over. It holds without the database: the
statement is made from what the event says. Nothing that binds is recorded unsigned: so it is from the first visit on
that was registered under this rule (schema version 2 of ``VisitRegistered``), and what is unsigned behind it is forged.
"""

from __future__ import annotations

import functools
from typing import Any

from pydantic import TypeAdapter

from domain.assignment import OverrideSigned
from domain.base import Act, Decision, Event
from domain.emergency import EmergencyAccess, EmergencyAccessOpened, EmergencyAccessSigned
from domain.plan import Plan
from domain.refusals import NotAllowed


def binds(event: Event) -> bool:
    """True for what a person answers for with a signature: an override, and opening a visit of others."""
    return getattr(event, "override", None) is not None or isinstance(event, EmergencyAccessOpened)


def statement(event: Event) -> bytes:
    """What is signed: the kind of the event and all that it says, as JSON; what it leaves open is left out."""
    kind: Any = type(event)
    return f"{kind.__name__}\n".encode() + _form(kind).dump_json(event, exclude_defaults=True)


def refuse_unsigned(events: Decision, act: Act) -> None:
    """Refuse what binds a person who does not sign it."""
    if act.signer is None and any(map(binds, events)):
        raise NotAllowed.because(
            "Who overrides a rule signs it: say your password too, in the form of the duty, or as a file on the "
            "command line (--password-file)."
        )


def signed(plan: Plan, events: Decision, act: Act) -> Decision:
    """The signatures of the actor over those of ``events`` that bind; ``plan`` is the one after all of them."""
    if act.signer is None:
        return ()
    signatures: list[Event] = []
    for event in filter(binds, events):
        kind = EmergencyAccessSigned if event.kind == EmergencyAccess.kind else OverrideSigned
        signature = kind(
            **act.on(plan.entities[event.originator_id]),
            of=event.originator_version,
            public_key=act.signer.key,
            signature=act.signer.sign(statement(event)),
        )
        plan = plan.after((signature,))
        signatures.append(signature)
    return tuple(signatures)


@functools.cache
def _form(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
