"""Home: the visits with what is wrong, what changed lately, the own next duty, and what to do first on a new site."""

from __future__ import annotations

import streamlit as st

from domain.base import Role
from planner.access import may
from ui import session
from ui.components import emergency, overview

who = session.current()
speaker = who.speaker
roles = who.account.roles
reader = session.reader()
plan = reader.plan
moment = session.planner().clock()

st.title(speaker("Home"))
if may(who.actor, "read_visit") or Role.ADMINISTRATOR in roles:
    overview.alarms(who, reader)
    emergency.show(who, reader)
if who.account.officer is not None:
    overview.next_duty(speaker, plan, who.account.officer, moment)
elif Role.OFFICER in roles:
    overview.unlinked(speaker)
if Role.ADMINISTRATOR in roles:
    overview.accounts_note(speaker)
if may(who.actor, "read_visit"):
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
