"""What a post asks of the officers in it: qualifications, languages, a driving licence; and who has it.

One list for all who ask: the rules, whoever proposes, and the sentences that say what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from domain.officer import Officer
from domain.post import PostDetails
from domain.values import TimeWindow


class NeedKind(StrEnum):
    """What kind of thing a post asks for."""

    QUALIFICATION = "qualification"
    LANGUAGE = "language"
    LICENCE = "licence"


class Need(NamedTuple):
    """One thing that every officer at a post must have: its kind and its code."""

    kind: NeedKind
    code: str


#: The classes that a class of driving licence includes besides itself: the law on road traffic order and safety of
#: 2024, article 57, and of the classes given before it B2 as B. Classes that stand nowhere include nothing else.
INCLUDED: Final[Mapping[str, tuple[str, ...]]] = {
    "A": ("A1", "A2"),
    "A2": ("A", "A1"),
    "B": ("B2",),
    "B2": ("B",),
    "C1": ("B", "B2"),
    "C": ("C1", "B", "B2"),
    "D1": ("C", "C1", "B", "B2"),
    "D2": ("D1", "C", "C1", "B", "B2"),
    "D": ("D2", "D1", "C", "C1", "B", "B2"),
    "BE": ("B", "B2"),
    "C1E": ("C1", "B", "B2"),
    "CE": ("C", "C1", "B", "B2"),
    "D1E": ("D1", "C", "C1", "B", "B2"),
    "D2E": ("D2", "D1", "C", "C1", "B", "B2"),
    "DE": ("D", "D2", "D1", "C", "C1", "B", "B2"),
}


def needs(details: PostDetails) -> tuple[Need, ...]:
    """Everything that a post requires of each of its officers."""
    return (
        *(Need(NeedKind.QUALIFICATION, code) for code in dict.fromkeys(details.required)),
        *(Need(NeedKind.LANGUAGE, code) for code in dict.fromkeys(details.languages)),
        *((Need(NeedKind.LICENCE, details.licence),) if details.licence.strip() else ()),
    )


def drives(licences: Iterable[str], needed: str) -> bool:
    """True where one of the licences is of the class, or of one that includes it."""
    wanted = _class(needed)
    held = [_class(licence) for licence in licences]
    return any(wanted == one or wanted in INCLUDED.get(one, ()) for one in held)


def has_lasting(officer: Officer, need: Need) -> bool:
    """True for a language or licence that the officer has; qualifications have times of their own."""
    if need.kind is NeedKind.LANGUAGE:
        return need.code in officer.details.languages
    return need.kind is NeedKind.LICENCE and drives(officer.details.licences, need.code)


def meets(officer: Officer, details: PostDetails, window: TimeWindow) -> bool:
    """True where the officer has all that the post requires, during the whole window."""
    for need in needs(details):
        if need.kind is NeedKind.QUALIFICATION:
            held = officer.qualification(need.code)
            if held is None or not held.holds(window):
                return False
        elif not has_lasting(officer, need):
            return False
    return True


def _class(licence: str) -> str:
    return "".join(licence.split()).upper()
