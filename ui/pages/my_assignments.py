"""The own duties of an officer: today and next with the way there, later as a list, past ones folded away."""

from __future__ import annotations

import streamlit as st

from planner.duty_list import DutyList, ListedDuty, duty_list
from planner.text import Speaker
from ui import session
from ui.components import duty_cards, overview, plain_table
from ui.components.plain_table import Cell, Row
from ui.downloads import address
from ui.maps.posts import place_of

now = session.current()
speaker = now.speaker


def table(listed: tuple[ListedDuty, ...], title: str) -> None:
    """One row a duty."""
    found = []
    for one in listed:
        there = Speaker(now.account.look.language, one.zone)
        post = one.duty.post
        place = place_of(post, one.duty, speaker)
        found.append(
            Row(
                (
                    there.window(one.assignment.window),
                    Cell(post.details.task, f"{post.code} · {place}"),
                    duty_cards.state(one, speaker),
                )
            )
        )
    plain_table.show((speaker("Time"), speaker("Post"), speaker("State")), found, caption=title)


def files() -> None:
    """The calendar and the sheet to print."""
    with st.container(horizontal=True):
        st.link_button(speaker("Calendar file"), address("duties.ics"), icon=":material/calendar_add_on:")
        st.link_button(speaker("Sheet to print (PDF)"), address("duties.pdf"), icon=":material/print:")
        st.link_button(speaker("Light page for phones"), "/m/", icon=":material/smartphone:")


def shown(duties: DutyList) -> None:
    """Cards for today and the next duty; the rest as lists."""
    moment = session.planner().clock()
    st.header(speaker("Today"))
    if not duties.today:
        st.info(speaker("No duty today."), icon=":material/event_available:")
    for number, one in enumerate(duties.today):
        duty_cards.show(now, duties, one, moment, open_map=number == 0)
    if duties.next is not None:
        st.header(speaker("Next"))
        duty_cards.show(now, duties, duties.next, moment, open_map=False)
    for one in duties.later[1:]:
        if one.must_acknowledge:
            duty_cards.show(now, duties, one, moment, open_map=False)
    for title, listed in (
        (speaker("All coming duties as a list ({n})", n=len(duties.coming)), duties.coming),
        (speaker("Called off ({n})", n=len(duties.called_off)), duties.called_off),
        (speaker("Past duties ({n})", n=len(duties.past)), duties.past),
    ):
        if listed:
            with st.expander(title, icon=":material/list:"):
                table(listed, title)


st.title(speaker("My assignments"))
if now.account.officer is None:
    overview.unlinked(speaker)
    st.stop()
mine = duty_list(session.plan(), now.account.officer, session.planner().clock())
waiting = sum(1 for one in mine.coming if one.must_acknowledge)
if waiting:
    st.warning(
        speaker.counted("{n} duty is to be acknowledged.", "{n} duties are to be acknowledged.", waiting),
        icon=":material/notification_important:",
    )
if mine.coming or mine.past or mine.called_off:
    files()
    shown(mine)
else:
    text = speaker("You have no duty yet. As soon as a planner gives you one, it stands here.")
    st.info(text, icon=":material/event_available:")
