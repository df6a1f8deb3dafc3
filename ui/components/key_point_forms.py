"""Key points of a venue: marking one, moving or changing it, removing it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from domain.base import by_code
from domain.values import Coordinates
from domain.venue import KeyPoint, KeyPointKind, Venue
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.coordinates import coordinates_input, read_coordinates
from ui.components.inputs import fresh, next_code, reason_input
from ui.components.plain_table import Cell, Row
from ui.session import Session

_PREFIX: Final = "D"


def table(venue: Venue, speaker: Speaker) -> None:
    """One row a key point."""
    rows = (
        Row(
            (
                Cell(point.name, point.code),
                speaker.label(point.kind),
                Cell(speaker.show(point.coordinates), point.phone),
            )
        )
        for point in venue.key_points
    )
    headings = (speaker("Key point"), speaker("Kind"), speaker("Place"))
    plain_table.show(headings, rows, caption=speaker("Key points"))


def show(now: Session, venue: Venue, picked: Coordinates | None) -> None:
    """The points, and the form of a new or a chosen one."""
    speaker = now.speaker
    points = by_code(venue.key_points)
    if points:
        table(venue, speaker)
    key = f"point_{venue.key}"
    code = st.selectbox(
        speaker("Key point"),
        ["", *points],
        format_func=lambda code: f"{code} · {points[code].name}" if code else speaker("+ New key point"),
        key=key,
    )
    held = points.get(code)
    form = fresh(f"{key}_{code}", held) if held else f"{key}__{len(points)}"
    with st.form(form):
        suggested = next_code(points, _PREFIX)
        wanted = code or st.text_input(speaker("Code"), suggested, key=f"{form}_code", max_chars=40)
        kinds = list(KeyPointKind)
        kind = st.selectbox(
            speaker("Kind"),
            kinds,
            index=kinds.index(held.kind) if held else 0,
            format_func=speaker.label,
            key=f"{form}_kind",
        )
        name = st.text_input(speaker("Point name"), held.name if held else "", key=f"{form}_name", max_chars=200)
        place = coordinates_input(speaker, form, picked, held.coordinates if held else None)
        phone = st.text_input(speaker("Telephone"), held.phone if held else "", key=f"{form}_phone", max_chars=200)
        notes = st.text_area(speaker("Notes"), held.notes if held else "", key=f"{form}_notes", max_chars=8000)
        reason = reason_input(speaker, f"{form}_reason")
        saying = speaker("Save") if held else speaker("Mark key point")
        asked = st.form_submit_button(saying, type="primary", key="save_point")
    if asked:
        with session.refusals():
            point = KeyPoint(
                code=wanted.strip(),
                kind=kind,
                name=name.strip(),
                coordinates=read_coordinates(place),
                phone=phone.strip(),
                notes=notes,
            )
            _save(now, venue, point, held, reason)
    if held is not None:
        _remove(now, venue, held)


def _save(now: Session, venue: Venue, point: KeyPoint, held: KeyPoint | None, reason: str) -> None:
    planner, name = session.planner(), point.name
    if held is None:
        done = now.speaker("Key point {name} was marked.", name=name)
        session.act(done, lambda: planner.mark_key_point(venue.key, point, by=now.actor, reason=reason))
        return
    done = now.speaker("Key point {name} was changed.", name=name)
    session.act(done, lambda: planner.amend_key_point(venue.key, point, by=now.actor, reason=reason))


def _remove(now: Session, venue: Venue, held: KeyPoint) -> None:
    speaker = now.speaker
    reason = reason_input(speaker, f"remove_{venue.key}_{held.code}", needed=True)
    if st.button(speaker("Remove key point"), key="remove_point", icon=":material/delete:"):
        done = speaker("Key point {name} was removed.", name=held.name)
        session.act(
            done,
            lambda: session.planner().remove_key_point(venue.key, held.code, by=now.actor, reason=reason),
        )
