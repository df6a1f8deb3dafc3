"""What can be asked of ``planner``: commands, options and their help, in the language of the reader."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from planner.cli.grammar_access import add_access
from planner.cli.grammar_proof import add_proof
from planner.cli.grammar_users import add_users
from planner.cli.options import (
    Commands,
    Parser,
    add_command,
    add_force,
    add_format,
    add_place,
    add_release,
    add_signature,
    add_visit,
    add_who,
    count,
    port,
)
from planner.cli.words import Words, words

#: Options whose values may begin with a minus sign: south of the equator, earlier, or an event that cannot be.
_PLACED = frozenset({"--from", "--to", "--at", "--shift"})


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
    whole.add_argument("--version", action=_Version, nargs=0, help=_("show program's version number and exit"))
    add_place(whole, _)
    commands = whole.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    families = (_serving, _doing, _rostering, _reading, _filing, _mapping, _upkeep, _storing)
    for family in (*families, add_users, add_proof, add_access):
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


class _Version(argparse.Action):
    """Says the version when it is asked for: to look it up takes as long as all the rest of help."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415 - loaded when somebody asks

        print(f"planner {version('security-planner')}")
        parser.exit()


def _serving(commands: Commands, _: Words) -> None:
    run = add_command(commands, _, "run", "serving:run", _("Start the application and serve its pages."))
    demo = add_command(commands, _, "demo", "serving:demo", _("Make the demo visit in a data directory of its own."))
    demo.add_argument("--run", action="store_true", dest="serve", help=_("then start the application with it"))
    demo.add_argument("--fresh", action="store_true", help=_("tell the story anew, keeping the former data beside it"))
    for one in (run, demo):
        one.add_argument("--host", default="127.0.0.1", help=_("address to serve (default: this machine only)"))
        one.add_argument("--port", type=port, default=8501, help=_("port to serve (default: 8501)"))
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
        one.add_argument(
            "--oidc",
            metavar="FILE",
            type=Path,
            help=_("settings of an OpenID provider to sign in at (default: oidc.json in the data directory, if any)"),
        )
        one.add_argument(
            "--log-json", action="store_true", help=_("write the server's log, on standard error, as JSON lines")
        )


def _doing(commands: Commands, _: Words) -> None:
    do = add_command(
        commands,
        _,
        "do",
        "doing:do",
        _("Carry out commands: JSON lines in, one JSON line out for each."),
        _('Each line: {"command": "assign_officer", "arguments": {…}, "reason": "…", "command_id": "…"}')
        + "\n"
        + _("Exit status 1 if any was refused; the others are carried out all the same."),
    )
    add_who(do, _, acts=True)
    do.add_argument(
        "--list",
        action="store_true",
        dest="listing",
        help=_("print every command with the JSON schema of its arguments"),
    )
    add_signature(do, _)
    undo = add_command(commands, _, "undo", "doing:undo", _("Take a command back by its id."))
    undo.add_argument("command_id", metavar="COMMAND-ID", help=_("the id, as do and history --format json show it"))
    undo.add_argument("--reason", default="", help=_("why"))
    add_who(undo, _, acts=True)
    add_signature(undo, _)
    erase = add_command(
        commands,
        _,
        "erase",
        "doing:erase",
        _("Erase for good what is known of a person, or a visit that is over."),
        _("Name, rank, telephone and the like go, from every view of every moment; the code stays.")
        + " "
        + _("Of a visit goes all that was planned for it: programme, guests, posts, duties, routes."),
    )
    what = erase.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--person",
        metavar="CODE",
        nargs="+",
        default=[],
        help=_("an officer, VISIT/DELEGATION/MEMBER, or venue/CODE for the contacts of a venue"),
    )
    what.add_argument("--visit", metavar="CODE", help=_("a visit that is over or cancelled"))
    erase.add_argument("--confirm", metavar="CODE", default="", help=_("the code of the visit once more"))
    erase.add_argument("--reason", required=True, help=_("why, without naming who or what is erased: it is kept"))
    add_who(erase, _, acts=True)


