"""The accounts, for the administrator: who there is, making one, changing one."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from domain.base import Role
from planner.access.sealed_log import LONGEST
from planner.access.sign_in_log import said
from planner.account import Account
from planner.accounts import ONE_TIME
from planner.credentials import user_name
from ui import session
from ui.components import plain_table, signers, visit_members
from ui.components.plain_table import Row
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell

_GIVEN = "accounts.given"
#: What was just done to an account, said on the next run.
_DONE = "accounts.done"


def show(now: Session) -> None:
    """The table, what was just given out, and forms for one account at a time."""
    speaker = now.speaker
    listed = list(shell().accounts)
    plain_table.show(
        (speaker("User name"), speaker("Name"), speaker("Roles"), speaker("Officer"), speaker("State")),
        [
            Row(
                (
                    account.user,
                    account.display_name,
                    ", ".join(speaker.label(role) for role in sorted(account.roles)),
                    account.officer or "",
                    speaker("disabled") if account.disabled else speaker("active"),
                )
            )
            for account in listed
        ],
        caption=speaker("Accounts"),
        key="accounts",
    )
    if st.session_state.get(_GIVEN):
        st.success(plain(st.session_state.pop(_GIVEN)), icon=":material/key:")
    if st.session_state.get(_DONE):
        st.success(plain(st.session_state.pop(_DONE)), icon=":material/check_circle:")
    with st.expander(speaker("New account"), icon=":material/person_add:", expanded=len(listed) == 1):
        _new(now)
    with st.expander(speaker("Change an account"), icon=":material/manage_accounts:"):
        _change(now, {account.user: account for account in listed})
    with st.expander(speaker("Who belongs to every visit"), icon=":material/badge:"):
        visit_members.show(now, session.reader(), "")
    with st.expander(speaker("Keys to sign with"), icon=":material/signature:"):
        signers.show(now)
    with st.expander(speaker("What was done to accounts"), icon=":material/history:"):
        _acts(now)


def _new(now: Session) -> None:
    speaker = now.speaker
    with st.form("new_account", width=560):
        user = st.text_input(speaker("User name"), key="new_user", max_chars=40)
        name = st.text_input(speaker("Name"), key="new_name", max_chars=200)
        roles = st.multiselect(
            speaker("Roles"),
            list(Role),
            format_func=speaker.label,
            key="new_roles",
            placeholder=speaker("Choose roles"),
        )
        officer = st.text_input(
            speaker("Officer code"),
            key="new_officer",
            help=speaker("Empty where this person is no officer."),
            max_chars=40,
        )
        asked = st.form_submit_button(speaker("Create account"), key="create_account")
    if asked:
        with session.refusals():
            password = shell().accounts.create(
                user, by=now.actor, display_name=name, roles=roles, officer=officer.strip() or None
            )
            for field in ("new_user", "new_name", "new_roles", "new_officer"):
                st.session_state.pop(field, None)
            _give(now, user, password)


def _change(now: Session, listed: dict[str, Account]) -> None:
    speaker = now.speaker
    user = st.selectbox(speaker("Account"), list(listed), key="changed_user", width=560)
    account = listed[user]
    with st.form(f"account_{user}", width=560):
        name = st.text_input(speaker("Name"), account.display_name, key=f"name_{user}", max_chars=200)
        roles = st.multiselect(
            speaker("Roles"),
            list(Role),
            sorted(account.roles),
            format_func=speaker.label,
            key=f"roles_{user}",
            placeholder=speaker("Choose roles"),
        )
        officer = st.text_input(speaker("Officer code"), account.officer or "", key=f"officer_{user}", max_chars=40)
        asked = st.form_submit_button(speaker("Save"), key="save_account")
    if asked:
        with session.refusals():
            saved = _save(now, account, name, frozenset(roles), officer.strip() or None)
            changed = speaker("Account {user} was changed.", user=user)
            _done(changed if saved else speaker("Nothing had to change."))
    proof = st.text_input(
        speaker("How the person showed who they are"),
        key=f"proof_{user}",
        max_chars=LONGEST,
        width=560,
        help=speaker("Needed for a new password, but where the first one was never used. It is recorded."),
    )
    with st.container(horizontal=True):
        if st.button(speaker("One-time password"), key="reset_password", icon=":material/lock_reset:"):
            with session.refusals():
                _give(now, user, shell().accounts.reset_password(user, by=now.actor, proof=proof))
        if st.button(speaker("End all sessions"), key="end_all_sessions", icon=":material/logout:"):
            with session.refusals():
                shell().accounts.sign_out(user, by=now.actor)
                st.success(speaker("All sessions of {user} have ended.", user=user))
        if account.disabled:
            if st.button(speaker("Enable"), key="enable_account"):
                with session.refusals():
                    shell().accounts.enable(user, by=now.actor)
                    _done(speaker("Account {user} can be used again.", user=user))
        elif st.button(speaker("Disable"), key="disable_account", icon=":material/person_off:"):
            with session.refusals():
                shell().accounts.disable(user, by=now.actor)
                _done(speaker("Account {user} was disabled; nobody can sign in with it any more.", user=user))


def _done(said: str) -> NoReturn:
    """Says on the next run what was done; the list then shows it too."""
    st.session_state[_DONE] = said
    st.rerun()


def _save(now: Session, account: Account, name: str, roles: frozenset[Role], officer: str | None) -> bool:
    """Only what differs: each change is an act of its own in the list below. False where nothing does."""
    book = shell().accounts
    if name != account.display_name:
        book.rename(account.user, name, by=now.actor)
    if roles != account.roles:
        book.set_roles(account.user, roles, by=now.actor)
    if officer != account.officer:
        book.link_officer(account.user, officer, by=now.actor)
    return (name, roles, officer) != (account.display_name, account.roles, account.officer)


def _give(now: Session, user: str, password: str) -> None:
    st.session_state[_GIVEN] = now.speaker(
        "The one-time password of {user} is {password}. It is shown only once, is good for {days} days and must be "
        "changed at sign-in.",
        days=ONE_TIME.days,
        user=user_name(user),
        password=password,
    )
    st.rerun()


def _acts(now: Session) -> None:
    speaker = now.speaker
    plain_table.show(
        (speaker("When"), speaker("By"), speaker("Account"), speaker("What"), speaker("Detail")),
        [
            Row((speaker.second(act.at), act.by, act.user, said(act.act, speaker), act.detail))
            for act in shell().accounts.acts()
        ],
        key="account_acts",
    )
