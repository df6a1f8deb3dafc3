"""Delegations of a visit: the facts, the members as a table, and the forms for both."""

from __future__ import annotations

from typing import Any

import streamlit as st

from domain.delegation import Delegation, DelegationDetails
from domain.plan import Plan
from domain.values import SecrecyLevel
from domain.visit import Visit, VisitCategory
from planner.text import Speaker
from ui import session
from ui.components import member_forms, plain_table
from ui.components.choosing import chosen
from ui.components.inputs import fresh, next_code, opened, reason_input
from ui.components.plain_table import line
from ui.components.visit_forms import countries
from ui.plain_text import plain
from ui.session import Session


def show(here: Session, plan: Plan, visit: Visit) -> None:
    """The delegations of the visit, one at a time, with members and forms."""
    speaker = here.speaker
    delegations = {one.code: one for one in plan.delegations(visit.key)}
    changes = session.may("register_delegation", visit.key) and not visit.cancelled
    if delegations:
        code = chosen(
            speaker,
            speaker("Delegation"),
            tuple(delegations),
            query="delegation",
            default=next(iter(delegations)),
            shown=lambda code: f"{code} · {delegations[code].details.name}",
            side_by_side=len(delegations) < 4,
        )
        _one(here, visit, delegations[code], changes)
    else:
        st.info(speaker("No delegation has been entered yet."), icon=":material/groups:")
    if changes:
        part = opened(speaker("New delegation"), "new_delegation", ":material/group_add:", expanded=not delegations)
        if part:
            with part:
                _register(here, visit, tuple(delegations))


def _one(here: Session, visit: Visit, delegation: Delegation, changes: bool) -> None:
    speaker = here.speaker
    _told(speaker, delegation)
    member_forms.table(speaker, delegation)
    if not changes:
        return
    if delegation.withdrawn:
        reason = reason_input(speaker, f"reinstate_delegation_reason_{delegation.code}")
        if st.button(speaker("It comes after all"), key="reinstate_delegation", icon=":material/undo:"):
            done = speaker("Delegation {code} comes after all.", code=delegation.code)
            planner = session.planner()
            session.act(
                done, lambda: planner.reinstate_delegation(visit.key, delegation.code, by=here.actor, reason=reason)
            )
        return
    picked = member_forms.chooser(speaker, delegation)
    label = speaker("Change member {code}", code=plain(picked.code)) if picked else speaker("New member")
    key = f"member_form_{picked.code if picked else 'new'}"
    wanted = picked is not None or not delegation.members
    if part := opened(label, key, ":material/person:", expanded=wanted):
        with part:
            member_forms.form(here, visit, delegation, picked)
    if part := opened(speaker("Change the delegation"), "amend_delegation_form", ":material/edit:"):
        with part:
            _amend(here, visit, delegation)
    if part := opened(speaker("The delegation does not come"), "withdraw_delegation_form", ":material/block:"):
        with part:
            _withdraw(here, visit, delegation)


def _told(speaker: Speaker, delegation: Delegation) -> None:
    details = delegation.details
    if delegation.withdrawn:
        st.warning(speaker("This delegation does not come."), icon=":material/block:")
    land = speaker.country(details.country)
    facts = (
        (speaker("Country"), f"{land}, {details.province}" if details.province else land),
        (speaker("Category"), speaker.label(details.category)),
        (speaker("Invited by"), details.inviting_agency),
        (speaker("Reception presided by"), details.presiding_agency),
        (speaker("Purpose"), details.purpose),
        (speaker("Secrecy mark"), speaker.label(details.secrecy)),
        (speaker("Size"), _size(speaker, delegation)),
    )
    rows = (plain_table.Row((name, told)) for name, told in facts if told)
    plain_table.show((speaker("Fact"), details.name), rows, key="delegation_facts")


def _size(speaker: Speaker, delegation: Delegation) -> str:
    planned, entered = delegation.details.planned_size, len(delegation.members)
    if not planned:
        return speaker.counted("{n} member entered", "{n} members entered", entered)
    said = speaker("{entered} of {planned} announced members entered", entered=entered, planned=planned)
    return said if planned == entered else f"▲ {said}"


