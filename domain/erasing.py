"""Erasing what is known of a person for good: the record that stays, and what is refused afterwards.

The facts themselves are destroyed with the person's key, by the store; from then on every event of the person, past
ones too, opens to one without them.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.base import Act, Decision, Event
from domain.delegation import Delegation, Member
from domain.erasure import Erasure, PersonErased
from domain.officer import Officer
from domain.personal import person_of, personal_facts
from domain.plan import Plan
from domain.refusals import InvalidInput, NotPossible
from domain.values import Contact
from domain.venue import Venue


def person_named(plan: Plan, code: str) -> str:
    """The person of a code: an officer's, ``VISIT/DELEGATION/MEMBER``, or ``venue/CODE`` for a venue's contacts."""
    parts = code.removeprefix("officer/").removeprefix("delegation/").split("/")
    match parts:
        case [officer]:
            return plan.officer(officer).id
        case ["venue", venue]:
            return plan.venue(venue).id
        case [visit, delegation, member]:
            return person_of(plan.delegation(visit, delegation).id, member)
    raise InvalidInput.because(
        "«{code}» names nobody: give the code of an officer, VISIT/DELEGATION/MEMBER for a member, "
        "or venue/CODE for the contacts of a venue.",
        code=code,
    )


def entity_of_person(person: str) -> str:
    """The originator id of the entity that tells of a person."""
    return "/".join(person.split("/")[: 3 if person.startswith(f"{Delegation.kind}/") else 2])


def erase(plan: Plan, person: str, keys: tuple[str, ...], act: Act) -> Decision:
    """The record that a person's keys are destroyed. Refused without a reason, and where it names the person."""
    act.needs_reason()
    if not keys:
        raise NotPossible.because("Nothing personal is kept of {person}: it was erased before.", person=person)
    for name in _names(plan, person):
        if name.casefold() in act.reason.casefold():
            raise InvalidInput.because("The reason must not name the person: it is kept.")
    known = plan.entities.get(f"{Erasure.kind}/{person}")
    stamp = act.founds(Erasure, person) if known is None else act.on(known)
    return (PersonErased(**stamp, keys=keys),)


def erased(plan: Plan, person: str) -> bool:
    """True where what was known of a person was destroyed."""
    return f"{Erasure.kind}/{person}" in plan.entities


def erasures(plan: Plan) -> tuple[Erasure, ...]:
    """All erasures so far."""
    keys = plan.indexes.get(Erasure.kind, ())
    return tuple(found for key in sorted(keys) if isinstance(found := plan.entities.get(key), Erasure))


def refuse_erased(plan: Plan, events: Iterable[Event]) -> None:
    """Refuse recording anything personal of an erased person, whether by hand, by import or by undoing.

    The contacts of a venue are whoever works there now, so new ones may be recorded.
    """
    if Erasure.kind not in plan.indexes:
        return
    for event in events:
        facts = personal_facts(type(event))
        if facts is not None and event.kind != Venue.kind and erased(plan, person := facts.person(event)):
            raise NotPossible.because(
                "{person} was erased; nothing more is recorded under this code. Choose another code.", person=person
            )


def _names(plan: Plan, person: str) -> Iterable[str]:
    """What the person is called now."""
    found = plan.entities.get(entity_of_person(person))
    people: tuple[Officer | Member | Contact, ...] = ()
    if isinstance(found, Officer):
        people = (found,)
    elif isinstance(found, Delegation):
        people = tuple(member for member in found.members if person_of(found.id, member.code) == person)
    elif isinstance(found, Venue):
        people = found.details.contacts
    for one in people:
        name = one.name
        yield from (name,) if isinstance(name, str) else filter(None, (name.romanised, name.original))
