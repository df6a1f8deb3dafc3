"""Taking over a proposal: what the rules find then, what changes, all of it or a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from planner.deciding import Outcome
from planner.text import Speaker
from ui import session
from ui.components import findings
from ui.components.inputs import opened, reason_input
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table
from ui.plain_text import plain
from ui.rosters import Work
from ui.session import Session
from ui.shell import shell

if TYPE_CHECKING:
    from planner.rostering.changes import Change
    from planner.rostering.made import Made

#: Changes shown at first, those that open below them, and those with a box to tick.
FIRST, SHOWN, MOST = 8, 400, 25
#: The number of the proposal that was drawn last in this tab.
_SEEN: Final = "roster_seen"


def show(now: Session, work: Work, made: Made) -> None:
    """What the rules find, every change, and the two buttons."""
    speaker = now.speaker
    _found(speaker, made)
    may = session.may("assign_officer", made.visit)
    _changes(speaker, made)
    if may and (made.changes or made.laid.asked.shift):
        _accepting(now, work, made)


def seen(work: Work) -> None:
    """The proposal was drawn whole: what is pressed from now on is about it."""
    st.session_state[_SEEN] = work.number


def is_seen(speaker: Speaker, work: Work) -> bool:
    """False, and said, where this tab showed another proposal when something was pressed: somebody asked anew."""
    if st.session_state.get(_SEEN) == work.number:
        return True
    st.warning(
        speaker("Another roster was proposed since you looked; nothing was done. Look at this one."),
        icon=":material/sync_problem:",
    )
    return False


def _found(speaker: Speaker, made: Made) -> None:
    """What the rules find once the proposal stands."""
    if not made.changes and not made.findings:
        st.success(speaker("The roster as it stands is the proposal: nothing has to change."))
    elif not made.changes:
        st.warning(speaker("No duty changes hands, but the rules find what follows."), icon=":material/rule:")
    if made.findings:
        st.subheader(speaker("What the rules find then"))
        findings.show(speaker, made.findings, "roster_findings", most=4, links=False)


def _changes(speaker: Speaker, made: Made) -> None:
    """The first changes as a table, the others in one that opens."""
    if not made.changes:
        return
    _table(speaker, made, made.changes[:FIRST], "roster_changes")
    further = made.changes[FIRST : FIRST + SHOWN]
    if not further:
        return
    label = speaker.counted("{n} further change", "{n} further changes", len(made.changes) - FIRST)
    part = opened(label, "roster_further", ":material/unfold_more:")
    if part is not None:
        with part:
            _table(speaker, made, further, "roster_changes_further")
            if len(made.changes) > FIRST + len(further):
                st.caption(speaker("The first {n} of {all} changes.", n=FIRST + len(further), all=len(made.changes)))


def _table(speaker: Speaker, made: Made, changes: tuple[Change, ...], key: str) -> None:
    headings = (speaker("Post"), speaker("Time"), speaker("Now"), speaker("Proposed"))
    show_table(headings, [_row(made, change, speaker) for change in changes], caption=speaker("Changes"), key=key)


def _accepting(now: Session, work: Work, made: Made) -> None:
    """The reason and the button for all of it; a part where its own button was pressed."""
    speaker = now.speaker
    reason = reason_input(speaker, "roster_reason", needed=False)
    whole = st.button(speaker("Accept all"), key="accept_all", type="primary", icon=":material/done_all:")
    ticked, part = list[str](), False
    if made.changes:
        with st.expander(speaker("Accept only a part"), icon=":material/checklist:"):
            ticked = _ticked(speaker, made)
            st.caption(speaker("What a change needs, such as the other duty of an officer, is carried out with it."))
            label = speaker("Accept what is ticked")
            part = st.button(label, key="accept_part", icon=":material/done:", disabled=not ticked)
    if (whole or part) and is_seen(speaker, work):
        _accept(now, work, made, reason, None if whole else ticked)


def _ticked(speaker: Speaker, made: Made) -> list[str]:
    """The codes of the changes that are wanted: a box for each of the first, the others by searching for them."""
    first, others = made.changes[:MOST], {change.code: change for change in made.changes[MOST:]}
    ticked = [c.code for c in first if st.checkbox(plain(_said(made, c, speaker)), key=f"tick_{c.code}")]
    if others:
        ticked += st.multiselect(
            speaker.counted("{n} further change", "{n} further changes", len(others)),
            list(others),
            format_func=lambda code: _said(made, others[code], speaker),
            key="tick_others",
            placeholder=speaker("Search by post or officer"),
        )
    return ticked


def _accept(now: Session, work: Work, made: Made, reason: str, chosen: list[str] | None) -> None:
    from planner.rostering.accepting import accept, needed  # noqa: PLC0415 - pages that only look need none of it

    speaker = now.speaker
    why = reason.strip() or speaker("proposed roster")

    def carried_out() -> Outcome:
        outcome = accept(session.planner(), made, now.actor, why, chosen)
        shell().rosters.accepted(work, needed(made.changes, chosen))
        return outcome

    done = speaker("The proposal was accepted.")
    if chosen is not None:
        done = speaker.counted(
            "{n} change of the proposal was accepted, with what it needs.",
            "{n} changes of the proposal were accepted, with what they need.",
            len(chosen),
        )
    session.act(done, carried_out)


def _row(made: Made, change: Change, speaker: Speaker) -> Row:
    place = made.plan.post(made.visit, change.post)
    gone, come = _hands(made, change)
    return Row((Cell(change.post, place.details.task), _window(made, change, speaker), gone, come))


def _said(made: Made, change: Change, speaker: Speaker) -> str:
    """«P-07, 08:00–12:00: Trần Đức Nghĩa (CA-1) → Bùi Thị Hồng Nhung (CA-2)», for a box to tick."""
    gone, come = _hands(made, change)
    return f"{change.post}, {_window(made, change, speaker)}: {gone} → {come}"


def _window(made: Made, change: Change, speaker: Speaker) -> str:
    return speaker.window(made.plan.post(made.visit, change.post).shift(change.shift).window)


def _hands(made: Made, change: Change) -> tuple[str, str]:
    """Who goes and who comes, «–» where it is nobody."""
    gone = ", ".join(made.names.officer(duty.officer) for duty in change.withdrawn)
    come = ", ".join(made.names.officer(given.officer) for given in change.given)
    return gone or "–", come or "–"
