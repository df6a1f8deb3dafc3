"""The words of help texts and usage errors, before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

type Words = Callable[[str], str]

CATALOG = Path(__file__).parents[1] / "locales" / "vi" / "cli.po"


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """``--lang`` where it is given, else what the environment asks for, else English."""
    for number, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and number + 1 < len(arguments):
            return "vi" if arguments[number + 1] == "vi" else "en"
        if argument.startswith("--lang="):
            return "vi" if argument == "--lang=vi" else "en"
    wanted = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "vi" if wanted.lower().partition(".")[0].partition("_")[0] == "vi" else "en"


def words(language: str) -> Words:
    """The translation of a text of the command line. English needs none, and no catalog is read for it."""
    if language != "vi":
        return str
    from babel.messages.pofile import read_po  # noqa: PLC0415 - 60 ms that English help need not wait for

    with CATALOG.open("rb") as stream:
        known = {
            str(entry.id): str(entry.string) for entry in read_po(stream, locale="vi") if entry.id and entry.string
        }
    return lambda text: known.get(text, text)
