"""Beyond this machine the line to the server is encrypted and the server verified, or there is none."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo as grammar

from domain.refusals import NotAllowed
from planner.outward import FILE
from planner.store.postgresql.connections import connect
from planner.store.postgresql.line import addresses, demand_verified, on_this_machine, verified
from planner.store.postgresql.opening import use_postgresql
from planner.store.refusals import StoreUnavailable, UnsafeStore
from tests.planner.store.notes import bind, open_notes

HERE = [
    "",
    "dbname=plans",
    "host=/run/postgresql",
    "host=@abstract",
    "host=localhost",
    "host=127.0.0.1",
    "host=127.9.9.9",
    "host=::1",
    "host=127.0.0.1,127.0.0.1 port=5432,5433",
    "host=db.example hostaddr=127.0.0.1",
]
BEYOND = [
    "host=db.example",
    "host=10.0.0.5",
    "host=localhost.example",
    "host=127.0.0.1.example",
    "host=0.0.0.0",
    "host=/run/postgresql,db.example",
    "host=localhost hostaddr=10.0.0.5",
    "postgresql://db.example/plans",
]
WEAKER = ["disable", "allow", "prefer", "require", "verify-ca"]


def facts(conninfo: str) -> dict[str, str | None]:
    return {name: str(value) for name, value in grammar.conninfo_to_dict(conninfo).items()}


@pytest.mark.parametrize("conninfo", HERE)
def test_a_server_on_this_machine_is_reached_as_it_is_said(conninfo: str) -> None:
    for mode in ("", *WEAKER):
        asked = facts(f"{conninfo} sslmode={mode}" if mode else conninfo)

        assert (on_this_machine(asked), verified(asked)) == (True, asked)


@pytest.mark.parametrize("conninfo", BEYOND)
def test_a_server_beyond_it_is_verified_where_nothing_is_said(conninfo: str) -> None:
    asked = facts(conninfo)

    assert (on_this_machine(asked), verified(asked)) == (False, {**asked, "sslmode": "verify-full"})
    assert verified({**asked, "sslmode": "verify-full"})["sslmode"] == "verify-full"


@pytest.mark.parametrize("mode", WEAKER)
@pytest.mark.parametrize("conninfo", BEYOND)
def test_less_is_refused_before_anything_is_sent(conninfo: str, mode: str) -> None:
    """A name that does not exist: had anybody asked for it, the driver's error would come out."""
    asked = grammar.make_conninfo(conninfo, sslmode=mode)

    with pytest.raises(UnsafeStore, match=f"would be sslmode={mode}"):
        connect(asked)


def test_the_control_asks_for_a_server_that_is_verified() -> None:
    with pytest.raises(psycopg.OperationalError):
        connect("host=db.invalid dbname=plans")


@pytest.mark.parametrize("mode", [None, *WEAKER])
def test_what_a_service_or_the_environment_added_is_refused_too(mode: str | None) -> None:
    """Seen on the connection that was made, before anything is asked over it."""
    with pytest.raises(UnsafeStore):
        demand_verified({"service": "plans", "host": "db.example", "sslmode": mode})
    demand_verified({"service": "plans", "host": "db.example", "sslmode": "verify-full"})
    demand_verified({"service": "plans", "host": "127.0.0.1", "sslmode": mode})


def test_a_connection_that_a_service_describes_is_looked_at_as_it_was_made(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = facts(new_database())
    service = tmp_path / "services"
    service.write_text("[plans]\n" + "".join(f"{name}={value}\n" for name, value in asked.items()))
    monkeypatch.setenv("PGSERVICEFILE", str(service))

    connection = connect("service=plans")
    made = {option.keyword.decode(): option.val for option in connection.pgconn.info}
    connection.close()

    assert (made["host"], made["sslmode"]) == (str(asked["host"]).encode(), b"prefer")


# The list of hosts that may be asked


@pytest.mark.parametrize(
    ("conninfo", "named"),
    [
        ("dbname=plans", []),
        ("host=/run/postgresql", []),
        ("host=@abstract", []),
        ("host=db.example", ["db.example:5432"]),
        ("host=db.example hostaddr=10.0.0.7", ["10.0.0.7:5432"]),
        ("host=db1,db2 port=6000", ["db1:6000", "db2:6000"]),
        ("host=db1,/run/postgresql,db3 port=1,2,3", ["db1:1", "db3:3"]),
        ("host=fe80::1 port=6000", ["[fe80::1]:6000"]),
        ("postgresql://lan@db.example:6000/plans", ["db.example:6000"]),
    ],
)
def test_each_server_that_is_asked_is_known_beforehand(conninfo: str, named: list[str]) -> None:
    assert addresses(facts(conninfo)) == named


@pytest.mark.parametrize("way", ["said", "environment", "second of two"])
def test_a_server_that_the_list_of_hosts_does_not_name_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    listening = socket.create_server(("127.0.0.2", 0))
    listening.settimeout(0.2)
    port = listening.getsockname()[1]
    database = f"host=127.0.0.2 port={port} connect_timeout=2"
    if way == "environment":
        monkeypatch.setenv("PGHOST", "127.0.0.2")
        database = f"port={port} connect_timeout=2"
    elif way == "second of two":
        database = f"host=127.0.0.1,127.0.0.2 port=1,{port} connect_timeout=2"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_text('["127.0.0.2:1", "db.example"]')

    with pytest.raises(NotAllowed, match=f"does not name 127.0.0.2:{port}"):
        use_postgresql(tmp_path / "data", tmp_path / "notes.key", database)
    with pytest.raises(TimeoutError):
        listening.accept()

    (tmp_path / "data" / FILE).write_text(f'["127.0.0.2:{port}"]')
    with pytest.raises(StoreUnavailable):  # the control: it is asked, and says nothing
        use_postgresql(tmp_path / "data", tmp_path / "notes.key", database)
    listening.accept()[0].close()
    listening.close()


def test_a_list_made_later_holds_at_the_next_start(tmp_path: Path, new_database: Callable[[], str]) -> None:
    bind(tmp_path, new_database())
    (tmp_path / "data" / FILE).write_text("[]")
    open_notes(tmp_path).close()  # the control: this machine is always asked
    noted = tmp_path / "data" / "store.json"
    noted.write_text(noted.read_text().replace("host=127.0.0.1", "host=db.example"))

    with pytest.raises(NotAllowed, match=r"does not name db\.example"):
        open_notes(tmp_path)


def test_a_service_is_looked_at_as_the_connection_was_made(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.2 is a machine of its own to the list, although the server listens there too."""
    asked = facts(new_database())
    service = tmp_path / "services"
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_text("[]")
    refused = []
    for host in ("127.0.0.1", "127.0.0.2"):
        service.write_text(
            "[plans]\n" + "".join(f"{name}={value}\n" for name, value in {**asked, "host": host}.items())
        )
        try:
            bind(tmp_path, "service=plans")
        except (NotAllowed, StoreUnavailable) as refusal:
            refused.append((host, type(refusal).__name__))

    assert refused == [("127.0.0.2", "NotAllowed")]
