"""The encrypted file beside the plan that holds accounts, their sessions, failed attempts and keys."""

from __future__ import annotations

from pathlib import Path

from planner.store.side_file import SideFile

FILE = "accounts.db"

_TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
    user TEXT PRIMARY KEY, display_name TEXT NOT NULL, password_hash TEXT NOT NULL, roles TEXT NOT NULL,
    officer TEXT, language TEXT NOT NULL, zone TEXT NOT NULL, text_size TEXT NOT NULL,
    contrast INTEGER NOT NULL, disabled INTEGER NOT NULL, must_change_password INTEGER NOT NULL,
    feed_hash TEXT UNIQUE, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES accounts(user), created_at REAL NOT NULL,
    seen_at REAL NOT NULL, client TEXT NOT NULL, browser TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_of_user ON sessions(user);
CREATE TABLE IF NOT EXISTS failures (
    subject TEXT PRIMARY KEY, attempts INTEGER NOT NULL, last_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS second_factors (
    user TEXT PRIMARY KEY REFERENCES accounts(user), secret TEXT NOT NULL, since TEXT, last_step INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS demands (name TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS tickets (
    ticket_hash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES accounts(user), until REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS devices (
    device_hash TEXT NOT NULL, user TEXT NOT NULL REFERENCES accounts(user), until REAL NOT NULL,
    PRIMARY KEY (device_hash, user)
) STRICT;
CREATE TABLE IF NOT EXISTS one_time_passwords (
    user TEXT PRIMARY KEY REFERENCES accounts(user), until REAL NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS one_time_passwords_end_when_changed AFTER UPDATE OF must_change_password ON accounts
WHEN NEW.must_change_password = 0 BEGIN DELETE FROM one_time_passwords WHERE user = NEW.user; END;
DROP TRIGGER IF EXISTS tickets_end_with_the_password;
CREATE TABLE IF NOT EXISTS identities (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, user TEXT NOT NULL REFERENCES accounts(user),
    PRIMARY KEY (issuer, subject), UNIQUE (issuer, user)
) STRICT;
CREATE TABLE IF NOT EXISTS flows (
    number INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL UNIQUE, browser TEXT NOT NULL, nonce TEXT NOT NULL,
    verifier TEXT NOT NULL, wanted TEXT NOT NULL, until REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS acts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL, act TEXT NOT NULL,
    user TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS signing_keys (
    number INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, key TEXT NOT NULL, sealed BLOB NOT NULL,
    since TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS machine (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
"""


class AccountFile(SideFile):
    """``accounts.db`` of one data directory."""

    def __init__(self, data_dir: Path, key: bytes) -> None:
        super().__init__(data_dir, FILE, key, _TABLES)
        self.overwrite_deleted()
