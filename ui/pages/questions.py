"""Audit questions: what auditors ask of a visit, answered from its history, with the way to each event."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from planner.history.questions import ASKED, Question
from ui import session
from ui.components import cases
from ui.components.choosing import chosen, there, visit_chooser
from ui.downloads import address

now = session.current()
reader = session.reader()
speaker = now.speaker

st.title(speaker("Audit questions"))
st.caption(speaker("Answered from the history as it is now, each case with the way to what made it one."))
visit = visit_chooser(speaker, reader.plan, reader.clock())
if visit is None:
    st.stop()
speaker = there(speaker, visit)
hours = cases.late_hours(speaker)
with session.refusals():
    with st.spinner(speaker("Reading the log…")):
        answers = reader.answers(visit.key, timedelta(hours=hours))
    question = Question(
        chosen(
            speaker,
            speaker("Question"),
            [one.value for one in answers],
            query="question",
            default=Question.OVERRIDES.value,
            shown=lambda name: cases.heading(speaker, Question(name), answers[Question(name)]),
            side_by_side=True,
        )
    )
    st.subheader(speaker.say(ASKED[question]), anchor=False)
    cases.show(speaker, visit.key, question, answers[question])
    asked = {"visit": visit.key, "late": str(hours)}
    reading = {"language": speaker.language, "zone": speaker.zone.key}
    st.link_button(
        speaker("Download as CSV"), address("questions.csv", **asked, **reading), icon=":material/download:", key="csv"
    )
