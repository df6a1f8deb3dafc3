"""Officers by hand: registering one, and everything that can be changed, ended and taken back of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import streamlit as st

from domain.base import changed
from domain.officer import Absence, AbsenceKind, Officer, OfficerDetails
from domain.plan import Plan
from domain.values import PersonName, Qualification, TimeWindow
from planner.deciding import Outcome
from planner.search import vietnamese
from planner.text import Speaker
from ui import session
from ui.components import personnel
from ui.components.inputs import DAY_FORMAT, moment_input, next_code, placed, reason_input, window_input
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table
from ui.plain_text import plain
from ui.session import Session

_PREFIX: Final = "CA"


def new(now: Session, plan: Plan, opened: Callable[[str], None]) -> None:
    """A form for an officer who is not registered yet; ``opened`` is told the code."""
    speaker = now.speaker
    suggested = next_code((officer.key for officer in plan.officers), _PREFIX)
    key = f"new_officer_{suggested}"
    code = st.text_input(speaker("Code"), suggested, key=f"{key}_code", max_chars=40)
    typed = _fields(speaker, plan, key, None)
    reason = reason_input(speaker, f"{key}_reason")
    if st.button(speaker("Register officer"), key="register_officer", type="primary", icon=":material/person_add:"):
        with session.refusals():
            checked, details = code.strip(), OfficerDetails(**typed())
            done = speaker("{name} ({code}) was registered.", name=details.name.romanised, code=checked)
            before = st.query_params.to_dict()
            opened(checked)
            give = session.planner()
            if session.act(done, lambda: give.register_officer(checked, details, by=now.actor, reason=reason)) is None:
                st.query_params.from_dict(before)


def amend(now: Session, plan: Plan, officer: Officer) -> None:
    """Name, unit, rank and how to reach the officer."""
    speaker = now.speaker
    key = f"officer_{officer.key}_{officer.version}"
    typed = _fields(speaker, plan, key, officer.details)
    reason = reason_input(speaker, f"{key}_reason")
    if st.button(speaker("Save changes"), key="amend_officer", type="primary"):
        with session.refusals():
            details = changed(officer.details, **typed())
            done = speaker("{name} ({code}) was changed.", name=details.name.romanised, code=officer.key)
            give = session.planner()
            _act(done, lambda: give.amend_officer(officer.key, details, by=now.actor, reason=reason))


def retire(now: Session, officer: Officer, duties: int) -> None:
    """No longer assignable; duties that were given are found as conflicts."""
    speaker = now.speaker
    if duties:
        said = speaker.counted("This officer still has {n} duty.", "This officer still has {n} duties.", duties)
        st.warning(said, icon=":material/warning:")
    reason = reason_input(speaker, f"retire_{officer.key}_{officer.version}", needed=True)
    if st.button(speaker("Retire the officer"), key="retire_officer", icon=":material/person_off:"):
        done = speaker("{name} ({code}) was retired.", name=officer.name.romanised, code=officer.key)
        _act(done, lambda: session.planner().retire_officer(officer.key, by=now.actor, reason=reason))


def reinstate(now: Session, officer: Officer) -> None:
    """A retired officer is assignable again."""
    speaker = now.speaker
    st.warning(speaker("This officer is retired and cannot be assigned."), icon=":material/person_off:")
    reason = reason_input(speaker, f"reinstate_{officer.key}_{officer.version}")
    if st.button(speaker("Reinstate the officer"), key="reinstate_officer", icon=":material/restart_alt:"):
        done = speaker("{name} ({code}) may be assigned again.", name=officer.name.romanised, code=officer.key)
        _act(done, lambda: session.planner().reinstate_officer(officer.key, by=now.actor, reason=reason))


# Qualifications


def qualifications(now: Session, plan: Plan, officer: Officer, moment: datetime, *, writes: bool) -> None:
    """What the officer may do and how long; granting, revoking and removing."""
    speaker = now.speaker
    if officer.qualifications:
        notice = timedelta(days=plan.numbers(moment).lapse_notice_days)
        rows = [_qualification_row(speaker, held, moment, notice) for held in officer.qualifications]
        headings = (speaker("Qualification"), speaker("Valid from"), speaker("Valid through"), speaker("State"))
        show_table(headings, rows, caption=speaker("Qualifications"))
    else:
        st.info(speaker("No qualification is recorded yet."))
    if writes:
        with st.expander(speaker("Grant or extend a qualification"), icon=":material/workspace_premium:"):
            _grant(now, plan, officer, moment)
        if officer.qualifications:
            with st.expander(speaker("Revoke or remove a qualification"), icon=":material/block:"):
                _revoke(now, officer, moment)


def state_of(speaker: Speaker, held: Qualification, moment: datetime, notice: timedelta) -> str:
    """Whether a qualification is valid now, with a sign beside the word."""
    until = held.valid.end if held.revoked_from is None else min(held.valid.end, held.revoked_from)
    if held.revoked_from is not None and held.revoked_from <= moment:
        return "✖ " + speaker("revoked on {day}", day=held.revoked_from)
    if until <= moment:
        return "✖ " + speaker("lapsed")
    if held.valid.start > moment:
        return "◌ " + speaker("not valid yet")
    if held.revoked_from is not None:
        return "▲ " + speaker("revoked on {day}", day=held.revoked_from)
    return "▲ " + speaker("lapses soon") if until - moment < notice else "✔ " + speaker("valid")


def _qualification_row(speaker: Speaker, held: Qualification, moment: datetime, notice: timedelta) -> Row:
    last = held.valid.end - timedelta(seconds=1)
    return Row(
        (held.code, speaker.day(held.valid.start), speaker.day(last), state_of(speaker, held, moment, notice)),
        off=held.revoked_from is not None and held.revoked_from <= moment,
    )


def _grant(now: Session, plan: Plan, officer: Officer, moment: datetime) -> None:
    speaker = now.speaker
    key = f"grant_{officer.key}_{officer.version}"
    code = st.selectbox(
        speaker("Qualification"),
        personnel.skills(plan),
        index=None,
        key=f"{key}_code",
        accept_new_options=True,
        placeholder=speaker("Choose, or type a new one"),
    )
    here = speaker.local(moment).date()
    left, right = st.columns(2)
    first = left.date_input(speaker("Valid from"), here, format=DAY_FORMAT, key=f"{key}_from")
    last = right.date_input(
        speaker("Valid through"), here + timedelta(days=730), format=DAY_FORMAT, key=f"{key}_through"
    )
    reason = reason_input(speaker, f"{key}_reason")
    if st.button(speaker("Grant"), key="grant_qualification", type="primary"):
        with session.refusals():
            held = Qualification(code=code or "", valid=days(speaker, first, last))
            done = speaker("{name} holds {code}.", name=officer.name.romanised, code=held.code)
            give = session.planner()
            _act(done, lambda: give.grant_qualification(officer.key, held, by=now.actor, reason=reason))


def days(speaker: Speaker, first: date, last: date) -> TimeWindow:
    """From the beginning of the first day to the end of the last, in the reader's zone."""
    zone = speaker.zone.key
    return TimeWindow(start=placed(first, time(), zone), end=placed(last + timedelta(days=1), time(), zone))