def _rostering(commands: Commands, _: Words) -> None:
    assign = add_command(
        commands,
        _,
        "assign",
        "assigning:assign",
        _("Propose who stands where, with reasons and what it costs; accept it with --accept."),
        _("The same seed gives the same proposal unless the time runs out. Nothing is recorded without --accept."),
    )
    add_visit(assign, _)
    add_who(assign, _, acts=True)
    assign.add_argument("--seconds", type=float, default=30.0, help=_("how long to search at most (default: 30)"))
    assign.add_argument("--seed", type=int, default=1, help=_("seed of the search (default: 1)"))
    assign.add_argument(
        "--replace",
        metavar="OFFICER",
        action="append",
        default=[],
        help=_("only find others for what this officer has to do, and change little else"),
    )
    assign.add_argument(
        "--shift",
        metavar="TIME",
        help=_("move the whole visit by 90m, 1h or -1d, and change only the duties that this breaks"),
    )
    assign.add_argument(
        "--anew",
        action="store_true",
        help=_("with --replace or --shift: fill open places too, and move other duties where that takes it"),
    )
    assign.add_argument(
        "--pin", metavar="ASSIGNMENT", action="append", default=[], help=_("a duty that must stay as it is")
    )
    assign.add_argument(
        "--prove",
        type=int,
        metavar="N",
        help=_("of how many open shifts to prove why, up to a second each (default: 20)"),
    )
    assign.add_argument("--accept", action="store_true", help=_("carry the proposal out, all at once"))
    assign.add_argument(
        "--only", metavar="POST/SHIFT", action="append", default=[], help=_("accept only this, and what it needs")
    )
    assign.add_argument("--reason", default="", help=_("why"))
    add_format(assign, _, "json", "text")


def _reading(commands: Commands, _: Words) -> None:
    moment = _("number of an event, or a time with its zone such as 2026-11-24T08:00+07:00")
    plan = add_command(commands, _, "plan", "reading:plan", _("Show the plan of a visit as it is, or as it was."))
    plan.add_argument("--at", metavar="POSITION|TIME", help=moment)
    add_format(plan, _, "json", "text")
    history = add_command(commands, _, "history", "reading:history", _("Show what happened: who, when, what, why."))
    add_format(history, _, "json", "csv", "text")
    diff = add_command(commands, _, "diff", "reading:diff", _("Say what changed between two moments."))
    diff.add_argument("--from", dest="first", metavar="A", required=True, help=moment)
    diff.add_argument("--to", dest="last", metavar="B", help=moment)
    add_format(diff, _, "json", "text")
    check = add_command(
        commands,
        _,
        "check",
        "reading:check",
        _("Check the plan against all rules."),
        _("Exit status 1 if a finding is blocking."),
    )
    check.add_argument("--at", metavar="POSITION|TIME", help=moment)
    add_format(check, _, "json", "text")
    questions = add_command(
        commands,
        _,
        "questions",
        "asking:questions",
        _("Answer what auditors ask of a visit: overrides, late changes, orders nobody acknowledged, gaps."),
    )
    questions.add_argument(
        "--question",
        choices=(
            *("overrides", "late_changes", "unacknowledged", "uncovered"),
            *("break_glass", "refused_commands", "read_outside_duty"),
        ),
        help=_("only this one"),
    )
    questions.add_argument(
        "--late-hours", metavar="H", type=float, default=24.0, help=_("what changes so shortly before is late (24)")
    )
    add_format(questions, _, "json", "csv", "text")
    for one in (plan, history, diff, check, questions):
        add_visit(one, _)
        add_who(one, _)
    for one in (plan, history, diff, questions):
        add_release(one, _, needed=False)


def _filing(commands: Commands, _: Words) -> None:
    take = add_command(
        commands,
        _,
        "import",
        "importing:import_",
        _("Take in a visit (JSON), a programme, officers, posts or venues (XLSX)."),
    )
    take.add_argument(
        "what", choices=("visit", "programme", "officers", "posts", "venues"), help=_("what the file holds")
    )
    take.add_argument("file", metavar="FILE", type=Path, help=_("the file"))
    add_visit(take, _)
    add_who(take, _, acts=True)
    add_signature(take, _)
    take.add_argument(
        "--existing",
        choices=("amend", "skip"),
        default="amend",
        help=_("what is done with codes that exist (default: amend)"),
    )
    add_format(take, _, "json", "text")
    take.add_argument("--preview", action="store_true", help=_("show what would be imported, and import nothing"))
    take.add_argument("--reason", default="", help=_("why"))
    take.add_argument(
        "--template", action="store_true", help=_("write an empty workbook with the right columns to FILE instead")
    )
    add_force(take, _)
    give = add_command(
        commands,
        _,
        "export",
        "exporting:export",
        _("Write a visit, a programme, duties or duty sheets to a file."),
        _("Name the recipient and the reason. Personal data are left out unless the whole is asked for."),
    )
    add_visit(give, _)
    add_who(give, _)
    give.add_argument("--format", choices=("ics", "xlsx", "json", "pdf"), required=True, help=_("form of the file"))
    give.add_argument("--officer", metavar="CODE", help=_("the duties of one officer (ics, pdf)"))
    give.add_argument("--post", metavar="CODE", help=_("the duty sheet of one post (pdf)"))
    give.add_argument("--at", metavar="POSITION|TIME", help=_("as it was then"))
    add_release(give, _)


