"""Members of a delegation: the table in every script, and the form of one."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from domain.delegation import Delegation, Member
from domain.values import PersonName
from domain.visit import MAIN_PARTY, Visit
from planner.text import Speaker
from ui import session
from ui.components import erasing, plain_table
from ui.components.inputs import fresh, next_code, reason_input
from ui.components.plain_table import line
from ui.session import Session
from ui.unchanged import Unchanged

#: Languages of guests that come first in the list.
_LANGUAGES: Final = (
    "lo",
    "km",
    "vi",
    "en",
    "zh",
    "th",
    "fr",
    "ru",
    "ja",
    "ko",
    "my",
    "id",
    "ms",
    "de",
    "es",
    "pt",
    "ar",
)
#: Scripts by their letters, and the language whose font and voice suit them.
_TABLES: Final = Unchanged[str](32)
_SCRIPTS: Final = ((0x0E80, 0x0EFF, "lo"), (0x1780, 0x17FF, "km"), (0x0E00, 0x0E7F, "th"), (0x4E00, 0x9FFF, "zh"))


def table(speaker: Speaker, delegation: Delegation) -> None:
    """The members, the head first, then in the order of precedence."""
    if not delegation.members:
        st.info(speaker("No member has been entered yet."), icon=":material/person_add:")
        return
    chosen = st.query_params.get("member", "")
    key = delegation.key, chosen, speaker.language
    with st.container(key="members_table"):
        st.html(_TABLES.of(key, (delegation,), lambda: _written(speaker, delegation, chosen)))


def _written(speaker: Speaker, delegation: Delegation, chosen: str) -> str:
    names = {member.code: member.name.romanised for member in delegation.members}
    ordered = delegation.in_precedence
    return plain_table.table(
        _headings(speaker),
        (
            plain_table.Row(
                (
                    member.code,
                    "" if member.precedence is None else str(member.precedence),
                    plain_table.Cell(
                        f"{member.name.form_of_address} {member.name.romanised}".strip(),
                        member.name.said and f"[{member.name.said}]",
                    ),
                    plain_table.Cell(member.name.original, language=script_of(member.name.original)),
                    plain_table.Cell(
                        " · ".join(filter(None, (_head(speaker, delegation, member), member.rank))), member.role
                    ),
                    speaker("main party") if member.party == MAIN_PARTY else member.party,
                    names.get(member.spouse_of or "", member.spouse_of or ""),
                    plain_table.Cell(", ".join(map(speaker.tongue, member.languages)), member.needs),
                ),
                chosen=member.code == chosen,
            )
            for member in ordered
        ),
        caption=speaker.counted("{n} member", "{n} members", len(ordered)),
    )


def _headings(speaker: Speaker) -> tuple[str, ...]:
    return (
        speaker("Code"),
        speaker("Precedence"),
        speaker("Name"),
        speaker("Original script"),
        speaker("Rank and role"),
        speaker("Party"),
        speaker("Spouse of"),
        speaker("Languages, needs"),
    )


def _head(speaker: Speaker, delegation: Delegation, member: Member) -> str:
    return f"★ {speaker('head of delegation')}" if member.code == delegation.head else ""


def script_of(text: str) -> str:
    """The language that suits the script of a name; empty for Latin letters."""
    for letter in text:
        for first, last, language in _SCRIPTS:
            if first <= ord(letter) <= last:
                return language
    return ""


def chooser(speaker: Speaker, delegation: Delegation) -> Member | None:
    """The member to change, bound to ``?member=``; None where none is chosen."""
    codes = {member.code: member for member in delegation.members}
    asked = st.query_params.get("member")
    st.session_state["chosen_member"] = asked if asked in codes else None
    st.selectbox(
        speaker("Member to change"),
        list(codes),
        format_func=lambda code: f"{code} · {codes[code].name.romanised}",
        key="chosen_member",
        on_change=_member_chosen,
        placeholder=speaker("Choose a member, or add one below"),
        width=480,
    )
    return codes.get(asked or "")


def _member_chosen() -> None:
    code = st.session_state["chosen_member"]
    if code is None:
        st.query_params.pop("member", None)
    else:
        st.query_params["member"] = code


def form(here: Session, visit: Visit, delegation: Delegation, member: Member | None) -> None:
    """Changes a member, or adds one."""
    speaker, planner = here.speaker, session.planner()
    key = fresh("member", delegation.key, member or len(delegation.members))
    with st.form(key, border=False):
        facts = _member_facts(speaker, delegation, member, key)
        reason = reason_input(speaker, f"{key}_reason")
        label = speaker("Save the changes") if member else speaker("Add the member")
        asked = st.form_submit_button(label, key="save_member", type="primary")
    if asked:
        with session.refusals():
            new = _member(facts)
            if member is None:
                done = speaker("{name} was added.", name=new.name.romanised)
                session.act(
                    done, lambda: planner.add_member(visit.key, delegation.code, new, by=here.actor, reason=reason)
                )
            else:
                done = speaker("{name} was changed.", name=new.name.romanised)
                session.act(
                    done, lambda: planner.amend_member(visit.key, delegation.code, new, by=here.actor, reason=reason)
                )
    if member is not None:
        _head_and_removal(here, visit, delegation, member)
        erasing.show(here, f"{delegation.key}/{member.code}", member.code)


def _member_facts(speaker: Speaker, delegation: Delegation, member: Member | None, key: str) -> dict[str, Any]:
    name = member.name if member else None
    facts: dict[str, Any] = {"code": member.code if member else ""}

    def text(field: str, label: str, value: str, width: int, help_: str | None = None) -> None:
        facts[field] = st.text_input(label, value, key=f"{key}_{field}", max_chars=200, width=width, help=help_) or ""

    with st.container(horizontal=True):
        if member is None:
            text("code", speaker("Code"), next_code((m.code for m in delegation.members), "M"), 110)
        text("form_of_address", speaker("Form of address"), name.form_of_address if name else "", 200)
        text("romanised", speaker("Name, romanised"), name.romanised if name else "", 320)
        text("original", speaker("Name in original script"), name.original if name else "", 320)
        text("said", speaker("How to say it"), name.said if name else "", 220)
        text("rank", speaker("Rank (title of office)"), member.rank if member else "", 320)
        text("role", speaker("Role in the delegation"), member.role if member else "", 240)
        facts |= _standing(speaker, delegation, member, key)
    held = member.languages if member else ()
    facts["languages"] = st.multiselect(
        speaker("Languages"),
        list(dict.fromkeys([*_LANGUAGES, *held])),
        list(held),
        format_func=speaker.tongue,
        key=f"{key}_languages",
        placeholder=speaker("Choose languages"),
    )
    facts["needs"] = st.text_area(
        speaker("Needs (health, diet, religion)"), member.needs if member else "", key=f"{key}_needs", max_chars=8000
    )
    return facts


def _standing(speaker: Speaker, delegation: Delegation, member: Member | None, key: str) -> dict[str, Any]:
    """Where a guest stands in the delegation: party, precedence, whose spouse."""
    facts: dict[str, Any] = {}
    parties = list(dict.fromkeys([MAIN_PARTY, *(m.party for m in delegation.members)]))
    facts["party"] = st.selectbox(
        speaker("Party"),
        parties,
        index=parties.index(member.party) if member else 0,
        format_func=lambda party: speaker("main party") if party == MAIN_PARTY else party,
        accept_new_options=True,
        key=f"{key}_party",
        width=200,
    )
    facts["precedence"] = st.number_input(
        speaker("Precedence"),
        1,
        10_000,
        member.precedence if member else None,
        key=f"{key}_precedence",
        width=150,
        help=speaker("The declared place, 1 first; leave it empty where it is not declared."),
    )
    others = [None, *(m.code for m in delegation.members if member is None or m.code != member.code)]
    names = {m.code: m.name.romanised for m in delegation.members}
    facts["spouse_of"] = st.selectbox(
        speaker("Spouse of"),
        others,
        index=others.index(member.spouse_of) if member and member.spouse_of in others else 0,
        format_func=lambda code: "–" if code is None else f"{code} · {names[code]}",
        key=f"{key}_spouse",
        width=280,
    )
    return facts


def _member(facts: dict[str, Any]) -> Member:
    named = {field: facts[field] for field in ("romanised", "original", "form_of_address", "said")}
    other = {field: value for field, value in facts.items() if field not in named}
    languages = tuple(other.pop("languages"))
    code, party = other.pop("code").strip(), other.pop("party") or MAIN_PARTY
    return Member(name=PersonName(**named), code=code, party=party, languages=languages, **other)


def _head_and_removal(here: Session, visit: Visit, delegation: Delegation, member: Member) -> None:
    """What else may happen to the guest; one reason for either, away from that of the form above."""
    speaker, planner = here.speaker, session.planner()
    head = member.code == delegation.head
    name = member.name.romanised
    with st.container(border=True, key="member_acts"):
        line(speaker("Heads the delegation, or does not come"))
        reason = reason_input(speaker, f"remove_reason_{member.code}", needed=True)
        label = speaker("Is not the head any more") if head else speaker("Make head of delegation")
        with st.container(horizontal=True):
            designates = st.button(label, key="designate_head", icon=":material/star:")
            removes = st.button(speaker("Does not come"), key="remove_member", icon=":material/person_remove:")
    if designates:
        done = speaker("{name} no longer heads it.", name=name) if head else speaker("{name} heads it now.", name=name)
        wanted = None if head else member.code
        session.act(
            done, lambda: planner.designate_head(visit.key, delegation.code, wanted, by=here.actor, reason=reason)
        )
    if removes:
        done = speaker("{name} does not come.", name=name)
        session.act(
            done, lambda: planner.remove_member(visit.key, delegation.code, member.code, by=here.actor, reason=reason)
        )
