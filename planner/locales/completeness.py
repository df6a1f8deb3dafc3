"""Whether everything that is said is said in Vietnamese too: what is missing, unsure, broken or no longer said."""

from __future__ import annotations

import dataclasses
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from planner.locales.texts import ROOT, Text, Unclear, source_files, texts

VIETNAMESE = Path(__file__).parent / "vi"

type Key = tuple[str, str | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: in which file and line, and what."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclasses.dataclass(frozen=True, slots=True)
class Translation:
    """One entry of a catalog: its text and plural, and what stands for them."""

    catalog: str
    line: int
    id: str
    plural: str | None
    context: str | None
    said: tuple[str, ...]
    fuzzy: bool


def translations(folder: Path = VIETNAMESE) -> tuple[Translation, ...]:
    """Every entry of every catalog of a language."""
    return tuple(
        _translation(path.name, entry)
        for path in sorted(folder.glob("*.po"))
        for entry in read_po(io.BytesIO(path.read_bytes()), locale=folder.name, abort_invalid=True)
        if entry.id
    )


def _translation(catalog: str, entry: Entry) -> Translation:
    ids, said = _all(entry.id), _all(entry.string or "")
    plural = ids[1] if len(ids) > 1 else None
    return Translation(catalog, entry.lineno or 0, ids[0], plural, entry.context, said, entry.fuzzy)


def _all(texts: str | Iterable[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def problems(root: Path = ROOT, folder: Path = VIETNAMESE) -> dict[str, list[Problem]]:
    """What is to mend in each file of the source, and in each catalog; nothing where all is well."""
    known: dict[Key, list[Translation]] = defaultdict(list)
    for translation in translations(folder):
        known[translation.id, translation.context].append(translation)
    found: dict[str, list[Problem]] = defaultdict(list)
    said: set[Key] = set()
    for text in texts(source_files(root), root):
        match text:
            case Unclear(file=file, line=line, source=source):
                found[file].append(Problem(file, line, f"cannot read what is said: {source}"))
            case Text():
                said.add(text.key)
                found[text.file] += _of_text(text, known.get(text.key, ()))
    for key, entries in known.items():
        for problem in _of_entries(entries, key in said):
            found[problem.file].append(problem)
    return {file: those for file, those in sorted(found.items()) if those}


def _of_text(text: Text, entries: Iterable[Translation]) -> Iterable[Problem]:
    usable = [e for e in entries if not e.fuzzy and all(said.strip() for said in e.said)]
    if not usable:
        context = f" ({text.context})" if text.context else ""
        yield Problem(text.file, text.line, f"no Vietnamese for{context}: {text.id}")
        return
    if text.plural is not None and not any(e.plural == text.plural for e in usable):
        yield Problem(text.file, text.line, f"no Vietnamese for the plural: {text.plural}")
    wanted = placeholders(text.id) | placeholders(text.plural or "")
    for entry in usable:
        for said in entry.said:
            if placeholders(said) != wanted:
                yield Problem(text.file, text.line, f"other placeholders in {entry.catalog}: {said}")


def _of_entries(entries: list[Translation], said: bool) -> Iterable[Problem]:
    first = entries[0]
    for entry in entries:
        where = f"planner/locales/vi/{entry.catalog}"
        if entry.fuzzy:
            yield Problem(where, entry.line, f"fuzzy: {entry.id}")
        if not said:
            yield Problem(where, entry.line, f"nobody says: {entry.id}")
        if entry.said != first.said:
            yield Problem(where, entry.line, f"translated otherwise in {first.catalog}: {entry.id}")


def placeholders(text: str) -> frozenset[str]:
    """The names of the places that a text leaves for values."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def report(found: Mapping[str, list[Problem]]) -> str:
    """All problems, one a line."""
    return "\n".join(str(problem) for those in found.values() for problem in those)
