"""The cases that answer a question of an auditor, as a table, and the way to the event behind each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import streamlit as st

from planner.history.cases import Case
from planner.history.questions import MOST_HOURS, Question, late_of, minutes, noticed
from planner.text import Speaker
from ui.components import plain_table
from ui.components.findings import linked
from ui.components.plain_table import Cell, Row

#: Rows that are drawn; the file holds all.
_MOST: Final = 200
_LATE: Final = "late"


def late_hours(speaker: Speaker) -> int:
    """How many hours before its beginning a change is late, bound to ``?late=``."""
    st.session_state.setdefault("questions_late", int(late_of(st.query_params.get(_LATE, "")) / timedelta(hours=1)))
    hours = st.number_input(
        speaker("A change is late within so many hours of its beginning"),
        min_value=0,
        max_value=MOST_HOURS,
        step=1,
        key="questions_late",
        width=420,
    )
    st.query_params[_LATE] = str(hours)
    return int(hours)


def heading(speaker: Speaker, question: Question, cases: Sequence[Case]) -> str:
    """The short name of a question, with the number of its cases."""
    name = speaker.label(question)
    number = minutes(cases) if question is Question.UNCOVERED else len(cases)
    return f"{name[0].upper()}{name[1:]} · {number}"


def show(speaker: Speaker, visit: str, question: Question, cases: Sequence[Case]) -> None:
    """The table, and a chooser that leads into the history."""
    if not cases:
        st.success(_nothing(speaker)[question], icon=":material/check:")
        return
    if question is Question.UNCOVERED:
        _gaps(speaker, cases)
    else:
        _events(speaker, cases)
    if len(cases) > _MOST:
        st.caption(speaker.counted("and {n} more in the file", "and {n} more in the file", len(cases) - _MOST))
    if question in (Question.OUTSIDE_DUTY, Question.REFUSED):
        return
    known = {case.position: case for case in cases if case.position is not None}
    if known:
        position = st.selectbox(
            speaker("Look at an event in the history"),
            list(known),
            format_func=lambda one: f"{one} · {speaker.say(known[one].message)}",
            key=f"questions_event_{question}",
        )
        linked("history", speaker("Open in the history"), ":material/history:", visit=visit, at=str(position))
    else:
        post = st.selectbox(
            speaker("Look at a post on the duty board"),
            list(dict.fromkeys(case.subject.rpartition("/")[2] for case in cases)),
            key="questions_post",
        )
        linked("duty_board", speaker("Open the duty board"), ":material/view_timeline:", visit=visit, post=post)


def _events(speaker: Speaker, cases: Sequence[Case]) -> None:
    headings = [speaker("When"), speaker("Who"), speaker("What"), speaker("Notice")]
    reasons = any(case.reason for case in cases)
    rows = (_event(speaker, case, reasons=reasons) for case in cases[:_MOST])
    plain_table.show([*headings, speaker("Why")] if reasons else headings, rows, key="questions_table")


def _event(speaker: Speaker, case: Case, *, reasons: bool) -> Row:
    when = "" if case.recorded_at is None else speaker.second(case.recorded_at)
    number = "" if case.position is None else speaker("event {n}", n=str(case.position))
    takes_place = "" if case.window is None else speaker.window(case.window)
    notice = "" if case.notice is None else speaker.say(noticed(case.notice))
    cells = Cell(when, number), case.by, speaker.say(case.message), Cell(notice, takes_place)
    return Row((*cells, case.reason) if reasons else cells)


def _gaps(speaker: Speaker, cases: Sequence[Case]) -> None:
    headings = (speaker("When"), speaker("What"), speaker("Minutes"))
    rows = (
        Row((speaker.window(case.window), speaker.say(case.message), str(minutes((case,)))))
        for case in cases[:_MOST]
        if case.window is not None
    )
    plain_table.show(headings, rows, key="questions_table")


def _nothing(speaker: Speaker) -> dict[Question, str]:
    return {
        Question.OVERRIDES: speaker("No rule was overridden in this visit."),
        Question.LATE_CHANGES: speaker("Nothing changed late."),
        Question.UNACKNOWLEDGED: speaker("Every order was acknowledged in time."),
        Question.UNCOVERED: speaker("Every post has the officers it needs."),
        Question.BREAK_GLASS: speaker("Nobody opened the visit in an emergency."),
        Question.REFUSED: speaker("No command on this visit was refused."),
        Question.OUTSIDE_DUTY: speaker("Nobody read without a part in the visit, or tried to."),
    }
