"""What can be asked of ``planner``: commands, options and their help, in the language of the reader."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from planner.cli.words import Words, words

type Commands = argparse._SubParsersAction[Parser]

#: Options whose values may begin with a minus sign: south of the equator, or an event that cannot be.
_PLACED = frozenset({"--from", "--to", "--at"})


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
        super().print_usage(file or _stderr())


def _stderr() -> Any:
    import sys  # noqa: PLC0415 - looked up anew: tests exchange it

    return sys.stderr


def default_data() -> Path:
    """Where the data lie unless told otherwise: ``PLANNER_DATA``, else the user's data directory."""
    named = os.environ.get("PLANNER_DATA")
    if named:
        return Path(named)
    configured = os.environ.get("XDG_DATA_HOME", "")
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".local" / "share"
    return base / "delegation-planner"


def parser(language: str) -> Parser:
    """The whole grammar in one language."""
    _ = words(language)
    # argparse looks its own words up under this name in its module.
    vars(argparse)["_"] = _
    whole = Parser(
        prog="planner",
        description=_("Plans the protection of visiting foreign delegations."),
        epilog=_("Help on one command: planner COMMAND --help"),
    )
    whole.add_argument("--version", action="version", version=f"planner {_version()}")
    _place(whole, _)
    commands = whole.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    for family in (_serving, _doing, _reading, _filing, _mapping, _upkeep, _users, _access):
        family(commands, _)
    return whole


def joined(given: Sequence[str]) -> list[str]:
    """The command line with values such as ``-29.95,-71.33`` joined to their options, else they were taken for some."""
    told: list[str] = []
    for one in given:
        if told and told[-1] in _PLACED and one[:1] == "-" and one[1:2].isdigit():
            told[-1] = f"{told[-1]}={one}"
        else:
            told.append(one)
    return told


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - 20 ms that only --version needs

    return version("security-planner")


def _place(one: argparse.ArgumentParser, _: Words, suppress: bool = False) -> None:
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


def _command(commands: Commands, _: Words, name: str, by: str, said: str, more: str = "") -> Parser:
    one = commands.add_parser(name, help=said, description=f"{said}\n\n{more}" if more else said)
    one.set_defaults(carried_out_by=by)
    _place(one, _, suppress=True)
    return one


def _who(one: Parser, _: Words, acts: bool = False) -> None:
    said = _("account in whose name this is done") if acts else _("account in whose name this is read")
    one.add_argument("--as", dest="user", metavar="USER", help=said)


def _visit(one: Parser, _: Words) -> None:
    one.add_argument("--visit", metavar="CODE", help=_("the visit"))


def _format(one: Parser, _: Words, *formats: str, default: str = "text") -> None:
    one.add_argument(
        "--format",
        choices=formats,
        default=default,
        help=_("form of the answer (default: {format})").format(format=default),
    )


def _serving(commands: Commands, _: Words) -> None:
    run = _command(commands, _, "run", "serving:run", _("Start the application and serve its pages."))
    demo = _command(commands, _, "demo", "serving:demo", _("Make the demo visit in a data directory of its own."))
    demo.add_argument("--run", action="store_true", dest="serve", help=_("then start the application with it"))
    demo.add_argument("--fresh", action="store_true", help=_("tell the story anew, keeping the former data beside it"))
    for one in (run, demo):
        one.add_argument("--host", default="127.0.0.1", help=_("address to serve (default: this machine only)"))
        one.add_argument("--port", type=_port, default=8501, help=_("port to serve (default: 8501)"))
        one.add_argument(
            "--tls-cert", metavar="FILE", type=Path, help=_("certificate, to be reached from other machines")
        )
        one.add_argument("--tls-key", metavar="FILE", type=Path, help=_("key of the certificate"))
        one.add_argument(
            "--host-name",
            metavar="NAME",
            action="append",
            default=[],
            help=_("a further name under which it is reached"),
        )
        one.add_argument("--map", metavar="DIR", type=Path, help=_("map pack to use (made by: planner map build)"))


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError
    return port


def _doing(commands: Commands, _: Words) -> None:
    do = _command(
        commands,
        _,
        "do",
        "doing:do",
        _("Carry out commands: JSON lines in, one JSON line out for each."),
        _('Each line: {"command": "assign_officer", "arguments": {…}, "reason": "…", "command_id": "…"}')
        + "\n"
        + _("Exit status 1 if any was refused; the others are carried out all the same."),
    )
    _who(do, _, acts=True)
    do.add_argument(
        "--list",
        action="store_true",
        dest="listing",
        help=_("print every command with the JSON schema of its arguments"),
    )
    undo = _command(commands, _, "undo", "doing:undo", _("Take a command back by its id."))
    undo.add_argument("command_id", metavar="COMMAND-ID", help=_("the id, as do and history --format json show it"))
    undo.add_argument("--reason", default="", help=_("why"))
    _who(undo, _, acts=True)


