"""What the commands of ``planner`` have in common: how they speak, where the data lie, and the options most take."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from planner.cli.words import Words

type Commands = argparse._SubParsersAction[Parser]


class Parser(argparse.ArgumentParser):
    """Explains itself in the reader's language and points to the help."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options["allow_abbrev"] = False
        super().__init__(*arguments, **options)

    def error(self, message: str) -> NoReturn:
        self.print_usage()
        self.exit(2, f"{self.prog}: {message}\n")

    def print_usage(self, file: Any = None) -> None:
        super().print_usage(file or sys.stderr)


def default_data() -> Path:
    """Where the data lie unless told otherwise: ``PLANNER_DATA``, else the user's data directory."""
    named = os.environ.get("PLANNER_DATA")
    if named:
        return Path(named)
    configured = os.environ.get("XDG_DATA_HOME", "")
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".local" / "share"
    return base / "delegation-planner"


def add_place(one: argparse.ArgumentParser, _: Words, suppress: bool = False) -> None:
    """Where the data and their key lie, and the language: before the command or after it."""

    def default(value: Any) -> Any:
        return argparse.SUPPRESS if suppress else value

    where = one.add_argument_group(_("where and how"))
    where.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=default(None),
        help=_("data directory (default: {data})").format(data=default_data()),
    )
    where.add_argument(
        "--key",
        metavar="FILE",
        type=Path,
        default=default(None),
        help=_("key file, where it is not in its usual place"),
    )
    where.add_argument("--lang", choices=("en", "vi"), default=default(None), help=_("language (default: by LANG)"))


def add_command(commands: Commands, _: Words, name: str, by: str, said: str, more: str = "") -> Parser:
    """A command: its name, the function ``module:name`` that carries it out, and its help."""
    one = commands.add_parser(name, help=said, description=f"{said}\n\n{more}" if more else said)
    one.set_defaults(carried_out_by=by)
    add_place(one, _, suppress=True)
    return one


def add_who(one: Parser, _: Words, acts: bool = False) -> None:
    """The account in whose name it is done, or read."""
    said = _("account in whose name this is done") if acts else _("account in whose name this is read")
    one.add_argument("--as", dest="user", metavar="USER", help=said)


def add_signature(one: Parser, _: Words, *, always: bool = False) -> None:
    """The password that signs what binds the account: all that the command does, or overrides among it."""
    said = _("file with the password of the account, to sign with")
    if not always:
        said = _("sign overrides: file with the password of the account")
    one.add_argument("--password-file", metavar="FILE", type=Path, required=always, help=said)


def add_visit(one: Parser, _: Words) -> None:
    """The visit it is about."""
    one.add_argument("--visit", metavar="CODE", help=_("the visit"))


def add_format(one: Parser, _: Words, *formats: str, default: str = "text") -> None:
    """The forms of its answer."""
    one.add_argument(
        "--format",
        choices=formats,
        default=default,
        help=_("form of the answer (default: {format})").format(format=default),
    )


def add_release(one: Parser, _: Words, *, needed: bool = True) -> None:
    """The file to write, for whom it is, why, and whether the whole; ``needed`` where nothing is said otherwise."""
    files = one.add_argument_group(_("taking a file out"))
    files.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        required=needed,
        help=_("the file to write") if needed else _("write a file, to be handed on, instead of printing"),
    )
    files.add_argument("--recipient", metavar="NAME", help=_("the person or office that the file is for"))
    files.add_argument("--reason", help=_("why it is taken out"))
    files.add_argument(
        "--whole",
        action="store_true",
        help=_("leave nothing out; otherwise telephones, needs, names of officers, instructions and authors are"),
    )
    add_force(files, _)


def add_force(one: argparse._ActionsContainer, _: Words) -> None:
    """Whether a file that is there may be replaced."""
    one.add_argument("--force", action="store_true", help=_("replace the file if it exists"))


def port(text: str) -> int:
    """A port as it is typed. ``ValueError`` for what is none."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError
    return number


def count(text: str) -> int:
    """How many, at least one. ``ValueError`` for what is none."""
    number = int(text)
    if not 1 <= number <= 1_000_000_000:
        raise ValueError
    return number
