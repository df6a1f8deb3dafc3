"""Who read a visit, for its auditor: when, what, by which right; and whether the log of reads is as it was written."""

from __future__ import annotations

import hashlib
from typing import Final

import streamlit as st

from domain.visit import Visit
from planner.access.reader import Reader
from planner.access.reads import Read, Recorded
from planner.access.registry import QUERIES
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.event_card import through

_MOST: Final = 200


def _said(query: str, speaker: Speaker) -> str:
    """What a query shows, as its rule says it; the name of one that there no longer is."""
    rule = QUERIES.get(query)
    return query if rule is None else speaker.say(rule.says)


def show(speaker: Speaker, visit: Visit) -> None:
    """The last reads of the visit, newest first; nothing for who may not see them."""
    reader, reads = session.reader(), session.planner().reads
    if not reader.may("read_reads", visit.key):
        st.text(speaker("You are no auditor of this visit."))
        return
    outside = st.checkbox(
        speaker("Only who had no part in the visit"),
        key="reads_outside",
        help=speaker("Refused attempts, and whoever read with the key of the data instead of an account."),
    )
    found = reader.reads(visit=visit.key, outside_duty=outside)
    _table(speaker, found, speaker.counted("{n} read", "{n} reads", len(found)), "reads_table")
    _turned_up(speaker, reader)
    if st.button(speaker("Verify the log of reads"), key="verify_reads", icon=":material/fact_check:"):
        broken = reads.broken()
        if broken:
            said = speaker(
                "Row {number} of the log of reads is not as it was written, or is missing.", number=str(broken)
            )
            st.error(said, icon=":material/gpp_bad:")
        else:
            st.success(speaker("Every row of the log of reads is as it was written."), icon=":material/verified_user:")


def _things(read: Read) -> str:
    """The single things that were asked for; a page that was looked at stands in the last column already."""
    return "" if read.via == f"page {read.about}" else read.about


def _table(speaker: Speaker, found: tuple[Recorded, ...], caption: str, key: str) -> None:
    plain_table.show(
        (
            speaker("When"),
            speaker("Account"),
            speaker("Outcome"),
            speaker("What was read"),
            speaker("Things"),
            speaker("By which right"),
            speaker("Way"),
        ),
        (
            plain_table.Row(
                (
                    speaker.second(one.at),
                    one.read.user,
                    speaker.label(one.read.outcome),
                    _said(one.read.query, speaker),
                    plain_table.Cell(_things(one.read), _handed(one.read, speaker)),
                    speaker.label(one.read.standing),
                    through(one.read.via, speaker),
                )
            )
            for one in found[:_MOST]
        ),
        caption=caption,
        key=key,
    )


def _handed(read: Read, speaker: Speaker) -> str:
    """For whom a file was taken out and why, with the number that stands on it; empty for what was only shown."""
    record = "" if read.file is None else f"{read.file.record}, {speaker.label(read.file.extent)}"
    return " · ".join(filter(None, (read.recipient, read.purpose, record)))


def _turned_up(speaker: Speaker, reader: Reader) -> None:
    """Finds who took a file out that turned up somewhere, by its bytes."""
    uploaded = st.file_uploader(speaker("A file that turned up somewhere: who took it out?"), key="reads_file")
    if uploaded is None:
        return
    found = reader.reads(sha256=hashlib.sha256(uploaded.getvalue()).hexdigest())
    if found:
        _table(speaker, found, speaker("Who took this file out"), "reads_of_file")
    else:
        st.info(speaker("No record of that file: nobody took it out here, or it was changed since."))
