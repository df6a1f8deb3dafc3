"""Whether the ways between posts were measured on the map, and the button that does it anew."""

from __future__ import annotations

import streamlit as st

from domain.plan import Plan
from domain.refusals import PlanningError
from domain.visit import Visit
from domain.ways import MOST_PLACES
from planner.deciding import Outcome
from planner.routing.measuring import left_out, measured, places, spread, unmeasured
from ui import session
from ui.components.inputs import reason_input
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell
from ui.told import told


def show(now: Session, plan: Plan, visit: Visit) -> None:
    """What the times between posts are made of."""
    speaker = now.speaker
    among = places(plan, visit.key)
    if len(among) < 2:
        return
    ways, missing = plan.ways(visit.key), unmeasured(plan, visit.key, among)
    pack = shell().routing.pack
    with st.container(key="roster_ways"):
        if ways.measured_at is None:
            st.caption(speaker("Ways between posts are estimates: nobody has measured them on the map."))
        elif missing:
            said = speaker(
                "Ways were measured {moment}; {n} places are new or have moved since: there they are estimates.",
                moment=ways.measured_at,
                n=len(missing),
            )
            st.warning(said, icon=":material/route:")
        else:
            st.caption(
                speaker(
                    "Ways between {n} places as measured on the map {moment}.",
                    n=len(ways.roads.places),
                    moment=ways.measured_at,
                )
            )
        if ways.measured_at is not None:
            _estimates(now, plan, visit)
        other_map = pack is not None and ways.measured_at is not None and ways.roads.pack != pack.hash
        if other_map:
            st.caption(speaker("They were measured on another map than the one in use."))
        if pack is None or not session.may("record_ways", visit.key):
            return
        if not (missing or other_map):
            return
        with st.expander(speaker("Measure ways on the map"), icon=":material/straighten:"):
            reason = reason_input(speaker, f"measure_ways_{visit.key}_{ways.version}_reason")
            if st.button(speaker("Measure"), key="measure_ways", icon=":material/straighten:"):
                _measure(now, plan, visit, reason)


def _estimates(now: Session, plan: Plan, visit: Visit) -> None:
    """How many ways are not measured, and why."""
    speaker = now.speaker
    found = plan.remembered(("spread", visit.key), lambda: spread(plan, visit.key, plan.ways(visit.key).roads))
    if beyond := left_out(plan, visit.key):
        said = speaker.counted(
            "At most {most} places are measured: {n} with fewest posts is not; the ways there are estimates.",
            "At most {most} places are measured: {n} with fewest posts are not; the ways there are estimates.",
            len(beyond),
            most=MOST_PLACES,
        )
        st.caption(said)
    if found.estimates:
        said = speaker(
            "Of {pairs} ways between {places} places {measured} are measured; the other {estimates} are estimates "
            "where no route is planned.",
            pairs=found.pairs,
            places=found.places,
            measured=found.measured,
            estimates=found.estimates,
        )
        st.caption(said)


def _measure(now: Session, plan: Plan, visit: Visit, reason: str) -> None:
    """Measures, telling how far it is, and records. Whatever is pressed meanwhile ends it, and nothing is recorded."""
    speaker, router = now.speaker, shell().routing.router
    if router is None:
        return
    with st.container(key="measuring_ways"):
        bar = st.progress(0.0, speaker("Measuring ways on the map…"))
        st.button(speaker("Stop measuring"), key="stop_measuring", icon=":material/stop_circle:")

        def progress(done: int, total: int) -> None:
            said = speaker("Measuring ways on the map: {done} of {total}", done=done, total=total)
            bar.progress(done / total, said)

        try:
            roads = measured(plan, visit.key, router, progress)
        except PlanningError as refusal:
            st.error(plain(speaker.say(told(refusal))), icon=":material/block:")
            return

    def carried_out() -> Outcome:
        return session.planner().record_ways(visit.key, roads, by=now.actor, reason=reason)

    session.act(speaker("The ways between the posts were measured."), carried_out)
