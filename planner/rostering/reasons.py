"""Why places stay open, why this officer and not that one: the engine's answers as sentences about the plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from itertools import islice

from domain.messages import LanguageCode, Message, counted, message
from domain.post import WHOLE, Shift
from domain.requirements import Need, NeedKind, has_lasting, needs
from domain.rules.naming import titled
from planner.rostering.explain import Against, Candidate, Counters, candidates, counters
from planner.rostering.explain import said as against_said
from planner.rostering.made import Made
from planner.rostering.problem import NONE
from planner.rostering.roster import Roster
from planner.rostering.seating import Place
from planner.rostering.standing import as_refused, stands
from planner.rostering.verdict import Filling, Impossible, Unsettled, Verdict

#: Places named in one sentence.
NAMED = 6
#: Of so many uncovered shifts it is proven why at once, of others when somebody asks.
PROVEN = 20
#: Officers told for a place that changes hands: who comes, and who else could.
RANKED = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Lacking:
    """Places of one shift that stay open: the first of them, and how many."""

    seat: int
    place: Place
    missing: int


@dataclasses.dataclass(frozen=True, slots=True)
class Open(Lacking):
    """And what explains it, the quick answer first.

    ``verdict`` is what is known for sure of the first of them, None where that was not looked for.
    """

    counters: Counters
    reasons: tuple[Message, ...]
    verdict: Verdict | None = None


def open_shifts(
    made: Made,
    *,
    prove: int = 0,
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> tuple[Open, ...]:
    """The shifts that lack somebody, or ``most`` of them, as ``lacking`` has them; of the first ``prove`` of them it is
    proven why.

    ``progress`` is told how many of how many of these are done, ``stop`` asked before each.
    """
    roster, wanted, found = as_refused(made), lacking(made)[:most], list[Open]()
    for number, shift in enumerate(wanted):
        one = explained(made, shift, roster)
        if number < prove and not (stop is not None and stop()):
            if progress is not None:
                progress(number, min(prove, len(wanted)))
            one = proven(made, one, roster)
        found.append(one)
    return tuple(found)


def lacking(made: Made) -> tuple[Lacking, ...]:
    """The shifts that lack somebody, those of critical posts first, in order of time."""
    found: dict[tuple[str, str], Lacking] = {}
    for seat, place in made.open:
        key = (place.post.code, place.shift.code)
        known = found.get(key)
        found[key] = Lacking(seat, place, 1) if known is None else dataclasses.replace(known, missing=known.missing + 1)
    return tuple(sorted(found.values(), key=lambda one: not one.place.post.details.critical))


def explained(made: Made, shift: Lacking, roster: Roster | None = None) -> Open:
    """A shift that lacks somebody, with what is known at once."""
    seat, place = shift.seat, shift.place
    told = counters(as_refused(made) if roster is None else roster, seat)
    said = [*_counted(told, place), *_lacking(made, place)]
    if told.displaced is not None and _elsewhere(made, place, told.displaced[1]):
        said.append(_displaced_said(made, *told.displaced))
    refused = [one.why for one in made.refused if one.given.seat == seat]
    return Open(seat, place, shift.missing, told, (*said, *islice(refused, 3)))


def proven(made: Made, one: Open, roster: Roster | None = None) -> Open:
    """The shift, and what is known for sure of it; that takes up to a second."""
    found = stands(made, as_refused(made) if roster is None else roster, one.seat)
    return dataclasses.replace(one, verdict=found, reasons=(*one.reasons, *_verdict_said(made, found)))


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


def _displaced_said(made: Made, officer: int, given_up: tuple[int, ...], added: float) -> Message:
    return message(
        "{officer} could stand here if these were given up, {cost}: {places}.",
        officer=_officer(made, officer),
        places=_places(made, given_up),
        cost=_dearer(added),
    )


def _dearer(added: float) -> Message:
    """How much a change adds to the cost, or saves."""
    cost = round(added)
    if cost < 0:
        return message("{saved} cheaper", saved=-cost)
    return message("{added} dearer", added=cost) if cost else message("at the same cost")


def _verdict_said(made: Made, found: Verdict) -> Iterator[Message]:
    match found:
        case Impossible():
            yield _hall_said(made, found) if found.officers is not None else _core_said(made, found)
            yield _remedy_said(found)
        case Filling():
            yield from _filling_said(made, found)
        case Unsettled():
            yield message("Within a second it was neither proven that it cannot be held nor found how it could be.")


def _hall_said(made: Made, found: Impossible) -> Message:
    if not found.officers:
        return message("Nobody can take this place, whatever else is changed.")
    values = {"seats": len(found.seats), "officers": len(found.officers), "places": _places(made, found.seats)}
    common = _required_by_all(made, found.seats)
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


def _core_said(made: Made, found: Impossible) -> Message:
    return message(
        "These {n} places cannot all be held, by whomever: {places}.",
        n=len(found.seats),
        places=_places(made, found.seats),
    )


def _remedy_said(found: Impossible) -> Message:
    if found.remedy.rules:
        return counted(
            "It could be held if one of these rules were relaxed: {rules}.",
            "They could all be held if one of these rules were relaxed: {rules}.",
            len(found.seats),
            rules=list(found.remedy.rules),
        )
    if found.remedy.all_tried:
        return message("No single rule, relaxed, would be enough.")
    return message("Which rule would have to be relaxed was not found out within a second.")


def _filling_said(made: Made, found: Filling) -> Iterator[Message]:
    moves: list[Message | str] = [_move_said(made, *move) for move in found.moves]
    yield message(
        "It could be held with these changes, {cost}: {changes}.",
        cost=_dearer(found.added),
        changes=moves if len(moves) <= NAMED else [*moves[:NAMED], "…"],
    )
    if round(found.added) >= 0:
        return
    if made.laid.asked.repairs:
        yield message("A repair leaves the duties of others alone: propose a roster to have them moved.")
    else:
        yield message("The search did not come upon that: give it more time.")


def _move_said(made: Made, seat: int, officer: int) -> Message:
    (place,) = _places(made, (seat,))
    return message("{officer} to {place}", officer=_officer(made, officer), place=place)


def _officer(made: Made, number: int) -> str:
    return made.names.officer(made.laid.seating.officers[number].key)


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
    could = one.against is Against.NOTHING and one.added <= 0
    if (seat, one.officer) in made.spared or (could and one.full_day):
        return message("spared: would have more duty than is meant in a day, a week or nights in a row")
    if one.given_up:
        places = _places(made, one.given_up)
        return message("would have to give up {places}: {cost}", places=places, cost=_dearer(one.added))
    if one.against is not Against.NOTHING:
        return message("cannot: {reason}", reason=one.against)
    if could and one.second_critical:
        return message("spared: is at a critical post already")
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


def missing_said(one: Lacking) -> Message:
    """«Post P-07 «Gác cổng», 08:00–12:00: 2 officers are missing.»"""
    return counted(
        "Post {post}, {window}: {n} officer is missing.",
        "Post {post}, {window}: {n} officers are missing.",
        one.missing,
        post=titled(one.place.post.code, one.place.post.details.task),
        window=one.place.window,
    )
