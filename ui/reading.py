"""What a page shows is recorded before it is drawn: once for each opening, visit, thing and hour."""

from __future__ import annotations

from typing import Final

import streamlit as st

from domain.refusals import PlanningError
from planner.access.reads import Ended
from ui import session
from ui.menu import QUERIES
from ui.plain_text import plain
from ui.told import told

_RECORDED: Final = "reading.recorded"
#: Parameters of an address that name single things; the moment of a replay is no other thing at each step.
_THINGS: Final = ("delegation", "member", "activity", "venue", "post", "assignment", "officer", "route", "leg")
#: Pages about one visit, which is recorded when it is chosen.
_OF_ONE_VISIT: Final = frozenset({"visits", "programme", "map", "duty_board", "questions"})


def opened(page: str) -> None:
    """A page was opened that shows things of several visits, or of none; pages of one visit: ``visit``."""
    if page in QUERIES and page not in _OF_ONE_VISIT:
        of_site = QUERIES[page] in ("read_officers", "read_integrity")
        _record(page, () if of_site else session.reader().visits_seen)


def visit(code: str) -> None:
    """The page shows this visit from here on."""
    _record(session.page(), (code,))


def refused(code: str) -> None:
    """The page was asked for a visit that is hidden or not there."""
    _record(session.page(), (code,), Ended.REFUSED)


def _record(page: str, visits: tuple[str, ...], outcome: Ended = Ended.SHOWN) -> None:
    """Nothing after this line is run where it cannot be recorded."""
    reader = session.reader()
    asked = [f"{name}={st.query_params[name]}" for name in _THINGS if name in st.query_params]
    about = " ".join([page, *asked]).strip()
    key = (visits, about, outcome, reader.clock().replace(minute=0, second=0, microsecond=0))
    recorded: set[object] = st.session_state.setdefault(_RECORDED, set())
    if key in recorded:
        return
    try:
        reader.record(QUERIES.get(page, "read_visit"), visits, about, outcome)
    except PlanningError as refusal:
        speaker = session.current().speaker
        st.error(plain(speaker.say(told(refusal))), icon=":material/block:")
        st.warning(speaker("What is read must be recorded first. Nothing is shown while that cannot be."))
        st.stop()
    recorded.add(key)
