"""Moving through the history: the events that a reader walks along, the place on that walk, and the controls."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from domain.base import Event
from domain.plan import Plan
from planner.application import Planner
from planner.history.sentences import name, sentence, subject_in_words
from planner.text import Speaker

_INDEX = "history.index"
_SLIDER = "history.slider"


@dataclasses.dataclass(frozen=True, slots=True)
class Walk:
    """The positions that a reader walks along: those of one visit, or all."""

    positions: Sequence[int]

    def index_at(self, position: int) -> int:
        """The last step at or before a position of the log; the first where there is none."""
        return max(0, bisect.bisect_right(self.positions, position) - 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One event with the plans on both sides of it."""

    position: int
    event: Event
    before: Plan
    after: Plan


def walk(planner: Planner, visit: str | None) -> Walk:
    """The walk along one visit, or along the whole log."""
    if visit is None:
        return Walk(range(1, planner.plan.position + 1))
    return Walk(planner.timeline.positions_of_visit(visit))


def step(planner: Planner, position: int) -> Step:
    """The event at a position, with the plans around it."""
    (_, event) = next(planner.timeline.events(position - 1, position))
    return Step(position, event, planner.timeline.at(position - 1), planner.timeline.at(position))


def controls(walked: Walk, speaker: Speaker) -> int:
    """The slider, and the buttons that the arrow keys press; the position that the reader stands at."""
    last = len(walked.positions) - 1
    asked = st.query_params.get("at", "")
    if _INDEX not in st.session_state or st.session_state.get("history.last") != walked.positions[last]:
        there = walked.index_at(int(asked)) if asked.isdigit() else last
        st.session_state[_INDEX] = there
        st.session_state["history.last"] = walked.positions[last]
    index = min(int(st.session_state[_INDEX]), last)
    st.session_state[_SLIDER] = index + 1
    with st.container(horizontal=True, key="replay_controls"):
        _button(speaker("First"), "first_page", "home", 0, index > 0)
        _button(speaker("Previous"), "chevron_left", "left", index - 1, index > 0)
        _button(speaker("Next"), "chevron_right", "right", index + 1, index < last)
        _button(speaker("Last"), "last_page", "end", last, index < last)
    if last > 0:
        st.slider(
            speaker("Step {n} of {last}", n=index + 1, last=last + 1),
            1,
            last + 1,
            key=_SLIDER,
            on_change=_slid,
            help=speaker("Arrow keys move from event to event; Home and End go to the first and the last."),
        )
    position = walked.positions[index]
    if index == last:
        st.query_params.pop("at", None)
    else:
        st.query_params["at"] = str(position)
    return position


def _button(label: str, icon: str, shortcut: str, target: int, possible: bool) -> None:
    st.button(
        label,
        key=f"replay_{shortcut}",
        icon=f":material/{icon}:",
        shortcut=shortcut,
        disabled=not possible,
        on_click=_go,
        args=(target,),
    )


def _go(index: int) -> None:
    st.session_state[_INDEX] = index


def _slid() -> None:
    st.session_state[_INDEX] = int(st.session_state[_SLIDER]) - 1


def jump(planner: Planner, walked: Walk, speaker: Speaker) -> None:
    """Going to a moment: the plan as it was known then."""
    with st.popover(speaker("Go to a moment"), icon=":material/event:"):
        zone = ZoneInfo(str(speaker.zone))
        today = speaker.local(planner.clock())
        day = st.date_input(speaker("Day"), today.date(), format="DD/MM/YYYY", key="jump_day")
        clock = st.time_input(speaker("Time"), time(12, 0), key="jump_time")
        if st.button(speaker("Go"), key="jump_go", type="primary"):
            moment = datetime.combine(day, clock, tzinfo=zone)
            _go(walked.index_at(planner.timeline.position_at(moment)))
            st.rerun(scope="fragment")


def rows(planner: Planner, positions: Sequence[int], speaker: Speaker) -> list[dict[str, str]]:
    """Events as rows of a table, latest first: who did what, when and why."""
    shown = []
    for position, event in planner.timeline.events_at(positions):
        before, after = planner.timeline.at(position - 1), planner.timeline.at(position)
        shown.append(
            {
                "#": str(position),
                speaker("Recorded"): speaker.second(event.recorded_at),
                speaker("By"): event.by,
                speaker("What"): speaker.say(name(event)),
                speaker("About"): speaker.say(subject_in_words(event)),
                speaker("Sentence"): speaker.say(sentence(event, before, after)),
                speaker("Reason"): event.reason,
            }
        )
    return shown[::-1]
