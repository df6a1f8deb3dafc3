"""One's own account: display, password, sessions and calendar address."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import streamlit as st

from domain.refusals import NotAllowed
from ui import frame, session
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell

_FEED = "own_account.feed"
_DONE = "own_account.done"


def show(now: Session) -> None:
    """Draws the parts below each other."""
    st.subheader(now.speaker("Display"))
    frame.choices(place="settings")
    _password(now)
    _second_factor(now)
    _signing_keys(now)
    _sessions(now)
    if now.account.officer is not None:
        _calendar(now)


def _password(now: Session) -> None:
    """Changed on a plain page, which can give the browser its new session."""
    speaker = now.speaker
    st.subheader(speaker("Password"))
    if now.account.has_password:
        st.link_button(speaker("Change password"), "/password", key="change_password")
    else:
        st.text(
            speaker("This account has no password: you sign in with the provider. An administrator can give it one.")
        )


def _second_factor(now: Session) -> None:
    speaker = now.speaker
    st.subheader(speaker("Second factor"))
    since = shell().door.factors.since(now.account.user)
    if since is None:
        st.text(speaker("Off. When it is on, a code of your authenticator app is asked for after the password."))
    else:
        st.text(speaker("On since {moment}.", moment=speaker.moment(since)))
    st.link_button(speaker("Set up") if since is None else speaker("Look at it"), "/second-factor", key="second_factor")


def _signing_keys(now: Session) -> None:
    """What somebody else compares before vouching for it, and where a key that is not one's own would be seen."""
    speaker, keys = now.speaker, session.reader().own_keys().live
    if not keys:
        return
    st.subheader(speaker("Keys that sign in your name"))
    st.caption(
        speaker(
            "Whoever vouches for a key compares it with you. Tell an administrator at once of one that is not yours."
        )
    )
    for one in keys:
        vouched = (
            speaker("vouched for by {user}", user=one.vouched_by)
            if one.vouched_by
            else speaker("nobody vouched for it")
        )
        st.code(one.public_key, language=None)
        st.caption(plain(" · ".join((speaker("made {moment}", moment=one.made_at), vouched))))


def _sessions(now: Session) -> None:
    speaker = now.speaker
    st.subheader(speaker("Where I am signed in"))
    held = shell().door.of_user(now.account.user)
    for place in held:
        with st.container(horizontal=True, vertical_alignment="center"):
            here = place.id == now.id
            label = speaker("this session") if here else browser_name(place.browser)
            since = speaker("since {moment}", moment=place.since)
            st.text(f"{label} · {place.client} · {since}")
            if not here and st.button(speaker("End"), key=f"end_{place.id[:12]}"):
                with session.refusals(), _shown_again(now, st.session_state.get("own_sessions_password", "")):
                    shell().door.end(place.id)
                    st.rerun()
    if len(held) > 1:
        password = _password_again(now, "own_sessions_password")
        if st.button(speaker("End all others"), key="end_others"):
            with session.refusals(), _shown_again(now, password):
                shell().door.end_all(now.account.user, but=now.id)
                st.rerun()


def _calendar(now: Session) -> None:
    speaker = now.speaker
    st.subheader(speaker("Calendar of my duties"))
    st.markdown(
        speaker(
            "A calendar program cannot sign in; it can follow a secret address instead. "
            "Whoever knows the address sees your duties: open it only if you need it, and close it when in doubt."
        )
    )
    if st.session_state.get(_FEED):
        st.success(speaker("This is the address. It is shown only once."))
        st.code(st.session_state.pop(_FEED), language=None)
    password = _password_again(now, "own_calendar_password")
    with st.container(horizontal=True):
        opening = speaker("Replace the address") if now.account.has_feed else speaker("Open an address")
        if st.button(opening, key="open_feed"):
            with session.refusals(), _shown_again(now, password):
                secret = shell().accounts.new_feed(now.account.user)
                st.session_state[_FEED] = f"{shell().address}/calendar/{secret}.ics"
                st.rerun()
        if now.account.has_feed and st.button(speaker("Close the address"), key="close_feed"):
            shell().accounts.drop_feed(now.account.user)
            st.rerun()


def _password_again(now: Session, key: str) -> str:
    """The password once more, for what a session that was left open must not do; none where there is none."""
    if not now.account.has_password:
        return ""
    label = now.speaker("Present password")
    return st.text_input(label, key=key, type="password", autocomplete="current-password", max_chars=1000, width=480)


@contextlib.contextmanager
def _shown_again(now: Session, password: str) -> Iterator[None]:
    """Goes on for who shows once more to be the person of the session. Raises ``PlanningError``."""
    door = shell().door
    held = door.by_id(now.id)
    if held is None:
        raise NotAllowed.because("Your session has ended. Sign in again.")
    with door.asked_again(held):
        door.shown_again(held, password)
    yield


def browser_name(agent: str) -> str:
    """The browser in a word, from what it says of itself."""
    for mark, name in (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ):
        if mark in agent:
            return name + (" (Android)" if "Android" in agent else " (iPhone)" if "iPhone" in agent else "")
    return "–"
