"""What stands around every page: who is signed in, language, text size, contrast, and the way out."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from planner.account import TEXT_SIZES, Look
from planner.text import LANGUAGES, Speaker
from ui import session
from ui.login import LANGUAGE_NAMES
from ui.shell import shell

_SIZES = {"small": "A−", "normal": "A", "large": "A+"}


def show() -> None:
    """Draws the frame; the page is drawn after it."""
    now = session.current()
    mirrored(now.account.look)
    speaker = now.speaker
    with st.sidebar, st.container(key="frame"):
        roles = ", ".join(speaker.label(role) for role in sorted(now.account.roles))
        st.html(f"<p class='who'><strong>{escape(now.account.display_name)}</strong><br>{escape(roles)}</p>")
        choices()
        if st.button(speaker("Sign out"), key="sign_out", icon=":material/logout:", width="stretch"):
            shell().door.end(now.id)
            st.stop()


def choices(place: str = "side") -> None:
    """Language, text size and contrast, kept in the account."""
    now = session.current()
    look = now.account.look
    speaker = now.speaker
    st.segmented_control(
        "Ngôn ngữ · Language",
        LANGUAGES[::-1],
        default=look.language,
        format_func=LANGUAGE_NAMES.__getitem__,
        key=_fresh(place, "language", look.language),
        on_change=_chosen,
        args=(place, "language", look.language),
        required=True,
    )
    st.segmented_control(
        speaker("Text size"),
        TEXT_SIZES,
        default=look.text_size,
        format_func=_SIZES.__getitem__,
        key=_fresh(place, "text_size", look.text_size),
        on_change=_chosen,
        args=(place, "text_size", look.text_size),
        required=True,
    )
    st.toggle(
        speaker("High contrast"),
        value=look.high_contrast,
        key=_fresh(place, "high_contrast", look.high_contrast),
        on_change=_chosen,
        args=(place, "high_contrast", look.high_contrast),
    )


def mirrored(look: Look) -> None:
    """Tells the browser's root element how to look; ``shell.js`` reads it."""
    contrast = "high" if look.high_contrast else "plain"
    speaker = Speaker(look.language)
    away = speaker("The planner cannot be reached. This page comes back when it can.")
    st.html(
        f'<span id="planner-look" data-language="{look.language}" data-text="{look.text_size}" '
        f'data-contrast="{contrast}" data-away="{escape(away)}"></span>'
    )


def _fresh(place: str, field: str, held: Any) -> str:
    """A key that changes with the account's value: another window of the same person follows too."""
    return f"look_{place}_{field}_{held}"


def _chosen(place: str, field: str, held: Any) -> None:
    wanted = st.session_state[_fresh(place, field, held)]
    with session.refusals():
        shell().accounts.set_look(session.current().account.user, **{field: wanted})
