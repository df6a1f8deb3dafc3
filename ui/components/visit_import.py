"""A visit from the document that the export writes: what comes with it and what stands in its way, then one button."""

from __future__ import annotations

import streamlit as st

from domain.plan import Plan
from planner.exports.plan_json import PlanDocument
from planner.imports.visit_json import imported_visit, read_visit
from planner.imports.visit_preview import KINDS, Coming, alongside, arrivals
from planner.preview import preview
from ui import session
from ui.components import plain_table
from ui.components.inputs import password_input, reason_input
from ui.plain_text import plain
from ui.session import Session

_TURN = "import.visit.round"
_ROWS_SHOWN = 300


def show(now: Session, plan: Plan) -> None:
    """The file, its preview, and the button that records all of it or nothing."""
    speaker = now.speaker
    number = st.session_state.setdefault(_TURN, 0)
    sent = st.file_uploader(
        speaker("Document (.json) of a visit, exported whole"), type=["json"], key=f"visit_file_{number}"
    )
    if sent is None:
        return
    with session.refusals():
        with st.spinner(speaker("Reading the document…")):
            document = read_visit(sent.getvalue())
        if not _preview(now, plan, document):
            return
        preview(plan, lambda current, act: imported_visit(current, document, act), now.actor, session.planner().clock())
        _recording(now, document, number)


def _preview(now: Session, plan: Plan, document: PlanDocument) -> bool:
    """What comes; False where a code stands in the way."""
    speaker = now.speaker
    found = arrivals(plan, document)
    taken = sum(one.coming is Coming.TAKEN for one in found)
    if taken:
        said = speaker.counted(
            "{n} code is taken: nothing of the visit can be imported.",
            "{n} codes are taken: nothing of the visit can be imported.",
            taken,
        )
        st.warning(said)
    st.caption(plain(speaker.say(alongside(document))))
    changes = [one for one in found if one.coming is not Coming.SAME]
    plain_table.show(
        (speaker("Kind"), speaker("Code and name"), speaker("What happens")),
        (
            plain_table.Row((speaker.say(KINDS[one.kind]), f"{one.code} {one.name}", speaker.say(one.told)))
            for one in changes[:_ROWS_SHOWN]
        ),
        caption=speaker("Preview, what is refused first"),
        key="visit_preview",
    )
    if same := len(found) - len(changes):
        said = speaker.counted(
            "{n} venue or officer is there already, just the same.",
            "{n} venues and officers are there already, just the same.",
            same,
        )
        st.caption(said)
    return not taken


def _recording(now: Session, document: PlanDocument, number: int) -> None:
    speaker, code = now.speaker, document.visit.code
    signs = any(duty.override is not None for duty in document.assignments)
    reason = reason_input(speaker, f"visit_import_reason_{number}")
    password = password_input(speaker, f"visit_import_password_{number}") if signs else ""
    if st.button(speaker("Import the visit"), key="import_visit", type="primary", icon=":material/upload:"):
        st.session_state[_TURN] = number + 1
        st.query_params["visit"] = code
        with st.spinner(speaker("Recording…"), show_time=True):
            taken = session.act(
                speaker("Visit {code} was imported.", code=code),
                lambda: session.planner().import_visit(
                    document, by=session.signing(password, code) if signs else now.actor, reason=reason
                ),
            )
        if taken is None:
            st.session_state[_TURN] = number
