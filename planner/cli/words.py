"""The words of help texts and usage errors, before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

type Words = Callable[[str], str]

CATALOG = Path(__file__).parents[1] / "locales" / "vi" / "cli.po"

#: What argparse itself says, by its own texts.
ARGPARSE = {
    "usage: ": "cách dùng: ",
    "options": "tùy chọn",
    "positional arguments": "tham số",
    "show this help message and exit": "hiện trợ giúp này",
    "the following arguments are required: %s": "thiếu các tham số bắt buộc: %s",
    "unrecognized arguments: %s": "không hiểu các tham số: %s",
    "expected one argument": "cần một giá trị",
    "argument %(argument_name)s: %(message)s": "tham số %(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "giá trị không hợp lệ: %(value)r (chọn trong %(choices)s)",
    "invalid %(type)s value: %(value)r": "giá trị %(type)s không hợp lệ: %(value)r",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "không có lệnh %(parser_name)r (chọn trong: %(choices)s)",
}


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
    known |= ARGPARSE
    return lambda text: known.get(text, text)
