"""A connection that breaks while a command is saved: whether it was saved is found out by its id."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from domain.refusals import CommandRepeated
from planner.store.directory import Store
from planner.store.postgresql.opening import PostgreSQLStore
from planner.store.recorder import KnownCommand
from planner.store.refusals import OutcomeUnknown
from tests.planner.store.notes import bind, note, open_notes, save, saved
from tests.planner.store.servers import APPLICATION, Server


class Line:
    """A line to the server that can be cut: when it has answered an append, or before it hears of it."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.cut = ""
        self.stay_down = self.down = False
        self._appending: socket.socket | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self.down:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._to))
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(*ends, client), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, client: socket.socket) -> None:
        asked = source is client
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if asked and b"planner.append" in data:
                    if self.cut == "before":
                        break
                    self._appending = client
                if not asked and self.cut == "after" and self._appending is client:
                    break
                target.sendall(data)
        if self.cut:
            self.cut, self.down = "", self.stay_down
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def line(postgresql: Server, new_database: Callable[[], str], tmp_path: Path) -> Iterator[Line]:
    """A line to a fresh database, with a data directory bound to it."""
    database = psycopg.conninfo.conninfo_to_dict(new_database())
    one = Line(postgresql.port)
    bind(tmp_path, psycopg.conninfo.make_conninfo("", **{**database, "port": one.port, "user": APPLICATION}))
    yield one
    one.close()


@pytest.fixture
def store(line: Line, tmp_path: Path) -> Iterator[Store]:
    """A store whose connections can be cut."""
    opened = open_notes(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_save_whose_connection_is_cut_is_saved_once(line: Line, store: Store, moment: str) -> None:
    told = []
    for number in range(5):
        line.cut = moment
        with store.gate.held():
            told.append(list(save(store, note(f"N-{number}"), expected=number, command_id=f"C-{number}")))
        assert line.cut == ""

    assert told == [[1], [2], [3], [4], [5]]
    assert saved(store) == [note(f"N-{number}") for number in range(5)]


def test_a_cut_after_which_nobody_answers_is_said_and_a_retry_returns_the_first_result(
    line: Line, store: PostgreSQLStore
) -> None:
    store.recorder.patience = 0.5
    line.cut, line.stay_down = "after", True

    with pytest.raises(OutcomeUnknown, match="not known"):
        save(store, note("N-1"), expected=0, command_id="C-1")
    line.down = False

    assert store.recorder.find_command("C-1") == KnownCommand(b"asked", 1, 1)
    with pytest.raises(CommandRepeated):
        save(store, note("N-1"), expected=1, command_id="C-1")
    assert saved(store) == [note("N-1")]


def test_without_a_command_id_nothing_is_sent_twice(line: Line, store: Store) -> None:
    line.cut = "after"
    mapper = store.mapper()

    with pytest.raises(OutcomeUnknown):
        store.recorder.append(list(mapper.seal([note("N-1")])), 0)

    assert saved(store) == [note("N-1")]


def test_a_reader_whose_connection_is_cut_reads_on(line: Line, store: Store, postgresql: Server) -> None:
    save(store, note("N-1"), expected=0)
    store.recorder.data_version()

    postgresql.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (APPLICATION,))

    assert saved(store) == [note("N-1")]
    assert store.recorder.data_version() == 1
    assert list(save(store, note("N-2"), expected=1)) == [2]


def test_others_are_heard_after_a_cut_too(line: Line, store: Store, tmp_path: Path, postgresql: Server) -> None:
    store.recorder.data_version()
    postgresql.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (APPLICATION,))
    store.recorder.data_version()
    other = open_notes(tmp_path)

    save(other, note("N-1"), expected=0)

    deadline = time.monotonic() + 10
    while store.recorder.data_version() != 1 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert store.recorder.data_version() == 1
    other.close()


def test_a_gate_whose_connection_is_gone_lets_others_in_and_keeps_the_order(
    line: Line, store: Store, tmp_path: Path, postgresql: Server
) -> None:
    other = open_notes(tmp_path)

    with store.gate.held():
        postgresql.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (APPLICATION,))
        with other.gate.held(timeout=10):
            save(other, note("N-1"), expected=0)
        with pytest.raises(Exception, match="the log is at 1, not at 0"):
            save(store, note("N-2"), expected=0)

    with store.gate.held():
        assert list(save(store, note("N-2"), expected=1)) == [2]
    other.close()
