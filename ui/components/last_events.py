"""The last events up to the one a reader stands at, one a line; choosing one leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from planner.access.reader import Reader
from planner.history.steps import Step, steps
from planner.text import Speaker
from ui.components.event_card import whole
from ui.components.replay import Walk, go, more, stop
from ui.plain_text import plain

_ROWS: Final = 5
_MORE_ROWS: Final = 10
_TOLD: Final = "history.told"
_CHOSEN: Final = "last_events"


def show(reader: Reader, walked: Walk, index: int, here: Step, speaker: Speaker) -> None:
    """The latest, the step ``here``, first and chosen: one widget for all, which wraps on a phone."""
    numbers = range(max(0, index + 1 - (_MORE_ROWS if more() else _ROWS)), index + 1)
    told = _told(reader, [walked[number] for number in numbers], here, speaker)
    st.session_state[_CHOSEN] = walked[index]
    st.radio(
        speaker("Last events"),
        [walked[number] for number in reversed(numbers)],
        format_func=lambda position: f"{position}\u2002{told[position]}",
        key=_CHOSEN,
        on_change=_to,
        args=(walked,),
    )


def _told(reader: Reader, positions: Sequence[int], here: Step, speaker: Speaker) -> dict[int, str]:
    """Each event in a sentence. What happened never changes, so a step works out only the rows that are new."""
    language = (speaker.language, speaker.zone.key)
    spoken, known = st.session_state.get(_TOLD, (language, {}))
    told = {position: known[position] for position in positions if spoken == language and position in known}
    if here.position not in told:
        told[here.position] = plain(whole(here, speaker))
    new = [position for position in positions if position not in told]
    told |= {step.position: plain(whole(step, speaker)) for step in steps(reader.timeline, new)}
    st.session_state[_TOLD] = (language, told)
    return told


def _to(walked: Walk) -> None:
    stop()
    go(walked, walked.index_at(int(st.session_state[_CHOSEN])))
