"""The glossary says what every term means, in both languages."""

from __future__ import annotations

import dataclasses

from planner.glossary import TermSource, glossary
from planner.search import found


def test_every_term_has_a_meaning_in_both_languages() -> None:
    terms = glossary()

    empty = [
        (term.term, field.name) for term in terms for field in dataclasses.fields(term) if not getattr(term, field.name)
    ]

    assert empty == []
    assert len({term.term for term in terms}) == len(terms) == 86
    assert all(term.definition_vi != term.definition for term in terms)


def test_chapters_have_one_name_in_each_language_and_follow_each_other() -> None:
    chapters = [(term.chapter_in("en"), term.chapter_in("vi")) for term in glossary()]

    in_order = list(dict.fromkeys(chapters))

    assert len(in_order) == len({en for en, _ in in_order}) == len({vi for _, vi in in_order}) == 5
    assert chapters == sorted(chapters, key=in_order.index)


def test_a_term_says_whether_its_vietnamese_form_was_seen_in_print() -> None:
    sources = {term.term: term.source for term in glossary()}

    assert (sources["delegation"], sources["post order"], sources["choke point"]) == (
        TermSource.SEEN,
        TermSource.UNCONFIRMED,
        TermSource.UNCONFIRMED,
    )


def test_terms_are_found_in_either_language_without_diacritics() -> None:
    terms = glossary()

    assert [term.term for term in found("phong cho", terms, text=lambda t: t.term_vi)] == ["holding room"]
    assert [term.term for term in found("wreath laying", terms, text=lambda t: t.words)][:1] == ["wreath laying"]
