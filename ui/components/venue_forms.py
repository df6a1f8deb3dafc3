"""Venues by hand: registering one, and everything that is known of one."""

from __future__ import annotations

import functools
from datetime import date
from typing import Final

import streamlit as st

from domain.plan import Plan
from domain.values import Contact, Coordinates, SecrecyLevel
from domain.venue import Venue, VenueDetails
from planner.access import may
from planner.text import Speaker
from ui import downloads, session
from ui.components import key_point_forms, room_forms, workbook_import
from ui.components.coordinates import coordinates_input, read_coordinates
from ui.components.inputs import DAY_FORMAT, fresh, next_code, opened, reason_input
from ui.components.map_view import PICKED, VENUE
from ui.maps.places import venue_name
from ui.plain_text import plain
from ui.session import Session

_NEXT: Final = "map.venue.next"
#: What a clicked place counts for: the venue that is chosen, as it is.
_ABOUT: Final = "map.venue.about"
_PREFIX: Final = "DD"


def show(now: Session, plan: Plan, picked: Coordinates | None) -> None:
    """Chooses a venue, or a new one, and shows its forms."""
    speaker = now.speaker
    writes = may(now.actor, "register_venue")
    codes = (["", *(venue.key for venue in plan.venues)]) if writes else [venue.key for venue in plan.venues]
    if not codes:
        st.info(speaker("No venue is registered yet."), icon=":material/location_off:")
        return
    # Set in every run: a select box else keeps the label of another language.
    held = st.session_state.get(VENUE)
    st.session_state[VENUE] = held if held in codes else codes[0]
    code = st.selectbox(
        speaker("Venue"),
        codes,
        format_func=functools.partial(_label, plan=plan, speaker=speaker),
        key=VENUE,
        on_change=_into_address,
    )
    if not code:
        _new(now, plan, picked)
        _files(now, plan)
        return
    venue = plan.venue(code)
    _facts(venue, speaker)
    if not writes:
        _listed(venue, speaker)
    elif venue.retired:
        _reinstate(now, venue)
    else:
        _forms(now, plan, venue, picked)


def _forms(now: Session, plan: Plan, venue: Venue, picked: Coordinates | None) -> None:
    """What can be changed of a venue; a part that is open stays open while one thing after the other is entered.

    That is why no label holds a number: a part whose label changes is another part, and closed.
    """
    speaker = now.speaker
    if part := opened(speaker("Key points"), "venue_points", ":material/pin_drop:"):
        with part:
            key_point_forms.show(now, venue, picked)
    if part := opened(speaker("Rooms"), "venue_rooms", ":material/meeting_room:"):
        with part:
            room_forms.show(now, venue)
    if part := opened(speaker("Change this venue"), "venue_change", ":material/edit:"):
        with part:
            _amend(now, venue, picked)
    if part := opened(speaker("Retire this venue"), "venue_retire", ":material/block:"):
        with part:
            _retire(now, plan, venue)


def from_address(speaker: Speaker, plan: Plan) -> None:
    """Chooses the venue that the address names (``?venue=KHACH-SAN``); run before the map, which goes there.

    A place that was clicked counts for what was chosen then, and until it is used: it must not move another venue.
    """
    code = st.session_state.pop(_NEXT, None)
    if code is not None:
        st.query_params["venue"] = code
    asked = st.query_params.get("venue")
    if asked is not None and plan.has(Venue, asked):
        st.session_state[VENUE] = asked
    elif asked is not None:
        st.warning(speaker("There is no «{code}» here.", code=plain(asked)), icon=":material/search_off:")
    chosen = st.session_state.get(VENUE) or ""
    about = (chosen, plan.venue(chosen).version if plan.has(Venue, chosen) else len(plan.venues))
    if st.session_state.get(_ABOUT, about) != about:
        st.session_state.pop(PICKED, None)
    st.session_state[_ABOUT] = about


def _into_address() -> None:
    code = st.session_state[VENUE]
    if code:
        st.query_params["venue"] = code
    else:
        st.query_params.pop("venue", None)


def _label(code: str, plan: Plan, speaker: Speaker) -> str:
    if not code:
        return speaker("+ New venue")
    venue = plan.venue(code)
    label = f"{code} · {venue_name(venue, speaker)}"
    return f"✕ {label} ({speaker('retired')})" if venue.retired else label


def _facts(venue: Venue, speaker: Speaker) -> None:
    details = venue.details
    lines = [
        ", ".join(part for part in (details.address, details.district) if part),
        speaker.show(details.coordinates),
        *(" · ".join(part for part in (c.name, c.role, c.phone) if part) for c in details.contacts),
        speaker("Surveyed on {day}", day=details.surveyed_on) if details.surveyed_on else speaker("Not surveyed yet"),
        details.notes,
    ]
    st.text("\n".join(line for line in lines if line))


def _listed(venue: Venue, speaker: Speaker) -> None:
    """Rooms and key points, for whoever may only read."""
    if venue.rooms:
        room_forms.table(venue, speaker)
    if venue.key_points:
        key_point_forms.table(venue, speaker)


