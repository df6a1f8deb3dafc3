"""The last events up to the one a reader stands at, one a row."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from domain.erasing import erasures
from planner.access.reader import Reader
from planner.history.steps import steps
from planner.text import Speaker
from ui.components.event_card import whole
from ui.components.replay import Walk, go, more, stop
from ui.plain_text import plain

_ROWS: Final = 5
_MORE_ROWS: Final = 10
#: Sentences kept for one who goes back and forth; 20 kB of a session.
_REMEMBERED: Final = 50
_TOLD: Final = "history.told"


def show(reader: Reader, walked: Walk, index: int, sentence: str, above: str, speaker: Speaker) -> None:
    """The latest first, the step at ``index``, told in ``sentence``; where more was asked for, each row leads there.

    Rows that lead are buttons: they wrap on a phone, and the keyboard reaches them. ``above`` is the HTML of what
    stands over them: one piece with them where they lead nowhere, since each costs a step as much as a button does.
    """
    numbers = range(max(0, index + 1 - (_MORE_ROWS if more() else _ROWS)), index + 1)
    told = _told(reader, [walked[number] for number in numbers], sentence, speaker)
    heading = speaker("Last events")
    if not more():
        rows = "".join(f'<li value="{walked[n]}">{escape(told[walked[n]])}</li>' for n in reversed(numbers))
        st.html(f"{above}<h3 class='last-told'>{escape(heading)}</h3><ol class='last-events'>{rows}</ol>")
        return
    if above:
        st.html(above)
    st.subheader(heading, anchor=False)
    with st.container(key="last_events", gap=None):
        for number in reversed(numbers):
            st.button(
                f"{walked[number]}\u2002{plain(told[walked[number]])}",
                key=f"event_{index - number}",
                type="secondary" if number == index else "tertiary",
                width="stretch",
                wrap=True,
                on_click=_to,
                args=(walked, number),
            )


def _told(reader: Reader, positions: Sequence[int], last: str, speaker: Speaker) -> dict[int, str]:
    """Each event in a sentence, the ``last`` known. A step works out what is new.

    What happened never changes, but of who is erased nothing is told any more, of past events either, nor of what
    the reader may not see any more.
    """
    spoken_now = (speaker.language, speaker.zone.key, erasures(reader.plan), reader.clearance.key)
    spoken, known = st.session_state.get(_TOLD, (spoken_now, {}))
    told = dict(known) if spoken == spoken_now else {}
    told[positions[-1]] = last
    new = [position for position in positions if position not in told]
    told |= {step.position: whole(step, speaker) for step in steps(reader.timeline, new)}
    # The newest last, so that those go first which were told long ago.
    lately = {position: told.pop(position) for position in positions}
    st.session_state[_TOLD] = (spoken_now, dict([*told.items(), *lately.items()][-_REMEMBERED:]))
    return lately


def _to(walked: Walk, index: int) -> None:
    stop()
    go(walked, index)
