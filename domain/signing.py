"""What binds a person is signed by that person, with a key that only the password opens: an override, break-glass and
its review.

The signature stands in an event of its own after the one that it is over. It holds without the database: the
statement is made from what the event says. Nothing that binds is recorded unsigned: so it is from the first visit on
that was registered under this rule (schema version 2 of ``VisitRegistered``), for reviews from the first emergency on
that was opened under theirs (version 2 of ``EmergencyAccessOpened``), and what is unsigned behind it is forged.
"""

from __future__ import annotations

from domain.assignment import OverrideSigned
from domain.base import Act, Decision, Event
from domain.emergency import EmergencyAccess, EmergencyAccessOpened, EmergencyAccessReviewed, EmergencyAccessSigned
from domain.plan import Plan
from domain.refusals import NotAllowed
from domain.signer import SigningKeys
from domain.statement import statement


def binds(event: Event) -> bool:
    """True for what a person answers for with a signature: an override, opening a visit of others, reviewing that."""
    answered = EmergencyAccessOpened | EmergencyAccessReviewed
    return getattr(event, "override", None) is not None or isinstance(event, answered)


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
    signing_keys(plan, act.by).refuse_ended(act.signer)
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


def signing_keys(plan: Plan, user: str) -> SigningKeys:
    """With which keys an account signs; without any where it never did."""
    found = plan.entities.get(f"{SigningKeys.kind}/{user}")
    return found if isinstance(found, SigningKeys) else SigningKeys(key=user, version=0)


def signers(plan: Plan) -> tuple[SigningKeys, ...]:
    """The keys of all accounts that ever signed, in the order of the accounts."""
    members = sorted(plan.indexes.get(SigningKeys.kind, ()))
    return tuple(found for key in members if isinstance(found := plan.entities.get(key), SigningKeys))
