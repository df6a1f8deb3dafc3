"""What can be asked of ``planner`` about accounts."""

from __future__ import annotations

from planner.cli.options import Commands, Parser, add_command, add_format, add_signature, add_who
from planner.cli.words import Words


def add_users(commands: Commands, _: Words) -> None:
    """``planner user``."""
    user = commands.add_parser("user", help=_("Manage accounts."), description=_("Manage accounts."))
    inside = user.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    roles = "administrator, planner, commander, protocol, officer, press, auditor"
    add = add_command(inside, _, "add", "users:add", _("Make an account; prints its one-time password."))
    listing = add_command(inside, _, "list", "users:list_", _("List all accounts."))
    add_format(listing, _, "json", "text")
    change = add_command(inside, _, "roles", "users:roles", _("Replace the roles of an account."))
    naming = add_command(inside, _, "rename", "users:rename", _("Change the name that an account shows."))
    link = add_command(
        inside, _, "link", "users:link", _("Say which officer this person is; nobody without --officer.")
    )
    password = add_command(inside, _, "password", "users:password", _("Give a new one-time password."))
    disable = add_command(inside, _, "disable", "users:disable", _("Nobody can sign in with it any more."))
    enable = add_command(inside, _, "enable", "users:enable", _("Make a disabled account usable again."))
    ending = add_command(inside, _, "end-sessions", "users:end_sessions", _("End all sessions of an account."))
    factor, identity, demand = _proving_who(inside, _)
    for one in (add, change, naming, link, password, disable, enable, ending, factor, identity):
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
    naming.add_argument("shown", metavar="NAME", help=_("the name that is shown"))
    for one in (password, factor):
        one.add_argument(
            "--proof",
            default="",
            metavar="TEXT",
            help=_("how the person showed who they are: recorded; needed but for a first password nobody used"),
        )
    for one in (add, password):
        one.add_argument(
            "--password-stdin",
            action="store_true",
            help=_("read the password from standard input instead of making one up"),
        )
    for one in (add, listing, change, naming, link, password, disable, enable, ending, factor, identity, demand):
        add_who(one, _, acts=True)
    _signing(inside, _)


def _signing(inside: Commands, _: Words) -> None:
    """With which keys people sign."""
    keys = add_command(
        inside, _, "keys", "signers:list_", _("List the keys with which people sign, as the log has them.")
    )
    add_format(keys, _, "json", "text")
    add_who(keys, _)
    vouch = add_command(
        inside,
        _,
        "vouch",
        "signers:vouch",
        _("Say, signed by an administrator, that the keys of an account are theirs."),
    )
    add_signature(vouch, _, always=True)
    revoke = add_command(
        inside, _, "revoke-keys", "signers:revoke", _("End all keys of an account; what they signed until now holds.")
    )
    revoke.add_argument("--reason", required=True, help=_("why"))
    for one in (vouch, revoke):
        one.add_argument("name", metavar="USER", help=_("the account"))
        add_who(one, _, acts=True)


def _proving_who(inside: Commands, _: Words) -> tuple[Parser, Parser, Parser]:
    """How people show who they are besides by a password."""
    factor = add_command(
        inside, _, "reset-second-factor", "users:reset_second_factor", _("Take the second factor away: a lost device.")
    )
    demand = add_command(
        inside,
        _,
        "demand-second-factor",
        "users:demand_second_factor",
        _("Demand a second factor of everybody who commands or audits."),
    )
    identity = add_command(
        inside,
        _,
        "link-identity",
        "users:link_identity",
        _("Say which person of an OpenID provider this is; nobody without --subject."),
    )
    identity.add_argument("--issuer", default="", metavar="URL", help=_("address of the provider"))
    identity.add_argument("--subject", metavar="NAME", help=_("the provider's own name for the person"))
    demand.add_argument("wanted", choices=("yes", "all", "no"), help=_("whether it is demanded; all: of everybody"))
    return factor, identity, demand