def _reading(commands: Commands, _: Words) -> None:
    moment = _("number of an event, or a time with its zone such as 2026-11-24T08:00+07:00")
    plan = _command(commands, _, "plan", "reading:plan", _("Show the plan of a visit as it is, or as it was."))
    plan.add_argument("--at", metavar="POSITION|TIME", help=moment)
    _format(plan, _, "json", "text")
    history = _command(commands, _, "history", "reading:history", _("Show what happened: who, when, what, why."))
    _format(history, _, "json", "csv", "text")
    diff = _command(commands, _, "diff", "reading:diff", _("Say what changed between two moments."))
    diff.add_argument("--from", dest="first", metavar="A", required=True, help=moment)
    diff.add_argument("--to", dest="last", metavar="B", help=moment)
    _format(diff, _, "json", "text")
    check = _command(
        commands,
        _,
        "check",
        "reading:check",
        _("Check the plan against all rules."),
        _("Exit status 1 if a finding is blocking."),
    )
    check.add_argument("--at", metavar="POSITION|TIME", help=moment)
    _format(check, _, "json", "text")
    for one in (plan, history, diff, check):
        _visit(one, _)
        _who(one, _)


def _filing(commands: Commands, _: Words) -> None:
    take = _command(
        commands,
        _,
        "import",
        "importing:import_",
        _("Take in a visit (JSON), a programme, officers, posts or venues (XLSX)."),
    )
    take.add_argument(
        "what", choices=("visit", "programme", "officers", "posts", "venues"), help=_("what the file holds")
    )
    take.add_argument("file", metavar="FILE", type=Path, nargs="?", help=_("the file"))
    _visit(take, _)
    _who(take, _, acts=True)
    take.add_argument(
        "--existing",
        choices=("amend", "skip"),
        default="amend",
        help=_("what is done with codes that exist (default: amend)"),
    )
    take.add_argument("--preview", action="store_true", help=_("show what would be imported, and import nothing"))
    take.add_argument("--reason", default="", help=_("why"))
    take.add_argument(
        "--template", metavar="OUT", type=Path, help=_("write an empty workbook with the right columns instead")
    )
    give = _command(
        commands, _, "export", "exporting:export", _("Write a visit, a programme, duties or duty sheets to a file.")
    )
    _visit(give, _)
    _who(give, _)
    give.add_argument("--format", choices=("ics", "xlsx", "json", "pdf"), required=True, help=_("form of the file"))
    give.add_argument("--out", metavar="FILE", type=Path, required=True, help=_("the file to write"))
    give.add_argument("--officer", metavar="CODE", help=_("the duties of one officer (ics, pdf)"))
    give.add_argument("--post", metavar="CODE", help=_("the duty sheet of one post (pdf)"))
    give.add_argument("--at", metavar="POSITION|TIME", help=_("as it was then"))
    give.add_argument("--force", action="store_true", help=_("replace the file if it exists"))


def _mapping(commands: Commands, _: Words) -> None:
    maps = commands.add_parser("map", help=_("Make map packs."), description=_("Make map packs."))
    inside = maps.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    build = _command(inside, _, "build", "mapping:build", _("Make a map pack from an OpenStreetMap extract."))
    build.add_argument("file", metavar="FILE.osm.pbf", type=Path, help=_("the extract"))
    build.add_argument("--out", metavar="DIR", type=Path, required=True, help=_("the folder to make"))
    route = _command(commands, _, "route", "mapping:route", _("Find routes that share little between two places."))
    route.add_argument("--map", metavar="DIR", type=Path, help=_("map pack to use (made by: planner map build)"))
    route.add_argument("--from", dest="origin", metavar="LAT,LON", required=True, help=_("where from"))
    route.add_argument("--to", dest="destination", metavar="LAT,LON", required=True, help=_("where to"))
    route.add_argument("--count", type=int, default=3, help=_("how many at most (default: 3)"))
    _format(route, _, "json", "text")


