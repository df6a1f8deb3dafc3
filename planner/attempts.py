"""Attempts to show who one is: wrong ones are slowed down, for the account and for the address they come from."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from domain.refusals import NotAllowed
from planner.account_file import AccountFile

#: Wrong attempts that cost nothing, and the longest wait, for one account and for one client.
FREE_ATTEMPTS_OF_USER, LONGEST_WAIT_OF_USER = 5, timedelta(minutes=5)
FREE_ATTEMPTS_OF_CLIENT, LONGEST_WAIT_OF_CLIENT = 20, timedelta(minutes=15)
#: Wrong attempts are forgotten this long after the last one.
FORGOTTEN_AFTER = timedelta(hours=24)


class SignInRefused(NotAllowed):
    """Wrong user name or password, or too many attempts. The same for a user that does not exist."""


class TooManyAttempts(SignInRefused):
    """Nothing was checked: the account or the address must wait first."""


class Attempts:
    """The wrong attempts of all accounts and clients. Safe to share between threads and processes."""

    def __init__(self, file: AccountFile, clock: Callable[[], datetime]) -> None:
        self._file, self._clock = file, clock

    @contextlib.contextmanager
    def attempt(self, subject: str, client: str, device: str = "") -> Iterator[None]:
        """Around one check: it counts as wrong before it is made, so that many at once count too, and is taken back
        once it was right, that is, where nothing was raised. Raises ``TooManyAttempts``.

        On a ``device`` on which the account was used before, its owner waits for what was tried there alone; all is
        counted everywhere all the same.
        """
        moment, client = self._clock().timestamp(), f"client {client}"
        subjects = (subject, client, f"device {device}") if device else (subject, client)
        before = self._count(subjects, moment)
        yield
        self._was_right(subjects, moment, before)

    def _count(self, subjects: tuple[str, ...], moment: float) -> float:
        """Counts the attempt; when the client's last one was."""
        subject, client, *device = subjects
        limits = [(one, FREE_ATTEMPTS_OF_USER, LONGEST_WAIT_OF_USER) for one in device or (subject,)]
        if not device:
            limits.append((client, FREE_ATTEMPTS_OF_CLIENT, LONGEST_WAIT_OF_CLIENT))
        with self._file.writing():
            self._file.execute("DELETE FROM failures WHERE last_at < ?", moment - FORGOTTEN_AFTER.total_seconds())
            for one, free, longest in limits:
                self._must_not_wait(one, free, longest, moment)
            former = self._file.rows("SELECT last_at FROM failures WHERE subject = ?", client)
            for one in subjects:
                self._file.execute(
                    "INSERT INTO failures VALUES (?, 1, ?) ON CONFLICT (subject) "
                    "DO UPDATE SET attempts = attempts + 1, last_at = excluded.last_at",
                    one,
                    moment,
                )
        return float(former[0]["last_at"]) if former else moment

    def _was_right(self, subjects: tuple[str, ...], moment: float, before: float) -> None:
        """All is forgiven the account; the client is forgiven this one attempt, as if it had not been made."""
        subject, client, *device = subjects
        with self._file.writing():
            for one in (subject, *device):
                self._file.execute("DELETE FROM failures WHERE subject = ?", one)
            self._file.execute(
                "UPDATE failures SET attempts = attempts - 1, last_at = iif(last_at = ?, ?, last_at) WHERE subject = ?",
                moment,
                before,
                client,
            )
            self._file.execute("DELETE FROM failures WHERE subject = ? AND attempts <= 0", client)

    def _must_not_wait(self, subject: str, free: int, longest: timedelta, moment: float) -> None:
        rows = self._file.rows("SELECT attempts, last_at FROM failures WHERE subject = ?", subject)
        if not rows or rows[0]["attempts"] < free:
            return
        wait = min(2.0 ** min(rows[0]["attempts"] - free, 20), longest.total_seconds())
        left = rows[0]["last_at"] + wait - moment
        if left > 60:
            raise TooManyAttempts.because(
                "Too many attempts. Try again in {wait}.",
                wait=timedelta(seconds=left + 30),
            )
        if left > 0:
            raise TooManyAttempts.because("Too many attempts. Try again in {seconds} s.", seconds=int(left) + 1)
