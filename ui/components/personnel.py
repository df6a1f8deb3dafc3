"""Officers as lists to look through: in Vietnamese order of names, found without diacritics, of one unit or of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st
from babel import Locale

from domain.officer import Officer
from domain.plan import Plan
from planner.search import by_given_name, found, vietnamese
from planner.text import Speaker

#: Officers that a select box offers at once; more are reached by searching.
MOST_OFFERED: Final = 60

#: The register that was sorted last, and what came out: it changes far more rarely than the plan.
_sorted: list[tuple[tuple[Officer, ...], tuple[Officer, ...]]] = []

#: Languages that stand first among those to choose from.
_USUAL: Final = ("vi", "en", "lo", "km", "zh", "th", "fr", "ru", "es", "ja", "ko")
#: Classes of driving licences in order, those of the former law where they are still held.
LICENCES: Final = ("A1", "A", "B", "C1", "C", "D1", "D2", "D", "BE", "C1E", "CE", "D1E", "D2E", "DE", "A2", "B2", "E")


def tongues(held: Iterable[str] = ()) -> list[str]:
    """Every language with a code of two letters; those that are held first, then the usual ones."""
    others = sorted(str(code) for code in Locale.parse("en").languages if len(str(code)) == 2)
    return list(dict.fromkeys((*held, *_USUAL, *others)))


def in_order(plan: Plan) -> tuple[Officer, ...]:
    """All officers by given name, retired ones last."""
    officers = plan.officers
    for known, ordered in _sorted:
        if known is officers:
            return ordered
    ordered = tuple(
        sorted(officers, key=lambda one: (one.retired, by_given_name(one.name.romanised), one.key)),
    )
    _sorted[:] = [(officers, ordered)]
    return ordered


def serving(plan: Plan) -> list[Officer]:
    """Who may be given something to do, by given name: nobody who is retired."""
    return [officer for officer in in_order(plan) if not officer.retired]


def units(plan: Plan) -> tuple[str, ...]:
    """The units that officers belong to, in Vietnamese order."""
    return plan.remembered(
        "units", lambda: tuple(sorted({officer.details.unit for officer in plan.officers}, key=vietnamese))
    )


def skills(plan: Plan) -> tuple[str, ...]:
    """The qualifications that officers hold, in Vietnamese order."""
    return plan.remembered(
        "skills",
        lambda: tuple(sorted({held.code for one in plan.officers for held in one.qualifications}, key=vietnamese)),
    )


def searched(officers: Sequence[Officer], query: str, unit: str | None = None) -> list[Officer]:
    """The officers of a unit whose name, code or callsign holds every word of the query."""
    members = [officer for officer in officers if unit is None or officer.details.unit == unit]
    return found(query, members, spoken) if query.strip() else members


def spoken(officer: Officer) -> str:
    """All by which an officer is looked for."""
    return f"{officer.name.romanised} {officer.key} {officer.details.callsign}"


def label(officer: Officer) -> str:
    """Name, code and unit, for options that are no Markdown."""
    mark = "✕ " if officer.retired else ""
    return f"{mark}{officer.name.romanised} ({officer.key}) · {officer.details.unit}"


def officer_input(speaker: Speaker, plan: Plan, key: str, title: str, current: str | None) -> str | None:
    """One officer or nobody, out of those whose name was searched for."""
    query = st.text_input(
        speaker("{title}: search by name", title=title), key=f"{key}_query", placeholder=speaker("e.g. phuong thao")
    )
    offered = [one.key for one in searched(serving(plan), query or "")][:MOST_OFFERED]
    if current is not None and current not in offered:
        offered.insert(0, current)
    options = ["", *offered]
    chosen: str = st.selectbox(
        title,
        options,
        options.index(current or ""),
        format_func=lambda code: label(plan.officer(code)) if code else speaker("nobody"),
        key=f"{key}_officer",
    )
    return chosen or None
