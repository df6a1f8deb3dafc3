"""Why a proposal is what it is: what stays open and why, what it costs, why this officer and not that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from domain.finding import Severity
from planner.text import Speaker
from ui import session
from ui.components import roster_accepting
from ui.components.findings import SIGNS
from ui.components.inputs import opened
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table
from ui.plain_text import plain
from ui.rosters import EXPLAINED, Work
from ui.shell import shell

if TYPE_CHECKING:
    from planner.rostering.compared import Compared
    from planner.rostering.made import Made

#: Officers that are compared for one place.
COMPARED: Final = 12
#: Places, and open shifts, that are offered to be asked about.
OFFERED: Final = 500


def asked(speaker: Speaker, made: Made) -> None:
    """For whom and for what it was made, where that is not simply all that is open."""
    from planner.rostering.compared import kept_said, without_said  # noqa: PLC0415 - pages that only look need none of it
    from planner.rostering.moved_visit import moved_said  # noqa: PLC0415 - as above

    for said, icon in ((without_said(made), ":material/person_off:"), (moved_said(made), ":material/update:")):
        if said is not None:
            st.info(plain(speaker.say(said)), icon=icon)
    kept = kept_said(made)
    if kept is not None:
        st.warning(plain(speaker.say(kept)), icon=":material/push_pin:")


def uncovered(speaker: Speaker, work: Work, made: Made) -> None:
    """Each shift that lacks somebody, those of critical posts first and marked, with the reasons below it; of many the
    first, the command line tells all."""
    from planner.rostering.reasons import missing_said  # noqa: PLC0415 - as above

    if not work.open:
        return
    st.subheader(speaker("What stays open, and why"))
    for number, one in enumerate(work.open[:EXPLAINED]):
        sign = f"{SIGNS[Severity.BLOCK]} " if one.place.post.details.critical else ""
        label = plain(sign + speaker.say(missing_said(one)))
        with st.expander(label, icon=":material/person_off:", expanded=number == 0):
            _reasons(speaker, work, made, number)
    if len(work.open) > EXPLAINED:
        offered = range(EXPLAINED, min(len(work.open), EXPLAINED + OFFERED))
        chosen = st.selectbox(
            speaker.counted("{n} further open shift", "{n} further open shifts", len(work.open) - EXPLAINED),
            offered,
            index=None,
            format_func=lambda number: speaker.say(missing_said(work.open[number])),
            key="open_others",
            placeholder=speaker("Search by post or time"),
        )
        if chosen is not None:
            _reasons(speaker, work, made, chosen)
        if offered.stop < len(work.open):
            st.caption(speaker("The first {n} of {all} shifts.", n=offered.stop, all=len(work.open)))


def _reasons(speaker: Speaker, work: Work, made: Made, number: int) -> None:
    """Why a shift stays open; what is not proven yet is proven when asked for."""
    from planner.rostering.reasons import Open, explained, proven  # noqa: PLC0415 - as above

    shift = work.open[number]
    one = shift if isinstance(shift, Open) else explained(made, shift)
    place = st.empty()
    asked = one.verdict is None and st.button(
        speaker("Prove why"), key=f"prove_{number}", icon=":material/rule:", help=speaker("Takes up to a second.")
    )
    if asked:
        with st.spinner(speaker("Looking for a proof…")):
            one = proven(made, one)
        work.open = (*work.open[:number], one, *work.open[number + 1 :])
        st.rerun()
    with place.container():
        for reason in one.reasons:
            st.text(f"• {speaker.say(reason)}")


def costs(speaker: Speaker, made: Made, told: Compared) -> None:
    """The cost by what causes it, of the roster as it stands and of the proposal."""
    from planner.rostering.reasons import term  # noqa: PLC0415 - as above

    before = told.terms_before
    caused = {name: cost for name, cost in made.terms.items() if cost or before[name]}
    if not caused:
        return
    with st.expander(speaker("What it costs, by cause"), icon=":material/balance:"):
        rows = [
            Row((speaker.say(term(name)), speaker.number(before[name]), speaker.number(cost)))
            for name, cost in caused.items()
        ]
        headings = (speaker("Cause"), speaker("Now"), speaker("Proposed"))
        show_table(headings, rows, caption=speaker("Cost by cause"))
        st.caption(
            speaker("An open place costs 1,000, one at a critical post 3,000; a duty that changes hands costs 30.")
        )


def why(speaker: Speaker, work: Work, made: Made, *, may_choose: bool) -> None:
    """Who could hold a place: why this officer, why not that one, what it would cost; and another instead."""
    from planner.rostering.reasons import choices  # noqa: PLC0415 - as above

    if not made.laid.seating.places:
        return
    part = opened(speaker("Why this officer, why not that one"), "roster_why", ":material/help:")
    if part is None:
        return
    with part:
        ranked = _ranked(made)
        number = st.selectbox(
            speaker("Place"), ranked[:OFFERED], format_func=lambda n: _place(made, n, speaker), key="roster_place"
        )
        if len(ranked) > OFFERED:
            st.caption(
                speaker(
                    "The first {n} of {all} places: those that change, then those that are open.",
                    n=OFFERED,
                    all=len(ranked),
                )
            )
        if number is None:
            return
        seat = int(made.laid.place[number])
        found = choices(made, made.roster, seat, COMPARED)
        if not found:
            st.info(speaker("No officer is qualified and present for this place."))
            return
        holder = int(made.holder[seat])
        rows = [
            Row(
                (Cell(_name(made, one.officer), f"{one.officer} · {_unit(made, one.officer)}"), speaker.say(one.said)),
                chosen=one.candidate.officer == holder,
            )
            for one in found
        ]
        show_table((speaker("Officer"), speaker("Why, why not")), rows, caption=speaker("Officers for this place"))
        others = {one.officer: one for one in found if one.candidate.officer != holder}
        if may_choose and others:
            _instead(speaker, work, seat, {code: made.names.officer(code) for code in others})


def _ranked(made: Made) -> list[int]:
    """The places by their numbers: those that change first, then those that stay open, then the others."""
    places, holder = made.laid.seating.places, made.holder[made.laid.place].tolist()
    order = {change.code: number for number, change in enumerate(made.changes)}
    last = len(order)

    def rank(number: int) -> tuple[int, int]:
        place = places[number]
        return order.get(f"{place.post.code}/{place.shift.code}", last + (holder[number] >= 0)), number

    return sorted(range(len(places)), key=rank)


def _instead(speaker: Speaker, work: Work, seat: int, others: dict[str, str]) -> None:
    """Takes another of the officers for the place; the proposal is told anew with all that this changes."""
    label = speaker("Another officer for it")
    code: str = st.selectbox(label, list(others), format_func=others.__getitem__, key="instead")
    st.caption(speaker("What that officer gives up for it goes to who is free, or stays open."))
    pressed = st.button(speaker("Put this officer in the proposal"), key="take_instead", icon=":material/swap_horiz:")
    if pressed and roster_accepting.is_seen(speaker, work):
        with session.refusals():
            shell().rosters.choose(work, seat, code)
            st.rerun()


def _name(made: Made, code: str) -> str:
    return made.plan.officer(code).name.romanised


def _unit(made: Made, code: str) -> str:
    return made.plan.officer(code).details.unit


def _place(made: Made, number: int, speaker: Speaker) -> str:
    """«P-07 · 08:00–12:00 · Nguyễn …», the holder of the place in the proposal."""
    place = made.laid.seating.places[number]
    holder = int(made.holder[made.laid.place[number]])
    who = speaker("open") if holder < 0 else made.laid.seating.officers[holder].name.romanised
    return f"{place.post.code} · {speaker.window(place.window)} · {who}"
