"""What a reader walks along: a visit, kinds of events, a person, words; all of it in the address."""

from __future__ import annotations

from typing import Final

import streamlit as st

from domain.plan import Plan
from planner.access.reader import Reader
from planner.history.walks import Asked
from planner.text import Speaker
from planner.vocabulary import EVENT_NAMES
from ui.components.event_card import person
from ui.components.replay import AT
from ui.downloads import address
from ui.plain_text import plain

_NAMES: Final = {kind.__name__: said for kind, said in EVENT_NAMES.items()}
_LONGEST: Final = 200
#: What the address may say; ``visit`` is chosen beside.
_FILTERS: Final = ("kind", "by", "q")


def asked(speaker: Speaker, plan: Plan, *, force: bool) -> Asked:
    """What the address asks for; a visit, a kind of event or a person that does not exist is said and left out."""
    given = st.query_params
    visit, kind = given.get("visit", ""), given.get("kind", "")
    if visit and f"visit/{visit}" not in plan.entities:
        _unknown(speaker("There is no visit {code}. Everything is shown.", code=plain(visit)))
        visit = ""
    if kind and kind not in _NAMES:
        _unknown(speaker("There is no kind of event {code}. All kinds are shown.", code=plain(kind)))
        kind = ""
    return Asked(visit, kind, given.get("by", "")[:_LONGEST], given.get("q", "").strip()[:_LONGEST], force)


def choose(speaker: Speaker, plan: Plan, found: Reader, given: Asked) -> None:
    """The visit, and behind a button the other filters."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="history_filters"):
        titles = {"": speaker("Everything"), **{v.key: f"{v.key} · {v.details.title}" for v in plan.visits}}
        st.session_state["history_visit"] = given.visit
        st.selectbox(
            speaker("History of"),
            list(titles),
            format_func=titles.__getitem__,
            key="history_visit",
            width=380,
            on_change=_into_address,
            args=("visit", "history_visit"),
        )
        _filters(speaker, found, given)
        _files(speaker, given)


def _filters(speaker: Speaker, found: Reader, given: Asked) -> None:
    number = sum(bool(part) for part in (given.kind, given.by, given.words))
    label = speaker("Filter ({n})", n=number) if number else speaker("Filter")
    opened = st.popover(label, icon=":material/filter_list:", key="history_filter", on_change="rerun")
    if number:
        st.button(speaker("Remove the filter"), icon=":material/filter_list_off:", key="no_filter", on_click=_clear)
    if not opened.open:
        return
    with opened, st.spinner(speaker("Reading the log…")):
        doings = found.doings()
        kinds = sorted(doings.kinds, key=lambda kind: speaker.say(_NAMES[kind]))
        _select(
            speaker("Kind of event"),
            "kind",
            given.kind,
            {kind: f"{speaker.say(_NAMES[kind])} ({doings.kinds[kind]})" for kind in kinds},
            speaker("all kinds"),
        )
        people = sorted(doings.by, key=lambda user: (-doings.by[user], user))
        _select(
            speaker("By"),
            "by",
            given.by,
            {user: f"{person(user)} ({doings.by[user]})" for user in people},
            speaker("everybody"),
        )
        st.session_state["history_q"] = given.words
        st.text_input(
            speaker("Words, names, codes, reasons"),
            key="history_q",
            type="search",
            placeholder=speaker("e.g. dang, P-07"),
            max_chars=_LONGEST,
            on_change=_into_address,
            args=("q", "history_q"),
            help=speaker("Without diacritics too: «dang» finds Đặng."),
        )


def _select(label: str, query: str, held: str, options: dict[str, str], everything: str) -> None:
    names = {"": everything, **options}
    if held not in names:
        names[held] = held
    key = f"history_{query}"
    st.session_state[key] = held
    st.selectbox(label, list(names), format_func=names.__getitem__, key=key, on_change=_into_address, args=(query, key))


def _files(speaker: Speaker, given: Asked) -> None:
    opened = st.popover(speaker("Download"), icon=":material/download:", key="history_files", on_change="rerun")
    if not opened.open:
        return
    reader = {"language": speaker.language, "zone": speaker.zone.key}
    events = {"visit": given.visit, "kind": given.kind, "by": given.by, "q": given.words, **reader}
    with opened:
        st.caption(speaker("The events that are shown here, or the whole plan of the visit."))
        st.link_button(speaker("Events as CSV"), address("history.csv", **events), key="events_csv")
        st.link_button(speaker("Events as JSON"), address("history.json", **events), key="events_json")
        if given.visit and given.force:
            at = st.query_params.get(AT, "")
            label = speaker("Plan as of this event, as JSON")
            st.link_button(label, address("plan.json", visit=given.visit, at=at), key="plan_json")


def _into_address(query: str, key: str) -> None:
    chosen = st.session_state[key]
    if chosen:
        st.query_params[query] = chosen
    else:
        st.query_params.pop(query, None)


def _clear() -> None:
    for query in _FILTERS:
        st.query_params.pop(query, None)


def _unknown(said: str) -> None:
    st.warning(said, icon=":material/search_off:")
