"""History: the plan as it was at any event or moment, each event in a sentence, and the difference of two moments."""

from __future__ import annotations

import streamlit as st

from planner.history.differences import differences
from planner.history.sentences import sentence
from planner.text import Speaker
from ui import session
from ui.components import as_of, replay
from ui.components.replay import Step, Walk

now = session.current()
speaker = now.speaker
planner = session.planner()


def _card(at: Step, walked: Walk, speaker: Speaker) -> None:
    """The event in words, and whether this is the present."""
    live = at.position == walked.positions[-1]
    if not live:
        st.warning(
            speaker("This is the plan as of event {n}, not the present one.", n=at.position), icon=":material/history:"
        )
    with st.container(border=True, key="event_card"):
        st.text(speaker.say(sentence(at.event, at.before, at.after)))
        told = [speaker("Event {n}", n=at.position), speaker("by {who}", who=at.event.by)]
        told.append(speaker("recorded {moment}", moment=speaker.second(at.event.recorded_at)))
        if abs((at.event.recorded_at - at.event.occurred_at).total_seconds()) > 60:
            told.append(speaker("happened {moment}", moment=speaker.second(at.event.occurred_at)))
        if at.event.via:
            told.append(speaker("through {via}", via=at.event.via))
        st.caption(" · ".join(told))
        if at.event.reason:
            st.text(speaker("Reason: {reason}", reason=at.event.reason))


def _view(at: Step, visit: str | None, speaker: Speaker) -> None:
    """The plan after the event, one part at a time."""
    parts = {
        "changed": speaker("What changed"),
        "programme": speaker("Programme"),
        "duties": speaker("Duty board"),
        "places": speaker("Venues and routes"),
        "last": speaker("Last events"),
    }
    part = st.segmented_control(
        speaker("Show"),
        list(parts),
        default="changed",
        format_func=parts.__getitem__,
        key="history_part",
        required=True,
    )
    if part == "changed":
        for difference in differences(at.before, at.after, visit):
            st.text("• " + speaker.say(difference.message))
    elif part == "last":
        positions = [p for p in walked.positions[max(0, walked.index_at(at.position) - 14) :] if p <= at.position]
        st.dataframe(replay.rows(planner, positions, speaker), hide_index=True, width="stretch")
    elif visit is None or (known := as_of.visit_of(at.after, visit)) is None:
        st.info(speaker("Choose a visit that existed then to see its plan."))
    else:
        tables = {"programme": as_of.programme, "duties": as_of.duties, "places": as_of.places}
        st.dataframe(tables[str(part)](at.after, known, speaker), hide_index=True, width="stretch")


def _compare(walked: Walk, visit: str | None, speaker: Speaker) -> None:
    """The difference between any two events, in sentences."""
    first, last = walked.positions[0], walked.positions[-1]
    left, right = st.columns(2)
    start = left.number_input(speaker("From event"), 0, last, max(0, first - 1), key="compare_from")
    end = right.number_input(speaker("To event"), 0, last, last, key="compare_to")
    found = differences(planner.timeline.at(int(start)), planner.timeline.at(int(end)), visit)
    st.caption(speaker.counted("{n} difference", "{n} differences", len(found)))
    for difference in found[:200]:
        st.text("• " + speaker.say(difference.message))
    if len(found) > 200:
        st.caption(speaker("The first 200 are shown; the command line shows all: planner diff."))


@st.fragment
def _player(walked: Walk, visit: str | None) -> None:
    """Steps redraw only this part of the page."""
    replay.jump(planner, walked, speaker)
    at = replay.step(planner, replay.controls(walked, speaker))
    _card(at, walked, speaker)
    _view(at, visit, speaker)


st.title(speaker("History"))
visits = planner.plan.visits
if not planner.plan.position:
    st.info(speaker("Nothing has happened yet. The history begins with the first command."))
    st.stop()
titles = {None: speaker("everything"), **{v.key: f"{v.key} · {v.details.title}" for v in visits}}
asked = st.query_params.get("visit")
default = asked if asked in titles else (visits[-1].key if visits else None)
visit = st.selectbox(
    speaker("Visit"), list(titles), list(titles).index(default), format_func=titles.__getitem__, key="history_visit"
)
if visit is None:
    st.query_params.pop("visit", None)
else:
    st.query_params["visit"] = visit
walked = replay.walk(planner, visit)
replay_tab, compare_tab = st.tabs([speaker("Replay"), speaker("Compare two moments")])
with replay_tab:
    _player(walked, visit)
with compare_tab:
    _compare(walked, visit, speaker)
