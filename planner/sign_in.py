"""Coming in and staying in: attempts to sign in are slowed down, sessions live on the server.

A session is known by a token of 256 bits that only the browser holds; stored is its SHA-256. It ends 15
minutes after the last thing its person did, 8 hours after sign-in, when it or its account is revoked, and
when its password changes.

A browser in which an account was used keeps a token of its own for ``REMEMBERED``: wrong passwords that others try
elsewhere make its owner wait there no longer than the own ones. It lets nobody in.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.messages import message
from domain.refusals import NotAllowed, PlanningError
from planner.access.sign_in_log import Happened
from planner.account import Account
from planner.accounts import Accounts
from planner.attempts import Attempts, SignInRefused, TooManyAttempts
from planner.credentials import LONGEST_PASSWORD, NotRight, hashed_token, user_name
from planner.second_factor import SecondFactors
from planner.store.side_file import Row

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)

#: A session's last use is written at most this often.
WRITTEN_EVERY = timedelta(seconds=5)
#: How long after the password the code must be entered.
TICKET = timedelta(minutes=5)
#: How long after signing in somebody without a password need not sign in again for what others type theirs for.
FRESH = timedelta(minutes=10)
#: How long a browser is known after its last sign-in.
REMEMBERED = timedelta(days=180)
#: Passwords checked at one time: each takes 64 MiB while it is checked.
_CHECKING = threading.BoundedSemaphore(2)


class CodeNeeded(SignInRefused):
    """The password was right, and a code of the second factor is needed too; ``ticket`` stands for the first step."""

    ticket: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that holds: its id is the hash of its token, and tells nobody the token."""

    id: str
    account: Account
    since: datetime
    seen_at: datetime
    client: str
    browser: str
    #: The account must have a second factor and has none: nothing else is reached before.
    must_enrol: bool = False


