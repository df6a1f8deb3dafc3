"""Why places stay open, why this officer and not that one: the engine's answers as sentences about the plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from domain.messages import LanguageCode, Message, counted, message
from domain.post import WHOLE, Shift
from domain.requirements import Need, NeedKind, has_lasting, needs
from planner.rostering.core import Core, core
from planner.rostering.explain import Against, Candidate, Counters, Proof, candidates, counters, hall
from planner.rostering.explain import said as against_said
from planner.rostering.made import Made
from planner.rostering.problem import NONE
from planner.rostering.roster import Roster
from planner.rostering.seating import Place

#: Places named in one sentence.
NAMED = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """Places of one shift that stay open: how many, and what explains it, the quick answer first."""

    seat: int
    place: Place
    missing: int
    counters: Counters
    proof: Proof | None = None
    core: Core | None = None
    reasons: tuple[Message, ...] = ()


def open_shifts(made: Made, roster: Roster, *, prove: int = 0, most: int | None = None) -> tuple[Open, ...]:
    """The shifts that lack somebody in order of time, or ``most`` of them, those of critical posts first; for the first
    ``prove`` a proof is looked for too."""
    first: dict[tuple[str, str], tuple[int, Place]] = {}
    missing: dict[tuple[str, str], int] = {}
    for seat, place in made.open:
        key = (place.post.code, place.shift.code)
        first.setdefault(key, (seat, place))
        missing[key] = missing.get(key, 0) + 1
    wanted = list(first.items())
    if most is not None:
        wanted = sorted(wanted, key=lambda one: not one[1][1].post.details.critical)[:most]
    found = []
    for number, (key, (seat, place)) in enumerate(wanted):
        found.append(explained(made, roster, seat, place, missing[key], prove=number < prove))
    return tuple(found)


def explained(made: Made, roster: Roster, seat: int, place: Place, missing: int, *, prove: bool) -> Open:
    """One shift that lacks somebody, with its reasons in sentences; a proof takes up to a second."""
    problem = made.laid.problem
    told = counters(roster, seat)
    proof = hall(problem, seat) if prove else None
    smallest = core(problem, seat) if prove and proof is None else None
    said = [*_counted(told, place), *_lacking(made, place)]
    if told.displaced is not None and _elsewhere(made, place, told.displaced[1]):
        who, given_up, _ = told.displaced
        said.append(
            message(
                "{officer} could stand here if these were given up: {places}.",
                officer=_officer(made, who),
                places=_places(made, given_up),
            )
        )
    if proof is not None:
        said.append(_hall_said(made, proof))
    if smallest is not None:
        said += _core_said(made, smallest)
    refused = [one.why for one in made.refused if one.given.seat == seat]
    return Open(seat, place, missing, told, proof, smallest, (*said, *islice(refused, 3)))


def _counted(told: Counters, place: Place) -> Iterator[Message]:
    """The counters; where a post asks for more than qualifications, not all who fall short lack one."""
    more = bool(place.post.details.languages or place.post.details.licence)
    for reason, n in told.standing:
        if more and reason is Against.QUALIFICATION:
            yield counted(
                "{n} officer has not all that the post requires.",
                "{n} officers have not all that the post requires.",
                n,
            )
        else:
            yield against_said(reason, n)


def _lacking(made: Made, place: Place) -> Iterator[Message]:
    """Of how many officers a language or the licence is missing."""
    officers = made.laid.seating.officers
    for need in needs(place.post.details):
        n = sum(not has_lasting(officer, need) for officer in officers)
        if need.kind is NeedKind.LANGUAGE and n:
            yield counted(
                "{n} officer does not speak {language}.",
                "{n} officers do not speak {language}.",
                n,
                language=LanguageCode(need.code),
            )
        if need.kind is NeedKind.LICENCE and n:
            yield counted(
                "{n} officer has no driving licence of class {licence}.",
                "{n} officers have no driving licence of class {licence}.",
                n,
                licence=need.code,
            )


def _elsewhere(made: Made, place: Place, seats: tuple[int, ...]) -> bool:
    """True where one of the seats is not a place of the same shift."""
    numbers = [int(made.laid.seat[seat]) for seat in seats]
    return any(
        number == NONE or made.laid.seating.places[number].post != place.post or shift_of(made, number) != place.shift
        for number in numbers
    )


def shift_of(made: Made, number: int) -> Shift:
    """The shift of a place."""
    return made.laid.seating.places[number].shift


def _hall_said(made: Made, proof: Proof) -> Message:
    if len(proof.officers) == 0:
        return message("Nobody can take this place, whatever else is changed.")
    values = {"seats": len(proof.seats), "officers": len(proof.officers), "places": _places(made, proof.seats)}
    common = _required_by_all(made, proof.seats)
    if common:
        return message(
            "{seats} places at the same time need {qualifications}; only {officers} officers who hold that could come: "
            "{places}.",
            qualifications=common,
            **values,
        )
    return message(
        "{seats} places at the same time need different officers; only {officers} could take any of them: {places}.",
        **values,
    )


def _required_by_all(made: Made, seats: tuple[int, ...]) -> list[Message | str]:
    """The qualifications, languages and licences that every one of these seats requires."""
    numbers = [int(made.laid.seat[seat]) for seat in seats]
    if NONE in numbers:
        return []
    required = [set(needs(made.laid.seating.places[number].post.details)) for number in numbers]
    return [_need_said(need) for need in sorted(set.intersection(*required))]


def _need_said(need: Need) -> Message | str:
    if need.kind is NeedKind.LANGUAGE:
        return LanguageCode(need.code)
    if need.kind is NeedKind.LICENCE:
        return message("driving licence {licence}", licence=need.code)
    return need.code


def _core_said(made: Made, found: Core) -> list[Message]:
    said = [
        message(
            "These {n} places cannot all be held, by whomever: {places}.",
            n=len(found.seats),
            places=_places(made, found.seats),
        )
    ]
    if found.relax:
        said.append(message("They could be if one of these rules were relaxed: {rules}.", rules=list(found.relax)))
    return said


def _officer(made: Made, number: int) -> str:
    officer = made.laid.seating.officers[number]
    return f"{officer.name} ({officer.key})"


def _places(made: Made, seats: tuple[int, ...]) -> list[str]:
    """Posts and shifts by their codes; of many the first."""
    codes: dict[str, None] = {}
    for seat in seats:
        number = int(made.laid.seat[seat])
        if number != NONE:
            place = made.laid.seating.places[number]
            alone = place.shift.code == WHOLE
            codes[place.post.code if alone else f"{place.post.code}/{place.shift.code}"] = None
        else:
            codes[str(message("a duty that stays"))] = None
    shown = list(codes)
    return shown if len(shown) <= NAMED else [*shown[:NAMED], "…"]


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One officer for one place: what it adds to the cost, what stands against it, and that in a sentence."""

    officer: str
    candidate: Candidate
    said: Message


