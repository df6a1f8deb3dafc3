"""Programmes, venues, officers and posts from workbooks: every row says what it would do before it is recorded."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any, Final

import streamlit as st

from domain.plan import Plan
from domain.visit import Visit
from planner.deciding import Outcome
from planner.imports.officers import preview_officers
from planner.imports.posts import preview_posts
from planner.imports.preview import Existing, Preview, Progress, Row, RowChange
from planner.imports.programme import preview_programme
from planner.imports.venues import preview_venues
from planner.text import Speaker
from ui import downloads, session
from ui.components import plain_table
from ui.components.inputs import reason_input
from ui.plain_text import plain
from ui.session import Session

_ROWS_SHOWN: Final = 300
#: Seconds between two words about how far it is.
BETWEEN: Final = 0.3


@dataclasses.dataclass(frozen=True, slots=True)
class _Register:
    """What is imported: its name in keys, how a file is read, and the command that records the items."""

    name: str
    label: str
    template: str
    read: Callable[[bytes, Existing, Progress], Preview[Any]]
    command: Callable[[tuple[Any, ...], Existing, str], Outcome]
    told: Callable[[Any], str]


def programme(now: Session, plan: Plan, visit: Visit) -> None:
    """The activities of a visit from a workbook; ``now`` speaks in the visit's zone."""
    speaker = now.speaker
    register = _Register(
        f"programme_{visit.key}",
        speaker("Workbook (.xlsx) with the programme"),
        downloads.address("programme_template.xlsx", visit=visit.key, language=speaker.language),
        lambda content, *how: preview_programme(content, plan, visit.key, *how),
        lambda items, existing, reason: session.planner().import_programme(
            visit.key, items, existing, by=now.actor, reason=reason
        ),
        lambda item: f"{item.code} {item.title}, {speaker.window(item.window)}",
    )
    _show(speaker, plan, register)


def venues(now: Session, plan: Plan) -> None:
    """The venues from a workbook, with their rooms and key points."""
    speaker = now.speaker
    register = _Register(
        "venues",
        speaker("Workbook (.xlsx) with venues, rooms and key points"),
        downloads.address("venues_template.xlsx", language=speaker.language),
        lambda content, *how: preview_venues(content, plan, *how),
        lambda items, existing, reason: session.planner().import_venues(items, existing, by=now.actor, reason=reason),
        lambda item: f"{item.code} {item.name}, {speaker.show(item.coordinates)}",
    )
    _show(speaker, plan, register)


def officers(now: Session, plan: Plan) -> None:
    """The personnel register from a workbook."""
    speaker = now.speaker
    register = _Register(
        "officers",
        speaker("Workbook (.xlsx) with officers"),
        downloads.address("officers_template.xlsx", language=speaker.language),
        lambda content, *how: preview_officers(content, plan, *how),
        lambda items, existing, reason: session.planner().import_officers(items, existing, by=now.actor, reason=reason),
        lambda item: f"{item.code} {item.name.romanised}, {item.unit}",
    )
    _show(speaker, plan, register)


def posts(now: Session, plan: Plan, visit: Visit) -> None:
    """The posts of a visit from a workbook; ``now`` speaks in the visit's zone."""
    speaker = now.speaker
    register = _Register(
        f"posts_{visit.key}",
        speaker("Workbook (.xlsx) with posts"),
        downloads.address("posts_template.xlsx", visit=visit.key, language=speaker.language),
        lambda content, *how: preview_posts(content, plan, visit.key, *how),
        lambda items, existing, reason: session.planner().import_posts(
            visit.key, items, existing, by=now.actor, reason=reason
        ),
        lambda item: f"{item.code} {item.task}, {speaker.window(item.window)}",
    )
    _show(speaker, plan, register)


def _show(speaker: Speaker, plan: Plan, register: _Register) -> None:
    """Template, upload, preview, and the one button that records the good rows."""
    turn = f"import.{register.name}.round"
    number = st.session_state.setdefault(turn, 0)
    st.link_button(speaker("Empty workbook"), register.template, icon=":material/download:")
    sent = st.file_uploader(register.label, type=["xlsx", "xlsm"], key=f"{register.name}_file_{number}")
    existing = st.radio(
        speaker("Those that exist already"),
        list(Existing),
        format_func=lambda choice: _existing(speaker, choice),
        key=f"{register.name}_existing",
        horizontal=True,
    )
    if sent is None or existing is None:
        return
    with session.refusals():
        with st.spinner(speaker("Reading the workbook…")):
            found = _read(speaker, sent.getvalue(), plan, register, existing)
        _preview(speaker, found, register)
        reason = reason_input(speaker, f"{register.name}_reason_{number}")
        changing = _changing(found)
        label = speaker.counted("Import {n} row", "Import {n} rows", changing)
        if st.button(label, key="import_rows", type="primary", icon=":material/upload:", disabled=not changing):
            done = _done(speaker, changing, len(found.bad))
            st.session_state[turn] = number + 1
            with st.spinner(speaker("Recording…"), show_time=True):
                taken = session.act(done, lambda: register.command(found.items, existing, reason))
            if taken is None:
                st.session_state[turn] = number


