"""Rooms of a venue: what each holds in each layout, and its fire limit."""

from __future__ import annotations

from typing import Final

import streamlit as st

from domain.base import by_code
from domain.venue import Capacity, Room, Venue
from domain.visit import Layout
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.inputs import fresh, next_code, reason_input
from ui.components.plain_table import Cell, Row
from ui.session import Session

_PREFIX: Final = "PH"
_MOST: Final = 100_000


def table(venue: Venue, speaker: Speaker) -> None:
    """One row a room."""
    rows = (
        Row(
            (
                Cell(room.name, " · ".join(part for part in (room.code, room.floor) if part)),
                ", ".join(f"{speaker.label(c.layout)} {c.persons}" for c in room.capacities) or speaker("not surveyed"),
                "–" if room.fire_limit is None else str(room.fire_limit),
            )
        )
        for room in venue.rooms
    )
    plain_table.show((speaker("Room"), speaker("Persons"), speaker("Fire limit")), rows, caption=speaker("Rooms"))


def show(now: Session, venue: Venue) -> None:
    """The rooms, and the form of a new or a chosen one."""
    speaker = now.speaker
    rooms = by_code(venue.rooms)
    if rooms:
        table(venue, speaker)
    key = f"room_{venue.key}"
    code = st.selectbox(
        speaker("Room"),
        ["", *rooms],
        format_func=lambda code: f"{code} · {rooms[code].name}" if code else speaker("+ New room"),
        key=key,
    )
    held = rooms.get(code)
    form = fresh(f"{key}_{code}", held) if held else f"{key}__{len(rooms)}"
    with st.form(form):
        suggested = next_code(rooms, _PREFIX)
        wanted = code or st.text_input(speaker("Code"), suggested, key=f"{form}_code", max_chars=40)
        name = st.text_input(speaker("Room name"), held.name if held else "", key=f"{form}_name", max_chars=200)
        floor = st.text_input(speaker("Floor"), held.floor if held else "", key=f"{form}_floor", max_chars=200)
        persons = _capacities(speaker, form, held)
        fire = _persons(speaker("Fire limit"), f"{form}_fire", held.fire_limit if held else None)
        reason = reason_input(speaker, f"{form}_reason")
        asked = st.form_submit_button(speaker("Save") if held else speaker("Add room"), type="primary", key="save_room")
    if asked:
        with session.refusals():
            room = Room(
                code=wanted.strip(), name=name.strip(), floor=floor.strip(), capacities=persons, fire_limit=fire
            )
            _save(now, venue, room, held, reason)
    if held is not None:
        _remove(now, venue, held)


def _capacities(speaker: Speaker, form: str, held: Room | None) -> tuple[Capacity, ...]:
    """Persons in each layout; layouts that were left empty are not known."""
    known = {c.layout: c.persons for c in held.capacities} if held else {}
    found = []
    st.text(speaker("Persons, where the layout was surveyed"))
    with st.container(horizontal=True):
        for layout in Layout:
            persons = _persons(speaker.label(layout), f"{form}_{layout}", known.get(layout), width=130)
            if persons is not None:
                found.append(Capacity(layout=layout, persons=persons))
    return tuple(found)


def _persons(label: str, key: str, held: int | None, width: int = 160) -> int | None:
    return st.number_input(label, min_value=0, max_value=_MOST, value=held, step=1, key=key, width=width)


def _save(now: Session, venue: Venue, room: Room, held: Room | None, reason: str) -> None:
    planner = session.planner()
    if held is None:
        done = now.speaker("Room {name} was added.", name=room.name)
        session.act(done, lambda: planner.add_room(venue.key, room, by=now.actor, reason=reason))
        return
    done = now.speaker("Room {name} was changed.", name=room.name)
    session.act(done, lambda: planner.amend_room(venue.key, room, by=now.actor, reason=reason))


def _remove(now: Session, venue: Venue, held: Room) -> None:
    speaker = now.speaker
    reason = reason_input(speaker, f"remove_{venue.key}_{held.code}_room", needed=True)
    if st.button(speaker("Remove room"), key="remove_room", icon=":material/delete:"):
        done = speaker("Room {name} was removed.", name=held.name)
        session.act(done, lambda: session.planner().remove_room(venue.key, held.code, by=now.actor, reason=reason))
