"""Text that people typed, where Streamlit reads Markdown; and what becomes of it."""

from __future__ import annotations

import pytest

from ui.plain_text import plain


@pytest.mark.parametrize("text", ["", "Trần Văn Đạt", "08.00, phòng A (tầng 2)", "ສົມສະຫວາດ", "O'Brien", "50%"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("<b>", r"\<b\>"),
        ("${1}", r"\$\{1\}"),
        ("a_b_c", r"a\_b\_c"),
        (":red[x]", r"\:red\[x\]"),
        (":material/lock:", "\\:\u2060material/lock\\:"),
        (":streamlit:", "\\:\u2060streamlit\\:"),
        ("&lt;", r"\&lt;"),
        ("1. x", r"1\. x"),
        ("- x", r"\- x"),
        ("a - b", "a - b"),
        ("a -- b", "a \u2060-- b"),
    ],
)
def test_what_would_be_read_as_a_mark_is_escaped(typed: str, marked: str) -> None:
    assert plain(typed) == marked


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("08:00–12:00", "08:00–12:00"),
        ("Ca 6:30", "Ca 6:30"),
        ("8:100: x", "8\\:100\\: x"),
        ("1:12:1", "1\\:12\\:1"),
        (":00", "\\:00"),
        ("Phố:12", "Phố\\:12"),
        ("1:red[x]", "1\\:red\\[x\\]"),
    ],
)
def test_the_colon_of_a_clock_is_read_aloud_as_it_is_and_no_other(typed: str, escaped: str) -> None:
    assert plain(typed) == escaped
