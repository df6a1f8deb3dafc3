"""Erasing what is known of a person, or a visit, for the role that may: for good, with a reason that names nobody."""

from __future__ import annotations

import streamlit as st

from domain.visit import Visit
from planner.access import may
from ui import session
from ui.components.inputs import opened, reason_input
from ui.session import Session


def show(now: Session, person: str, key: str) -> None:
    """The form for one person, such as ``CA-0113`` or ``LA-2026-01/LA/M-01``; nothing for who may not."""
    if not may(now.actor, "erase_person"):
        return
    speaker = now.speaker
    with st.expander(speaker("Erase personal data"), icon=":material/delete_forever:"):
        st.warning(
            speaker(
                "Name, rank, telephone and the like are destroyed for good, in every view of every moment. "
                "Nobody can bring them back. The code and what was planned with it stay. Texts that others wrote stay "
                "too, and an account keeps its own name until an administrator changes it."
            ),
            icon=":material/warning:",
        )
        reason = reason_input(speaker, f"erase_reason_{key}", needed=True)
        sure = st.checkbox(speaker("Erase {person} for good", person=person), key=f"erase_sure_{key}")
        if st.button(speaker("Erase"), key=f"erase_{key}", disabled=not sure):
            done = speaker("{person} was erased.", person=person)
            session.act(done, lambda: session.planner().erase_person(person, by=now.actor, reason=reason), final=True)


def show_visit(now: Session, visit: Visit) -> None:
    """The form for a whole visit, which asks for its code once more; nothing for who may not."""
    if not session.may("erase_visit", visit.key):
        return
    speaker = now.speaker
    if part := opened(speaker("Erase the visit"), "erase_visit_form", ":material/delete_forever:"):
        with part:
            st.warning(
                speaker(
                    "Programme, guests, posts, duties, routes and their whole history are destroyed for good. Nobody "
                    "can bring them back. It can be done once the visit is over or cancelled. The code stays, and who "
                    "belonged to the visit, read it, or opened it in an emergency. Make a backup afterwards, and "
                    "destroy older copies of the keys backup: they still open the visit."
                ),
                icon=":material/warning:",
            )
            typed = st.text_input(
                speaker("Code of the visit, once more"), key="erase_visit_code", max_chars=40, width=280
            )
            reason = reason_input(speaker, "erase_visit_reason", needed=True)
            sure = typed.strip() == visit.key
            if st.button(speaker("Erase the visit for good"), key="erase_visit", disabled=not sure):
                _erase(now, visit.key, typed.strip(), reason)


def _erase(now: Session, visit: str, typed: str, reason: str) -> None:
    done = now.speaker("Visit {code} was erased.", code=visit)
    session.act(done, lambda: session.planner().erase_visit(visit, typed, by=now.actor, reason=reason), final=True)
