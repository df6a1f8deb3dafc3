"""Tables and lines as plain HTML: every script in its own font, read aloud row by row, names exactly as typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st


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


def show(headings: Sequence[str], rows: Iterable[Row], *, caption: str = "", key: str | None = None) -> None:
    """A table; rows have as many cells as there are headings."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(_row(row) for row in rows)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    label = f' aria-label="{escape(caption)}"' if caption else ""
    with st.container(key=key):
        st.html(
            f'<div class="plan-table" role="region" tabindex="0"{label}><table>{said}<thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )


def line(text: str, kind: str = "fact-line") -> None:
    """One line of text of a kind that the style sheet knows."""
    st.html(f'<p class="{kind}">{escape(text)}</p>')


def _row(row: Row) -> str:
    kind = " ".join(name for name, held in (("off", row.off), ("chosen", row.chosen)) if held)
    cells = "".join(_cell(cell if isinstance(cell, Cell) else Cell(cell)) for cell in row.cells)
    return f'<tr class="{kind}">{cells}</tr>' if kind else f"<tr>{cells}</tr>"


def _cell(cell: Cell) -> str:
    language = f' lang="{escape(cell.language)}"' if cell.language else ""
    below = f"<small>{escape(cell.below)}</small>" if cell.below else ""
    return f"<td{language}>{escape(cell.text)}{below}</td>"
