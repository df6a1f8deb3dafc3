"""A field without a choice says so in the reader's language: left to itself the library says it in English."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "ui").rglob("*.py"))


def speechless(source: str) -> list[int]:
    """The lines of fields that may be empty and have no words of ours for it."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {one.arg: one.value for one in node.keywords}
            chosen = given.get("index")
            empty = isinstance(chosen, ast.Constant) and chosen.value is None
            may_be_empty = node.func.attr == "multiselect" or (node.func.attr == "selectbox" and empty)
            if may_be_empty and "placeholder" not in given:
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("file", PAGES)
def test_no_field_is_left_to_say_in_english_that_it_is_empty(file: str) -> None:
    assert speechless((ROOT / file).read_text("utf-8")) == []


def test_a_field_without_words_is_found() -> None:
    source = "st.multiselect('Roles', [])\nst.selectbox('Post', [], index=None)\nst.selectbox('Post', [], index=0)\n"

    assert speechless(source) == [1, 2]
