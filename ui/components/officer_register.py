"""The register as a list to search, and one officer with everything that is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from domain.officer import Officer
from domain.plan import Plan
from planner.access import may
from planner.text import Speaker
from ui import downloads, session
from ui.components import erasing, findings, officer_forms, personnel, roster_asking
from ui.components.choosing import chosen
from ui.components.load import load
from ui.components.plain_table import Cell, Row, line
from ui.components.plain_table import show as show_table
from ui.session import Session

#: Officers on one page of the list.
A_PAGE: Final = 50


def open_officer(code: str) -> None:
    """Turns the page to one officer; before a rerun or in a callback."""
    st.query_params["view"] = "officer"
    st.query_params["officer"] = code
    # Who was searched for before must not hide the one that is opened.
    st.session_state.pop("officer_search", None)


def show(speaker: Speaker, plan: Plan, moment: datetime) -> None:
    """The list: by given name, found without diacritics, a page at a time; each name opens its officer."""
    matching = _search(speaker, plan, "register")
    retired = sum(officer.retired for officer in matching)
    said_many = speaker.counted("{n} officer", "{n} officers", len(matching) - retired)
    st.caption(said_many + (f" · {speaker('{n} retired', n=retired)}" if retired else ""))
    pages = -(-len(matching) // A_PAGE)
    page = st.pagination(pages, key="register_page") if pages > 1 else 1
    rows = [_row(speaker, plan, officer, moment) for officer in matching[(page - 1) * A_PAGE : page * A_PAGE]]
    headings = (
        speaker("Name"),
        speaker("Unit"),
        speaker("Qualifications"),
        speaker("Now"),
        speaker("Duties ahead"),
    )
    if rows:
        st.selectbox(
            speaker("Open an officer"),
            [officer.key for officer in matching[: personnel.MOST_OFFERED]],
            index=None,
            format_func=lambda key: personnel.label(plan.officer(key)),
            placeholder=speaker("Choose a name to see everything"),
            key="register_open",
            on_change=_open_chosen,
        )
        show_table(headings, rows, caption=speaker("Officers"), key="register_table")
    else:
        st.info(speaker("No officer is called like this."), icon=":material/search_off:")


def _open_chosen() -> None:
    code = st.session_state.get("register_open")
    if code:
        open_officer(code)


def _search(speaker: Speaker, plan: Plan, key: str) -> list[Officer]:
    left, right = st.columns([3, 2])
    query = left.text_input(
        speaker("Search officers"),
        key=f"{key}_search",
        type="search",
        placeholder=speaker("Name, code or callsign; diacritics may be left out"),
    )
    unit = right.selectbox(
        speaker("Unit"),
        ["", *personnel.units(plan)],
        format_func=lambda one: one or speaker("all units"),
        key=f"{key}_unit",
    )
    return personnel.searched(personnel.in_order(plan), query or "", unit or None)


def _row(speaker: Speaker, plan: Plan, officer: Officer, moment: datetime) -> Row:
    details = officer.details
    notice = timedelta(days=plan.numbers(moment).lapse_notice_days)
    held = [f"{officer_forms.state_of(speaker, one, moment, notice)[:1]} {one.code}" for one in officer.qualifications]
    ahead = [one for one in plan.assignments_of_officer(officer.key) if one.counts and one.window.end > moment]
    name = f"{details.rank} {details.name.romanised}".strip()
    reached = (
        part.replace(" ", "\N{NO-BREAK SPACE}") for part in (officer.key, details.callsign, details.phone) if part
    )
    return Row(
        (
            Cell(name, " · ".join(reached)),
            details.unit,
            ", ".join(held),
            _now(speaker, officer, moment),
            str(len(ahead)) if ahead else "–",
        ),
        off=officer.retired,
    )


def _now(speaker: Speaker, officer: Officer, moment: datetime) -> str:
    if officer.retired:
        return "✕ " + speaker("retired from duty")
    away = next((one for one in officer.absences if one.window.contains(moment)), None)
    if away is not None:
        return f"▲ {speaker.label(away.kind)} · {speaker('until {moment}', moment=away.window.end)}"
    return "✔ " + speaker("available")


def one(now: Session, plan: Plan, moment: datetime) -> None:
    """One officer: facts, load, duties, and the forms."""
    speaker = now.speaker
    matching = _search(speaker, plan, "officer")[: personnel.MOST_OFFERED]
    asked = st.query_params.get("officer", "")
    codes = [officer.key for officer in matching]
    searching = bool(st.session_state.get("officer_search") or st.session_state.get("officer_unit"))
    if asked in codes or not searching:
        codes = [asked, *(code for code in codes if code != asked)] if _known(plan, asked) else codes
    else:
        st.query_params.pop("officer", None)
    if not codes:
        st.info(speaker("No officer is called like this."), icon=":material/search_off:")
        return
    code = chosen(
        speaker,
        speaker("Officer"),
        codes,
        query="officer",
        default=codes[0],
        shown=lambda key: personnel.label(plan.officer(key)),
    )
    _officer(now, plan, plan.officer(code), moment)


def _known(plan: Plan, code: str) -> bool:
    return bool(code) and plan.has(Officer, code)


def _officer(now: Session, plan: Plan, officer: Officer, moment: datetime) -> None:
    speaker = now.speaker
    line(personnel.label(officer), "visit-title")
    facts = officer_forms.facts(speaker, officer)
    if facts:
        st.markdown(facts)
    known = load(plan, officer.key, moment + timedelta(days=7), plan.numbers(moment), speaker.zone.key)
    st.caption(speaker("Next seven days: {week} of duty, nights: {nights}", week=known.week, nights=known.nights))
    sheet = downloads.address("officer.pdf", officer=officer.key, language=speaker.language, zone=speaker.zone.key)
    st.link_button(speaker("Duty sheet (PDF)"), sheet, icon=":material/print:")
    writes = may(now.actor, "amend_officer")
    labels = {"duties": speaker("Duties"), "skills": speaker("Qualifications"), "absences": speaker("Absences")}
    if writes:
        labels |= {"amend": speaker("Change"), "retire": speaker("Retire the officer")}
    part = st.segmented_control(
        speaker("Part"),
        list(labels),
        default="duties",
        format_func=labels.__getitem__,
        key="officer_part",
        required=True,
        label_visibility="collapsed",
    )
    if officer.retired and writes:
        officer_forms.reinstate(now, officer)
    match part:
        case "skills":
            officer_forms.qualifications(now, plan, officer, moment, writes=writes)
        case "absences":
            officer_forms.absences(now, plan, officer, moment, writes=writes)
            _replacing(speaker, plan, officer, moment)
        case "amend":
            officer_forms.amend(now, plan, officer)
            erasing.show(now, officer.key, officer.key)
        case "retire" if not officer.retired:
            ahead = [one for one in plan.assignments_of_officer(officer.key) if one.counts]
            officer_forms.retire(now, officer, len(ahead))
        case _:
            rows = officer_forms.duty_rows(plan, officer, speaker)
            if rows:
                headings = (speaker("Post"), speaker("Time"), speaker("State"))
                show_table(headings, rows, caption=speaker("Duties"))
                _replacing(speaker, plan, officer, moment)
            else:
                st.info(speaker("No duty is given to this officer."), icon=":material/event_available:")


def _replacing(speaker: Speaker, plan: Plan, officer: Officer, moment: datetime) -> None:
    """The ways to others for the duties to come, visit by visit: whoever falls ill has more than one, as a rule."""
    ahead = [one for one in plan.assignments_of_officer(officer.key) if one.counts and one.window.start > moment]
    for visit in sorted({one.visit for one in ahead}):
        if session.may("propose_roster", visit) and session.may("assign_officer", visit):
            label = speaker("Find others for the duties in {visit}", visit=visit)
            asked = {"visit": visit, "view": "roster", roster_asking.REPLACE: officer.key}
            findings.linked("duty_board", label, ":material/swap_horiz:", **asked)
