"""Why a proposal is what it is: what stays open and why, what it costs, why this officer and not that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from planner.text import Speaker
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table
from ui.plain_text import plain
from ui.rosters import Work

if TYPE_CHECKING:
    from planner.rostering.made import Made

#: Uncovered shifts explained one below the other.
MOST: Final = 30
#: Officers that are compared for one place.
COMPARED: Final = 12


def uncovered(speaker: Speaker, work: Work, made: Made) -> None:
    """Each shift that lacks somebody, with the reasons below it; of many the others by searching for them."""
    from planner.rostering.reasons import missing_said  # noqa: PLC0415 - pages that only look need none of it

    if not work.open:
        return
    st.subheader(speaker("What stays open, and why"))
    for number, one in enumerate(work.open[:MOST]):
        with st.expander(plain(speaker.say(missing_said(one))), icon=":material/person_off:", expanded=number == 0):
            _reasons(speaker, work, made, number)
    if len(work.open) > MOST:
        chosen = st.selectbox(
            speaker.counted("{n} further open shift", "{n} further open shifts", len(work.open) - MOST),
            range(MOST, len(work.open)),
            index=None,
            format_func=lambda number: speaker.say(missing_said(work.open[number])),
            key="open_others",
            placeholder=speaker("Search by post or time"),
        )
        if chosen is not None:
            _reasons(speaker, work, made, chosen)


def _reasons(speaker: Speaker, work: Work, made: Made, number: int) -> None:
    """Why a shift stays open; what is not proven yet is proven when asked for."""
    from planner.rostering.reasons import proven  # noqa: PLC0415 - as above

    place = st.empty()
    asked = work.open[number].verdict is None and st.button(
        speaker("Prove why"), key=f"prove_{number}", icon=":material/rule:", help=speaker("Takes up to a second.")
    )
    if asked:
        with st.spinner(speaker("Looking for a proof…")):
            one = proven(made, work.open[number])
        work.open = (*work.open[:number], one, *work.open[number + 1 :])
        st.rerun()
    with place.container():
        for reason in work.open[number].reasons:
            st.text(f"• {speaker.say(reason)}")


def costs(speaker: Speaker, made: Made) -> None:
    """The cost by what causes it."""
    from planner.rostering.reasons import term  # noqa: PLC0415 - as above

    caused = {name: cost for name, cost in made.terms.items() if cost}
    if not caused:
        return
    with st.expander(speaker("What it costs, by cause"), icon=":material/balance:"):
        rows = [Row((speaker.say(term(name)), speaker.number(cost))) for name, cost in caused.items()]
        show_table((speaker("Cause"), speaker("Cost")), rows, caption=speaker("Cost by cause"))
        st.caption(
            speaker("An open place costs 1,000, one at a critical post 3,000; a duty that changes hands costs 30.")
        )


def why(speaker: Speaker, made: Made) -> None:
    """Who could hold a place: why this officer, why not that one, and what it would cost."""
    from planner.rostering.reasons import choices  # noqa: PLC0415 - as above

    places = made.laid.seating.places
    if not places:
        return
    order = {change.code: number for number, change in enumerate(made.changes)}
    ranked = sorted(
        range(len(places)),
        key=lambda n: (order.get(f"{places[n].post.code}/{places[n].shift.code}", len(order)), n),
    )
    with st.expander(speaker("Why this officer, why not that one"), icon=":material/help:"):
        number = st.selectbox(
            speaker("Place"), ranked, format_func=lambda n: _place(made, n, speaker), key="roster_place"
        )
        if number is None:
            return
        found = choices(made, made.roster, int(made.laid.place[number]), COMPARED)
        rows = []
        for place, one in enumerate(found):
            details = made.plan.officer(one.officer).details
            held = place == 0 and int(made.holder[made.laid.place[number]]) == one.candidate.officer
            rows.append(
                Row(
                    (Cell(details.name.romanised, f"{one.officer} · {details.unit}"), speaker.say(one.said)),
                    chosen=held,
                )
            )
        if not rows:
            st.info(speaker("No officer is qualified and present for this place."))
            return
        show_table((speaker("Officer"), speaker("Why, why not")), rows, caption=speaker("Officers for this place"))


def _place(made: Made, number: int, speaker: Speaker) -> str:
    """«P-07 · 08:00–12:00 · Nguyễn …», the holder of the place in the proposal."""
    place = made.laid.seating.places[number]
    holder = int(made.holder[made.laid.place[number]])
    who = speaker("open") if holder < 0 else made.laid.seating.officers[holder].name.romanised
    return f"{place.post.code} · {speaker.window(place.window)} · {who}"
