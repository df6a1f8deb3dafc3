"""Keys with which people sign what binds them, each sealed under its owner's password.

Stored beside the accounts is only what the password opens: whoever holds the machine, its database and its key signs
nothing in the name of another. A key lives as long as the password that it was sealed under: after a new password the
next signature makes a new one, and the former ones stay listed, so that old signatures still verify. That a key was
made stands in the sealed log of sign-ins, and its public half in the plan's log (``domain.signer``), where every
machine finds it: who slips one in leaves both traces, or ``planner verify`` does not know it.
"""

from __future__ import annotations

import base64
import dataclasses
import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.base import Actor
from domain.refusals import NotAllowed
from planner.access.sign_in_log import KEY_MADE
from planner.account import Account
from planner.account_file import AccountFile
from planner.accounts import Accounts
from planner.attempts import SignInRefused
from planner.audit.checkpoint import Key

_SALT, _NONCE = 16, 12


@dataclasses.dataclass(frozen=True, slots=True)
class PersonalKey:
    """The public key of a person, and since when."""

    user: str
    key: bytes
    since: datetime


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Hand:
    """Signs in the name of the person whose key was opened: a ``Signer`` of the domain."""

    _key: Key
    #: Names the accounts beside which the key was made.
    machine: str = ""

    @property
    def key(self) -> str:
        return self._key.verifier.decode()

    def sign(self, statement: bytes) -> str:
        return base64.b64encode(self._key.signed(statement)).decode()


class PersonalKeys:
    """The signing keys of all accounts."""

    def __init__(self, accounts: Accounts, hasher: PasswordHasher | None = None) -> None:
        self._accounts = accounts
        self._hasher = hasher or PasswordHasher()
        if not accounts.log.keys_made():
            for one in personal_keys(accounts.file):  # made before their making was recorded
                self._note(one.user, one.key.decode())

    def actor(self, account: Account, password: str, via: str) -> Actor:
        """The account as one who signs. ``NotAllowed`` where the password is not right."""
        if not account.has_password:
            raise NotAllowed.because(
                "This is signed with a password, and your account has none. An administrator can give it one."
            )
        if not password:
            raise SignInRefused.because("Type your password: this is signed with it.")
        if not self._accounts.matches(account.user, password):
            raise SignInRefused.because("This is signed with your password; this one is not right.")
        return dataclasses.replace(
            account.actor(via), signer=Hand(self._opened(account.user, password), machine_of(self._accounts.file))
        )

    def _opened(self, user: str, password: str) -> Key:
        """The person's key; a new one where there is none that this password opens."""
        with self._accounts.file.writing():
            rows = self._accounts.file.rows(
                "SELECT sealed FROM signing_keys WHERE user = ? ORDER BY number DESC LIMIT 1", user
            )
            if rows and (secret := self._unsealed(user, password, rows[0]["sealed"])) is not None:
                return Key.signing(user, secret)
            secret = secrets.token_bytes(32)
            key = Key.signing(user, secret)
            self._note(user, key.verifier.decode())
            self._accounts.file.execute(
                "INSERT INTO signing_keys (user, key, sealed, since) VALUES (?, ?, ?, ?)",
                user,
                key.verifier.decode(),
                self._sealed(user, password, secret),
                self._accounts.clock().isoformat(),
            )
            return key

    def _note(self, user: str, key: str) -> None:
        self._accounts.log.note(KEY_MADE, user=user, about=key)

    def _sealed(self, user: str, password: str, secret: bytes) -> bytes:
        salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
        return salt + nonce + AESGCM(self._stretched(password, salt)).encrypt(nonce, secret, user.encode())

    def _unsealed(self, user: str, password: str, sealed: bytes) -> bytes | None:
        salt, nonce, rest = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
        try:
            return AESGCM(self._stretched(password, salt)).decrypt(nonce, rest, user.encode())
        except InvalidTag:
            return None

    def _stretched(self, password: str, salt: bytes) -> bytes:
        cost = self._hasher
        return hash_secret_raw(password.encode(), salt, cost.time_cost, cost.memory_cost, cost.parallelism, 32, Type.ID)


def machine_of(file: AccountFile) -> str:
    """What tells the machine with these accounts from the others of a team, whose accounts are their own."""
    return known_machine(file) or _named_machine(file)


def known_machine(file: AccountFile) -> str:
    """The same where it was told before; empty where it never was."""
    return "".join(row["id"] for row in file.rows("SELECT id FROM machine"))


def _named_machine(file: AccountFile) -> str:
    file.execute("INSERT OR IGNORE INTO machine VALUES (1, ?)", secrets.token_hex(8))
    return known_machine(file)


def personal_keys(file: AccountFile) -> list[PersonalKey]:
    """The public keys of all people, in the order in which they were made."""
    return [
        PersonalKey(row["user"], row["key"].encode(), datetime.fromisoformat(row["since"]))
        for row in file.rows("SELECT user, key, since FROM signing_keys ORDER BY number")
    ]