def _new(now: Session, plan: Plan, picked: Coordinates | None) -> None:
    speaker = now.speaker
    st.text(speaker("Click the place on the map, or type its coordinates."))
    with st.form("new_venue"):
        suggested = next_code((venue.key for venue in plan.venues), _PREFIX)
        code = st.text_input(speaker("Code"), suggested, key=f"venue_code_{suggested}", max_chars=40)
        typed = _fields(speaker, "venue", picked, None)
        reason = reason_input(speaker, "venue_reason")
        asked = st.form_submit_button(speaker("Register venue"), type="primary", key="register_venue")
    if asked:
        with session.refusals():
            details, code = typed.details(), code.strip()
            st.session_state[_NEXT] = code
            done = speaker("Venue {code} was registered.", code=code)
            planner = session.planner()
            if session.act(done, lambda: planner.register_venue(code, details, by=now.actor, reason=reason)) is None:
                st.session_state.pop(_NEXT, None)


def _files(now: Session, plan: Plan) -> None:
    """All venues at once, out to a workbook and in from one."""
    speaker = now.speaker
    part = opened(speaker("Venues as a workbook"), "venue_files", ":material/upload_file:")
    if part is None:
        return
    with part:
        if plan.venues:
            address = downloads.address("venues.xlsx", language=speaker.language)
            st.link_button(speaker("All venues (XLSX)"), address, icon=":material/table_view:")
        workbook_import.venues(now, plan)


def _amend(now: Session, venue: Venue, picked: Coordinates | None) -> None:
    speaker = now.speaker
    key = fresh(f"venue_{venue.key}", venue.details)
    with st.form(key):
        typed = _fields(speaker, key, picked, venue.details)
        reason = reason_input(speaker, f"{key}_reason")
        asked = st.form_submit_button(speaker("Save"), type="primary", key="amend_venue")
    if asked:
        with session.refusals():
            details = typed.details()
            done = speaker("Venue {code} was changed.", code=venue.key)
            planner = session.planner()
            session.act(done, lambda: planner.amend_venue(venue.key, details, by=now.actor, reason=reason))


def _retire(now: Session, plan: Plan, venue: Venue) -> None:
    speaker = now.speaker
    used = [visit.key for visit in plan.visits_at(venue.key) if not visit.cancelled]
    if used:
        st.warning(plain(speaker("It is in the programme of {visits}.", visits=used)))
    reason = reason_input(speaker, f"retire_{venue.key}_reason", needed=True)
    if st.button(speaker("Retire"), key="retire_venue"):
        done = speaker("Venue {code} was retired.", code=venue.key)
        session.act(done, lambda: session.planner().retire_venue(venue.key, by=now.actor, reason=reason))


def _reinstate(now: Session, venue: Venue) -> None:
    speaker = now.speaker
    st.warning(speaker("This venue is retired: it is not on the map, and nothing can be planned there."))
    reason = reason_input(speaker, f"reinstate_{venue.key}_reason")
    if st.button(speaker("Use it again"), key="reinstate_venue"):
        done = speaker("Venue {code} may be used again.", code=venue.key)
        session.act(done, lambda: session.planner().reinstate_venue(venue.key, by=now.actor, reason=reason))


class _Typed:
    """What stands in the fields of a form."""

    def __init__(self, speaker: Speaker, key: str, picked: Coordinates | None, held: VenueDetails | None) -> None:
        self.name = st.text_input(speaker("Venue name"), held.name if held else "", key=f"{key}_name", max_chars=200)
        self.place = coordinates_input(speaker, key, picked, held.coordinates if held else None)
        self.address = st.text_input(
            speaker("Address"), held.address if held else "", key=f"{key}_address", max_chars=200
        )
        with st.expander(speaker("More about it"), key=f"{key}_more"):
            self._more(speaker, key, held)

    def _more(self, speaker: Speaker, key: str, held: VenueDetails | None) -> None:
        self.name_en = st.text_input(
            speaker("English name"), held.name_en if held else "", key=f"{key}_en", max_chars=200
        )
        self.district = st.text_input(
            speaker("Ward or commune"), held.district if held else "", key=f"{key}_district", max_chars=200
        )
        self.contacts = st.text_area(
            speaker("Contacts, one a line: name; task; telephone"),
            "\n".join(f"{c.name}; {c.role}; {c.phone}".rstrip("; ") for c in held.contacts) if held else "",
            key=f"{key}_contacts",
        )
        self.surveyed_on: date | None = st.date_input(
            speaker("Surveyed on"), held.surveyed_on if held else None, format=DAY_FORMAT, key=f"{key}_surveyed"
        )
        levels = list(SecrecyLevel)
        self.secrecy = st.selectbox(
            speaker("Secrecy"),
            levels,
            index=held.secrecy.rank if held else 0,
            format_func=speaker.label,
            key=f"{key}_secrecy",
        )
        self.notes = st.text_area(speaker("Notes"), held.notes if held else "", key=f"{key}_notes", max_chars=8000)

    def details(self) -> VenueDetails:
        """The venue's facts. Raises ``InvalidInput`` and ``ValidationError``."""
        return VenueDetails(
            name=self.name.strip(),
            name_en=self.name_en.strip(),
            coordinates=read_coordinates(self.place),
            address=self.address.strip(),
            district=self.district.strip(),
            contacts=read_contacts(self.contacts),
            surveyed_on=self.surveyed_on,
            secrecy=self.secrecy,
            notes=self.notes,
        )


_fields = _Typed


def read_contacts(text: str) -> tuple[Contact, ...]:
    """One contact a line: name, task and telephone between semicolons."""
    found = []
    for line in text.splitlines():
        name, role, phone = (part.strip() for part in (*line.split(";", 2), "", "")[:3])
        if name or role or phone:
            found.append(Contact(name=name, role=role, phone=phone))
    return tuple(found)
