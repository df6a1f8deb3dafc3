"""Real PostgreSQL servers on loopback, each in a directory of its own, run by a user without rights."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

#: The version that this program needs at least.
OLDEST = 15
OWNER = "plans_owner"
APPLICATION = "plans_app"

_SETTINGS = """\
listen_addresses = '127.0.0.1,127.0.0.2'
unix_socket_directories = ''
max_connections = 120
shared_buffers = 16MB
password_encryption = scram-sha-256
fsync = on
wal_level = replica
max_wal_senders = 4
wal_keep_size = 64MB
max_wal_size = 256MB
hot_standby = on
wal_receiver_status_interval = 1s
wal_retrieve_retry_interval = 100ms
log_min_messages = warning
"""


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None where there is none new enough."""
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += [program.parent for program in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max((one for one in found if _version(one) >= OLDEST), key=_version, default=None)


def missing() -> str:
    """Why there is no server to test with; empty where there is one."""
    told = os.environ.get("POSTGRESQL_TESTS_SKIPPED", "")
    return told or ("" if programs() else f"there is no PostgreSQL {OLDEST} or newer on this machine")


def _version(folder: Path) -> int:
    with contextlib.suppress(OSError):
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
        if number := re.search(r"\d+", said):
            return int(number[0])
    return 0


class Server:
    """One running server. ``superuser`` and the roles share one password, which lies in ``passfile``."""

    def __init__(self, folder: Path, port: int, password: str) -> None:
        self.folder = folder
        self.port = port
        self.password = password
        self.passfile = folder / "passfile"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "cluster"

    def conninfo(self, database: str = "postgres", user: str = "postgres", *others: Server) -> str:
        """How to connect, without a password; over several servers, to the one that takes writes."""
        servers = (self, *others)
        where = f"host={','.join(['127.0.0.1'] * len(servers))} port={','.join(str(one.port) for one in servers)}"
        which = " target_session_attrs=read-write" if others else ""
        return f"{where} dbname={database} user={user} passfile={self.passfile}{which}"

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        folder = programs()
        assert folder is not None
        leash = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*leash, folder / "postgres", "-D", self.data, "-p", str(self.port)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, **unprivileged(),
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """Ends the server and all its processes at once, as a power cut would; the disk keeps what it was given."""
        assert self._process is not None
        children = _children(self._process.pid)
        for pid in (self._process.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        if self._process is not None:
            # At once, without a checkpoint: nothing of it is wanted any more.
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def ask(self, statement: str, values: tuple[Any, ...] = (), database: str = "postgres") -> list[Any]:
        """What a statement of the superuser answers."""
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def make_roles(self) -> None:
        """The owner of databases and the role of the application."""
        self.ask(f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{self.password}'")
        self.ask(f"CREATE ROLE {APPLICATION} LOGIN PASSWORD '{self.password}'")

    def empty_database(self, name: str) -> None:
        """A database of the owner's with nothing in it. Emptying one takes a tenth of making one."""
        if not self.ask("SELECT 1 FROM pg_database WHERE datname = %s", (name,)):
            self.ask(f"CREATE DATABASE {name} OWNER {OWNER}")
        self.ask("DROP SCHEMA IF EXISTS planner CASCADE", database=name)

    def set(self, **settings: str) -> None:
        """Changes settings of the running server."""
        for name, value in settings.items():
            self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def follow(self, primary: Server) -> None:
        """Becomes a standby: a copy that is kept up, asynchronously unless the primary says otherwise."""
        shutil.rmtree(self.data, ignore_errors=True)
        _run(
            "pg_basebackup", "-d", primary.conninfo(), "-D", self.data, "-R", "-c", "fast", "-X", "stream", "--no-sync"
        )
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{primary.conninfo()} application_name=standby'\n")
        self.start()

    def promote(self) -> None:
        self.ask("SELECT pg_promote(true, 60)")


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A fresh server that is gone afterwards."""
    with unborn(secrets.token_hex(16)) as one:
        folder = one.folder
        (folder / "password").write_text(one.password)
        _give(folder / "password")
        _run(
            "initdb", "-D", one.data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", folder / "password",
            "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip
        with (one.data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        one.start()
        yield one


@contextlib.contextmanager
def unborn(password: str) -> Iterator[Server]:
    """A place for a server, in a folder that its user may enter, which those of pytest are not. Gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="planner-postgresql-"))
    one = Server(folder, free_port(), password)
    try:
        one.passfile.write_text(f"*:*:*:*:{password}\n")
        for path in (folder, one.passfile):
            _give(path)
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _give(path: Path) -> None:
    path.chmod(0o700 if path.is_dir() else 0o600)
    if os.getuid() == 0:
        user = pwd.getpwnam(unprivileged()["user"])
        os.chown(path, user.pw_uid, user.pw_gid)


def unprivileged() -> dict[str, Any]:
    """Arguments of ``subprocess`` that give root's rights away: PostgreSQL refuses to run with them."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": name, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("this system has no user without rights")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _run(program: str, *arguments: str | Path) -> None:
    folder = programs()
    assert folder is not None
    done = subprocess.run(
        [folder / program, *arguments], capture_output=True, text=True, check=False, cwd="/", **unprivileged()
    )
    assert done.returncode == 0, done.stderr


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
