"""What a roster is proposed for: all that is open, officers who cannot come, or the whole visit at another time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from domain.assignment import Assignment
from domain.plan import Plan
from domain.visit import Visit
from planner.rostering.seating import Asked
from planner.text import Speaker
from ui import session
from ui.components import personnel
from ui.components.inputs import opened, reason_input
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell

DEFAULT_SECONDS: Final = 10
#: How far a visit is moved on this page at most, in each unit.
UNITS: Final = {"minutes": (timedelta(minutes=1), 600), "hours": (timedelta(hours=1), 72), "days": (timedelta(1), 60)}

#: The field of officers who cannot come, and the address's word for one of them.
LOST: Final = "roster_without"
REPLACE: Final = "replace"
#: What is chosen until somebody chooses otherwise, by the key of its field.
_CHOICES: Final[dict[str, object]] = {
    "roster_way": "all",
    "roster_seconds": DEFAULT_SECONDS,
    "roster_seed": 1,
    "roster_shift_unit": "hours",
    LOST: (),
    **{f"roster_shift_{unit}": 1 for unit in UNITS},
}


def show(now: Session, plan: Plan, visit: Visit, moment: datetime) -> None:
    """The three ways to ask, which duties must stay, and how long to search."""
    speaker = now.speaker
    duties = {duty.code: duty for duty in plan.assignments(visit.key) if duty.counts and duty.window.start > moment}
    _from_address(speaker, {duty.officer for duty in duties.values()})
    ways = {"all": speaker("Propose a roster"), "lost": speaker("Replace officers"), "shift": speaker("Move the visit")}
    way = st.segmented_control(
        speaker("What to propose"),
        list(ways),
        format_func=ways.__getitem__,
        key="roster_way",
        required=True,
    )
    st.caption(
        speaker(
            "Fills the open places of what is still to come, as evenly and with as few changes as it can. Nothing is "
            "recorded before you accept."
        )
        if way == "all"
        else speaker("Finds others for what is lost and changes little else. Nothing is recorded before you accept.")
    )
    _pins(now, plan, visit, duties)
    seconds, seed = _effort(speaker) if way == "all" else (DEFAULT_SECONDS, 1)
    without = _lost(speaker, plan, duties) if way == "lost" else []
    shift = _shift(speaker) if way == "shift" else timedelta(0)
    labels = {"all": speaker("Propose"), "lost": speaker("Find others"), "shift": speaker("See what it changes")}
    nothing = (way == "lost" and not without) or (way == "shift" and not shift)
    pressed = st.button(
        labels[str(way)], key="propose", type="primary", icon=":material/auto_fix_high:", disabled=nothing
    )
    if pressed:
        told = session.reader().clearance.told
        start(plan, Asked(visit.key, moment, without=frozenset(without), told=told, shift=shift), seconds, seed)


def start(plan: Plan, wanted: Asked, seconds: float = DEFAULT_SECONDS, seed: int = 1) -> None:
    """Have a proposal made, and draw the page with how far it is."""
    with session.refusals():
        shell().rosters.start(plan, wanted, seconds=seconds, seed=seed)
        st.rerun()


def keep() -> None:
    """What was asked for stays chosen while a proposal is made and nothing of it is drawn. Before anything is drawn."""
    for key, default in _CHOICES.items():
        st.session_state[key] = st.session_state.get(key, default)


def _from_address(speaker: Speaker, officers: Collection[str]) -> None:
    """Chooses whom the address names as ``replace``, once: what is asked for can be changed afterwards."""
    code = st.query_params.pop(REPLACE, None)
    if code is None:
        return
    st.session_state["roster_way"] = "lost"
    if code in officers:
        st.session_state[LOST] = [code]
    else:
        said = speaker("Officer {code} has no duty in this visit that is still to begin.", code=plain(code))
        st.warning(said, icon=":material/search_off:")


def _effort(speaker: Speaker) -> tuple[float, int]:
    with st.expander(speaker("Time and seed of the search"), icon=":material/timer:"):
        seconds = st.slider(speaker("Search for at most (seconds)"), 2, 120, key="roster_seconds")
        seed = st.number_input(speaker("Seed"), 0, 10**6, key="roster_seed")
    return float(seconds), int(seed)


def _lost(speaker: Speaker, plan: Plan, duties: dict[str, Assignment]) -> list[str]:
    """Who can no longer come; one or several at once."""
    on_duty = {duty.officer for duty in duties.values()}
    officers = [officer.key for officer in personnel.in_order(plan) if officer.key in on_duty]
    # Whose duties were given to others is no longer there to be chosen.
    st.session_state[LOST] = [code for code in st.session_state[LOST] if code in officers]
    return st.multiselect(
        speaker("Who can no longer come"),
        officers,
        format_func=lambda code: f"{plan.officer(code).name.romanised} ({code})",
        key=LOST,
        placeholder=speaker("officers with duties in this visit"),
    )


def _shift(speaker: Speaker) -> timedelta:
    """By how much the visit is moved; below zero for earlier."""
    labels = {"minutes": speaker("minutes"), "hours": speaker("hours"), "days": speaker("days")}
    left, right = st.columns(2)
    with right:
        unit = st.selectbox(speaker("Unit"), list(UNITS), format_func=labels.__getitem__, key="roster_shift_unit")
    one, most = UNITS[unit]
    with left:
        number = st.number_input(
            speaker("Later by (below zero: earlier)"), -most, most, step=1, key=f"roster_shift_{unit}"
        )
    st.caption(
        speaker(
            "Everything that has not begun is moved: programme, posts, shifts and duties. Only duties that can then no "
            "longer stand are given to others."
        )
    )
    return int(number) * one


def _pins(now: Session, plan: Plan, visit: Visit, duties: dict[str, Assignment]) -> None:
    """The duties that no proposal moves: recorded, with a reason, until somebody lets them go."""
    speaker = now.speaker
    held = [code for code, duty in duties.items() if duty.pinned]
    label = speaker("Pinned duties: {n}", n=len(held))
    if not duties or not session.may("pin_assignments", visit.key):
        return
    part = opened(label, "roster_pins", ":material/push_pin:")
    if part is None:
        return
    with part:
        wanted = st.multiselect(
            speaker("Duties that must stay as they are (pinned)"),
            list(duties),
            default=held,
            format_func=lambda code: _named(plan, duties[code], speaker),
            key=f"pinned_{visit.key}_{'_'.join(held)}",
            placeholder=speaker("none"),
        )
        pinned = tuple(code for code in wanted if code not in held)
        released = tuple(code for code in held if code not in wanted)
        reason = reason_input(speaker, "pins_reason", needed=bool(pinned))
        if st.button(speaker("Record the pins"), key="record_pins", disabled=not pinned and not released):
            session.act(
                speaker("The pins were recorded."),
                lambda: session.planner().pin_assignments(visit.key, pinned, released, by=now.actor, reason=reason),
            )


def _named(plan: Plan, duty: Assignment, speaker: Speaker) -> str:
    return f"{duty.post} · {plan.officer(duty.officer).name.romanised} · {speaker.window(duty.window)}"
