"""The parts of the page «Integrity»: state of the checkpoints, verifying level by level, bundles."""

from __future__ import annotations

from typing import Final

import streamlit as st

from domain.visit import Visit
from planner.audit.kept import Kept
from planner.audit.verify import LEVELS, Found, verify_store
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.plain_table import Row
from ui.downloads import address
from ui.plain_text import plain
from ui.shell import shell

_FOUND: Final = "integrity.found"
#: So many characters tell a root from others at a glance.
SHORT: Final = 12


def state(speaker: Speaker) -> None:
    """The last checkpoint and the last witnessed one, and how many events nobody has witnessed yet."""
    proof = shell().proof
    if proof.trouble is not None:
        st.error(plain(speaker.say(proof.trouble.message)), icon=":material/gpp_bad:")
    kept, head = proof.checkpoints, session.plan().position
    last, witnessed = kept.last, kept.last_witnessed
    unwitnessed = head - (witnessed.size if witnessed else 0)
    rows = [_row(speaker, speaker("Last checkpoint"), last), _row(speaker, speaker("Last witnessed"), witnessed)]
    plain_table.show(
        (speaker("Checkpoint"), speaker("Events"), speaker("Root"), speaker("Signed"), speaker("Witnesses")),
        rows,
        key="integrity_checkpoints",
    )
    if unwitnessed:
        said = speaker.counted("{n} event is not witnessed yet.", "{n} events are not witnessed yet.", unwitnessed)
        st.warning(said, icon=":material/visibility_off:")
    elif head:
        st.success(speaker("Every event is witnessed."), icon=":material/verified_user:")
    else:
        st.info(speaker("Nothing has happened yet, so there is nothing to witness."), icon=":material/history:")
    st.link_button(
        speaker("Checkpoint to keep or to have witnessed"), address("checkpoint.txt"), icon=":material/download:"
    )
    if not kept.witnesses:
        st.info(
            speaker("No witness is known yet: run «planner witness» on another machine, then «planner checkpoint»."),
            icon=":material/info:",
        )


def _row(speaker: Speaker, name: str, kept: Kept | None) -> Row:
    if kept is None:
        return Row((name, "–", "–", "–", "–"))
    names = ", ".join(one.name for one in kept.note.witnesses) or "–"
    root = kept.checkpoint.root.hex()[:SHORT]
    return Row((name, speaker.number(kept.size), root, speaker.second(kept.signed_at), names))


def verify(speaker: Speaker) -> None:
    """Chooses a level, verifies with progress, and shows what was found until the next time."""
    names = (speaker("files"), speaker("checkpoints"), speaker("signatures"), speaker("events"), speaker("plan"))
    level = st.segmented_control(
        speaker("Up to level"),
        LEVELS,
        default=3,
        format_func=lambda number: f"{number} · {names[number - 1]}",
        key="integrity_level",
        required=True,
    )
    uploaded = st.file_uploader(speaker("A checkpoint kept elsewhere (optional)"), key="integrity_brought", type="txt")
    if st.button(speaker("Verify now"), key="integrity_verify", type="primary", icon=":material/fact_check:"):
        bar = st.progress(0.0, speaker("Level {level}", level=1))

        def progress(number: int, done: int, total: int) -> None:
            bar.progress(min(done / max(total, 1), 1.0), speaker("Level {level}", level=number))

        brought = [] if uploaded is None else [uploaded.getvalue()]
        with session.refusals():
            store = session.planner().store
            st.session_state[_FOUND] = list(verify_store(store, level=level, brought=brought, progress=progress))
        bar.empty()
    found = st.session_state.get(_FOUND)
    if found:
        _show(speaker, found)


def _show(speaker: Speaker, found: list[Found]) -> None:
    wrong = [one for one in found if not one.ok]
    if wrong:
        st.error(
            speaker("The history is not what was signed. Keep the files as they are and tell who is responsible."),
            icon=":material/gpp_bad:",
        )
    else:
        st.success(speaker("Everything holds."), icon=":material/verified_user:")
    plain_table.show(
        (speaker("Level"), speaker("Verified"), speaker("Found"), speaker("Holds")),
        [
            Row((str(one.level), speaker.say(one.name), speaker.say(one.why), "✓" if one.ok else "✗"))
            for one in (*wrong, *(one for one in found if one.ok))
        ],
        key="integrity_found",
    )


def bundle(speaker: Speaker, visit: Visit) -> None:
    """Where the bundle of a visit is fetched; whether whole or redacted is asked there."""
    st.caption(speaker("The events as they are stored, with proofs that any program for such logs verifies."))
    with st.container(horizontal=True, key="integrity_bundles"):
        st.link_button(
            speaker("Events with proofs"), address("bundle.zip", visit=visit.key), icon=":material/folder_zip:"
        )