def _register(here: Session, visit: Visit, taken: tuple[str, ...]) -> None:
    speaker, planner = here.speaker, session.planner()
    key = fresh("new_delegation", visit.key, taken)
    with st.form(key, border=False):
        width = "D-1" if not taken else ""
        code = st.text_input(
            speaker("Code"), width or next_code(taken, "D"), key=f"{key}_code", max_chars=40, width=140
        )
        facts = _delegation_facts(speaker, None, visit.key[:2], key)
        reason = reason_input(speaker, f"{key}_reason")
        asked = st.form_submit_button(speaker("Enter the delegation"), key="register_delegation", type="primary")
    if asked:
        with session.refusals():
            details = DelegationDetails(**facts)
            done = speaker("Delegation {code} was entered.", code=code)
            session.act(
                done,
                lambda: planner.register_delegation(visit.key, code.strip(), details, by=here.actor, reason=reason),
            )


def _amend(here: Session, visit: Visit, delegation: Delegation) -> None:
    speaker, planner = here.speaker, session.planner()
    key = fresh("delegation", delegation.key, delegation.details)
    with st.form(key, border=False):
        facts = _delegation_facts(speaker, delegation.details, delegation.details.country, key)
        reason = reason_input(speaker, f"{key}_reason")
        asked = st.form_submit_button(speaker("Save the changes"), key="amend_delegation", type="primary")
    if asked:
        with session.refusals():
            details = DelegationDetails(**facts)
            done = speaker("Delegation {code} was changed.", code=delegation.code)
            session.act(
                done,
                lambda: planner.amend_delegation(visit.key, delegation.code, details, by=here.actor, reason=reason),
            )


def _withdraw(here: Session, visit: Visit, delegation: Delegation) -> None:
    speaker, planner = here.speaker, session.planner()
    line(speaker("Its members stay entered; it can be reinstated."))
    reason = reason_input(speaker, f"withdraw_reason_{delegation.code}", needed=True)
    if st.button(speaker("Withdraw {code}", code=plain(delegation.code)), key="withdraw_delegation"):
        done = speaker("Delegation {code} does not come.", code=delegation.code)
        session.act(done, lambda: planner.withdraw_delegation(visit.key, delegation.code, by=here.actor, reason=reason))


def _delegation_facts(speaker: Speaker, held: DelegationDetails | None, country: str, key: str) -> dict[str, Any]:
    listed = countries(speaker)
    facts: dict[str, Any] = {
        "name": st.text_input(
            speaker("Name of the delegation"), held.name if held else "", key=f"{key}_name", max_chars=200
        )
    }

    def text(field: str, label: str, width: int) -> None:
        value = getattr(held, field) if held else ""
        facts[field] = st.text_input(label, value, key=f"{key}_{field}", max_chars=200, width=width) or ""

    with st.container(horizontal=True):
        facts["country"] = st.selectbox(
            speaker("Country"),
            listed,
            index=listed.index(country) if country in listed else 0,
            format_func=speaker.country,
            key=f"{key}_country",
            width=240,
        )
        text("province", speaker("Province"), 220)
        text("inviting_agency", speaker("Inviting agency"), 300)
        text("presiding_agency", speaker("Agency presiding over the reception"), 300)
        facts["category"] = st.selectbox(
            speaker("Category"),
            list(VisitCategory),
            index=list(VisitCategory).index(held.category if held else VisitCategory.WORKING),
            format_func=speaker.label,
            key=f"{key}_category",
            width=240,
        )
        facts["secrecy"] = st.selectbox(
            speaker("Secrecy mark"),
            list(SecrecyLevel),
            index=held.secrecy.rank if held else 0,
            format_func=speaker.label,
            key=f"{key}_secrecy",
            width=180,
        )
        facts["planned_size"] = st.number_input(
            speaker("Announced members"), 0, 100_000, held.planned_size if held else 0, key=f"{key}_size", width=160
        )
    facts["purpose"] = st.text_area(
        speaker("Purpose"), held.purpose if held else "", key=f"{key}_purpose", max_chars=8000
    )
    return facts
