"""The second factor: a code of six digits that an authenticator shows, after RFC 6238, asked for after the password.

The secret lies in the encrypted file of the accounts. A code counts once: of each step of 30 seconds none is taken
again, nor of an earlier one. A clock may be one step off, either way. Who commands or audits, or everybody, must have
one where the site says so. Who commands or audits, and where it is demanded of everybody all, cannot give it up alone
once there is one: an administrator takes it away, for a lost device.
"""

from __future__ import annotations

import dataclasses
import hmac
from datetime import datetime
from typing import Final

import pyotp

from domain.base import Actor, Role
from domain.refusals import NotAllowed, NotPossible, PlanningError
from planner.account import Account
from planner.accounts import Accounts, administrators_only, needs_proof
from planner.credentials import NotRight

#: Who must have a second factor where the site says so, and keep it once there is one.
BOUND: Final = frozenset({Role.COMMANDER, Role.AUDITOR})
#: What an authenticator calls the site.
ISSUER: Final = "Security planner"
STEP: Final = 30
#: How many steps a clock may be off.
SKEW: Final = 1

_DEMAND: Final = "second factor"
_OF_ALL: Final = "second factor of everybody"


@dataclasses.dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret that waits for its first code: as an authenticator takes it, as a picture and as text."""

    secret: str
    address: str

    @property
    def spelt(self) -> str:
        """The secret in groups of four, to be typed."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class SecondFactors:
    """The second factors of all accounts. Safe to share between threads and processes."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._file = accounts.file

    @property
    def demanded(self) -> bool:
        """True where the site demands one, of everybody who commands or audits at least."""
        return bool(self._demands())

    @property
    def demanded_of_all(self) -> bool:
        """True where the site demands one of everybody."""
        return _OF_ALL in self._demands()

    def _demands(self) -> set[str]:
        return {row["name"] for row in self._file.rows("SELECT name FROM demands")} & {_DEMAND, _OF_ALL}

    def demand(self, wanted: bool, *, by: Actor, of_all: bool = False) -> None:
        """Say whether the site demands one of everybody who commands or audits, or ``of_all``."""
        administrators_only(by)
        said = "second factor not demanded"
        with self._file.writing():
            self._file.execute("DELETE FROM demands WHERE name IN (?, ?)", _DEMAND, _OF_ALL)
            if wanted:
                self._file.execute("INSERT INTO demands VALUES (?)", _OF_ALL if of_all else _DEMAND)
                said = "second factor demanded of all" if of_all else "second factor demanded"
            self._accounts.record(by.user, said, "", "")

    def since(self, user: str) -> datetime | None:
        """Since when an account has one; None where it has none."""
        rows = self._file.rows("SELECT since FROM second_factors WHERE user = ? AND since IS NOT NULL", user)
        return datetime.fromisoformat(rows[0]["since"]) if rows else None

    def missing(self, account: Account) -> bool:
        """True where the account must have one and has none."""
        demands = self._demands()
        demanded = _OF_ALL in demands or (_DEMAND in demands and bool(account.roles & BOUND))
        return demanded and self.since(account.user) is None

    def bound(self, account: Account) -> bool:
        """True where the account cannot give it up."""
        return bool(account.roles & BOUND) or self.demanded_of_all

    def enrolment(self, user: str) -> Enrolment:
        """What is to be taken into an authenticator; the same until its first code confirms it."""
        with self._file.writing():
            if self.since(user) is not None:
                raise NotPossible.because("There is a second factor already.")
            rows = self._file.rows("SELECT secret FROM second_factors WHERE user = ?", user)
            secret = rows[0]["secret"] if rows else pyotp.random_base32()
            if not rows:
                self._file.execute("INSERT INTO second_factors VALUES (?, ?, NULL, 0)", user, secret)
        return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=ISSUER))

    def confirm(self, user: str, code: str) -> None:
        """The first code: from now on one is asked for at every sign-in. All other sessions stay."""
        with self._file.writing():
            if self.since(user) is not None or not self._right(user, code):
                raise _wrong()
            now = self._accounts.clock().isoformat()
            self._file.execute("UPDATE second_factors SET since = ? WHERE user = ?", now, user)
            self._accounts.record(user, "second factor", user, "")

    def matches(self, user: str, code: str) -> bool:
        """Whether the code is right now and was not used; then it is used."""
        with self._file.writing():
            return self.since(user) is not None and self._right(user, code)

    def give_up(self, account: Account, code: str) -> None:
        """Do without one from now on. Refused where the account commands or audits, or everybody must have one."""
        if self.bound(account):
            raise NotAllowed.because("Who must have a second factor keeps it. For a new device, ask the administrator.")
        with self._file.writing():
            if not self.matches(account.user, code):
                raise _wrong()
            self._drop(account.user)
            self._accounts.record(account.user, "second factor given up", account.user, "")

    def reset(self, user: str, *, by: Actor, proof: str) -> None:
        """Take it away, for a lost device; all sessions of the account end.

        ``proof`` says how its person showed who they are.
        """
        administrators_only(by)
        needs_proof(proof)
        with self._file.writing():
            account = self._accounts.account(user)
            self._drop(account.user)
            self._accounts.end_sessions(account.user)
            self._accounts.record(by.user, "second factor reset", account.user, proof.strip())

    def _drop(self, user: str) -> None:
        self._file.execute("DELETE FROM second_factors WHERE user = ?", user)

    def _right(self, user: str, code: str) -> bool:
        """Within a transaction: the newest step that the code is of is used up, with all before it."""
        rows = self._file.rows("SELECT secret, last_step FROM second_factors WHERE user = ?", user)
        if not rows:
            return False
        digits = "".join(code.split())
        now = int(self._accounts.clock().timestamp()) // STEP
        factor = pyotp.TOTP(rows[0]["secret"])
        steps = [step for step in range(now - SKEW, now + SKEW + 1) if step > rows[0]["last_step"]]
        found = [step for step in steps if hmac.compare_digest(factor.generate_otp(step).encode(), digits.encode())]
        if not found:
            return False
        self._file.execute("UPDATE second_factors SET last_step = ? WHERE user = ?", max(found), user)
        return True


def _wrong() -> PlanningError:
    return NotRight.because("The code is not right, or was used already. Wait for the next one.")
