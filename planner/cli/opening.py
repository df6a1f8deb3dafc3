"""Opens the data for one command and says in whose name it is given."""

from __future__ import annotations

import argparse
import contextlib
import getpass
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher

from domain.base import Actor, Role
from domain.plan import Plan
from domain.refusals import InvalidInput, NotAllowed, NotFound, PlanningError
from planner.access.permits import permit
from planner.access.reader import Reader
from planner.access.registry import rule_of
from planner.accounts import Accounts
from planner.application import Planner
from planner.audit.kept import sign_head
from planner.audit.tree import ProofError
from planner.cli.console import Console
from planner.credentials import LONGEST_PASSWORD
from planner.personal_keys import PersonalKeys
from planner.store.directory import Store
from planner.store.refusals import StoreUnavailable


def login() -> str:
    """The login name of the host, recorded beside the account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "?"


def via() -> str:
    """The way a request came, as events keep it."""
    return f"command line ({login()})"


@contextlib.contextmanager
def opened(asked: argparse.Namespace, *, create: bool = False) -> Iterator[Planner]:
    """The planner on the data directory that was named."""
    planner = Planner(asked.data, asked.key, create=create)
    first = planner.recorder.head()
    try:
        yield planner
        if planner.recorder.head() > first:
            with contextlib.suppress(PlanningError):  # the next signature, or planner verify, finds what is wrong
                sign_head(planner.store)
    finally:
        planner.close()


def signed(store: Store, console: Console) -> None:
    """Sign what the log holds before something leaves the house; a log that cannot be signed is told, no more."""
    try:
        sign_head(store)
    except ProofError as refusal:
        console.refuse(refusal)
    except StoreUnavailable:  # a directory that may only be read has been signed by whoever writes there
        pass


#: For looking accounts up: nothing that it hashes is ever stored, and it does not take a tenth of a second.
NO_PASSWORDS = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextlib.contextmanager
def accounts_of(planner: Planner, hasher: PasswordHasher | None = NO_PASSWORDS) -> Iterator[Accounts]:
    """The accounts beside the plan; whoever sets passwords asks for the real hasher with None."""
    accounts = Accounts(planner.store.data_dir, planner.store.keys.database, hasher=hasher)
    try:
        yield accounts
    finally:
        accounts.close()


def named(user: str | None) -> str:
    """The name of who acts, refused where it is missing: before anything is made for it."""
    if user is None:
        raise InvalidInput.because("Say in whose name: --as USER.")
    return user


def actor(planner: Planner, user: str | None) -> Actor:
    """The account in whose name a command is given. Refused where it is unknown or disabled."""
    user = named(user)
    with accounts_of(planner) as accounts:
        account = accounts.find(user)
        if account is None:
            if not any(True for _ in accounts):
                raise NotFound.because(
                    "There are no accounts here yet. Make one first: "
                    "planner user add {user} --role planner --data {data}",
                    user=user,
                    data=planner.store.data_dir,
                )
            raise NotFound.because(
                "There is no account {user}. The accounts are: {known}.",
                user=user,
                known=tuple(a.user for a in accounts),
            )
    if account.disabled:
        raise NotAllowed.because("The account {user} is disabled.", user=account.user)
    return account.actor(via())


def founder(planner: Planner, asked: argparse.Namespace, console: Console) -> Actor:
    """The account in whose name commands are given; the first one of a new site is made here, for its key holder."""
    user = named(asked.user)
    with accounts_of(planner) as accounts:
        if not any(True for _ in accounts):
            by = Actor("system", frozenset({Role.ADMINISTRATOR}), via=via())
            accounts.create(user, by=by, roles={Role.ADMINISTRATOR, Role.PLANNER, Role.COMMANDER})
            console.tell(
                "A new site: data in {data}, key in {key}. Keep a copy of the key apart from the data; without it "
                "nobody can read them. Account {user} may plan, command and administer; set its password with "
                "planner user password {user}",
                data=planner.store.data_dir,
                key=planner.store.keys.path,
                user=user,
            )
    return as_signer(planner, actor(planner, user), asked)


def as_signer(planner: Planner, by: Actor, asked: argparse.Namespace) -> Actor:
    """The account as one who signs, where a file with its password was named."""
    return by if asked.password_file is None else signing(planner, by, asked.password_file)


def signing(planner: Planner, by: Actor, file: Path, visit: str = "") -> Actor:
    """The actor as one who signs what binds: with the password in the first line of a file; a wrong one is recorded."""
    password = readable(file, LONGEST_PASSWORD * 4).decode("utf-8", "replace").partition("\n")[0]
    with accounts_of(planner, None) as accounts, planner.refusals.signing(by, visit):
        one = PersonalKeys(accounts).actor(accounts.account(by.user), password, by.via)
    planner.make_signing_key(by=one)
    return one


def reader(planner: Planner, user: str | None, query: str = "read_visit") -> Reader:
    """The account in whose name the plan is read, or whoever holds the data and their key, who may read all of it."""
    if user is None:
        return key_holder(planner)
    one = actor(planner, user)
    permit(one, query)
    return Reader(planner, one, leaving=not rule_of(query).emergency)


def taker(planner: Planner, user: str | None) -> Reader:
    """The same of what is taken out; the guard says whether that may be, and records it where it may not."""
    return key_holder(planner) if user is None else Reader(planner, actor(planner, user)).taking_out()


def key_holder(planner: Planner) -> Reader:
    """Whoever holds the data and their key, without an account."""
    return Reader(planner, Actor(user=f"@{login()}", roles=frozenset(), via=via()), key_holder=True)


def record(who: Reader, console: Console, query: str, visit: str | None, about: str = "") -> None:
    """Record what is read before it is shown: of a visit, of all where it is None, of none where it is empty.

    An account is refused where that cannot be.

    Whoever holds the data and their key could read them without this program: it is told, and goes on.
    """
    try:
        who.record(query, who.visits_seen if visit is None else (visit,) if visit else (), about)
    except StoreUnavailable:
        if not who.key_holder:
            raise
        console.tell("This is not recorded: the data can only be read now.")


def position(planner: Planner | Reader, text: str | None) -> int:
    """The position that ``POSITION|TIME`` names; the last one where it is left away."""
    last = planner.plan.position
    if text is None:
        return last
    if text.isdecimal():
        number = int(text)
        if number > last:
            raise NotFound.because(
                "There is no event {number}; the last one is {last}.", number=str(number), last=str(last)
            )
        return number
    return planner.timeline.position_at(moment(text))


def moment(text: str) -> datetime:
    """A time with its zone, as people type it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput.because(
            "«{typed}» is neither the number of an event nor a time. A time looks like 2026-11-24T08:00+07:00.",
            typed=text,
        ) from None
    if found.tzinfo is None:
        raise InvalidInput.because("The time «{typed}» needs a zone, as in 2026-11-24T08:00+07:00.", typed=text)
    return found


