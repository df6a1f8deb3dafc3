"""Who may come in: accounts, their passwords, and what each has chosen to see.

Accounts stand beside the plan in an encrypted file of their own, ``accounts.db``: they are administration,
not planning, and a forgotten password must never be part of the log. Every act of administration is kept in
the table ``acts`` with who did it and when. Signing in and sessions: ``planner.sign_in``.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.base import Actor, Role
from domain.refusals import CodeTaken, InvalidInput, NotAllowed, NotFound, NotPossible, ReasonRequired
from planner.access.sealed_log import LONGEST
from planner.access.sign_in_log import Happened, SignInLog
from planner.account import NO_PASSWORD, TEXT_SIZES, Account, AccountAct, Look, account_of, roles_text
from planner.account_file import AccountFile
from planner.credentials import NotRight, hashed_token, one_time_password, strong, user_name, valid_name, valid_user
from planner.text import LANGUAGES, now

#: How long a one-time password that nobody used is good.
ONE_TIME = timedelta(days=7)
#: The first account, made at the first start.
FIRST_USER = "admin"
#: Acts that let somebody in who could not: how the person showed who they are stands in the sealed log too.
PROVEN = frozenset({"password reset", "second factor reset"})


class Accounts:
    """All accounts of one data directory. Safe to share between threads and to open in several processes."""

    def __init__(
        self,
        data_dir: Path,
        key: bytes,
        *,
        clock: Callable[[], datetime] = now,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self.clock = clock
        self.file = AccountFile(data_dir, key)
        self.log = SignInLog(data_dir, key, clock)
        self._hasher = hasher or PasswordHasher()
        # A password nobody knows: checked when the user is unknown, so that both answers take the same time.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def close(self) -> None:
        self.file.close()
        self.log.close()

    # reading

    def __iter__(self) -> Iterator[Account]:
        """All accounts, by user name."""
        return iter([account_of(row) for row in self.file.rows("SELECT * FROM accounts ORDER BY user")])

    def account(self, user: str) -> Account:
        """The account of that user name. Raises ``NotFound``."""
        found = self.find(user)
        if found is None:
            raise NotFound.because("There is no account {user}.", user=user)
        return found

    def find(self, user: str) -> Account | None:
        """The account of that user name, if there is one."""
        rows = self.file.rows("SELECT * FROM accounts WHERE user = ?", user_name(user))
        return account_of(rows[0]) if rows else None

    def acts(self, last: int = 100) -> list[AccountAct]:
        """What was done to accounts, newest first."""
        rows = self.file.rows("SELECT * FROM acts ORDER BY number DESC LIMIT ?", last)
        return [
            AccountAct(
                at=datetime.fromisoformat(row["at"]),
                by=row["by"],
                act=row["act"],
                user=row["user"],
                detail=row["detail"],
            )
            for row in rows
        ]

    # administration: ``by`` is the account that does it

    def ensure_first(self) -> str | None:
        """Makes the first administrator where there is no account yet; the one-time password, shown once."""
        with self.file.writing():
            if self.file.rows("SELECT 1 FROM accounts LIMIT 1"):
                return None
            password = one_time_password()
            self._insert(FIRST_USER, "Administrator", password, frozenset({Role.ADMINISTRATOR}), None, Look(), True)
            self.record("system", "created", FIRST_USER, "administrator")
        return password

    def create(
        self,
        user: str,
        *,
        by: Actor,
        display_name: str = "",
        roles: Iterable[Role] = (),
        officer: str | None = None,
        look: Look | None = None,
        password: str | None = None,
    ) -> str:
        """A new account; the password to hand over, to be changed at the first sign-in.

        Given a ``password`` it is used as it is and need not be changed (the demo). Raises ``CodeTaken``,
        ``InvalidInput``, ``NotAllowed``.
        """
        administrators_only(by)
        name = valid_user(user)
        shown = valid_name(display_name or user.strip())
        given = one_time_password() if password is None else strong(password, name, shown)
        held = frozenset(roles)
        with self.file.writing():
            if self.find(name) is not None:
                raise CodeTaken.because("The user name {user} is taken already.", user=name)
            self._free_officer(officer, name)
            self._insert(name, shown, given, held, officer, look or Look(), password is None)
            self.record(by.user, "created", name, ", ".join(sorted(held)))
        return given

    def rename(self, user: str, display_name: str, *, by: Actor) -> None:
        """Changes the name that is shown."""
        administrators_only(by)
        # Without the names: who was erased is not kept here either.
        self._change(user, by, "renamed", "", display_name=valid_name(display_name))

    def disable(self, user: str, *, by: Actor) -> None:
        """Nobody can sign in with it any more; its sessions end at once."""
        administrators_only(by)
        with self.file.writing():
            account = self.account(user)
            self._keep_an_administrator(account, still=False)
            self._change(user, by, "disabled", "", disabled=1)
            self.end_sessions(account.user)

    def enable(self, user: str, *, by: Actor) -> None:
        """Makes a disabled account usable again."""
        administrators_only(by)
        self._change(user, by, "enabled", "", disabled=0)

    def set_roles(self, user: str, roles: Iterable[Role], *, by: Actor) -> None:
        """Replaces all roles of the account; they hold from the next click on."""
        administrators_only(by)
        held = frozenset(roles)
        with self.file.writing():
            self._keep_an_administrator(self.account(user), still=Role.ADMINISTRATOR in held)
            self._change(user, by, "roles", ", ".join(sorted(held)), roles=roles_text(held))

    def link_officer(self, user: str, officer: str | None, *, by: Actor) -> None:
        """Says which officer this person is (``None``: nobody). One account for each officer."""
        administrators_only(by)
        with self.file.writing():
            self._free_officer(officer, self.account(user).user)
            self._change(user, by, "linked", officer or "", officer=officer)

    def reset_password(self, user: str, *, by: Actor, proof: str = "") -> str:
        """A new one-time password to hand over; all sessions of the account end.

        ``proof`` says how its person showed who they are: needed but where the first password was never used.
        """
        administrators_only(by)
        if not self.account(user).must_change_password:
            needs_proof(proof)
        password = one_time_password()
        hashed = self._hasher.hash(password)
        with self.file.writing():
            account = self.account(user)
            self._change(user, by, "password reset", proof.strip(), password_hash=hashed, must_change_password=1)
            self._is_one_time(account.user)
            self.end_sessions(account.user)
        return password

    def sign_out(self, user: str, *, by: Actor) -> int:
        """Ends all sessions of an account; how many ended."""
        administrators_only(by)
        with self.file.writing():
            account = self.account(user)
            self.record(by.user, Happened.SESSIONS_ENDED, account.user, "")
            return self.end_sessions(account.user)

    def one_time_over(self, user: str) -> bool:
        """True where the password of that user was to be used once, and was not for too long."""
        rows = self.file.rows("SELECT until FROM one_time_passwords WHERE user = ?", user_name(user))
        return bool(rows) and bool(rows[0]["until"] <= self.clock().timestamp())

    def _is_one_time(self, user: str) -> None:
        until = self.clock() + ONE_TIME
        self.file.execute("INSERT OR REPLACE INTO one_time_passwords VALUES (?, ?)", user, until.timestamp())

    def end_sessions(self, user: str, *, but: str = "") -> int:
        """Ends all that whoever is signed in as that user holds, except the session of the id ``but``; how many ended.

        That is sessions, the first steps of signing in, and a second factor that waits for its first code: whoever
        came in by mistake may have seen its secret.
        """
        name = user_name(user)
        with self.file.writing():
            self.file.execute("DELETE FROM tickets WHERE user = ?", name)
            if not but:
                self.file.execute("DELETE FROM devices WHERE user = ?", name)
            self.file.execute("DELETE FROM second_factors WHERE user = ? AND since IS NULL", name)
            return self.file.execute("DELETE FROM sessions WHERE user = ? AND token_hash != ?", name, but)

    def without_password(self, user: str) -> None:
        """The account has no password any more: its person comes in another way."""
        self.file.execute(
            "UPDATE accounts SET password_hash = ?, must_change_password = 0 WHERE user = ?",
            NO_PASSWORD,
            user_name(user),
        )

    # one's own account

    def change_password(self, user: str, old: str, new: str) -> None:
        """Changes one's own password; all sessions of the account end.

        Raises ``InvalidInput`` where the old password is wrong or the new one too weak, ``NotPossible`` without one.
        """
        account = self.account(user)
        if not account.has_password:
            raise NotPossible.because(
                "This account has no password: you sign in with the provider. An administrator can give it one."
            )
        if not self.matches(account.user, old):
            raise NotRight.because("The present password is not right.")
        strong(new, account.user, account.display_name)
        if new == old:
            raise InvalidInput.because("The new password must differ from the present one.")
        hashed = self._hasher.hash(new)
        with self.file.writing():
            by = account.actor("account")
            self._change(user, by, "password changed", "", password_hash=hashed, must_change_password=0)
            self.end_sessions(account.user)

    def set_look(self, user: str, **changes: Any) -> Look:
        """Changes language, zone, text size or contrast of the account (fields of ``Look``)."""
        with self.file.writing():
            look = dataclasses.replace(self.account(user).look, **changes)
            if look.language not in LANGUAGES or look.text_size not in TEXT_SIZES:
                raise InvalidInput.because("There is no such language or text size.")
            self.file.execute(
                "UPDATE accounts SET language = ?, zone = ?, text_size = ?, contrast = ? WHERE user = ?",
                look.language,
                look.zone,
                look.text_size,
                int(look.high_contrast),
                user_name(user),
            )
        return look

    def new_feed(self, user: str) -> str:
        """A fresh secret for the calendar address of the account; the former address stops working."""
        secret = secrets.token_urlsafe(32)
        account = self.account(user)
        if account.officer is None:
            raise NotPossible.because("Only an account linked to an officer has a calendar of duties.")
        self._change(user, account.actor("account"), "calendar opened", "", feed_hash=hashed_token(secret))
        return secret

    def drop_feed(self, user: str) -> None:
        """The calendar address of the account stops working."""
        account = self.account(user)
        self._change(user, account.actor("account"), "calendar closed", "", feed_hash=None)

    def of_feed(self, secret: str) -> Account | None:
        """The account whose calendar address holds this secret; none where it is disabled."""
        rows = self.file.rows("SELECT * FROM accounts WHERE feed_hash = ? AND disabled = 0", hashed_token(secret))
        return account_of(rows[0]) if rows else None

    def matches(self, user: str, password: str) -> bool:
        """Whether the password is right. Takes the same time for a user that does not exist, or has none."""
        rows = self.file.rows(
            "SELECT password_hash FROM accounts WHERE user = ? AND password_hash != ?", user_name(user), NO_PASSWORD
        )
        hashed = rows[0]["password_hash"] if rows else self._nobody
        with contextlib.suppress(VerificationError, InvalidHashError):
            self._hasher.verify(hashed, password)
            return bool(rows)
        return False

    def _insert(
        self,
        user: str,
        shown: str,
        password: str,
        roles: frozenset[Role],
        officer: str | None,
        look: Look,
        must_change: bool,
    ) -> None:
        self.file.execute(
            "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, NULL, ?)",
            user,
            shown,
            self._hasher.hash(password),
            roles_text(roles),
            officer,
            look.language,
            look.zone,
            look.text_size,
            int(look.high_contrast),
            int(must_change),
            self.clock().isoformat(),
        )
        if must_change:
            self._is_one_time(user)

    def _change(self, user: str, by: Actor, act: str, detail: str, **columns: object) -> None:
        """Sets columns (names from this file only) of one account and records the act."""
        with self.file.writing():
            account = self.account(user)
            assigned = ", ".join(f"{name} = ?" for name in columns)
            self.file.execute(f"UPDATE accounts SET {assigned} WHERE user = ?", *columns.values(), account.user)
            self.record(by.user, act, account.user, detail)

    def record(self, by: str, act: str, user: str, detail: str) -> None:
        """Keeps an act of administration, within the transaction that it is part of, and notes it in the sealed log."""
        moment = self.clock().isoformat()
        self.file.execute(
            "INSERT INTO acts (at, by, act, user, detail) VALUES (?, ?, ?, ?, ?)", moment, by, act, user, detail
        )
        self.log.note(act, user=user, by=by, about=detail if act in PROVEN else "")

    def _free_officer(self, officer: str | None, user: str) -> None:
        taken = self.file.rows("SELECT user FROM accounts WHERE officer = ? AND user != ?", officer, user)
        if officer is not None and taken:
            raise CodeTaken.because(
                "Officer {officer} is linked to the account {user} already.",
                officer=officer,
                user=taken[0]["user"],
            )

    def _keep_an_administrator(self, account: Account, *, still: bool) -> None:
        others = [
            other
            for other in self
            if other.user != account.user and Role.ADMINISTRATOR in other.roles and not other.disabled
        ]
        if Role.ADMINISTRATOR in account.roles and not still and not others:
            raise NotPossible.because(
                "{user} is the only administrator. Give another account that role first.",
                user=account.user,
            )


def needs_proof(proof: str) -> None:
    """Refuse giving anybody a way in without saying how the person showed who they are."""
    if not proof.strip() or len(proof) > LONGEST:
        raise ReasonRequired.because(
            "Say how the person showed who they are, in {most} characters at most: it is recorded.", most=LONGEST
        )


def administrators_only(by: Actor) -> None:
    """Refuse an act of administration by anybody else."""
    if Role.ADMINISTRATOR not in by.roles:
        raise NotAllowed.because("Only an administrator may change accounts.")
