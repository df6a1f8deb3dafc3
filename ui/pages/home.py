"""Home: the visits with what is wrong, what changed lately, the own next duty, and what to do first on a new site."""

from __future__ import annotations

import streamlit as st

from domain.base import Role
from planner.access import may_read
from ui import session
from ui.components import overview

who = session.current()
speaker = who.speaker
roles = who.account.roles
plan = session.planner().plan
moment = session.planner().clock()

st.title(speaker("Home"))
if may_read(who.actor) or Role.ADMINISTRATOR in roles:
    overview.alarms(speaker, plan)
if who.account.officer is not None:
    overview.next_duty(speaker, plan, who.account.officer, moment)
if Role.ADMINISTRATOR in roles:
    overview.accounts_note(speaker)
if may_read(who.actor):
    if not plan.visits:
        overview.first_steps(who)
    else:
        visits, changes = st.columns([3, 2], gap="large")
        with visits:
            overview.visits(who, plan, moment)
        with changes:
            overview.lately(speaker, plan)
if not roles:
    st.info(speaker("Your account has no role yet. Ask the administrator."))
