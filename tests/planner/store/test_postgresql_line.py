"""Beyond this machine the line to the server is encrypted and the server verified, or there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo as grammar

from planner.store.postgresql.connections import connect
from planner.store.postgresql.line import demand_verified, on_this_machine, verified
from planner.store.refusals import UnsafeStore

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
