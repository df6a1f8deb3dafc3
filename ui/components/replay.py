"""Moving through the history: where on the walk a reader stands, the controls that move, and playing by itself.

The place is in the address and nowhere else: ``at`` is an event's number or a moment; without it the reader stands at
the end and moves on with the plan.
"""

from __future__ import annotations

import bisect
import dataclasses
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import streamlit as st

from planner.access.reader import Reader
from planner.history.walks import Asked
from planner.text import Speaker
from ui.components.inputs import moment_input, placed
from ui.plain_text import plain

AT: Final = "at"
SPEEDS: Final = (0.5, 1.0, 2.0, 4.0)
_SLIDER: Final = "history_slider"
_PLAYING: Final = "history.playing"
_DUE: Final = "history.due"
_SPEED: Final = "history_speed"
_MORE: Final = "history_more"
_SHOWN: Final = "history.shown"
#: Buttons with which an old place of the slider may come along.
_KEYS: Final = ("home", "left", "right", "end", "play")
#: Seconds that a browser may take to draw a step.
_DRAWN_WITHIN: Final = 8.0


@dataclasses.dataclass(frozen=True, slots=True)
class Walk:
    """The positions of the events that a reader walks along: those of one visit, or all. At least one."""

    positions: Sequence[int]

    @property
    def last(self) -> int:
        """The index of the last step."""
        return len(self.positions) - 1

    def __getitem__(self, index: int) -> int:
        return int(self.positions[index])

    def index_at(self, position: int) -> int:
        """The last step at or before a position of the log; the first where there is none."""
        return max(0, bisect.bisect_right(self.positions, position) - 1)


def asked_position(reader: Reader, typed: str) -> int | None:
    """The position that an address names by number or moment (ISO 8601 with a zone); None where it names none."""
    if typed.isdecimal() and len(typed) < 16:
        number = int(typed)
        return number if number <= reader.plan.position else None
    moment = asked_moment(typed)
    return None if moment is None else reader.timeline.position_at(moment)


