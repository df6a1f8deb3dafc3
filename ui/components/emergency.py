"""Break-glass on pages: opening a visit of others, the alarm of who commands and audits it, and their review."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Final

import streamlit as st

from domain.emergency import LONGEST, SHORTEST_REASON, EmergencyAccess, Opening
from planner.access.reader import Reader
from planner.deciding import Outcome
from planner.text import Speaker
from planner.zones import speaker_of
from ui import session
from ui.components.inputs import fresh, opened, password_input, reason_input
from ui.plain_text import plain
from ui.session import Session

#: The parameter of an address that asks for a visit in an emergency.
ASKED: Final = "emergency"
_MOST: Final = round(LONGEST.total_seconds() / 60)


def ask(now: Session) -> None:
    """The form of who needs to see a visit without belonging to it."""
    if not session.reader().may_open_more:
        return
    asked = st.query_params.get(ASKED)
    label = now.speaker("I need to see a visit I am not a member of")
    if part := opened(label, "emergency", ":material/emergency:", expanded=asked is not None):
        with part:
            _form(now, asked or "")


def _form(now: Session, asked: str) -> None:
    speaker = now.speaker
    st.caption(
        speaker(
            "For an emergency: you see the visit for a time, change nothing and take nothing out. Its commanders and "
            "auditors are told at once, and one of them reviews it within 24 hours. What you state is signed and kept; "
            "whoever asks for a code that is not there is named to the auditors."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.text_input(speaker("Code of the visit"), asked, key="emergency_code", max_chars=40, width=260)
        minutes = st.number_input(speaker("Minutes"), 1, _MOST, _MOST, step=5, key="emergency_minutes", width=160)
    reason = reason_input(speaker, "emergency_reason", needed=True)
    st.caption(speaker.counted("{n} character or more", "{n} characters or more", SHORTEST_REASON))
    password = password_input(speaker, "emergency_password")
    if st.button(speaker("Open the visit"), key="emergency_open", type="primary", icon=":material/lock_open:"):
        done = speaker("You see visit {visit} for {minutes} minutes.", visit=code.strip(), minutes=int(minutes))
        session.act(done, lambda: _opened(code.strip(), int(minutes), reason, password), final=True)


def _opened(code: str, minutes: int, reason: str, password: str) -> Outcome:
    by = session.signing(password, code)
    outcome = session.planner().open_emergency_access(code, minutes, by=by, reason=reason)
    st.query_params.from_dict({"visit": code})
    return outcome


def show(now: Session, reader: Reader) -> None:
    """What the reader has open, and what others opened of the visits that the reader answers for."""
    moment = reader.clock()
    for own in reader.emergencies():
        if opening := own.opening_at(moment):
            _own(now, reader, own, opening)
    if reader.audits_every_visit:
        _guesses(now, reader)
    for one in reader.plan.emergencies():
        if one.user == now.account.user or not reader.may("review_emergency_access", one.visit):
            continue
        there = dataclasses.replace(now, speaker=_there(now, reader, one))
        for number, opening in enumerate(one.to_review):
            _alarm(there, reader, one, opening, first=number == 0)


def _guesses(now: Session, reader: Reader) -> None:
    """Who asked for codes that are not there within a day: an attempt on visits that stay hidden."""
    for user, number in sorted(reader.guessed(reader.clock() - timedelta(days=1)).items()):
        told = now.speaker.counted(
            "{user} asked in an emergency for {n} visit that is not there.",
            "{user} asked in an emergency for {n} visits that are not there.",
            number,
            user=user,
        )
        st.error(plain(told), icon=":material/emergency:")


def _there(now: Session, reader: Reader, one: EmergencyAccess) -> Speaker:
    return speaker_of(now.speaker, reader.plan, f"visit/{one.visit}")


def _own(now: Session, reader: Reader, own: EmergencyAccess, opening: Opening) -> None:
    speaker = _there(now, reader, own)
    with st.container(border=True, key=f"emergency_own_{own.key}"):
        told = speaker(
            "You see visit {visit} by emergency access until {until}.",
            visit=own.visit,
            until=speaker.moment(opening.until),
        )
        st.warning(plain(told), icon=":material/emergency:")
        if st.button(speaker("End it now"), key=f"emergency_end_{own.key}", icon=":material/lock:"):
            session.act(
                speaker("You no longer see visit {visit}.", visit=own.visit),
                lambda: session.planner().end_emergency_access(own.visit, by=now.actor),
                final=True,
            )


def _alarm(now: Session, reader: Reader, one: EmergencyAccess, opening: Opening, *, first: bool) -> None:
    speaker, moment = now.speaker, reader.clock()
    with st.container(border=True, key=f"emergency_{one.key}_{opening.of}"):
        told = speaker(
            "{user} opened visit {visit} in an emergency on {moment}, until {until}: «{reason}»",
            user=one.user,
            visit=one.visit,
            moment=speaker.moment(opening.opened_at),
            until=speaker.moment(opening.until),
            reason=" ".join(opening.reason.split()),
        )
        st.error(plain(told), icon=":material/emergency:")
        if opening.open_at(moment):
            if st.button(speaker("End it now"), key=f"emergency_revoke_{one.key}", icon=":material/lock:"):
                session.act(
                    speaker("{user} no longer sees visit {visit}.", user=one.user, visit=one.visit),
                    lambda: session.planner().revoke_emergency_access(one.visit, one.user, by=now.actor),
                    final=True,
                )
            return
        if opening.overdue(moment):
            st.error(
                speaker("The review is overdue since {moment}.", moment=speaker.moment(opening.due)),
                icon=":material/alarm:",
            )
        if first:
            _review(now, one, opening)


def _review(now: Session, one: EmergencyAccess, opening: Opening) -> None:
    speaker = now.speaker
    label = speaker("Your review, until {moment}", moment=speaker.moment(opening.due))
    key = fresh("emergency_verdict", one.key, opening.of)
    verdict = st.text_input(
        label, key=key, max_chars=200, placeholder=speaker("Was it needed? What follows? It stays in the history.")
    )
    password = password_input(speaker, f"emergency_review_password_{one.key}")
    if st.button(speaker("Record the review"), key=f"emergency_review_{one.key}", icon=":material/rate_review:"):
        done = speaker("The emergency access of {user} is reviewed.", user=one.user)
        session.act(done, lambda: _reviewed(one, verdict or "", password), final=True)


def _reviewed(one: EmergencyAccess, verdict: str, password: str) -> Outcome:
    by = session.signing(password, one.visit)
    return session.planner().review_emergency_access(one.visit, one.user, verdict, by=by)
