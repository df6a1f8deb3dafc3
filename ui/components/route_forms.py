"""Routes by hand: the legs of a programme, planning their routes, closing and withdrawing them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import streamlit as st

from domain.messages import Message
from domain.plan import Plan
from domain.refusals import PlanningError
from domain.route import Route, RouteDetails
from domain.values import TimeWindow
from domain.visit import Visit
from planner.routing.legs import Leg, legs, proposed
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.inputs import reason_input, window_input
from ui.components.map_view import LEG
from ui.components.map_words import route_state
from ui.components.plain_table import Row
from ui.maps.places import programme_window
from ui.maps.ways import MANY_ROUTES, leg_name, length
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell
from ui.told import told

_NOTES: Final = "map.leg.notes"
#: What a leg has where nothing hinders.
FULL: Final = 3


def show(now: Session, plan: Plan, visit: Visit) -> None:
    """The legs with their state, planning, and the routes of one leg."""
    speaker = now.speaker
    needed = plan.remembered(("legs", visit.key), lambda: legs(plan, visit.key))
    if not needed:
        text = speaker("No legs yet: the programme needs activities at two venues or more, one after the other.")
        st.info(text, icon=":material/route:")
        return
    _about_the_map(speaker)
    planned: dict[tuple[str, str], list[Route]] = {}
    for route in plan.routes(visit.key):
        planned.setdefault(route.leg, []).append(route)
    missing = [leg for leg in needed if not in_force(planned.get((leg.origin, leg.destination), []))]
    writes = session.may("plan_routes", visit.key)
    if missing:
        st.warning(
            speaker.counted("{n} leg has no route.", "{n} legs have no route.", len(missing)), icon=":material/route:"
        )
    # Asked where there is something to plan: for the legs that have nothing, and for the one that is looked at.
    asks = writes and (bool(missing) or st.session_state.get(LEG) in needed)
    reason = _reason(speaker, plan, visit) if asks else ""
    if missing and writes:
        saying = speaker.counted("Plan routes for {n} leg", "Plan routes for {n} legs", len(missing))
        if st.button(saying, type="primary", key="plan_missing"):
            _plan(now, plan, visit, missing, reason)
    leg = _chosen_leg(plan, needed, planned, speaker)
    if leg is None:
        _all_legs(plan, needed, planned, speaker)
        return
    _leg(now, plan, visit, leg, planned.get((leg.origin, leg.destination), []), reason, writes=writes)


def from_address(speaker: Speaker, plan: Plan, visit: Visit) -> bool:
    """Chooses the leg of the route that the address names (``?route=R-07``), if any; run before the map is drawn."""
    asked = st.query_params.get("route")
    if asked is None:
        return False
    if not plan.has(Route, f"{visit.key}/{asked}"):
        st.warning(speaker("There is no «{code}» here.", code=plain(asked)), icon=":material/search_off:")
        return False
    st.session_state[LEG] = Leg(*plan.route(visit.key, asked).leg)
    return True


def _leave_route() -> None:
    st.query_params.pop("route", None)


def in_force(routes: list[Route]) -> list[Route]:
    """The routes that are not withdrawn."""
    return [route for route in routes if not route.withdrawn]


def _about_the_map(speaker: Speaker) -> None:
    routing = shell().routing
    if routing.problem is not None:
        st.error(plain(speaker.say(routing.problem.message)), icon=":material/map:")
    elif routing.coming is not None:
        being = speaker("The map is being made and appears here by itself. Until then, new routes are estimates.")
        st.info(f"{being} {plain(speaker.say(routing.coming))}", icon=":material/map:")
    elif routing.pack is None:
        st.info(
            speaker(
                "There is no map pack: lengths and times are estimates. Build a pack with "
                "«planner map build FILE.osm.pbf --out DIR» and start with «planner run --map DIR»."
            ),
            icon=":material/map:",
        )


def _chosen_leg(
    plan: Plan, needed: tuple[Leg, ...], planned: dict[tuple[str, str], list[Route]], speaker: Speaker
) -> Leg | None:
    """The leg that is looked at, on the map too; None for all."""
    around = st.session_state.get("map_around")
    shown = needed
    if len(needed) > MANY_ROUTES:
        shown = tuple(leg for leg in needed if around in (leg.origin, leg.destination)) or needed[:MANY_ROUTES]

    def label(leg: Leg | None) -> str:
        if leg is None:
            return speaker("All legs ({n})", n=len(shown))
        ends = (leg.origin, leg.destination)
        return f"{leg_name(plan, ends, speaker)} ({len(in_force(planned.get(ends, [])))}/{FULL})"

    # Set in every run: a select box else keeps the label of another language.
    held = st.session_state.get(LEG)
    st.session_state[LEG] = held if held in shown else None
    return st.selectbox(
        speaker("Leg of the programme"),
        [None, *shown],
        format_func=label,
        key=LEG,
        placeholder=label(None),
        on_change=_leave_route,
    )


def _all_legs(
    plan: Plan, needed: tuple[Leg, ...], planned: dict[tuple[str, str], list[Route]], speaker: Speaker
) -> None:
    """One row a leg: what is planned for it."""
    rows = []
    for leg in needed[:MANY_ROUTES]:
        ends = (leg.origin, leg.destination)
        kept = in_force(planned.get(ends, []))
        first = kept[0].details if kept else None
        closed = sum(1 for route in kept if route.closed is not None)
        state = speaker.counted("{n} route", "{n} routes", len(kept)) if kept else speaker("no route")
        if closed:
            state += ", " + speaker.counted("{n} closed", "{n} closed", closed)
        primary = length(first.km, first.minutes, speaker) if first else "–"
        rows.append(Row((leg_name(plan, ends, speaker), state, primary)))
    headings = (speaker("Leg"), speaker("State"), speaker("Primary"))
    plain_table.show(headings, rows, caption=speaker("Legs of the programme"))
    st.text(speaker("Choose a leg to see its routes, plan them, close or withdraw one."))


def _reason(speaker: Speaker, plan: Plan, visit: Visit) -> str:
    """Why routes are planned: asked anew once some were."""
    return reason_input(speaker, f"plan_routes_{visit.key}_{len(plan.routes(visit.key))}_reason")


def _leg(now: Session, plan: Plan, visit: Visit, leg: Leg, routes: list[Route], reason: str, *, writes: bool) -> None:
    speaker = now.speaker
    kept = in_force(routes)
    for route in kept:
        _route(now, visit, route, writes=writes)
    note = st.session_state.get(_NOTES, {}).get((visit.key, leg))
    if note is not None:
        st.info(plain(speaker.say(note)), icon=":material/info:")
    pack, coming = shell().routing.pack, shell().routing.coming
    if coming is None and any(route.details.pack != (pack.hash if pack else "") for route in kept):
        st.warning(speaker("Planned on another map than the present one: plan the leg again."), icon=":material/map:")
    if writes:
        with st.container(horizontal=True):
            saying = speaker("Plan this leg again") if kept else speaker("Plan routes for this leg")
            if st.button(saying, key="plan_leg", icon=":material/route:"):
                _plan(now, plan, visit, [leg], reason)
            if pack is not None and 0 < len(kept) < FULL and st.button(speaker("Why not three?"), key="why_fewer"):
                _why(plan, visit, leg)
    _withdrawn(now, visit, [route for route in routes if route.withdrawn], writes=writes)


def _route(now: Session, visit: Visit, route: Route, *, writes: bool) -> None:
    speaker, details = now.speaker, route.details
    with st.container(border=True, key=f"route_{route.code}"):
        st.markdown(f"**{plain(speaker.label(details.kind))}** · {plain(route.code)}")
        facts = [length(details.km, details.minutes, speaker), speaker.label(details.source)]
        if details.overlap:
            facts.append(speaker("{share} % runs with an earlier route", share=round(details.overlap * 100)))
        st.text(" · ".join(facts) + ("\n" + ", ".join(details.streets) if details.streets else ""))
        if route.closed is not None:
            st.warning(plain(speaker("Closed {window}", window=route.closed)), icon=":material/do_not_disturb_on:")
        if writes:
            with st.expander(speaker("Close or withdraw"), icon=":material/do_not_disturb_on:"):
                _change(now, visit, route)


def _change(now: Session, visit: Visit, route: Route) -> None:
    speaker, planner, code = now.speaker, session.planner(), route.code
    key = f"close_{visit.key}_{code}"
    span = programme_window(visit)
    start = max(planner.clock(), span.start) if span and span.end > planner.clock() else planner.clock()
    start = start.replace(minute=0, second=0, microsecond=0)
    default = route.closed or TimeWindow(start=start, end=start + timedelta(hours=2))
    window = window_input(speaker, visit.details.zone, key, default)
    reason = reason_input(speaker, f"{key}_reason", needed=True)
    with st.container(horizontal=True):
        if st.button(speaker("Close the route"), key=f"{key}_do") and window is not None:
            done = speaker("Route {code} is closed {window}.", code=code, window=window)
            session.act(done, lambda: planner.close_route(visit.key, code, window, by=now.actor, reason=reason))
        if route.closed is not None and st.button(speaker("Reopen"), key=f"{key}_reopen"):
            done = speaker("Route {code} is open again.", code=code)
            session.act(done, lambda: planner.reopen_route(visit.key, code, by=now.actor, reason=reason))
        if st.button(speaker("Withdraw"), key=f"{key}_withdraw"):
            done = speaker("Route {code} was withdrawn.", code=code)
            session.act(done, lambda: planner.withdraw_route(visit.key, code, by=now.actor, reason=reason))


def _withdrawn(now: Session, visit: Visit, routes: list[Route], *, writes: bool) -> None:
    if not routes:
        return
    speaker = now.speaker
    with st.expander(speaker("Withdrawn routes ({n})", n=len(routes))):
        key = f"reinstate_{visit.key}_{routes[0].leg[0]}_{routes[0].leg[1]}"
        reason = reason_input(speaker, key) if writes else ""
        for route in routes:
            with st.container(horizontal=True, vertical_alignment="center"):
                facts = (route.code, speaker.label(route.details.kind), route_state(route, speaker))
                st.text(" · ".join((*facts, length(route.details.km, route.details.minutes, speaker))))
                if writes and st.button(speaker("Reinstate"), key=f"reinstate_{route.code}"):
                    _reinstate(now, visit, route.code, reason)


def _reinstate(now: Session, visit: Visit, code: str, reason: str) -> None:
    done = now.speaker("Route {code} is planned again.", code=code)
    session.act(done, lambda: session.planner().reinstate_route(visit.key, code, by=now.actor, reason=reason))


def _plan(now: Session, plan: Plan, visit: Visit, wanted: list[Leg], reason: str) -> None:
    """Finds ways for the legs, tells how far it is, and plans all that were found in one command."""
    speaker, planner = now.speaker, session.planner()
    numbers = plan.numbers(planner.clock())
    found: list[RouteDetails] = []
    refused = False
    bar = st.progress(0.0, speaker("Finding routes…"))
    for number, leg in enumerate(wanted):
        name = leg_name(plan, (leg.origin, leg.destination), speaker)
        bar.progress(number / len(wanted), plain(speaker("Finding routes: {leg}", leg=name)))
        try:
            answer = proposed(plan, leg, shell().routing.router, numbers)
        except PlanningError as refusal:
            refused = True
            st.error(plain(f"{name}: {speaker.say(told(refusal))}"), icon=":material/block:")
            continue
        found += answer.routes
        _note(visit, leg, answer.note)
    bar.empty()
    if not found:
        return
    done = speaker.counted("{n} route was planned.", "{n} routes were planned.", len(found))
    session.act(
        done, lambda: planner.plan_routes(visit.key, tuple(found), by=now.actor, reason=reason), rerun=not refused
    )


def _note(visit: Visit, leg: Leg, note: Message | None) -> None:
    notes = st.session_state.setdefault(_NOTES, {})
    if note is None:
        notes.pop((visit.key, leg), None)
    else:
        notes[visit.key, leg] = note


def _why(plan: Plan, visit: Visit, leg: Leg) -> None:
    router = shell().routing.router
    if router is None:
        return
    origin, destination = (plan.venue(code).details.coordinates for code in (leg.origin, leg.destination))
    numbers = plan.numbers(session.planner().clock()).routing
    with session.refusals():
        _note(visit, leg, router.why_fewer(origin, destination, FULL, numbers))
        st.rerun()
