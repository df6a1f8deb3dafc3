"""The roster by the machine: propose, watch, compare with what stands; what may be done next in one press."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from domain.erasing import erasures
from domain.plan import Plan
from domain.visit import Visit
from planner.text import Speaker
from ui import session
from ui.components import roster_accepting, roster_asking, roster_reasons, ways
from ui.components.plain_table import Row
from ui.components.plain_table import show as show_table
from ui.plain_text import plain
from ui.rosters import Work
from ui.session import Session
from ui.shell import shell

if TYPE_CHECKING:
    from planner.rostering.compared import Compared
    from planner.rostering.made import Made
    from planner.rostering.moved_visit import MovedVisit


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
        roster_asking.show(now, plan, visit, moment)
        ways.show(now, plan, visit)
    if work is None:
        return
    if work.made is None:
        why = speaker("The search broke off by a mistake of its own; the plan is as it was.")
        st.error(plain(speaker.say(work.problem.message) if work.problem is not None else why))
    else:
        _compared(now, plan, moment, work, work.made)
        roster_accepting.seen(work)


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
        if work.stop.is_set() or (work.proven is None and told is not None and told.seconds >= work.seconds):
            st.caption(speaker("The best so far is held against the rules; then you see it here."))
            return
        st.caption(speaker("You may leave this page; the search goes on."))
        if st.button(speaker("Stop and take the best so far"), key="roster_stop", icon=":material/stop_circle:"):
            shell().rosters.stop(work)
            st.rerun(scope="fragment")


def _compared(now: Session, plan: Plan, moment: datetime, work: Work, made: Made) -> None:
    """The proposal against the roster as it stands."""
    from planner.rostering.compared import nothing_said  # noqa: PLC0415 - pages that only look need none of it

    speaker, told = now.speaker, work.compared()
    proposes, moved_on = session.may("assign_officer", made.visit), plan.position != made.plan.position
    moved = work.moved_since(plan) if moved_on else None
    roster_reasons.asked(speaker, made)
    if told.places:
        with st.container(border=True, key="roster_result"):
            _facts(speaker, made, told)
            if work.in_part:
                st.caption(speaker("A part of it was accepted; this is the rest."))
    else:
        st.info(speaker.say(nothing_said(made)), icon=":material/event_available:")
    if moved_on and (told.places or moved is not None):
        _moved_on(now, plan, moment, work, made, moved)
    if told.leaves and moved is None:
        _left(now, plan, moment, work, made, told)
    # What was made for another time would be refused.
    if (told.places or made.laid.asked.shift) and moved is None:
        roster_accepting.show(now, work, made)
    roster_reasons.uncovered(speaker, work, made)
    roster_reasons.costs(speaker, made, told)
    roster_reasons.why(speaker, work, made, may_choose=proposes and not moved_on)
    if st.button(speaker("Put the proposal away"), key="roster_forget", icon=":material/delete_sweep:"):
        shell().rosters.forget(made.visit, made.laid.asked.told)
        st.rerun()


def _moved_on(now: Session, plan: Plan, moment: datetime, work: Work, made: Made, moved: MovedVisit | None) -> None:
    """That the plan has changed since, and what can be asked for now; what would move the visit once more says so."""
    from planner.rostering.moved_visit import further_said, moved_since_said  # noqa: PLC0415 - as above

    speaker, asked = now.speaker, dataclasses.replace(made.laid.asked, as_of=moment)
    offered = {"roster_again": (speaker("Propose again"), asked)}
    with st.container(key="roster_moved_on"):
        if moved is None:
            st.caption(speaker("The plan has moved on since; accepting looks again whether everything still fits."))
        else:
            said = moved_since_said(made, moved, session.reader().timeline)
            st.warning(plain(speaker.say(said)), icon=":material/update:")
            if asked.shift:
                stays = dataclasses.replace(asked, shift=timedelta(0), anew=False)
                offered = {
                    "roster_stay": (speaker("Fill the roster as it now stands"), stays),
                    "roster_again": (speaker.say(further_said(made)), asked),
                }
        for key, (label, wanted) in offered.items() if session.may("assign_officer", made.visit) else ():
            if st.button(label, key=key, icon=":material/refresh:"):
                roster_asking.start(plan, wanted, work.seconds, work.seed)


def _facts(speaker: Speaker, made: Made, told: Compared) -> None:
    """How much changes, what stays open, what it costs, and how good that is."""
    places = speaker.number(told.open + told.open_before)
    if told.critical:
        places = speaker("{n}, of them {critical} at critical posts", n=places, critical=told.critical)
    facts = [
        (speaker("New duties"), speaker.number(told.new)),
        (speaker("Changed hands"), speaker.number(told.moved)),
        (speaker("Withdrawn without another"), speaker.number(told.withdrawn)),
        (speaker("Places open"), places),
        (speaker("Cost now → then"), f"{speaker.number(made.cost_before)} → {speaker.number(made.cost)}"),
    ]
    if made.gap is not None:
        facts.append((speaker("Could be better by at most"), f"{speaker.number(made.gap * 100, 2)} %"))
    show_table((speaker("Proposal"), ""), [Row(fact) for fact in facts], caption=speaker("Proposal and present roster"))
    st.caption(
        speaker(
            "{seconds} s, seed {seed}: {ended}.",
            seconds=round(made.seconds, 1),
            seed=made.seed,
            ended=speaker.label(made.ended),
        )
    )


def _left(now: Session, plan: Plan, moment: datetime, work: Work, made: Made, told: Compared) -> None:
    """What a repair leaves open, and the button that has other duties moved for it."""
    from planner.rostering.compared import left_said  # noqa: PLC0415 - as above

    speaker = now.speaker
    with st.container(key="roster_left"):
        said = plain(speaker.say(left_said(told)))
        if told.open:
            st.warning(said, icon=":material/person_off:")
        else:
            st.caption(said)
        if session.may("assign_officer", made.visit) and st.button(
            speaker("Propose anew, changing as little as possible"), key="roster_anew", icon=":material/auto_fix_high:"
        ):
            anew = dataclasses.replace(made.laid.asked, as_of=moment, anew=True)
            roster_asking.start(plan, anew, work.seconds, work.seed)
