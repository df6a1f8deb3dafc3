"""The last events up to the one a reader stands at, one a row; each row leads to its event."""

from __future__ import annotations

from typing import Final

import streamlit as st

from planner.application import Planner
from planner.history.steps import steps
from planner.text import Speaker
from ui.components.event_card import whole
from ui.components.replay import Walk, go, stop
from ui.plain_text import plain

_ROWS: Final = 10


def show(planner: Planner, walked: Walk, index: int, speaker: Speaker) -> None:
    """The latest first. Rows are buttons: they wrap on a phone, and the keyboard reaches them."""
    st.subheader(speaker("Last events"), anchor=False)
    first = max(0, index - _ROWS + 1)
    positions = [walked[number] for number in range(first, index + 1)]
    told = list(enumerate(steps(planner.timeline, positions), first))
    with st.container(key="last_events", gap=None):
        for number, step in reversed(told):
            st.button(
                f"{step.position}\u2002{plain(whole(step, speaker))}",
                key=f"event_{index - number}",
                type="secondary" if number == index else "tertiary",
                width="stretch",
                wrap=True,
                on_click=_to,
                args=(walked, number),
            )


def _to(walked: Walk, index: int) -> None:
    stop()
    go(walked, index)
