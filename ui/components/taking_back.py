"""Taking back, with its reason, what is found in the history: also what was done long ago or by somebody else."""

from __future__ import annotations

import streamlit as st

from planner.access.reader import Reader
from planner.history.steps import Step
from planner.text import Speaker
from ui import session
from ui.components.inputs import opened, reason_input
from ui.components.plain_table import line


def show(reader: Reader, step: Step, sentence: str, speaker: Speaker) -> None:
    """The way to take back the command that an event came of; nothing for who may take nothing back."""
    command = step.event.command_id
    if not command or not reader.may("undo"):
        return
    part = opened(speaker("Take this back"), "take_back", ":material/undo:")
    if part is None:
        return
    with part:
        line(speaker("All that this command did is taken back, if nothing has changed it since. That is recorded too."))
        reason = reason_input(speaker, f"take_back_reason_{step.position}")
        if st.button(speaker("Take it back"), key="take_back_now", icon=":material/undo:"):
            done = speaker("Taken back: {what}", what=sentence)
            by = session.current().actor
            session.act(done, lambda: session.planner().undo(command, by=by, reason=reason))