def _revoke(now: Session, officer: Officer, moment: datetime) -> None:
    speaker, give = now.speaker, session.planner()
    key = f"revoke_{officer.key}_{officer.version}"
    code = st.selectbox(speaker("Qualification"), [held.code for held in officer.qualifications], key=f"{key}_code")
    at = moment_input(speaker, speaker.zone.key, key, speaker("Revoked from"), moment)
    reason = reason_input(speaker, f"{key}_reason", needed=True)
    with st.container(horizontal=True):
        revokes = st.button(speaker("Revoke"), key="revoke_qualification", icon=":material/block:")
        removes = st.button(
            speaker("Remove (entered by mistake)"), key="remove_qualification", icon=":material/delete:"
        )
    if revokes and at is not None:
        done = speaker("{code} of {name} was revoked.", code=code, name=officer.name.romanised)
        _act(done, lambda: give.revoke_qualification(officer.key, code, at, by=now.actor, reason=reason))
    if removes:
        done = speaker("{code} of {name} was removed.", code=code, name=officer.name.romanised)
        _act(done, lambda: give.remove_qualification(officer.key, code, by=now.actor, reason=reason))


# Absences


def absences(now: Session, plan: Plan, officer: Officer, moment: datetime, *, writes: bool) -> None:
    """When the officer cannot be assigned; recording and cancelling."""
    speaker = now.speaker
    if officer.absences:
        ordered = sorted(officer.absences, key=lambda one: one.window.start)
        rows = [
            Row((one.code, speaker.label(one.kind), speaker.window(one.window)), off=one.window.end <= moment)
            for one in ordered
        ]
        show_table((speaker("Code"), speaker("Kind"), speaker("Time")), rows, caption=speaker("Absences"))
    else:
        st.info(speaker("No absence is recorded."))
    if not writes:
        return
    with st.expander(speaker("Record an absence"), icon=":material/event_busy:"):
        _record(now, plan, officer, moment)
    if officer.absences:
        with st.expander(speaker("Change or cancel an absence"), icon=":material/edit_calendar:"):
            _change_absence(now, plan, officer)


