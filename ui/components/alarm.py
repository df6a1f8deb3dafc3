"""The strip on every page while something is open in an emergency: to whoever opened it, and who answers for it.

Who did it, why, how to end it and the review stand on «Home» and «Integrity»; here is one line that leads there.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from planner.access.reader import Reader
from planner.zones import speaker_of
from ui.components.findings import linked
from ui.plain_text import plain
from ui.session import Session

#: Pages that say all of it.
WHOLE: Final = frozenset({"home", "integrity"})
#: So many are named.
MOST_NAMED: Final = 3


def strip(now: Session, reader: Reader, page: str) -> None:
    """What is open, and how much waits for a review. The place is there in every run, also with nothing in it."""
    place = st.container(key="alarm").empty()
    lines = [] if page in WHOLE else [*_own(now, reader), *_others(now, reader)]
    if lines:
        with place.container(gap="xsmall"):
            for line in lines:
                st.error(plain(line), icon=":material/emergency:")
            linked("home", now.speaker("To the emergency access"), icon=":material/arrow_forward:")


def _own(now: Session, reader: Reader) -> list[str]:
    moment, lines = reader.clock(), []
    for own in reader.emergencies():
        if opening := own.opening_at(moment):
            speaker = speaker_of(now.speaker, reader.plan, f"visit/{own.visit}")
            until = speaker.moment(opening.until)
            lines.append(
                speaker("You see visit {visit} by emergency access until {until}.", visit=own.visit, until=until)
            )
    return lines


def _others(now: Session, reader: Reader) -> list[str]:
    moment, lines, waiting = reader.clock(), list[str](), 0
    for one in reader.plan.emergencies():
        if not one.to_review or one.user == now.account.user or not reader.may("review_emergency_access", one.visit):
            continue
        opening = one.opening_at(moment)
        if opening is None or len(lines) == MOST_NAMED:
            waiting += len(one.to_review)
            continue
        speaker = speaker_of(now.speaker, reader.plan, f"visit/{one.visit}")
        lines.append(
            speaker(
                "{user} has opened visit {visit} in an emergency, until {until}.",
                user=one.user,
                visit=one.visit,
                until=speaker.moment(opening.until),
            )
        )
        waiting += len(one.to_review) - 1
    if waiting:
        lines.append(
            now.speaker.counted(
                "{n} emergency access waits for your review.", "{n} emergency accesses wait for your review.", waiting
            )
        )
    return lines