def _mapping(commands: Commands, _: Words) -> None:
    maps = commands.add_parser("map", help=_("Make map packs."), description=_("Make map packs."))
    inside = maps.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    build = add_command(inside, _, "build", "mapping:build", _("Make a map pack from an OpenStreetMap extract."))
    build.add_argument("file", metavar="FILE.osm.pbf", type=Path, help=_("the extract"))
    build.add_argument("--out", metavar="DIR", type=Path, required=True, help=_("the folder to make"))
    route = add_command(commands, _, "route", "mapping:route", _("Find routes that share little between two places."))
    route.add_argument("--map", metavar="DIR", type=Path, help=_("map pack to use (made by: planner map build)"))
    route.add_argument("--from", dest="origin", metavar="LAT,LON", required=True, help=_("where from"))
    route.add_argument("--to", dest="destination", metavar="LAT,LON", required=True, help=_("where to"))
    route.add_argument("--count", type=int, default=3, help=_("how many at most (default: 3)"))
    add_format(route, _, "json", "text")
    ways = add_command(
        commands,
        _,
        "ways",
        "measuring:ways",
        _("Measure the ways between the posts of a visit on a map, and record them for the rules."),
        _("Ask again when posts or venues have moved: from there the rules only have an estimate."),
    )
    ways.add_argument(
        "--map", metavar="DIR", type=Path, required=True, help=_("map pack to use (made by: planner map build)")
    )
    ways.add_argument("--reason", default="", help=_("why"))
    add_visit(ways, _)
    add_who(ways, _, acts=True)


def _upkeep(commands: Commands, _: Words) -> None:
    generate = add_command(commands, _, "generate", "upkeep:generate", _("Fill a data directory with realistic load."))
    generate.add_argument("--size", choices=("provincial", "government", "summit"), required=True, help=_("how large"))
    generate.add_argument("--seed", type=int, default=1, help=_("the same number gives the same load (default: 1)"))
    generate.add_argument("--events", metavar="M", type=count, help=_("how many events to reach"))
    doctor = add_command(
        commands, _, "doctor", "upkeep:doctor", _("Look at data, key, clock, map and fonts, and change nothing.")
    )
    doctor.add_argument("--map", metavar="DIR", type=Path, help=_("map pack to look at too"))
    add_format(doctor, _, "json", "text")
    backup = add_command(
        commands, _, "backup", "upkeep:backup", _("Write a verified backup, while others go on writing.")
    )
    backup.add_argument("--out", metavar="FILE", type=Path, required=True, help=_("the file to write"))
    restore = add_command(commands, _, "restore", "upkeep:restore", _("Put a backup's data into the data directory."))
    restore.add_argument("file", metavar="FILE", type=Path, help=_("the backup"))
    restore.add_argument(
        "--keys", metavar="FILE", type=Path, help=_("the backup of the keys, where it is not beside the backup")
    )
    restore.add_argument(
        "--replace", action="store_true", help=_("even where there are data, which are then kept beside")
    )
    _key(commands, _)


def _key(commands: Commands, _: Words) -> None:
    said = _("Exchange the key that opens the data.")
    key = commands.add_parser("key", help=said, description=said)
    inside = key.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    rotate = add_command(
        inside,
        _,
        "rotate",
        "upkeep:rotate",
        _("Put a new key in the place of the old one, while nobody has the data open; the history stays as it is."),
        _("Needs as much room again as the data take. Where it is interrupted, the next start undoes or finishes it."),
    )
    rotate.add_argument(
        "--keep-old", metavar="FILE", type=Path, help=_("keep a copy of the old key there, which opens old backups")
    )


def _storing(commands: Commands, _: Words) -> None:
    said = _("Keep the log of a team in a PostgreSQL database.")
    store = commands.add_parser("store", help=said, description=said)
    inside = store.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    init = add_command(
        inside,
        _,
        "init-postgresql",
        "storing:init_postgresql",
        _("Make the tables in a database, as its owner, and the role of the application."),
        _("May be repeated: what is recorded stays, functions and rights are set anew."),
    )
    init.add_argument(
        "--role", default="planner_app", metavar="ROLE", help=_("the role of the application (default: planner_app)")
    )
    use = add_command(
        inside,
        _,
        "use-postgresql",
        "storing:use_postgresql",
        _("Let the log of a data directory lie in a database, as the role of the application."),
    )
    for one in (init, use):
        one.add_argument(
            "--database",
            default="",
            metavar="CONNECTION",
            help=_(
                "as in: host=db dbname=plans user=planner_app, without a password (default: by PGHOST, PGDATABASE …)"
            ),
        )