def visit_meant(plan: Plan, code: str | None) -> str:
    """The visit that was named, whether it is there or not: the guard says so, and records it; or the only one."""
    return visit_code(plan, None) if code is None else code


def visit_code(plan: Plan, code: str | None) -> str:
    """The visit that was named, or the only one there is."""
    if code is not None:
        return plan.visit(code).key
    if not plan.visits:
        raise NotFound.because("There is no visit yet.")
    if len(plan.visits) > 1:
        raise InvalidInput.because("Name the visit with --visit: {codes}.", codes=tuple(v.key for v in plan.visits))
    return plan.visits[0].key


def refuse_no_file(file: Path) -> None:
    """Refuse a name at which there is no file."""
    if not file.exists():
        raise NotFound.because("There is no file {file}.", file=file)
    if not file.is_file():
        raise InvalidInput.because("{file} is not a file.", file=file)


def readable(file: Path, most: int) -> bytes:
    """The bytes of a file, refused where it is missing, no plain file or larger than ``most`` bytes."""
    refuse_no_file(file)
    if file.stat().st_size > most:
        raise InvalidInput.because(
            "{file} is too large: {size} MB, where {most} MB are allowed.",
            file=file,
            size=file.stat().st_size / 1_000_000,
            most=most // 1_000_000,
        )
    return file.read_bytes()
