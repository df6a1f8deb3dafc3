"""Erasing what is known of a person, for the role that may: once, for good, with a reason that names nobody."""

from __future__ import annotations

import streamlit as st

from planner.access import may
from ui import session
from ui.components.inputs import reason_input
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
