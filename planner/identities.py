"""Which account a subject of a provider is, said by an administrator; and the sign-ins that have begun there."""

from __future__ import annotations

import dataclasses
import secrets
from datetime import datetime, timedelta
from typing import Final

from domain.base import Actor
from domain.refusals import CodeTaken, InvalidInput, NotFound
from planner.account import Account
from planner.accounts import Accounts, administrators_only
from planner.credentials import hashed_token

#: How long a sign-in at the provider may take.
TAKES: Final = timedelta(minutes=10)
#: Sign-ins that have begun and not ended: more can only be an attempt to fill the file.
MOST_BEGUN: Final = 5_000


@dataclasses.dataclass(frozen=True, slots=True)
class Flow:
    """What must be known when the browser comes back; ``wanted`` is where it wanted to go."""

    nonce: str
    verifier: str
    wanted: str


class Identities:
    """The identities of all accounts. Safe to share between threads and processes."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._file = accounts.file

    def account(self, issuer: str, subject: str) -> Account | None:
        """The account that a subject is, disabled ones too; none where nobody said so."""
        rows = self._file.rows("SELECT user FROM identities WHERE issuer = ? AND subject = ?", issuer, subject)
        return self._accounts.find(rows[0]["user"]) if rows else None

    def link(self, user: str, issuer: str, subject: str, *, by: Actor) -> None:
        """Say which account a subject is; its sessions end, and a one-time password that was never used."""
        administrators_only(by)
        if not (0 < len(subject) <= 255 and subject.isprintable() and 0 < len(issuer) <= 500 and issuer.isprintable()):
            raise InvalidInput.because("A subject is one line of 1 to 255 characters.")
        with self._file.writing():
            account = self._accounts.account(user)
            taken = self.account(issuer, subject)
            if taken is not None and taken.user != account.user:
                raise CodeTaken.because("{subject} is the account {user} already.", subject=subject, user=taken.user)
            self._file.execute("DELETE FROM identities WHERE issuer = ? AND user = ?", issuer, account.user)
            self._file.execute("INSERT INTO identities VALUES (?, ?, ?)", issuer, subject, account.user)
            if account.must_change_password:
                self._accounts.without_password(account.user)
            self._accounts.end_sessions(account.user)
            self._accounts.record(by.user, "identity linked", account.user, f"{issuer} {subject}")

    def unlink(self, user: str, *, by: Actor) -> None:
        """The account is no longer any subject; its sessions end."""
        administrators_only(by)
        with self._file.writing():
            account = self._accounts.account(user)
            if not self._file.execute("DELETE FROM identities WHERE user = ?", account.user):
                raise NotFound.because("The account {user} is linked to no identity.", user=account.user)
            self._accounts.end_sessions(account.user)
            self._accounts.record(by.user, "identity unlinked", account.user, "")

    # sign-ins that have begun

    def begin(self, state: str, nonce: str, verifier: str, wanted: str) -> str:
        """Keep a sign-in until it comes back; the secret that its browser keeps beside it."""
        browser, moment = secrets.token_urlsafe(32), self._now()
        with self._file.writing():
            self._file.execute("DELETE FROM flows WHERE until <= ?", moment)
            self._file.execute("DELETE FROM flows WHERE number <= (SELECT max(number) FROM flows) - ?", MOST_BEGUN)
            until = moment + TAKES.total_seconds()
            fields = hashed_token(state), hashed_token(browser), nonce, verifier, wanted, until
            self._file.execute(
                "INSERT INTO flows (state, browser, nonce, verifier, wanted, until) VALUES (?, ?, ?, ?, ?, ?)", *fields
            )
        return browser

    def taken(self, state: str, browser: str) -> Flow | None:
        """The sign-in that a state stands for, once, in time and in the browser that began it."""
        held = hashed_token(state)
        with self._file.writing():
            rows = self._file.rows("SELECT * FROM flows WHERE state = ?", held)
            self._file.execute("DELETE FROM flows WHERE state = ?", held)
        if not rows or rows[0]["until"] <= self._now() or rows[0]["browser"] != hashed_token(browser):
            return None
        return Flow(rows[0]["nonce"], rows[0]["verifier"], rows[0]["wanted"])

    def _now(self) -> float:
        moment: datetime = self._accounts.clock()
        return moment.timestamp()