def choices(made: Made, roster: Roster, seat: int, most: int = 8) -> tuple[Choice, ...]:
    """Who could hold a place in this roster, its holder first, then the cheapest: why this one, why not that one."""
    holder = int(roster.holder[seat])
    ranked = sorted(candidates(roster, seat), key=lambda one: one.officer != holder)
    officers = made.laid.seating.officers
    return tuple(
        Choice(officers[one.officer].key, one, _said(made, seat, one, chosen=one.officer == holder))
        for one in ranked[:most]
    )


def _said(made: Made, seat: int, one: Candidate, *, chosen: bool) -> Message:
    """Why this officer: what the choice costs by term; why not that one: what stands against it or what it adds."""
    terms = {name: round(cost, 1) for name, cost in one.terms.items() if cost}
    if chosen:
        if not terms:
            return message("chosen: nothing speaks against it")
        return message("chosen, at a cost of {cost}: {terms}", cost=sum(terms.values()), terms=_terms(terms))
    if (seat, one.officer) in made.spared:
        return message("spared: would have more duty than is meant in a day, a week or nights in a row")
    if one.given_up:
        given_up, added = _places(made, one.given_up), round(one.added)
        if added < 0:
            return message("would have to give up {places}: {saved} cheaper", places=given_up, saved=-added)
        return message("would have to give up {places}: {added} dearer", places=given_up, added=added)
    if one.against is not Against.NOTHING:
        return message("cannot: {reason}", reason=one.against)
    if one.spared is not None:
        return counted(
            "as good, but kept free: other posts ask for {need}, and nobody else present then has it",
            "as good, but kept free: other posts ask for {need}, and only {n} officers present then have it",
            one.spared.holders,
            need=_need_said(made.laid.skills[one.spared.skill]),
        )
    if one.added <= 0:
        return message("as good")
    if not terms:
        return message("{added} dearer: hours above the fair share", added=round(one.added, 1))
    return message("{added} dearer: {terms}", added=round(one.added, 1), terms=_terms(terms))


def _terms(terms: dict[str, float]) -> list[Message]:
    return [term(name) for name in terms]


def term(name: str) -> Message:
    """What a term of the cost is called."""
    return {
        "language": message("a desired qualification is missing"),
        "unit": message("from another unit than the site's"),
        "detail": message("from another unit than the rest of the detail"),
        "rank": message("rank higher than needed"),
        "distance": message("far from home"),
        "changed": message("another officer than now"),
        "hours": message("hours above the fair share"),
        "open": message("open places"),
    }[name]


def moved_said(made: Made) -> Message | None:
    """By how much the visit is to be moved; None where it is not."""
    shift = made.laid.asked.shift
    if shift < timedelta(0):
        return message("The whole visit is to be {time} earlier.", time=-shift)
    return message("The whole visit is to be {time} later.", time=shift) if shift else None


def missing_said(one: Open) -> Message:
    """«P-07, 08:00–12:00: 2 officers are missing.»"""
    return counted(
        "Post {post}, {window}: {n} officer is missing.",
        "Post {post}, {window}: {n} officers are missing.",
        one.missing,
        post=one.place.post.code,
        window=one.place.window,
    )