def _record(now: Session, plan: Plan, officer: Officer, moment: datetime) -> None:
    speaker = now.speaker
    key = f"absence_{officer.key}_{officer.version}"
    start = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    default = TimeWindow(start=start, end=start + timedelta(days=1))
    kind, window = _when_away(speaker, plan, officer, key, None, default)
    reason = reason_input(speaker, f"{key}_reason")
    if st.button(speaker("Record absence"), key="record_absence", type="primary", disabled=window is None):
        assert window is not None
        code = next_code((one.code for one in officer.absences), "V")
        done = speaker("{name} is away {window}.", name=officer.name.romanised, window=window)
        absence = Absence(code=code, window=window, kind=kind)
        _act(done, lambda: session.planner().record_absence(officer.key, absence, by=now.actor, reason=reason))


def _when_away(
    speaker: Speaker, plan: Plan, officer: Officer, key: str, held: AbsenceKind | None, default: TimeWindow
) -> tuple[AbsenceKind, TimeWindow | None]:
    """Kind and time of an absence; the duties that fall into it are named."""
    kinds = sorted(AbsenceKind, key=lambda one: vietnamese(speaker.label(one)))
    kind = st.selectbox(
        speaker("Kind"),
        kinds,
        kinds.index(held) if held else 0,
        format_func=speaker.label,
        key=f"{key}_kind",
    )
    window = window_input(speaker, speaker.zone.key, key, default)
    struck = [
        one
        for one in plan.assignments_of_officer(officer.key)
        if window is not None and one.counts and one.window.overlaps(window)
    ]
    if struck:
        said = speaker.counted("{n} duty falls into this time:", "{n} duties fall into this time:", len(struck))
        told = [f"{one.visit}/{one.post} {speaker.window(one.window)}" for one in struck[:6]]
        st.warning(plain(f"{said} {'; '.join(told)}"), icon=":material/warning:")
    return kind or AbsenceKind.LEAVE, window


def _change_absence(now: Session, plan: Plan, officer: Officer) -> None:
    speaker, give = now.speaker, session.planner()
    known = {one.code: one for one in officer.absences}
    code = st.selectbox(
        speaker("Absence"),
        list(known),
        format_func=lambda one: f"{one} · {speaker.label(known[one].kind)} · {speaker.window(known[one].window)}",
        key=f"absent_{officer.key}_{officer.version}",
    )
    held = known[code]
    kind, window = _when_away(
        speaker, plan, officer, f"absent_{officer.key}_{officer.version}_{code}", held.kind, held.window
    )
    reason = reason_input(speaker, f"absent_{officer.key}_{officer.version}_reason")
    with st.container(horizontal=True):
        saves = st.button(speaker("Save changes"), key="amend_absence", type="primary", disabled=window is None)
        cancels = st.button(speaker("It does not take place"), key="cancel_absence", icon=":material/undo:")
    if saves and window is not None:
        absence = changed(held, kind=kind, window=window)
        done = speaker("{name} is away {window}.", name=officer.name.romanised, window=window)
        _act(done, lambda: give.amend_absence(officer.key, absence, by=now.actor, reason=reason))
    if cancels:
        done = speaker("Absence {code} of {name} was cancelled.", code=code, name=officer.name.romanised)
        _act(done, lambda: give.cancel_absence(officer.key, code, by=now.actor, reason=reason))


