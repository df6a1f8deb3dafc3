"""What can be asked of ``planner`` about who may do and see what."""

from __future__ import annotations

from pathlib import Path

from planner.cli.options import Commands, add_command, add_format, add_signature, add_visit, add_who, count
from planner.cli.words import Words


def add_access(commands: Commands, _: Words) -> None:
    """``planner member``, ``emergency``, ``reads``, ``refusals``, ``sign-ins`` and ``access``."""
    member = commands.add_parser(
        "member", help=_("Say who belongs to a visit."), description=_("Say who belongs to a visit.")
    )
    inside = member.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    listing = add_command(inside, _, "list", "members:list_", _("List the members of a visit, or of every visit."))
    add_format(listing, _, "json", "text")
    grant = add_command(inside, _, "grant", "members:grant", _("Let an account take part."))
    amend = add_command(inside, _, "amend", "members:amend", _("Give a member other roles or times."))
    end = add_command(inside, _, "end", "members:end", _("Let a member take part no longer."))
    adopt = add_command(
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
        add_who(one, _, acts=True)
    add_who(listing, _)
    for one in (listing, grant, amend, end):
        one.add_argument("--visit", metavar="CODE", help=_("the visit; every visit where it is left away"))
    access = add_command(
        commands, _, "access", "members:rules", _("Show the rules by which people may do and see things.")
    )
    add_format(access, _, "json", "text")
    _emergency(commands, _)
    _reads(commands, _)
    _refusals(commands, _)
    _sign_ins(commands, _)


def _emergency(commands: Commands, _: Words) -> None:
    """``planner emergency``."""
    said = _("Open a visit one is no member of, in an emergency, to see it; end and review that.")
    emergency = commands.add_parser("emergency", help=said, description=said)
    inside = emergency.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    opening = add_command(inside, _, "open", "emergency:open_", _("Open a visit for an hour at most, signed."))
    opening.add_argument("visit", metavar="CODE", help=_("the visit"))
    opening.add_argument("--minutes", type=int, default=60, metavar="N", help=_("for how long (default: 60)"))
    opening.add_argument("--reason", default="", help=_("why, in 20 characters or more"))
    add_signature(opening, _, always=True)
    ending = add_command(inside, _, "end", "emergency:end", _("End what is open, before its time."))
    ending.add_argument("visit", metavar="CODE", help=_("the visit"))
    ending.add_argument("--of", metavar="USER", help=_("who opened it, where that is somebody else"))
    review = add_command(
        inside, _, "review", "emergency:review", _("Say what to think of what somebody opened, signed.")
    )
    review.add_argument("visit", metavar="CODE", help=_("the visit"))
    review.add_argument("name", metavar="USER", help=_("who opened it"))
    review.add_argument("--verdict", required=True, help=_("in words; they stay in the history"))
    add_signature(review, _, always=True)
    for one in (opening, ending, review):
        add_who(one, _, acts=True)
    listing = add_command(inside, _, "list", "emergency:list_", _("List who opened a visit, and what came of it."))
    add_visit(listing, _)
    add_format(listing, _, "json", "text")
    add_who(listing, _)


def _refusals(commands: Commands, _: Words) -> None:
    """``planner refusals``."""
    told = _("Exit status 1 if the log of refusals is not as it was written.")
    refusals = add_command(
        commands, _, "refusals", "refusals:list_", _("Show which commands were refused to whom."), told
    )
    refusals.add_argument("--visit", metavar="CODE", help=_("the visit; every visit where it is left away"))
    refusals.add_argument("--of", metavar="USER", help=_("the account"))
    refusals.add_argument("--last", type=count, default=1000, metavar="N", help=_("so many at most (default: 1000)"))
    refusals.add_argument("--verify", action="store_true", help=_("look whether every row is as it was written"))
    add_format(refusals, _, "json", "text")
    add_who(refusals, _)


def _sign_ins(commands: Commands, _: Words) -> None:
    """``planner sign-ins``."""
    told = _("Exit status 1 if the log of sign-ins is not as it was written.")
    said = _("Show who signed in, who was refused, and what was done to accounts.")
    sign_ins = add_command(commands, _, "sign-ins", "sign_ins:list_", said, told)
    sign_ins.add_argument("--of", metavar="USER", help=_("the account"))
    sign_ins.add_argument("--last", type=count, default=1000, metavar="N", help=_("so many at most (default: 1000)"))
    sign_ins.add_argument("--verify", action="store_true", help=_("look whether every row is as it was written"))
    add_format(sign_ins, _, "json", "text")
    add_who(sign_ins, _)


def _reads(commands: Commands, _: Words) -> None:
    """``planner reads``."""
    reads = add_command(
        commands,
        _,
        "reads",
        "reads:list_",
        _("Show who read a visit, when, and by which right."),
        _("Exit status 1 if the log of reads is not as it was written."),
    )
    reads.add_argument("--visit", metavar="CODE", help=_("the visit; every visit where it is left away"))
    reads.add_argument("--of", metavar="USER", help=_("the account"))
    reads.add_argument("--outside-duty", action="store_true", help=_("only who had no part in the visit"))
    reads.add_argument("--file", metavar="FILE", type=Path, help=_("who took this file out: by its bytes"))
    reads.add_argument("--record", metavar="NUMBER", help=_("who took the file out that carries this record number"))
    reads.add_argument("--last", type=count, default=1000, metavar="N", help=_("so many at most (default: 1000)"))
    reads.add_argument("--verify", action="store_true", help=_("look whether every row is as it was written"))
    add_format(reads, _, "json", "text")
    add_who(reads, _)