def asked_moment(typed: str) -> datetime | None:
    """The moment that an address names (ISO 8601 with a zone); None where it names none."""
    try:
        # An address turns the plus of a zone into a blank.
        moment = datetime.fromisoformat(typed.strip().replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def place(reader: Reader, walked: Walk, speaker: Speaker) -> int:
    """The index of the step that the address names, said where it names none; the last where it says nothing."""
    typed = st.query_params.get(AT)
    if typed is None:
        return walked.last
    position = asked_position(reader, typed)
    if position is None:
        st.warning(
            speaker("«{typed}» is neither an event that exists nor a moment. This is the present.", typed=plain(typed)),
            icon=":material/search_off:",
        )
        return walked.last
    return walked.index_at(position)


def _index(reader: Reader, walked: Walk) -> int:
    typed = st.query_params.get(AT)
    position = None if typed is None else asked_position(reader, typed)
    return walked.last if position is None else walked.index_at(position)


def go(walked: Walk, index: int) -> None:
    """To a step: its event is in the address from then on, at the end nothing is."""
    if index >= walked.last:
        st.query_params.pop(AT, None)
    else:
        st.query_params[AT] = str(walked[index])


# Controls


def controls(reader: Reader, walked: Walk, index: int, speaker: Speaker) -> None:
    """The slider, and the buttons that the arrow keys press."""
    with st.container(horizontal=True, key="replay_controls", gap="small"):
        _button(speaker("First"), "first_page", "home", index > 0, _step, (walked, 0))
        _button(speaker("Previous"), "chevron_left", "left", index > 0, _on, (reader, walked, -1))
        running = playing()
        st.button(
            speaker("Pause") if running else speaker("Play"),
            key="replay_play",
            icon=":material/pause:" if running else ":material/play_arrow:",
            type="primary",
            disabled=walked.last == 0,
            on_click=_play,
            args=(walked, index, not running),
        )
        _button(speaker("Next"), "chevron_right", "right", index < walked.last, _on, (reader, walked, 1))
        _button(speaker("Last"), "last_page", "end", index < walked.last, _step, (walked, walked.last))
        # Kept while it is not drawn: a reader who plays again plays as fast as before.
        st.session_state[_SPEED] = st.session_state.get(_SPEED, 1.0)
        if running:
            st.selectbox(
                speaker("Speed"),
                SPEEDS,
                format_func=_speeds(speaker).__getitem__,
                key=_SPEED,
                label_visibility="collapsed",
                width=230,
                on_change=_restart,
            )
    if walked.last > 0:
        st.session_state[_SLIDER] = index + 1
        st.session_state.setdefault(_SHOWN, deque(maxlen=32)).append((index, time.monotonic()))
        st.slider(
            speaker("Step {n} of {last}", n=index + 1, last=walked.last + 1),
            1,
            walked.last + 1,
            key=_SLIDER,
            on_change=_slid,
            args=(walked,),
            help=speaker("Arrow keys move from event to event; Home and End go to the first and the last."),
        )


def _speeds(speaker: Speaker) -> dict[float, str]:
    return {
        0.5: speaker("an event every two seconds"),
        1.0: speaker("an event every second"),
        2.0: speaker("two events a second"),
        4.0: speaker("four events a second"),
    }


def _button(
    label: str, icon: str, shortcut: str, possible: bool, go_on: Callable[..., None], where: tuple[Any, ...]
) -> None:
    st.button(
        label,
        key=f"replay_{shortcut}",
        icon=f":material/{icon}:",
        shortcut=shortcut,
        disabled=not possible,
        on_click=go_on,
        args=where,
    )


def _step(walked: Walk, index: int) -> None:
    stop()
    go(walked, index)


def _on(reader: Reader, walked: Walk, by: int) -> None:
    """From where the address is now, so that quick presses are not lost while the page is still being drawn."""
    _step(walked, min(max(0, _index(reader, walked) + by), walked.last))


def _slid(walked: Walk) -> None:
    """To where the slider was put.

    A browser that has not drawn the last step yet sends where the slider stood before along with the next key or tick:
    nobody put it there, and a step back would follow.
    """
    index = int(st.session_state[_SLIDER]) - 1
    pressed = any(st.session_state.get(f"replay_{key}") for key in _KEYS)
    if not pressed and not (playing() and _just_shown(index)):
        _step(walked, index)


def _just_shown(index: int) -> bool:
    """Whether a browser that is slow may still show that step; not one that was left a while ago."""
    since = time.monotonic() - _DRAWN_WITHIN
    return any(shown == index and when > since for shown, when in st.session_state[_SHOWN])


# Playing


def playing() -> bool:
    """True while the events go by by themselves."""
    return bool(st.session_state.get(_PLAYING))


def interval() -> float | None:
    """Seconds from event to event while playing, else None."""
    return 1 / float(st.session_state.get(_SPEED, 1.0)) if playing() else None


def stop() -> None:
    """Stands still; the page notices by ``stopped``."""
    st.session_state[_PLAYING] = False


def advance(reader: Reader, walked: Walk) -> None:
    """While playing and when it is time: one event on; at the end it stands still."""
    wait = interval()
    if wait is None or time.monotonic() < st.session_state.get(_DUE, 0.0):
        return
    # A little early, so that a timer that comes a moment too soon is not skipped.
    st.session_state[_DUE] = time.monotonic() + 0.7 * wait
    index = min(_index(reader, walked) + 1, walked.last)
    go(walked, index)
    if index >= walked.last:
        stop()


def _play(walked: Walk, index: int, wanted: bool) -> None:
    st.session_state[_PLAYING] = wanted
    if wanted:
        _restart()
        if index == walked.last:
            go(walked, 0)


def _restart() -> None:
    st.session_state[_DUE] = time.monotonic() + 0.7 / float(st.session_state.get(_SPEED, 1.0))


# Choosing what to walk along, and how much is seen


def more_chooser(speaker: Speaker) -> None:
    """Whether more than the touched post with its neighbours and the last few events are drawn at every step."""
    st.toggle(speaker("Show more"), key=_MORE, help=speaker("More posts of the place, and more of the last events."))


def more() -> bool:
    """True where the reader asked for more to be seen."""
    return bool(st.session_state.get(_MORE))


def jump(reader: Reader, speaker: Speaker) -> None:
    """Going to a moment: the plan as it was known then."""
    opened = st.popover(speaker("Go to a moment"), icon=":material/event:", key="jump", on_change="rerun")
    if not opened.open:
        return
    with opened:
        st.caption(speaker("The plan as it was known at that moment."))
        zone = speaker.zone.key
        moment = moment_input(speaker, zone, "jump", speaker("Day"), reader.clock())
        st.button(speaker("Go"), key="jump_go", type="primary", disabled=moment is None, on_click=_to, args=(zone,))


def _to(zone: str) -> None:
    stop()
    moment = placed(st.session_state["jump_day"], st.session_state["jump_time"], zone)
    st.query_params[AT] = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    st.session_state["jump"] = False


def asked(visit: str, *, force: bool) -> Asked:
    """What the address asks for."""
    given = st.query_params
    return Asked(visit, given.get("kind", ""), given.get("by", ""), given.get("q", "").strip()[:200], force)