class Doorkeeper:
    """Lets people in, knows who is in, and shows them out. Safe to share between threads."""

    def __init__(
        self,
        accounts: Accounts,
        *,
        idle: timedelta = IDLE,
        longest: timedelta = LONGEST,
    ) -> None:
        self.accounts = accounts
        self.idle = idle
        self.longest = longest
        self.factors = SecondFactors(accounts)
        self._file = accounts.file
        self._read: tuple[tuple[int, int], dict[str, SignedIn]] = ((0, 0), {})
        self._attempts = Attempts(accounts.file, accounts.clock)

    def sign_in(self, user: str, password: str, *, client: str, browser: str = "", device: str = "") -> str:
        """The token of a new session. Raises ``SignInRefused``; each attempt counts before it is checked.

        ``CodeNeeded``, a kind of it, where the password is right and the account has a second factor. ``device`` is the
        token of the browser, where it has one.
        """
        name = user_name(user)[:40]
        with self._checked("user", name, client, Happened.REFUSED, self._known_device(device, name)):
            with _CHECKING:
                # One that is too long is hashed all the same: both answers take the same time.
                right = self.accounts.matches(name, password[:LONGEST_PASSWORD]) and len(password) <= LONGEST_PASSWORD
            account = self.accounts.find(name) if right else None
            if account is None or account.disabled:
                raise SignInRefused.because("The user name or the password is not right.")
        if account.must_change_password and self.accounts.one_time_over(account.user):
            self.accounts.log.note(Happened.ONE_TIME_OVER, user=account.user, client=client)
            raise SignInRefused.because(
                "This one-time password was not used in time. Ask your administrator for another one."
            )
        return self.admit(account, client=client, browser=browser)

    def admit(self, account: Account, *, client: str, browser: str = "") -> str:
        """The token of a new session for whoever has shown to be that person; ``CodeNeeded`` as in ``sign_in``."""
        if self.factors.since(account.user) is None:
            return self._let_in(account, client, browser)
        needed = CodeNeeded(message("Enter the code that your authenticator shows."))
        needed.ticket, until = secrets.token_urlsafe(32), self._now() + TICKET.total_seconds()
        self._file.execute("INSERT INTO tickets VALUES (?, ?, ?)", hashed_token(needed.ticket), account.user, until)
        raise needed

    def second_step(self, ticket: str, code: str, *, client: str, browser: str = "") -> str:
        """The token of a new session for whoever did the first step and now says the code. Raises ``SignInRefused``."""
        held = hashed_token(ticket)
        rows = self._file.rows("SELECT user FROM tickets WHERE ticket_hash = ? AND until > ?", held, self._now())
        account = self.accounts.find(rows[0]["user"]) if rows else None
        if account is None or account.disabled:
            raise SignInRefused.because("The time to enter the code is over. Sign in again.")
        with self._checked("code of", account.user, client, Happened.CODE_REFUSED):
            if not self.factors.matches(account.user, code[:20]):
                raise SignInRefused.because("The code is not right, or was used already. Wait for the next one.")
        self._file.execute("DELETE FROM tickets WHERE ticket_hash = ?", held)
        return self._let_in(account, client, browser)

    @contextlib.contextmanager
    def _checked(self, what: str, user: str, client: str, wrong: Happened, device: str = "") -> Iterator[None]:
        """Around one check of who somebody is: counted, and noted as ``wrong`` where it is."""
        try:
            with self._attempts.attempt(f"{what} {user}", client, device):
                yield
        except TooManyAttempts:
            self.accounts.log.note_seldom(Happened.MADE_TO_WAIT, user=self._known(user), client=client)
            raise
        except (SignInRefused, NotRight):
            self.accounts.log.note(wrong, user=self._known(user), client=client)
            raise

    def remember(self, device: str, user: str) -> str:
        """The token by which a browser is known from now on as one in which the account was used."""
        now = self._now()
        with self._file.writing():
            self._file.execute("DELETE FROM devices WHERE until <= ?", now)
            if not self._file.rows("SELECT 1 FROM devices WHERE device_hash = ?", hashed_token(device)):
                device = secrets.token_urlsafe(32)  # never one that somebody else may have put there
            until = now + REMEMBERED.total_seconds()
            self._file.execute("INSERT OR REPLACE INTO devices VALUES (?, ?, ?)", hashed_token(device), user, until)
        return device

    def _known_device(self, device: str, user: str) -> str:
        held = hashed_token(device)
        query = "SELECT 1 FROM devices WHERE device_hash = ? AND user = ? AND until > ?"
        return f"{held} of {user}" if self._file.rows(query, held, user, self._now()) else ""

    def _known(self, user: str) -> str:
        """A user name, where it is one: anything else may be a password in the wrong field."""
        return user if self.accounts.find(user) is not None else ""

    def _let_in(self, account: Account, client: str, browser: str) -> str:
        self.accounts.log.note(Happened.SIGNED_IN, user=account.user, client=client)
        return self._begun(account, client, browser)

    def _begun(self, account: Account, client: str, browser: str) -> str:
        token, moment = secrets.token_urlsafe(32), self._now()
        with self._file.writing():
            self._file.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
                hashed_token(token),
                account.user,
                moment,
                moment,
                client,
                browser[:200],
            )
            self._forget_old(moment)
        return token

    def by_token(self, token: str) -> SignedIn | None:
        """The session that a token opens, if it holds."""
        return self.by_id(hashed_token(token))

    def by_id(self, session: str) -> SignedIn | None:
        """The session of that id, if it holds now: neither ended, nor too old, nor of a disabled account.

        A page asks many times while it is drawn: only what was written since, by anybody, is read anew.
        """
        version = self._file.version()
        if self._read[0] != version:
            self._read = version, {}
        known = self._read[1]
        if session not in known:
            found = self._sessions("s.token_hash = ?", session)
            if not found:
                return None
            known[session] = found[0]
        return known[session] if self._in_time(known[session]) else None

    def of_user(self, user: str) -> list[SignedIn]:
        """All sessions of a user that hold, newest first."""
        return self._sessions("s.user = ?", user_name(user))

    def holding(self) -> frozenset[str]:
        """The ids of all sessions that hold."""
        return frozenset(row["token_hash"] for row in self._rows("1"))

    def used(self, session: SignedIn) -> None:
        """Says that the person did something just now: the session stays longer."""
        moment = self._now()
        if moment - session.seen_at.timestamp() >= WRITTEN_EVERY.total_seconds():
            self._file.execute(
                "UPDATE sessions SET seen_at = ? WHERE token_hash = ? AND seen_at < ?",
                moment,
                session.id,
                moment,
            )

    def change_password(self, session: SignedIn, old: str, new: str) -> str:
        """Changes one's own password; all sessions of the account end. The token of a new one, for who changed it.

        Wrong attempts are slowed down. Raises ``PlanningError``.
        """
        user = session.account.user
        with self._checked("user", user, session.client, Happened.PASSWORD_REFUSED, f"session {session.id}"):
            self.accounts.change_password(user, old, new)
        return self._begun(self.accounts.account(user), session.client, session.browser)

    @contextlib.contextmanager
    def asked_again(self, session: SignedIn) -> Iterator[None]:
        """Around the use of a password that somebody signed in types once more: wrong ones are slowed down."""
        user, device = session.account.user, f"session {session.id}"
        with self._checked("user", user, session.client, Happened.PASSWORD_REFUSED, device), _CHECKING:
            yield

    def shown_again(self, session: SignedIn, password: str) -> None:
        """Within ``asked_again``: that it is the person of the session who acts. Raises ``PlanningError``.

        Shown by the password; who has none, by having signed in at the provider just before.
        """
        if session.account.has_password:
            if not self.accounts.matches(session.account.user, password):
                raise NotRight.because("The present password is not right.")
        elif self._now() - session.since.timestamp() > FRESH.total_seconds():
            raise NotAllowed.because("Your sign-in is too long ago. Sign out, sign in again, and do it at once.")

    def end(self, session: str) -> None:
        """Ends one session, by its id, also where that cannot be noted."""
        rows = self._file.rows("SELECT user, client FROM sessions WHERE token_hash = ?", session)
        self._file.execute("DELETE FROM sessions WHERE token_hash = ?", session)
        with contextlib.suppress(PlanningError):
            for row in rows:
                self.accounts.log.note(Happened.SIGNED_OUT, user=row["user"], client=row["client"])

    def end_all(self, user: str, *, but: str = "") -> int:
        """Ends all sessions of oneself, except the one of the id ``but``; how many ended."""
        ended = self.accounts.end_sessions(user, but=but)
        if ended:
            self.accounts.log.note(Happened.SESSIONS_ENDED, user=user_name(user), by=user_name(user))
        return ended

    def _rows(self, condition: str, *values: object) -> list[Row]:
        moment = self._now()
        return self._file.rows(
            "SELECT s.* FROM sessions s JOIN accounts a ON a.user = s.user AND a.disabled = 0 "
            f"WHERE {condition} AND s.seen_at > ? AND s.created_at > ? ORDER BY s.created_at DESC",
            *values,
            moment - self.idle.total_seconds(),
            moment - self.longest.total_seconds(),
        )

    def _in_time(self, session: SignedIn) -> bool:
        moment = self.accounts.clock()
        return session.seen_at > moment - self.idle and session.since > moment - self.longest

    def _sessions(self, condition: str, *values: object) -> list[SignedIn]:
        return [self._signed_in(row) for row in self._rows(condition, *values)]

    def _signed_in(self, row: Row) -> SignedIn:
        account = self.accounts.account(row["user"])
        return SignedIn(
            id=row["token_hash"],
            account=account,
            since=datetime.fromtimestamp(row["created_at"], UTC),
            seen_at=datetime.fromtimestamp(row["seen_at"], UTC),
            client=row["client"],
            browser=row["browser"],
            must_enrol=self.factors.missing(account),
        )

    def _forget_old(self, moment: float) -> None:
        self._file.execute(
            "DELETE FROM sessions WHERE seen_at <= ? OR created_at <= ?",
            moment - self.idle.total_seconds(),
            moment - self.longest.total_seconds(),
        )
        self._file.execute("DELETE FROM tickets WHERE until <= ?", moment)

    def _now(self) -> float:
        return self.accounts.clock().timestamp()
