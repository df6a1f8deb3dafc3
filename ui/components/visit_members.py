"""Who belongs to a visit, or to every visit: the table with the reasons, and the forms of who may decide on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import streamlit as st

from domain.base import Role
from domain.membership import ROLES, Terms, given_by
from planner.access.reader import Reader
from planner.access.roll import Entry, roll
from planner.deciding import Outcome
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.inputs import fresh, moment_input, reason_input
from ui.plain_text import plain
from ui.session import Session
from ui.shell import shell

#: How long a membership lasts at first, where it is only for a time.
_USUAL: Final = timedelta(days=1)


def show(here: Session, reader: Reader, visit: str) -> None:
    """The members of a visit, of every visit where it is empty; times are those of the speaker of ``here``."""
    speaker, user = here.speaker, here.account.user
    listed = roll(reader, visit)
    _table(speaker, listed, reader.clock())
    if visit and (everywhere := roll(reader, "")):
        told = ", ".join(f"{one.user} ({_said(speaker, one.terms.roles)})" for one in everywhere)
        st.caption(plain(speaker("Members of every visit: {members}", members=told)))
    roles = reader.roles_in(visit) if visit else reader.actor.roles
    decidable = [one for one in listed if one.membership.decided_by(user, roles)]
    ways = {"": speaker("Members")}
    if reader.may("grant_membership" if visit else "grant_site_membership", visit):
        ways["grant"] = speaker("Let somebody in")
    if decidable and reader.may("amend_membership" if visit else "amend_site_membership", visit):
        ways["change"] = speaker("Change or end a membership")
    if visit and reader.may("end_membership", visit) and any(one.user == user for one in listed):
        ways["leave"] = speaker("Leave the visit")
    way = ""
    if len(ways) > 1:
        way = st.segmented_control(
            speaker("What to do"),
            list(ways),
            default="",
            format_func=ways.__getitem__,
            key=f"members_way_{visit}",
            required=True,
        )
    match way:
        case "grant":
            _grant(here, reader, visit, [one.user for one in listed], given_by(roles, visit))
        case "change":
            _change(here, reader, visit, decidable, given_by(roles, visit))
        case "leave":
            _leave(here, visit)


def _table(speaker: Speaker, listed: Sequence[Entry], now: datetime) -> None:
    if not listed:
        st.info(speaker("Nobody is a member."), icon=":material/group_off:")
        return
    plain_table.show(
        (speaker("Account"), speaker("Roles"), speaker("From"), speaker("Until"), speaker("Why"), speaker("Decided")),
        (
            plain_table.Row(
                (
                    one.user,
                    _said(speaker, one.terms.roles),
                    "" if one.terms.opens is None else speaker.moment(one.terms.opens),
                    "" if one.terms.closes is None else speaker.moment(one.terms.closes),
                    speaker("registered the visit") if one.registered else one.reason,
                    f"{one.by}, {speaker.moment(one.decided_at)}",
                ),
                off=not one.terms.holds(now),
            )
            for one in listed
        ),
        caption=speaker.counted("{n} account", "{n} accounts", len(listed)),
        key="visit_members",
    )
    st.caption(speaker("A role counts only where the account has it too. Officers belong to a visit by their duties."))


def _said(speaker: Speaker, roles: frozenset[Role]) -> str:
    return ", ".join(speaker.label(role) for role in sorted(roles))


def _grant(here: Session, reader: Reader, visit: str, taken: Sequence[str], may_be: frozenset[Role]) -> None:
    speaker = here.speaker
    known = {one.user: one for one in shell().accounts if one.roles & ROLES and not one.disabled}
    free = [user for user in known if user not in taken and user != here.account.user]
    if not free:
        st.text(speaker("Every account that can be a member is one already."))
        return
    user = st.selectbox(
        speaker("Account"),
        free,
        format_func=lambda one: f"{one} · {known[one].display_name}".removesuffix(" · "),
        key="granted_user",
        width=480,
    )
    key = fresh("grant", visit, user, len(taken))
    terms = _terms(here, key, may_be, known[user].roles & may_be, reader.clock())
    reason = reason_input(speaker, f"{key}_reason", needed=True)
    if st.button(speaker("Let in"), key="grant_membership", type="primary"):
        _decide(speaker("{user} is a member now.", user=user), "grant", visit, user, terms, here, reason)


def _change(here: Session, reader: Reader, visit: str, decidable: Sequence[Entry], may_be: frozenset[Role]) -> None:
    speaker = here.speaker
    held = {one.user: one.terms for one in decidable}
    user = st.selectbox(speaker("Account"), list(held), key="changed_member", width=480)
    key = fresh("amend", visit, user, held[user])
    terms = _terms(here, key, may_be, held[user].roles, reader.clock(), held[user])
    reason = reason_input(speaker, f"{key}_reason", needed=True)
    with st.container(horizontal=True):
        amends = st.button(speaker("Save the changes"), key="amend_membership", type="primary")
        ends = st.button(speaker("End the membership"), key="end_membership", icon=":material/person_remove:")
    if amends:
        _decide(speaker("{user} has other terms now.", user=user), "amend", visit, user, terms, here, reason)
    if ends:
        _decide(speaker("{user} is no longer a member.", user=user), "end", visit, user, None, here, reason)


def _leave(here: Session, visit: str) -> None:
    speaker, user = here.speaker, here.account.user
    st.text(speaker("You will see nothing of this visit any more, and cannot let yourself in again."))
    reason = reason_input(speaker, f"leave_reason_{visit}", needed=True)
    if st.button(speaker("Leave"), key="leave_visit", icon=":material/logout:"):
        _decide(speaker("You have left the visit."), "end", visit, user, None, here, reason)


def _terms(
    here: Session, key: str, may_be: frozenset[Role], roles: frozenset[Role], now: datetime, held: Terms | None = None
) -> Callable[[], Terms]:
    """Roles and the time box; what was chosen makes no terms where no role is named, which is said when it is asked."""
    speaker, zone = here.speaker, here.speaker.zone.key
    chosen = st.multiselect(
        speaker("Roles"),
        sorted(may_be),
        sorted(roles & may_be),
        format_func=speaker.label,
        key=f"{key}_roles",
        placeholder=speaker("Choose roles"),
        width=480,
    )
    opens, closes = (held.opens, held.closes) if held is not None else (None, None)
    box: dict[str, datetime | None] = {"opens": None, "closes": None}
    if st.checkbox(speaker("Only from a time on"), opens is not None, key=f"{key}_opening"):
        box["opens"] = moment_input(speaker, zone, f"{key}_opens", speaker("From"), opens or now)
    if st.checkbox(speaker("Only until a time"), closes is not None, key=f"{key}_closing"):
        box["closes"] = moment_input(speaker, zone, f"{key}_closes", speaker("Until"), closes or now + _USUAL)
    return lambda: Terms(roles=frozenset(chosen), **box)


def _decide(
    done: str, what: str, visit: str, user: str, terms: Callable[[], Terms] | None, here: Session, reason: str
) -> None:
    planner, where = session.planner(), (visit,) if visit else ()
    command: Callable[..., Outcome] = getattr(planner, f"{what}_membership" if visit else f"{what}_site_membership")

    def given() -> Outcome:
        with_terms: tuple[Any, ...] = () if terms is None else (terms(),)
        return command(*where, user, *with_terms, by=here.actor, reason=reason)

    session.act(done, given, final=True)
