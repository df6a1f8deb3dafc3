"""Everything the router and the map packs say is said in Vietnamese too, with the same places for values."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import planner.routing
from planner.text import LOCALES

FOLDER = Path(planner.routing.__file__).parent
MODULES = ["basemap", "chokepoints", "engine", "extract", "map_pack", "valhalla_worker"]


def said(module: str) -> set[str]:
    """The sentences of a module: what stands first in ``because``, ``message`` and ``counted``."""
    calls = [
        node for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in SPEAKING]
    return {str(call.args[0].value) for call in named if call.args and isinstance(call.args[0], ast.Constant)}


SPEAKING = {"because", "message", "counted"}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("module", MODULES)
def test_every_sentence_has_its_translation(module: str) -> None:
    with (LOCALES / "vi" / "routing.po").open("rb") as stream:
        catalog = read_po(stream, locale="vi")
    spoken = {(entry.id if isinstance(entry.id, str) else entry.id[0]): entry.string for entry in catalog if entry.id}
    translations = {key: text if isinstance(text, str) else (text or ("",))[0] for key, text in spoken.items()}

    sentences = said(module)

    assert sentences
    assert sentences - set(translations) == set()
    assert [sentence for sentence in sentences if places(sentence) != places(translations[sentence])] == []
