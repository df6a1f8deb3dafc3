"""The commands that erase what is known of a person, and a visit."""

from __future__ import annotations

import re
from typing import Protocol, Unpack

from domain.base import Act, Code, Decision, Line
from domain.erasing import entity_of_person, erase, erase_visit, person_named
from domain.plan import Plan
from domain.refusals import InvalidInput, NotPossible
from planner.access.permits import refuse_hidden
from planner.deciding import Decides, Outcome, Why, command
from planner.store.directory import Store
from planner.store.keyring import Keyring

#: A member of a delegation, as ``domain.erasing.person_named`` takes one.
_GUEST = re.compile(r"(?:delegation/)?(?P<visit>[^/]*)/[^/]*/[^/]*")


class Erases(Decides, Protocol):
    """What the command stands on."""

    store: Store


class ErasureCommands:
    """Persons and visits can be erased, one by one; none can be brought back."""

    @command
    def erase_person(self: Erases, person: Line, **why: Unpack[Why]) -> Outcome:
        """Destroy for good what is known of an officer, a member, or the contacts of a venue; needs a reason.

        Name, rank, telephone and the like go, from every view of every moment and from the next backup; the code and
        what was planned with it stay.
        """
        keyring = self.store.keyring

        def decision(plan: Plan, act: Act) -> Decision:
            guest = _GUEST.fullmatch(person)
            if guest:
                refuse_hidden(guest["visit"], act.visible)
            named = person_named(plan, person)
            old = self.store.sealed_with_the_stores_key(entity_of_person(named))
            if old:
                raise NotPossible.because(
                    "{person} cannot be erased here: events {positions} were recorded by an earlier version, before "
                    "persons had keys of their own, and the history could not be verified without them. Import the "
                    "visits into a new data directory (planner plan --format json, planner import), go on there, and "
                    "destroy this one with its key and its backups.",
                    person=named,
                    positions=tuple(map(str, old)),
                )
            key = keyring.live(named)
            return erase(plan, named, () if key is None else (key.hex(),), act)

        return _destroyed(keyring, self.decide(decision, **why))

    @command
    def erase_visit(self: Erases, visit: Code, confirmed: Code, **why: Unpack[Why]) -> Outcome:
        """Destroy for good all that was planned for a visit that is over; needs a reason, and its code once more.

        Programme, guests, posts, duties and routes go, from every view of every moment and from the next backup; the
        code stays, and so does what shared registers and the logs say of accounts.
        """
        keyring = self.store.keyring

        def decision(plan: Plan, act: Act) -> Decision:
            if confirmed != visit:
                raise InvalidInput.because("Say the code of the visit twice: {visit} and {confirmed} differ.", **named)
            old = self.store.sealed_before_visits_had_keys(plan.visit(visit).key)
            if old:
                raise NotPossible.because(
                    "Visit {visit} cannot be erased here: events {positions} were recorded by an earlier version, "
                    "before visits had keys of their own.",
                    visit=visit,
                    positions=tuple(map(str, old[:10])),
                )
            key = keyring.live(f"visit/{visit}")
            return erase_visit(plan, visit, () if key is None else (key.hex(),), act)

        named = {"visit": visit, "confirmed": confirmed}
        return _destroyed(keyring, self.decide(decision, **why))


def _destroyed(keyring: Keyring, outcome: Outcome) -> Outcome:
    """Done already where the plan was caught up; said again, so that a disk that refuses it is heard of here."""
    for event in outcome.events:
        keyring.destroy([bytes.fromhex(key) for key in getattr(event, "keys", ())])
    return outcome
