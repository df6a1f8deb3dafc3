"""Which commands were refused on the whole site, for who audits every visit."""

from __future__ import annotations

from typing import Final

import streamlit as st

from planner.access.reader import Reader
from planner.access.refused import said
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.event_card import through

_MOST: Final = 200


def show(speaker: Speaker, reader: Reader) -> None:
    """The last refusals, newest first, and whether their log is as it was written; nothing for anybody else."""
    if not reader.audits_every_visit:
        return
    st.subheader(speaker("Refused commands"), anchor=False)
    st.caption(
        speaker(
            "Commands that the account may not give, and codes that are hidden from it or not there. What rules refuse "
            "while people plan is not listed."
        )
    )
    found = reader.refused(last=_MOST)
    if not found:
        st.text(speaker("No command was refused."))
        return
    plain_table.show(
        (speaker("When"), speaker("Account"), speaker("Visit"), speaker("What"), speaker("Way")),
        (
            plain_table.Row(
                (speaker.second(one.at), one.user, one.visit, speaker.say(said(one)), through(one.via, speaker))
            )
            for one in found
        ),
        caption=speaker.counted("{n} refusal", "{n} refusals", len(found)),
        key="refused_table",
    )
    if st.button(speaker("Verify the log of refusals"), key="verify_refusals", icon=":material/fact_check:"):
        broken = session.planner().refusals.broken()
        if broken:
            told = speaker("Row {number} of the log of refusals is not as it was written.", number=str(broken))
            st.error(told, icon=":material/gpp_bad:")
        else:
            st.success(
                speaker("Every row of the log of refusals is as it was written."), icon=":material/verified_user:"
            )
