"""Forms of a visit as a whole: registering, changing, cancelling and letting it take place after all."""

from __future__ import annotations

import functools
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import available_timezones

import streamlit as st
from babel import Locale

from domain.plan import Plan
from domain.values import SecrecyLevel
from domain.visit import Visit, VisitDetails
from planner.search import vietnamese
from planner.text import DEFAULT_ZONE, Speaker
from ui import session
from ui.components.inputs import DAY_FORMAT, fresh, next_code, reason_input
from ui.session import Session

#: Where most visits take place; the others follow in order of their names.
_NEAR_ZONES: Final = (
    DEFAULT_ZONE,
    "Asia/Vientiane",
    "Asia/Phnom_Penh",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Europe/Moscow",
    "Europe/Paris",
    "America/New_York",
)
#: Neighbours come first in the list of countries.
_NEAR_COUNTRIES: Final = ("LA", "KH", "CN", "TH")
#: Codes that are no country: unions, unknown and private use.
_NO_COUNTRY: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


def register(now: Session, plan: Plan) -> None:
    """A new visit; its code is suggested from the country and the year."""
    speaker = now.speaker
    known = Counter(visit.key.partition("-")[0] for visit in plan.visits)
    listed = countries(speaker)
    usual = next((code for code, _ in known.most_common() if code in listed), listed[0])
    country = st.selectbox(
        speaker("Guests from"),
        listed,
        index=listed.index(usual),
        format_func=speaker.country,
        key="new_visit_country",
        width=280,
    )
    today = speaker.local(session.planner().clock()).date()
    start = today + timedelta(days=14)
    code_key = fresh("new_visit", country, len(plan.visits))
    with st.form(code_key, border=False):
        free = next_code((visit.key for visit in plan.visits), f"{country}-{start.year}")
        code = st.text_input(
            speaker("Code"),
            free,
            key=f"{code_key}_code",
            max_chars=40,
            width=280,
            help=speaker("Short, chosen by you, and never changed: it names the visit everywhere."),
        )
        facts = _facts(
            speaker, VisitDetails(title="-", first_day=start, last_day=start + timedelta(days=1)), code_key, ""
        )
        reason = reason_input(speaker, f"{code_key}_reason")
        asked = st.form_submit_button(speaker("Register the visit"), key="register_visit", type="primary")
    if asked:
        with session.refusals():
            details, planner = VisitDetails(**facts), session.planner()
            done = speaker("Visit {code} was registered.", code=code)
            st.query_params["visit"] = code.strip()
            session.act(done, lambda: planner.register_visit(code.strip(), details, by=now.actor, reason=reason))


def amend(now: Session, visit: Visit) -> None:
    """Other facts of the visit."""
    speaker = now.speaker
    key = fresh("visit", visit.key, visit.details)
    with st.form(key, border=False):
        facts = _facts(speaker, visit.details, key, visit.details.title)
        reason = reason_input(speaker, f"{key}_reason")
        asked = st.form_submit_button(speaker("Save the changes"), key="amend_visit", type="primary")
    if asked:
        with session.refusals():
            details, planner = VisitDetails(**facts), session.planner()
            done = speaker("Visit {code} was changed.", code=visit.key)
            session.act(done, lambda: planner.amend_visit(visit.key, details, by=now.actor, reason=reason))


def cancel(now: Session, visit: Visit) -> None:
    """The visit does not take place."""
    speaker, planner = now.speaker, session.planner()
    st.text(speaker("Its programme, posts and duties stay as they are, but count no longer; it can be reinstated."))
    reason = reason_input(speaker, f"cancel_visit_reason_{visit.key}", needed=True)
    if st.button(speaker("Cancel the visit"), key="cancel_visit", icon=":material/event_busy:"):
        done = speaker("Visit {code} was cancelled.", code=visit.key)
        session.act(done, lambda: planner.cancel_visit(visit.key, by=now.actor, reason=reason))


def reinstate(now: Session, visit: Visit) -> None:
    """A cancelled visit takes place after all."""
    speaker, planner = now.speaker, session.planner()
    reason = reason_input(speaker, f"reinstate_visit_reason_{visit.key}")
    if st.button(speaker("Let it take place"), key="reinstate_visit", icon=":material/undo:"):
        done = speaker("Visit {code} takes place again.", code=visit.key)
        session.act(done, lambda: planner.reinstate_visit(visit.key, by=now.actor, reason=reason))


def countries(speaker: Speaker) -> list[str]:
    """The codes of all countries, neighbours first, then by name in the reader's language."""
    return list(_countries(speaker.language))


@functools.cache
def _countries(language: str) -> tuple[str, ...]:
    names = {
        code: name
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
    near = tuple(code for code in _NEAR_COUNTRIES if code in names)
    return (*near, *sorted(names.keys() - set(near), key=lambda code: vietnamese(names[code])))


@functools.cache
def _zones() -> tuple[str, ...]:
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
    return (*_NEAR_ZONES, *(zone for zone in named if zone not in _NEAR_ZONES))


def _facts(speaker: Speaker, held: VisitDetails, key: str, title: str) -> dict[str, Any]:
    zones = list(_zones()) if held.zone in _zones() else [held.zone, *_zones()]
    facts: dict[str, Any] = {
        "title": st.text_input(speaker("Title of the visit"), title, key=f"{key}_title", max_chars=200)
    }
    with st.container(horizontal=True, key=f"{key}_days"):
        facts["first_day"] = st.date_input(
            speaker("First day"), held.first_day, format=DAY_FORMAT, key=f"{key}_first", width=160
        )
        facts["last_day"] = st.date_input(
            speaker("Last day"), held.last_day, format=DAY_FORMAT, key=f"{key}_last", width=160
        )
        facts["zone"] = st.selectbox(
            speaker("Time zone"), zones, index=zones.index(held.zone), key=f"{key}_zone", width=240
        )
        facts["secrecy"] = st.selectbox(
            speaker("Secrecy mark"),
            list(SecrecyLevel),
            index=held.secrecy.rank,
            format_func=speaker.label,
            key=f"{key}_secrecy",
            width=180,
        )
    facts["notes"] = st.text_area(speaker("Notes"), held.notes, key=f"{key}_notes", max_chars=8000)
    return facts


def first_and_last(speaker: Speaker, first: date, last: date) -> str:
    """The days of a visit in one line."""
    return speaker.day(first) if first == last else f"{speaker.day(first)} – {speaker.day(last)}"
