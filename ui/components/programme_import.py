"""A programme from a workbook: every row is shown with what it would do before anything is recorded."""

from __future__ import annotations

import hashlib
from typing import Final

import streamlit as st

from domain.plan import Plan
from domain.visit import Activity, Visit
from planner.imports.preview import Existing, Preview, Row, RowChange
from planner.imports.programme import preview_programme
from planner.text import Speaker
from ui import downloads, session
from ui.components import plain_table
from ui.components.inputs import reason_input
from ui.session import Session

_READ: Final = "programme_import.read"
_ROUND: Final = "programme_import.round"
_ROWS_SHOWN: Final = 300


def show(here: Session, plan: Plan, visit: Visit) -> None:
    """Template, upload, preview, and the one button that records the good rows."""
    speaker = here.speaker
    empty = downloads.address("programme_template.xlsx", visit=visit.key, language=speaker.language)
    st.link_button(speaker("Empty workbook"), empty, icon=":material/download:")
    number = st.session_state.setdefault(_ROUND, 0)
    sent = st.file_uploader(
        speaker("Workbook (.xlsx) with the programme"), type=["xlsx", "xlsm"], key=f"programme_file_{number}"
    )
    choice: object = st.selectbox(
        speaker("Activities that exist already"),
        list(Existing),
        format_func=lambda choice: _existing(speaker, choice),
        key="programme_existing",
        width=320,
    )
    existing = Existing(str(choice))
    if sent is None:
        return
    found = None
    with session.refusals(), st.spinner(speaker("Reading the workbook…")):
        found = _read(sent.getvalue(), plan, visit.key, existing)
    if found is None:
        return
    _preview(speaker, found)
    reason = reason_input(speaker, f"import_reason_{number}")
    items = found.items
    changing = len(items) - found.count(RowChange.SAME) - found.count(RowChange.SKIPPED)
    label = speaker.counted("Import {n} row", "Import {n} rows", changing)
    if st.button(label, key="import_programme", type="primary", icon=":material/upload:", disabled=not changing):
        done = speaker.counted("{n} row was imported.", "{n} rows were imported.", changing)
        st.session_state[_ROUND] = number + 1
        planner = session.planner()
        if (
            session.act(
                done,
                lambda: planner.import_programme(visit.key, items, existing, by=here.actor, reason=reason),
            )
            is None
        ):
            st.session_state[_ROUND] = number


def _read(content: bytes, plan: Plan, visit: str, existing: Existing) -> Preview[Activity]:
    """The preview, made once for a file and a plan: reading starts a process of its own."""
    asked = (hashlib.sha256(content).hexdigest(), plan.position, visit, existing)
    held = st.session_state.get(_READ)
    if held is None or held[0] != asked:
        held = (asked, preview_programme(content, plan, visit, existing))
        st.session_state[_READ] = held
    preview: Preview[Activity] = held[1]
    return preview


def _preview(speaker: Speaker, found: Preview[Activity]) -> None:
    said = [speaker.counted("{n} row can be imported", "{n} rows can be imported", len(found.items))]
    if found.bad:
        said.append(speaker.counted("{n} row cannot and stays out", "{n} rows cannot and stay out", len(found.bad)))
    (st.warning if found.bad else st.success)("; ".join(said) + ".")
    if found.ignored:
        plain_table.line(speaker("Columns that mean nothing here: {names}.", names=found.ignored))
    rows = sorted(found.rows, key=lambda row: not row.errors)
    plain_table.show(
        (speaker("Row"), speaker("Activity"), speaker("Time"), speaker("What happens")),
        (_row(speaker, row) for row in rows[:_ROWS_SHOWN]),
        caption=speaker("Preview, rows with errors first"),
        key="import_preview",
    )


def _row(speaker: Speaker, row: Row[Activity]) -> plain_table.Row:
    said = "; ".join(speaker.say(one) for one in row.warnings)
    if row.errors:
        happens = "✖ " + "; ".join(speaker.say(one) for one in row.errors)
    else:
        happens = _change(speaker, row.change)
    activity = row.item
    return plain_table.Row(
        (
            str(row.number),
            "" if activity is None else f"{activity.code} {activity.title}",
            "" if activity is None else speaker.window(activity.window),
            plain_table.Cell(happens, said),
        )
    )


def _existing(speaker: Speaker, choice: Existing) -> str:
    return speaker("change them") if choice is Existing.AMEND else speaker("leave them as they are")


def _change(speaker: Speaker, change: RowChange) -> str:
    match change:
        case RowChange.NEW:
            return speaker("✚ is added")
        case RowChange.CHANGED:
            return speaker("● is changed")
        case RowChange.SAME:
            return speaker("= stays the same")
    return speaker("– is left out")
