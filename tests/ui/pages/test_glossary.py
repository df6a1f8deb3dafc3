"""The page «Glossary»: every term in both languages, found without diacritics, by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.glossary import glossary
from tests.demo_pages import said
from tests.planning_pages import new_site_seen_by, opened
from ui.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with new_site_seen_by("officer", tmp_path) as shell:
        yield shell


def test_all_terms_stand_in_their_chapters_with_both_languages(shell: Shell) -> None:
    run = opened("glossary")

    assert not run.exception
    assert [heading.value for heading in run.subheader] == list(dict.fromkeys(t.chapter for t in glossary()))
    assert said(run).count("<tr><td") == len(glossary())
    assert '<td lang="vi"><strong>trưởng đoàn</strong>' in said(run)


@pytest.mark.parametrize("query", ["truong doan", "trưởng đoàn", "HEAD OF DELEGATION"])
def test_a_term_is_found_in_either_language_without_diacritics(shell: Shell, query: str) -> None:
    run = opened("glossary", q=query)

    first = said(run).partition("<tbody>")[2].partition("</tr>")[0]
    assert "trưởng đoàn" in first


def test_typing_narrows_the_terms_and_stands_in_the_address(shell: Shell) -> None:
    run = opened("glossary")

    run.text_input(key="glossary_query").set_value("interpreter").run()

    assert run.query_params["q"] in ("interpreter", ["interpreter"])
    assert 0 < said(run).count("<tr><td") < len(glossary())


def test_nothing_found_says_what_to_do(shell: Shell) -> None:
    run = opened("glossary", q="<b>zz</b>")

    assert "No term is like that. Try fewer letters." in said(run)


def test_the_reader_s_language_comes_first(shell: Shell) -> None:
    shell.accounts.set_look("officer", language="vi")

    run = opened("glossary", q="delegation")

    assert '<th scope="col">Tiếng Việt</th><th scope="col">Tiếng Anh</th>' in said(run)
