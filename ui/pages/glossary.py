"""Glossary: every term of the field in both languages side by side, found without diacritics."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

import streamlit as st

from planner.glossary import Term, TermSource, glossary
from planner.search import found
from ui import session

speaker = session.current().speaker
language = speaker.language


def _table(terms: Iterable[Term]) -> str:
    """Terms as rows: both names, both meanings, the reader's language first."""
    said = {"vi": speaker("Vietnamese"), "en": speaker("English")}
    order = ("vi", "en") if language == "vi" else ("en", "vi")
    head = "".join(f'<th scope="col">{escape(said[tongue])}</th>' for tongue in order)
    rows = "".join(f"<tr>{''.join(_cell(term, tongue) for tongue in order)}</tr>" for term in terms)
    return f'<div class="plan-table glossary"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(term: Term, tongue: str) -> str:
    name, meaning = (term.term_vi, term.definition_vi) if tongue == "vi" else (term.term, term.definition)
    unsure = ""
    if tongue == "vi" and term.source is not TermSource.SEEN:
        unsure = f" <em>({escape(speaker('not confirmed'))})</em>"
    return f'<td lang="{tongue}"><strong>{escape(name)}</strong>{unsure}<small>{escape(meaning)}</small></td>'


st.title(speaker("Glossary"), anchor=False)
st.session_state.setdefault("glossary_query", st.query_params.get("q", "")[:100])
query = st.text_input(
    speaker("Search both languages"),
    key="glossary_query",
    type="search",
    placeholder=speaker("e.g. chot, delegation"),
    icon=":material/search:",
    max_chars=100,
    live=True,
    help=speaker("Without diacritics too: «doan» finds đoàn."),
)
if query:
    st.query_params["q"] = query
else:
    st.query_params.pop("q", None)
terms = found(query or "", glossary(), lambda term: term.words)
st.caption(
    speaker.counted("{n} term", "{n} terms", len(terms))
    + " · "
    + speaker("Terms marked as not confirmed should be checked by a native officer before official use.")
)
if not terms:
    st.info(speaker("No term is like that. Try fewer letters."), icon=":material/search_off:")
elif query:
    st.html(_table(terms))
else:
    for chapter, group in groupby(terms, key=lambda term: term.chapter_in(language)):
        st.subheader(chapter, anchor=False)
        st.html(_table(group))