def _upkeep(commands: Commands, _: Words) -> None:
    generate = _command(commands, _, "generate", "upkeep:generate", _("Fill a data directory with realistic load."))
    generate.add_argument("--size", choices=("provincial", "government", "summit"), required=True, help=_("how large"))
    generate.add_argument("--seed", type=int, default=1, help=_("the same number gives the same load (default: 1)"))
    generate.add_argument("--events", metavar="M", type=int, help=_("how many events to reach"))
    doctor = _command(
        commands, _, "doctor", "upkeep:doctor", _("Look at data, key, clock, map and fonts, and change nothing.")
    )
    doctor.add_argument("--map", metavar="DIR", type=Path, help=_("map pack to look at too"))
    _format(doctor, _, "json", "text")
    backup = _command(commands, _, "backup", "upkeep:backup", _("Write a verified backup, while others go on writing."))
    backup.add_argument("--out", metavar="FILE", type=Path, required=True, help=_("the file to write"))
    restore = _command(commands, _, "restore", "upkeep:restore", _("Put a backup's data into the data directory."))
    restore.add_argument("file", metavar="FILE", type=Path, help=_("the backup"))
    restore.add_argument(
        "--replace", action="store_true", help=_("even where there are data, which are then kept beside")
    )


def _users(commands: Commands, _: Words) -> None:
    user = commands.add_parser("user", help=_("Manage accounts."), description=_("Manage accounts."))
    inside = user.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    roles = "administrator, planner, commander, protocol, officer, press, auditor"
    add = _command(inside, _, "add", "users:add", _("Make an account; prints its one-time password."))
    listing = _command(inside, _, "list", "users:list_", _("List all accounts."))
    _format(listing, _, "json", "text")
    change = _command(inside, _, "roles", "users:roles", _("Replace the roles of an account."))
    link = _command(inside, _, "link", "users:link", _("Say which officer this person is; nobody without --officer."))
    password = _command(inside, _, "password", "users:password", _("Give a new one-time password."))
    disable = _command(inside, _, "disable", "users:disable", _("Nobody can sign in with it any more."))
    enable = _command(inside, _, "enable", "users:enable", _("Make a disabled account usable again."))
    for one in (add, change, link, password, disable, enable):
        one.add_argument("name", metavar="USER", help=_("the account"))
    for one in (add, change):
        one.add_argument(
            "--role",
            action="append",
            default=[],
            metavar="ROLE",
            help=_("a role, as often as needed: {roles}").format(roles=roles),
        )
    for one in (add, link):
        one.add_argument("--officer", metavar="CODE", help=_("the officer who this person is"))
    add.add_argument("--name", dest="shown", default="", metavar="NAME", help=_("the name that is shown"))
    for one in (add, password):
        one.add_argument(
            "--password-stdin",
            action="store_true",
            help=_("read the password from standard input instead of making one up"),
        )
    for one in (add, listing, change, link, password, disable, enable):
        _who(one, _, acts=True)


def _access(commands: Commands, _: Words) -> None:
    member = commands.add_parser(
        "member", help=_("Say who belongs to a visit."), description=_("Say who belongs to a visit.")
    )
    inside = member.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    listing = _command(inside, _, "list", "members:list_", _("List the members of a visit, or of every visit."))
    _format(listing, _, "json", "text")
    grant = _command(inside, _, "grant", "members:grant", _("Let an account take part."))
    amend = _command(inside, _, "amend", "members:amend", _("Give a member other roles or times."))
    end = _command(inside, _, "end", "members:end", _("Let a member take part no longer."))
    adopt = _command(
        inside,
        _,
        "adopt",
        "members:adopt",
        _("Make every account a member of every visit in its roles: for data from before there were members."),
    )
    for one in (grant, amend, end):
        one.add_argument("name", metavar="USER", help=_("the account"))
    for one in (grant, amend):
        one.add_argument(
            "--role",
            action="append",
            default=[],
            metavar="ROLE",
            help=_("a role, as often as needed: {roles}").format(roles="planner, commander, protocol, press, auditor"),
        )
        one.add_argument("--opens", metavar="TIME", help=_("from when on (default: at once)"))
        one.add_argument("--closes", metavar="TIME", help=_("until when (default: always)"))
    for one in (grant, amend, end, adopt):
        one.add_argument("--reason", default="", help=_("why"))
        _who(one, _, acts=True)
    _who(listing, _)
    for one in (listing, grant, amend, end):
        one.add_argument("--visit", metavar="CODE", help=_("the visit; every visit where it is left away"))
    access = _command(
        commands, _, "access", "members:rules", _("Show the rules by which people may do and see things.")
    )
    _format(access, _, "json", "text")