def _act(done: str, command: Callable[[], Outcome]) -> None:
    session.act(done, command)


# The fields


def _fields(speaker: Speaker, plan: Plan, key: str, held: OfficerDetails | None) -> Callable[[], dict[str, Any]]:
    """The inputs of what is known of an officer; what they hold is read, and refused, when asked for."""
    left, right = st.columns(2)
    name = left.text_input(speaker("Name"), held.name.romanised if held else "", key=f"{key}_name", max_chars=200)
    rank = right.text_input(speaker("Rank"), held.rank if held else "", key=f"{key}_rank", max_chars=200)
    known = list(personnel.units(plan))
    unit = left.selectbox(
        speaker("Unit"),
        known,
        known.index(held.unit) if held and held.unit in known else None,
        key=f"{key}_unit",
        accept_new_options=True,
        placeholder=speaker("Choose, or type a new one"),
    )
    callsign = right.text_input(
        speaker("Callsign"), held.callsign if held else "", key=f"{key}_callsign", max_chars=200
    )
    phone = left.text_input(speaker("Duty telephone"), held.phone if held else "", key=f"{key}_phone", max_chars=200)
    languages = right.multiselect(
        speaker("Languages"),
        personnel.tongues(held.languages if held else ()),
        list(held.languages) if held else [],
        format_func=lambda one: f"{speaker.tongue(one)} ({one})",
        key=f"{key}_languages",
        placeholder=speaker("Choose languages"),
    )
    licences = st.multiselect(
        speaker("Driving licences"),
        list(dict.fromkeys((*(held.licences if held else ()), *personnel.LICENCES))),
        list(held.licences) if held else [],
        key=f"{key}_licences",
        accept_new_options=True,
        placeholder=speaker("Choose, or type a new one"),
    )
    return lambda: {
        "name": changed(held.name, romanised=name) if held else PersonName(romanised=name),
        "rank": rank,
        "unit": unit or "",
        "callsign": callsign,
        "phone": phone,
        "languages": tuple(languages),
        "licences": tuple(licences),
    }


def facts(speaker: Speaker, officer: Officer) -> str:
    """Rank, unit, callsign, telephone, languages and licences on a line, as Markdown."""
    details = officer.details
    told = (
        (speaker("Rank"), details.rank),
        (speaker("Unit"), details.unit),
        (speaker("Callsign"), details.callsign),
        (speaker("Duty telephone"), details.phone),
        (speaker("Languages"), ", ".join(speaker.tongue(one) for one in details.languages)),
        (speaker("Driving licences"), ", ".join(details.licences)),
    )
    return " · ".join(f"**{name}:** {plain(value)}" for name, value in told if value)


def duty_rows(plan: Plan, officer: Officer, speaker: Speaker) -> list[Row]:
    """The duties of an officer in all visits, in order of time; each with the times of its visit's place."""
    rows = []
    given = sorted(plan.assignments_of_officer(officer.key), key=lambda one: (one.window.start, one.key))
    for duty in given:
        there = Speaker(speaker.language, plan.visit(duty.visit).details.zone)
        post = plan.post(duty.visit, duty.post)
        rows.append(
            Row(
                (
                    Cell(f"{duty.visit} · {duty.post}", post.details.task),
                    there.window(duty.window),
                    speaker.label(duty.status),
                ),
                off=not plan.takes_place(duty),
            )
        )
    return rows
