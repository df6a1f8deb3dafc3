"""The glossary: every term of the field with its Vietnamese form and what it means, in both languages.

The terms stand in ``locales/glossary.tsv``, which a native officer can correct without touching code.
"""

from __future__ import annotations

import csv
import functools
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from domain.base import value
from planner.text import Tongue

GLOSSARY = Path(__file__).parent / "locales" / "glossary.tsv"


class TermSource(StrEnum):
    """How sure the Vietnamese form is."""

    SEEN = "seen"
    PARTLY = "partly"
    UNCONFIRMED = "unconfirmed"


@value
class Term:
    """A term with its chapter and meaning, in English and in Vietnamese (``…_vi``)."""

    chapter: str
    chapter_vi: str
    term: str
    term_vi: str
    source: TermSource
    definition: str
    definition_vi: str

    def chapter_in(self, language: Tongue) -> str:
        return self.chapter_vi if language == "vi" else self.chapter

    @property
    def words(self) -> str:
        """All of it, for the search."""
        return f"{self.term} {self.term_vi} {self.definition} {self.definition_vi}"


@functools.cache
def glossary() -> tuple[Term, ...]:
    """All terms, by chapter and in the order of the work."""
    with GLOSSARY.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
        return TypeAdapter(tuple[Term, ...]).validate_python(tuple(rows))
