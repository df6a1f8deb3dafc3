"""Tables and lines as plain HTML: every script in its own font, read aloud row by row, names exactly as typed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, NamedTuple

import streamlit as st

#: Tables of more columns than this are drawn on a phone as one card for each row.
_FIT_A_PHONE: Final = 3
#: Codes and zones (``M-01``, ``LA-2026-01``, ``UTC-3``): no line breaks at their hyphens.
_CODE: Final = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{0,9}(?:-[A-Z0-9]{1,8}){1,3}(?![\w-])")


class Cell(NamedTuple):
    """A cell: its text, a smaller line below it, and the language of the text where it is not the reader's."""

    text: str
    below: str = ""
    language: str = ""


class Row(NamedTuple):
    """A row of cells; ``off`` is struck through, ``chosen`` is marked."""

    cells: Sequence[Cell | str]
    off: bool = False
    chosen: bool = False


def show(
    headings: Sequence[str], rows: Iterable[Row], *, caption: str = "", key: str | None = None, look: str = ""
) -> None:
    """A table; rows have as many cells as there are headings. ``look`` names it to the style sheet.

    With a ``key`` it stands in a container of that key.
    """
    with st.container(key=key) if key else contextlib.nullcontext():
        st.html(table(headings, rows, caption=caption, look=look))


def table(headings: Sequence[str], rows: Iterable[Row], *, caption: str = "", look: str = "") -> str:
    """The same as HTML."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(_row(row, headings) for row in rows)
    kind = " ".join(filter(None, ("plan-table", "cards" if len(headings) > _FIT_A_PHONE else "", look)))
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    label = f' aria-label="{escape(caption)}"' if caption else ""
    return (
        f'<div class="{kind}" role="region" tabindex="0"{label}><table>{said}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def line(text: str, kind: str = "fact-line") -> None:
    """One line of text of a kind that the style sheet knows."""
    st.html(f'<p class="{kind}">{html_of(text)}</p>')


def html_of(text: str) -> str:
    """The text as HTML, exactly as typed, with codes that stay on one line."""
    return _CODE.sub(lambda code: f'<span class="code">{code[0]}</span>', escape(text))


def _row(row: Row, headings: Sequence[str]) -> str:
    kind = " ".join(name for name, held in (("off", row.off), ("chosen", row.chosen)) if held)
    cells = "".join(
        _cell(cell if isinstance(cell, Cell) else Cell(cell), heading)
        for cell, heading in zip(row.cells, headings, strict=True)
    )
    return f'<tr class="{kind}">{cells}</tr>' if kind else f"<tr>{cells}</tr>"


def _cell(cell: Cell, heading: str) -> str:
    """The heading stands in the cell too, for the cards of a phone."""
    language = f' lang="{escape(cell.language)}"' if cell.language else ""
    below = f"<small>{html_of(cell.below)}</small>" if cell.below else ""
    return f'<td{language} data-heading="{escape(heading)}">{html_of(cell.text)}{below}</td>'
