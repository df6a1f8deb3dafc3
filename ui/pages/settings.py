"""Settings: one's own account; accounts, data and key; who signed in and the rules of access, for who may see them."""

from __future__ import annotations

import streamlit as st

from domain.base import Role
from ui import session
from ui.components import accounts, own_account, rules, sign_ins
from ui.shell import shell

now = session.current()
speaker = now.speaker
administrates = Role.ADMINISTRATOR in now.account.roles

st.title(speaker("Settings"))
names = [speaker("My account")]
if administrates:
    names += [speaker("Accounts"), speaker("Data and key")]
shows_sign_ins, shows_rules = session.may("read_sign_ins"), session.may("read_rules")
if shows_sign_ins:
    names.append(speaker("Sign-ins"))
if shows_rules:
    names.append(speaker("Rules of access"))
tabs = st.tabs(names)
with tabs[0]:
    own_account.show(now)
if administrates:
    with tabs[1]:
        accounts.show(now)
    with tabs[2]:
        st.markdown(speaker("Everything is stored encrypted on this machine. Nothing leaves it."))
        st.text_input(speaker("Data directory"), str(shell().data_dir), disabled=True, key="data_dir")
        st.text_input(speaker("Key file"), str(shell().key_file), disabled=True, key="key_file")
        st.warning(
            speaker(
                "Whoever holds the key and the data can read everything; without the key nobody can. "
                "Keep a copy of the key apart from the data, on paper or on a medium in a safe."
            ),
            icon=":material/key:",
        )
if shows_sign_ins:
    with tabs[names.index(speaker("Sign-ins"))]:
        sign_ins.show(speaker)
if shows_rules:
    with tabs[-1]:
        rules.show(speaker)
