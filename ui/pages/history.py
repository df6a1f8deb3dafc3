"""History: the plan as it was at any event or moment, each event in a sentence, and the difference of two moments."""

from __future__ import annotations

import streamlit as st

from domain.visit import Visit
from planner.history.steps import Step, step
from planner.text import Speaker
from planner.zones import speaker_of
from ui import session
from ui.components import as_of, as_of_map, comparing, event_card, last_events, replay, taking_back, walking
from ui.components.choosing import there
from ui.last_looks import looked_before

now = session.current()
reader = session.reader()
plan, force = reader.plan, reader.sees_force


def _player(walked: replay.Walk, whole: bool, chosen: str, every: float | None, speaker: Speaker) -> None:
    """Redrawn at each step, by itself ``every`` so many seconds; ``whole`` where the walk leaves nothing out."""
    reader = session.reader()
    replay.advance(reader, walked)
    index = replay.place(reader, walked, speaker)
    replay.controls(reader, walked, index, speaker)
    here = step(reader.timeline, walked[index])
    visit = _visit(here)
    speaker = speaker if visit is None else there(speaker, visit)
    live = index == walked.last and (whole or here.position == reader.plan.position)
    as_of.banner(here, live, speaker)
    sentence = event_card.whole(here, speaker)
    event_card.show(here, sentence, speaker)
    taking_back.show(reader, here, sentence, speaker)
    words = _plan(here, visit, live, chosen, speaker)
    last_events.show(reader, walked, index, sentence, words, speaker)
    if every != replay.interval():
        # Only a run of the whole page starts, stops or changes the timer.
        st.rerun()


def _plan(here: Step, visit: Visit | None, live: bool, chosen: str, speaker: Speaker) -> str:
    """The chosen part of the plan after the event, at the clock of the visit's place; its words as HTML."""
    about = as_of.touched(here, visit.key if visit else "")
    part = as_of.part_of(about) if chosen == "follow" else chosen
    if part == "facts" or visit is None or (part == "duties" and not force):
        return as_of.facts(here, about, speaker)
    moment = session.planner().clock() if live else here.event.recorded_at
    if part == "programme":
        return as_of.programme(here, visit, about, moment, speaker)
    if part == "duties":
        return as_of.duties(here, visit, about, moment, speaker, choosing=chosen != "follow")
    return as_of_map.show(here, visit, about, speaker, force=force)


def _visit(here: Step) -> Visit | None:
    """The visit whose plan is shown: the chosen one, else that of the event, else the one shown last."""
    for code in (asked.visit, as_of.touched(here).visit, st.session_state.get("history.visit", "")):
        found = here.after.entities.get(f"visit/{code}")
        if isinstance(found, Visit):
            break
    else:
        found = next(iter(here.after.visits), None)
    if found is not None:
        st.session_state["history.visit"] = found.key
    return found


speaker = now.speaker
st.title(speaker("History"), anchor=False)
if not plan.position:
    st.info(speaker("Nothing has happened yet. The history begins with the first command."), icon=":material/history:")
    st.stop()
looked_at = looked_before(now, plan.position)
asked = walking.asked(speaker, plan, force=force)
walking.choose(speaker, plan, reader, asked)
ways = {"replay": speaker("Replay"), "compare": speaker("Compare two moments")}
if st.query_params.get("view") not in ways:
    st.query_params["view"] = "replay"
st.session_state["history_view"] = st.query_params["view"]
placed = speaker_of(speaker, plan, f"visit/{asked.visit}")
# Drawn once for all steps: a step draws what changes.
with st.container(horizontal=True, vertical_alignment="center", key="history_ways"):
    view = st.segmented_control(
        speaker("View"),
        list(ways),
        format_func=ways.__getitem__,
        key="history_view",
        label_visibility="collapsed",
        required=True,
        on_change=lambda: st.query_params.update(view=st.session_state["history_view"]),
    )
    if view == "replay":
        replay.jump(reader, placed)
        replay.more_chooser(speaker)
if view == "compare":
    comparing.show(reader, asked.visit, looked_at, placed, force=force)
    st.stop()
with st.spinner(speaker("Reading the log…")):
    walked = replay.Walk(reader.along(asked))
if not len(walked.positions):
    st.info(speaker("No event is like that. Choose other filters."), icon=":material/filter_list_off:")
    st.stop()
whole = not (asked.kind or asked.by or asked.words)
chosen = as_of.part_chooser(speaker, force=force)
st.fragment(_player, run_every=replay.interval())(walked, whole, chosen, replay.interval(), speaker)
