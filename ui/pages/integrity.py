"""Integrity: what of the history is signed and witnessed, verifying it, and bundles with proofs."""

from __future__ import annotations

import streamlit as st

from ui import session
from ui.components import emergency, integrity, reads, refused, signers
from ui.components.choosing import visit_chooser

now = session.current()
plan, moment = session.plan(), session.planner().clock()
speaker = now.speaker

st.title(speaker("Integrity"))
st.caption(
    speaker(
        "Every few seconds the whole history is signed as one number, the root. A witness on another machine remembers "
        "the roots, so that nobody can rewrite what was witnessed, whoever holds this machine and its key."
    )
)
with session.refusals():
    integrity.state(speaker)
emergency.show(now, session.reader())
st.subheader(speaker("Verify"), anchor=False)
integrity.verify(speaker)
st.subheader(speaker("Who signs with which keys"), anchor=False)
signers.show(now)
refused.show(speaker, session.reader())
st.subheader(speaker("Bundle for an auditor"), anchor=False)
visit = visit_chooser(speaker, plan, moment)
if visit is not None:
    integrity.bundle(speaker, visit)
    st.subheader(speaker("Who read this visit"), anchor=False)
    reads.show(speaker, visit)
