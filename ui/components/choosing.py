"""Choosing what a page is about, bound to the address: ``?visit=LA-2026-01&day=2026-11-24&post=P-07``.

What the address names is shown; without it the visit looked at last, else the one nearest to today. Whatever is
shown stands in the address, so that it can be sent to somebody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from domain.plan import Plan
from domain.secrecy import mark_of
from domain.values import SecrecyLevel
from domain.visit import Visit
from planner.text import Speaker
from ui import reading, session
from ui.plain_text import plain

_LAST: Final = "choosing.visit"
#: More options than these go into a select box.
_SIDE_BY_SIDE: Final = 9


def visit_chooser(speaker: Speaker, plan: Plan, now: datetime) -> Visit | None:
    """The visit that the page is about, chosen in a select box; None (and what to do first) where there is none."""
    visits = in_order(plan.visits, now)
    if not visits:
        _none_yet(speaker)
        _way_in(speaker, st.query_params.get("visit"))
        return None
    by_code = {visit.key: visit for visit in visits}
    remembered = st.session_state.get(_LAST)
    default = remembered if remembered in by_code else visits[0].key
    asked = st.query_params.get("visit")
    if asked is not None and asked not in by_code:
        reading.refused(asked)
    code = chosen(
        speaker,
        speaker("Visit"),
        tuple(by_code),
        query="visit",
        default=default,
        shown=lambda key: visit_label(speaker, by_code[key]),
    )
    if asked is not None and asked not in by_code:
        _way_in(speaker, asked)
    st.session_state[_LAST] = code
    reading.visit(code)
    mark = mark_of(plan, code)
    if mark is not SecrecyLevel.NONE:
        st.badge(speaker.label(mark).upper(), icon=":material/lock:", color="red")
    return by_code[code]


def _none_yet(speaker: Speaker) -> None:
    """What to do where there is no visit: register one, for who may and is not there already."""
    if not session.may("register_visit"):
        nothing, planner = speaker("There is no visit yet."), speaker("A planner registers the first one.")
        st.info(f"{nothing} {planner}", icon=":material/flag:")
    elif session.page() == "visits":
        st.info(speaker("There is no visit yet."), icon=":material/flag:")
    else:
        st.info(speaker("There is no visit yet. Register one on the page «Visits»."), icon=":material/flag:")
        with contextlib.suppress(StreamlitPageNotFoundError):
            st.page_link("pages/visits.py", label=speaker("Register a visit"), icon=":material/add:")
    st.caption(members_alone(speaker))


def members_alone(speaker: Speaker) -> str:
    """Whom to ask where a visit is missing; said wherever none is shown, so that it tells of none."""
    return speaker(
        "A visit is shown only to those who belong to it. If one that you work on is missing, ask its commander or "
        "planner to let you in."
    )


def _way_in(speaker: Speaker, asked: str | None) -> None:
    """The way to the form of who needs to see a visit of others: the same whether anything carries that code."""
    if asked is None or not session.reader().may_open_more:
        return
    label = speaker("I need to see a visit I am not a member of")
    with contextlib.suppress(StreamlitPageNotFoundError):  # the page «Visits» is in the menu of whoever may
        st.page_link("pages/visits.py", label=label, icon=":material/emergency:", query_params={"emergency": asked})


def chosen(
    speaker: Speaker,
    label: str,
    options: Sequence[str],
    *,
    query: str,
    default: str,
    shown: Callable[[str], str] = str,
    side_by_side: bool = False,
) -> str:
    """One of ``options`` (codes, at least one), chosen with a widget of the key ``chosen_{query}``, as the query says.

    ``side_by_side`` shows a few options beside each other instead of a select box. A code in the address that nothing
    carries is named, and the default shown.
    """
    asked = st.query_params.get(query)
    if asked is not None and asked not in options:
        st.warning(speaker("There is no «{code}» here.", code=plain(asked)), icon=":material/search_off:")
    code = default if asked is None or asked not in options else asked
    key = f"chosen_{query}"
    st.session_state[key] = code
    if side_by_side and len(options) <= _SIDE_BY_SIDE:
        st.segmented_control(
            label,
            options,
            format_func=lambda option: plain(shown(option)),
            key=key,
            on_change=_into_address,
            args=(query,),
            required=True,
            wrap=True,
        )
    else:
        st.selectbox(label, options, format_func=shown, key=key, on_change=_into_address, args=(query,))
    if asked != code:
        st.query_params[query] = code
    return code


def in_order(visits: Sequence[Visit], now: datetime) -> list[Visit]:
    """The visit nearest to now first: one that goes on, then the next to come, then past ones; cancelled ones last."""
    return sorted(visits, key=lambda visit: (visit.cancelled, *_distance(visit, now), visit.key))


def visit_label(speaker: Speaker, visit: Visit) -> str:
    """Code, title and first day; says where it is cancelled."""
    label = f"{visit.key} · {visit.details.title} · {speaker.day(visit.details.first_day)}"
    return f"✕ {label} ({speaker('cancelled')})" if visit.cancelled else label


def there(speaker: Speaker, visit: Visit) -> Speaker:
    """The same reader's speaker with times of the place of the visit."""
    return Speaker(speaker.language, visit.details.zone)


def today(visit: Visit, now: datetime) -> date:
    """The day it is where the visit takes place."""
    return now.astimezone(ZoneInfo(visit.details.zone)).date()


def _distance(visit: Visit, now: datetime) -> tuple[int, int]:
    here = today(visit, now)
    if visit.details.last_day < here:
        return (1, (here - visit.details.last_day).days)
    return (0, max((visit.details.first_day - here).days, 0))


def _into_address(query: str) -> None:
    st.query_params[query] = st.session_state[f"chosen_{query}"]