def _read(speaker: Speaker, content: bytes, plan: Plan, register: _Register, existing: Existing) -> Preview[Any]:
    """The preview, made once for a file and a plan: reading starts a process of its own."""
    asked = (hashlib.sha256(content).hexdigest(), plan.position, existing)
    key = f"import.{register.name}.read"
    held = st.session_state.get(key)
    if held is None or held[0] != asked:
        with _told(speaker) as progress:
            held = (asked, register.read(content, existing, progress))
        st.session_state[key] = held
    preview: Preview[Any] = held[1]
    return preview


@contextlib.contextmanager
def _told(speaker: Speaker) -> Iterator[Progress]:
    """A bar that says which row is looked at, from the second second on."""
    place, told = st.empty(), monotonic() + 1 - BETWEEN

    def count(done: int, total: int) -> None:
        nonlocal told
        if monotonic() - told >= BETWEEN:
            told = monotonic()
            place.progress(done / total, speaker("Row {number} of {total}", number=str(done), total=str(total)))

    yield count
    place.empty()


def _preview(speaker: Speaker, found: Preview[Any], register: _Register) -> None:
    _counts(speaker, _changing(found), len(found.items), len(found.bad))
    if found.ignored:
        st.caption(plain(speaker("Columns that mean nothing here: {names}.", names=found.ignored)))
    rows = sorted(found.rows, key=_order)
    plain_table.show(
        (speaker("Row"), speaker("What it says"), speaker("What happens")),
        (_row(speaker, row, register) for row in rows[:_ROWS_SHOWN]),
        caption=speaker("Preview, rows with errors first"),
        key="import_preview",
    )
    if len(rows) > _ROWS_SHOWN:
        plain_table.line(speaker("The first {n} of {all} rows are shown.", n=_ROWS_SHOWN, all=len(rows)))


def _changing(found: Preview[Any]) -> int:
    """How many rows would change the plan."""
    return len(found.items) - found.count(RowChange.SAME) - found.count(RowChange.SKIPPED)


def _counts(speaker: Speaker, changing: int, good: int, bad: int) -> None:
    """What would happen to all rows together."""
    kept = good - changing
    said = [speaker.counted("{n} row can be imported", "{n} rows can be imported", changing)] if changing else []
    if kept:
        said.append(speaker.counted("{n} row changes nothing", "{n} rows change nothing", kept))
    if bad:
        said.append(speaker.counted("{n} row cannot and stays out", "{n} rows cannot and stay out", bad))
    if not said:
        said.append(speaker("The workbook has no rows below its headings"))
    show = st.warning if bad else st.success if changing else st.info
    show("; ".join(said) + ".")


def _done(speaker: Speaker, changing: int, bad: int) -> str:
    """What was done; rows that stayed out are not forgotten with their workbook."""
    done = speaker.counted("{n} row was imported.", "{n} rows were imported.", changing)
    if not bad:
        return done
    return f"{done} {speaker.counted('{n} row stayed out.', '{n} rows stayed out.', bad)}"


def _order(row: Row[Any]) -> tuple[bool, bool, bool]:
    """What needs a look first, what changes nothing last."""
    return (not row.errors, not row.warnings, row.change in (RowChange.SAME, RowChange.SKIPPED))


def _row(speaker: Speaker, row: Row[Any], register: _Register) -> plain_table.Row:
    below = "; ".join(speaker.say(one) for one in row.warnings)
    happens = "✖ " + "; ".join(speaker.say(one) for one in row.errors) if row.errors else _change(speaker, row.change)
    says: plain_table.Cell | str = "" if row.item is None else register.told(row.item)
    if row.errors and row.typed:
        first, *beside = row.typed
        says = plain_table.Cell(first.line, " · ".join(f"{one.sheet} {one.number}: {one.line}" for one in beside))
    sheet = row.typed[0].sheet if row.errors and row.typed else ""
    return plain_table.Row((plain_table.Cell(str(row.number), sheet), says, plain_table.Cell(happens, below)))


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
