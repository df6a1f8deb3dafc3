"""Who came in, who was refused, and what was done to accounts, for administrators and auditors."""

from __future__ import annotations

from typing import Final

import streamlit as st

from planner.access.sign_in_log import said
from planner.credentials import user_name
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.shell import shell

_MOST: Final = 200


def show(speaker: Speaker) -> None:
    """The last entries, newest first, and whether their log is as it was written; nothing for who may not see them."""
    session.reader().permit("read_sign_ins")
    log = shell().accounts.log
    asked = st.text_input(speaker("Only this account"), key="sign_ins_of", max_chars=40, width=480)
    found = log.listed(user=user_name(asked), last=_MOST)
    if not found:
        st.text(speaker("Nothing of that is recorded."))
        return
    plain_table.show(
        (speaker("When"), speaker("Account"), speaker("What"), speaker("By"), speaker("Address"), speaker("Detail")),
        (
            plain_table.Row((speaker.second(one.at), one.user, said(one.what, speaker), one.by, one.client, one.about))
            for one in found
        ),
        caption=speaker.counted("{n} entry", "{n} entries", len(found)),
        key="sign_ins_table",
    )
    if st.button(speaker("Verify the log of sign-ins"), key="verify_sign_ins", icon=":material/fact_check:"):
        broken = log.broken()
        if broken:
            told = speaker("Row {number} of the log of sign-ins is not as it was written.", number=str(broken))
            st.error(told, icon=":material/gpp_bad:")
        else:
            st.success(
                speaker("Every row of the log of sign-ins is as it was written."), icon=":material/verified_user:"
            )
