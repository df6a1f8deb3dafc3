"""``planner user``: accounts, for whoever holds the data and their key."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable, Iterator

from domain.base import Actor, Role
from domain.refusals import InvalidInput
from planner.account import Account
from planner.accounts import FIRST_USER, ONE_TIME, Accounts
from planner.application import Planner
from planner.cli.console import Console
from planner.cli.opening import accounts_of, actor, login, opened, via
from planner.identities import Identities
from planner.second_factor import SecondFactors


def add(asked: argparse.Namespace, console: Console) -> int:
    """Make an account; its password is the answer."""
    with _administering(asked, console) as (planner, accounts, by):
        if asked.officer is not None:
            planner.plan.officer(asked.officer)
        password = accounts.create(
            asked.name,
            by=by,
            display_name=asked.shown,
            roles=_roles(asked.role),
            officer=asked.officer,
            password=_typed() if asked.password_stdin else None,
        )
        if not asked.password_stdin:
            console.line(password)
            console.tell(
                "The one-time password of {user} is above; it is good for {days} days and must be changed at the first "
                "sign-in.",
                user=asked.name,
                days=ONE_TIME.days,
            )
    return 0


def list_(asked: argparse.Namespace, console: Console) -> int:
    """All accounts."""
    with opened(asked) as planner, accounts_of(planner) as accounts:
        if asked.format == "json":
            factors = SecondFactors(accounts)
            console.json([_told(one, factors.since(one.user) is not None) for one in accounts])
            return 0
        for account in accounts:
            console.line("\t".join(_row(account, console)))
    return 0


def roles(asked: argparse.Namespace, console: Console) -> int:
    """Replace the roles of an account."""
    with _administering(asked, console) as (_, accounts, by):
        accounts.set_roles(asked.name, _roles(asked.role), by=by)
    return 0


def rename(asked: argparse.Namespace, console: Console) -> int:
    """Change the name that an account shows."""
    with _administering(asked, console) as (_, accounts, by):
        accounts.rename(asked.name, asked.shown, by=by)
    return 0


def link(asked: argparse.Namespace, console: Console) -> int:
    """Say which officer a person is."""
    with _administering(asked, console) as (planner, accounts, by):
        if asked.officer is not None:
            planner.plan.officer(asked.officer)
        accounts.link_officer(asked.name, asked.officer, by=by)
    return 0


def password(asked: argparse.Namespace, console: Console) -> int:
    """A new one-time password, or the one that is typed."""
    with _administering(asked, console) as (_, accounts, by):
        fresh = accounts.reset_password(asked.name, by=by, proof=asked.proof)
        if asked.password_stdin:
            accounts.change_password(asked.name, fresh, _typed())
        else:
            console.line(fresh)
    return 0


def disable(asked: argparse.Namespace, console: Console) -> int:
    """Nobody can sign in with it any more."""
    with _administering(asked, console) as (_, accounts, by):
        accounts.disable(asked.name, by=by)
    return 0


def enable(asked: argparse.Namespace, console: Console) -> int:
    """Make a disabled account usable again."""
    with _administering(asked, console) as (_, accounts, by):
        accounts.enable(asked.name, by=by)
    return 0


def end_sessions(asked: argparse.Namespace, console: Console) -> int:
    """Whoever is signed in with it is out."""
    with _administering(asked, console) as (_, accounts, by):
        ended = accounts.sign_out(asked.name, by=by)
        console.tell("Sessions that have ended: {n}.", n=ended)
    return 0


def reset_second_factor(asked: argparse.Namespace, console: Console) -> int:
    """Take the second factor away; a new one can be set up after the next sign-in."""
    with _administering(asked, console) as (_, accounts, by):
        SecondFactors(accounts).reset(asked.name, by=by, proof=asked.proof)
    return 0


def demand_second_factor(asked: argparse.Namespace, console: Console) -> int:
    """Say whether commanders and auditors, or all, must have one."""
    with _administering(asked, console) as (_, accounts, by):
        SecondFactors(accounts).demand(asked.wanted != "no", by=by, of_all=asked.wanted == "all")
    return 0


def link_identity(asked: argparse.Namespace, console: Console) -> int:
    """Say which person of a provider an account is."""
    with _administering(asked, console) as (_, accounts, by):
        identities = Identities(accounts)
        if asked.subject is None:
            identities.unlink(asked.name, by=by)
        elif not asked.issuer:
            raise InvalidInput.because("Name the provider of the subject with --issuer.")
        else:
            identities.link(asked.name, asked.issuer, asked.subject, by=by)
    return 0


@contextlib.contextmanager
def _administering(asked: argparse.Namespace, console: Console) -> Iterator[tuple[Planner, Accounts, Actor]]:
    """The accounts, made with their data directory and first administrator where there are none yet."""
    with opened(asked, create=True) as planner, accounts_of(planner, None) as accounts:
        first = accounts.ensure_first()
        if first is not None:
            console.tell("The data lie in {data}.", data=planner.store.data_dir)
            console.tell(
                "The key lies in {key}. Keep a copy of it apart from the data: without it nobody can open them.",
                key=planner.store.keys.path,
            )
            console.tell(
                "First start: an administrator was made. User name: {user}, one-time password: {password}",
                user=FIRST_USER,
                password=first,
            )
        yield planner, accounts, _administrator(planner, asked.user)


def _administrator(planner: Planner, user: str | None) -> Actor:
    """The account that was named, else whoever holds the data and the key, under the host's login name."""
    if user is not None:
        return actor(planner, user)
    return Actor(user=f"@{login()}", roles=frozenset({Role.ADMINISTRATOR}), via=via())


def _roles(named: Iterable[str]) -> frozenset[Role]:
    known = {role.value: role for role in Role}
    unknown = sorted(set(named) - set(known))
    if unknown:
        raise InvalidInput.because(
            "There is no role {unknown}. The roles are: {known}.", unknown=tuple(unknown), known=tuple(known)
        )
    return frozenset(known[name] for name in named)


def _typed() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _told(account: Account, second_factor: bool) -> dict[str, object]:
    return {
        "user": account.user,
        "name": account.display_name,
        "roles": sorted(account.roles),
        "officer": account.officer,
        "language": account.look.language,
        "disabled": account.disabled,
        "must_change_password": account.must_change_password,
        "has_password": account.has_password,
        "second_factor": second_factor,
    }


def _row(account: Account, console: Console) -> list[str]:
    held = console.speaker.listed(sorted(account.roles))
    state = console.speaker("disabled") if account.disabled else ""
    return [account.user, account.display_name, held, account.officer or "", state]
