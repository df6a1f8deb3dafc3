"""The roster by the machine: propose, watch, compare with what stands, accept all or a part, replace somebody."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from domain.erasing import erasures
from domain.plan import Plan
from domain.visit import Visit
from planner.deciding import Outcome
from planner.text import Speaker
from ui import session
from ui.components import findings, roster_asking, roster_reasons, ways
from ui.components.inputs import reason_input
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table
from ui.plain_text import plain
from ui.rosters import Work
from ui.session import Session
from ui.shell import shell

if TYPE_CHECKING:
    from planner.rostering.changes import Change
    from planner.rostering.made import Made

#: Changes shown at once, each with its box to tick.
MOST: Final = 25


def show(now: Session, plan: Plan, visit: Visit, moment: datetime) -> None:
    """What is asked for, the proposal in the making, and what came of it."""
    speaker = now.speaker
    roster_asking.keep()
    told = session.reader().clearance.told
    work = shell().rosters.of(visit.key, told)
    if work is not None and work.made is not None and erasures(work.made.plan) != erasures(plan):
        shell().rosters.forget(visit.key, told)
        work = None
    if work is not None and not work.over.is_set():
        st.fragment(_watched, run_every=1.0)(speaker, work)
        return
    if session.may("assign_officer", visit.key) and not visit.cancelled:
        ways.show(now, plan, visit)
        roster_asking.show(now, plan, visit, moment)
    if work is None:
        return
    if work.made is None:
        why = speaker("The search broke off by a mistake of its own; the plan is as it was.")
        st.error(plain(speaker.say(work.problem.message) if work.problem is not None else why))
    else:
        _compared(now, plan, work, work.made)


def _watched(speaker: Speaker, work: Work) -> None:
    """How far the search is; once it is over, the whole page is drawn anew."""
    if work.over.is_set():
        st.rerun()
    told, ahead = work.progress, shell().rosters.ahead(work)
    with st.container(border=True, key="roster_progress"):
        if not work.searching.is_set():
            waiting = speaker.counted(
                "Waiting: {n} other roster is searched first.",
                "Waiting: {n} other rosters are searched first.",
                max(ahead, 1),
            )
            st.progress(0.0, waiting)
        elif work.proven is not None:
            done, of = work.proven
            st.progress(done / of, speaker("Proofs: {done} of {all} open shifts", done=done, all=of))
        elif told is None:
            st.progress(0.0, speaker("Laying out posts, officers and ways…"))
        else:
            share = min(told.seconds / work.seconds, 1.0)
            said = speaker(
                "{seconds} s: cost {cost}, no plan below {bound}, {open} places open",
                seconds=round(told.seconds, 1),
                cost=round(told.cost),
                bound=round(told.bound),
                open=told.open,
            )
            st.progress(share, said)
        st.caption(speaker("You may leave this page; the search goes on."))
        if st.button(speaker("Stop and take the best so far"), key="roster_stop", icon=":material/stop_circle:"):
            shell().rosters.stop(work)


def _compared(now: Session, plan: Plan, work: Work, made: Made) -> None:
    """The proposal against the roster as it stands."""
    speaker = now.speaker
    gone = sum(len(change.withdrawn) for change in made.changes)
    come = sum(len(change.given) for change in made.changes)
    moved = sum(min(len(change.withdrawn), len(change.given)) for change in made.changes)
    facts = [
        (speaker("New duties"), str(come - moved)),
        (speaker("Changed hands"), str(moved)),
        (speaker("Withdrawn without another"), str(gone - moved)),
        (speaker("Places open"), str(len(made.open))),
        (speaker("Cost now → then"), f"{speaker.number(made.cost_before)} → {speaker.number(made.cost)}"),
    ]
    if made.gap is not None:
        facts.append((speaker("Could be better by at most"), f"{speaker.number(made.gap * 100, 2)} %"))
    with st.container(border=True, key="roster_result"):
        show_table(
            (speaker("Proposal"), ""), [Row(fact) for fact in facts], caption=speaker("Proposal and present roster")
        )
        st.caption(
            speaker(
                "{seconds} s, seed {seed}: {ended}.",
                seconds=round(made.seconds, 1),
                seed=made.seed,
                ended=speaker.label(made.ended),
            )
        )
        if made.laid.asked.repairs:
            st.caption(
                speaker(
                    "Only duties that are lost are given to others; places that were open before stay open. Propose a "
                    "roster to fill them."
                )
            )
        if plan.position != made.plan.position:
            st.caption(speaker("The plan has moved on since; accepting looks again whether everything still fits."))
    _changes(now, made)
    roster_reasons.uncovered(speaker, work, made)
    roster_reasons.costs(speaker, made)
    roster_reasons.why(speaker, made)
    if st.button(speaker("Put the proposal away"), key="roster_forget", icon=":material/delete_sweep:"):
        shell().rosters.forget(made.visit, made.laid.asked.told)
        st.rerun()


def _changes(now: Session, made: Made) -> None:
    """Every change with a box to tick, and the two buttons."""
    speaker = now.speaker
    _found(speaker, made)
    if not made.changes:
        if made.laid.asked.shift and session.may("assign_officer", made.visit):
            _accepting(now, made, [])
        return
    rows = [_row(made, change, speaker) for change in made.changes[: 4 * MOST]]
    headings = (speaker("Post"), speaker("Time"), speaker("Now"), speaker("Proposed"))
    show_table(headings, rows, caption=speaker("Changes"), key="roster_changes")
    if len(made.changes) > len(rows):
        st.caption(speaker("The first {n} of {all} changes.", n=len(rows), all=len(made.changes)))
    if not session.may("assign_officer", made.visit):
        return
    with st.expander(speaker("Accept only a part"), icon=":material/checklist:"):
        ticked = _ticked(speaker, made)
        st.caption(speaker("What a change needs, such as the other duty of an officer, is carried out with it."))
        part = st.button(
            speaker("Accept what is ticked"), key="accept_part", icon=":material/done:", disabled=not ticked
        )
    _accepting(now, made, ticked if part else [])


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


def _found(speaker: Speaker, made: Made) -> None:
    """That the visit is moved, and what the rules find once the proposal stands."""
    from planner.rostering.reasons import moved_said  # noqa: PLC0415 - pages that only look need none of it

    moved = moved_said(made)
    if moved is not None:
        st.info(plain(speaker.say(moved)), icon=":material/update:")
    if not made.changes and not made.findings:
        st.success(speaker("The roster as it stands is the proposal: nothing has to change."))
    elif not made.changes:
        st.warning(speaker("No duty changes hands, but the rules find what follows."), icon=":material/rule:")
    if made.findings:
        st.subheader(speaker("What the rules find then"))
        findings.show(speaker, made.findings, "roster_findings", links=False)


def _accepting(now: Session, made: Made, part: list[str]) -> None:
    """The reason and the button for all of it; a part where its own button was pressed."""
    speaker = now.speaker
    reason = reason_input(speaker, "roster_reason", needed=False)
    whole = st.button(speaker("Accept all"), key="accept_all", type="primary", icon=":material/done_all:")
    if whole or part:
        _accept(now, made, reason, None if whole else part)


def _accept(now: Session, made: Made, reason: str, chosen: list[str] | None) -> None:
    from planner.rostering.accepting import accept  # noqa: PLC0415 - as above

    speaker = now.speaker
    why = reason.strip() or speaker("proposed roster")

    def carried_out() -> Outcome:
        outcome = accept(session.planner(), made, now.actor, why, chosen)
        shell().rosters.forget(made.visit, made.laid.asked.told)
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
    window = place.shift(change.shift).window
    gone = ", ".join(_officer(made, duty.officer) for duty in change.withdrawn)
    come = ", ".join(_officer(made, given.officer) for given in change.given)
    return Row((Cell(change.post, place.details.task), speaker.window(window), gone or "–", come or "–"))


def _officer(made: Made, code: str) -> str:
    return f"{made.plan.officer(code).name.romanised} ({code})"


def _said(made: Made, change: Change, speaker: Speaker) -> str:
    """«P-07, 08:00–12:00: Trần Đức Nghĩa (CA-1) → Bùi Thị Hồng Nhung (CA-2)», for a box to tick."""
    window = made.plan.post(made.visit, change.post).shift(change.shift).window
    gone = ", ".join(_officer(made, duty.officer) for duty in change.withdrawn) or "–"
    come = ", ".join(_officer(made, given.officer) for given in change.given) or "–"
    return f"{change.post}, {speaker.window(window)}: {gone} → {come}"
