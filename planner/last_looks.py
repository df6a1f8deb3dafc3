"""Up to which event each account had seen the history when it last looked, for «since I last looked»."""

from __future__ import annotations

from planner.account_file import AccountFile

_TABLE = """CREATE TABLE IF NOT EXISTS looks (
    user TEXT PRIMARY KEY REFERENCES accounts(user), session TEXT NOT NULL, before INTEGER NOT NULL,
    seen INTEGER NOT NULL) STRICT"""
_LOOKED = """INSERT INTO looks VALUES (?1, ?2, 0, ?3) ON CONFLICT (user) DO UPDATE SET
    before = CASE WHEN session = excluded.session THEN before ELSE seen END,
    seen = max(seen, excluded.seen), session = excluded.session"""


class LastLooks:
    """Kept beside the accounts: one row for each."""

    def __init__(self, file: AccountFile) -> None:
        self._file = file
        self._told: dict[str, tuple[str, int, int]] = {}
        file.execute(_TABLE)

    def look(self, user: str, session: str, position: int) -> int:
        """Notes that a user looks at the plan as of ``position`` now.

        Returns the position up to which the history had been seen when an earlier session of the user ended; 0
        where this is the first.
        """
        known = self._told.get(user)
        if known is None or known[0] != session or known[2] < position:
            self._file.execute(_LOOKED, user, session, position)
            (row,) = self._file.rows("SELECT before FROM looks WHERE user = ?", user)
            known = self._told[user] = (session, int(row["before"]), position)
        return known[1]
