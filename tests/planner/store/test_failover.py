"""A primary that dies while several processes write: with a synchronous standby nothing confirmed is lost."""

import contextlib
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from planner.store.directory import Store
from planner.store.postgresql.schema import create_schema
from planner.store.refusals import DataDamaged, PositionMoved, StoreRefusal
from tests.planner.store.notes import answer, bind, note, open_notes, processes, save
from tests.planner.store.servers import APPLICATION, OWNER, Server, missing, server, unborn

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "there is a server")

WRITERS = 3


class Pair:
    """A primary and its standby, and what the application is told of both."""

    def __init__(self, primary: Server, standby: Server) -> None:
        self.primary, self.standby = primary, standby
        self.where = primary.conninfo("plans", APPLICATION, standby)

    def follow(self, *, synchronous: bool) -> None:
        """The standby copies the primary; confirmed is then what both have on their disks."""
        self.standby.follow(self.primary)
        deadline = time.monotonic() + 60
        while self.primary.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") != [(1,)]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        self.primary.set(synchronous_standby_names="standby" if synchronous else "")

    def fail_over(self) -> None:
        self.primary.kill()
        self.standby.ask("SELECT pg_promote(true, 60)")
        self.primary, self.standby = self.standby, self.primary


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Two servers, the first with the tables of the application and a data directory bound to both."""
    with server() as primary, unborn(primary.password) as standby:
        primary.make_roles()
        primary.empty_database("plans")
        create_schema(primary.conninfo("plans", OWNER), APPLICATION)
        both = Pair(primary, standby)
        bind(tmp_path, both.where)
        yield both


def commit(store: Store, name: str) -> tuple[int, int]:
    """Makes a key and saves two notes under a command id, however often that must be tried; where they stand."""
    while True:
        try:
            with store.gate.held():
                store.keyring.make([name])
                known = store.recorder.find_command(name)
                if known is not None:
                    return known.first, known.last
                positions = save(store, note(f"{name}:1"), note(f"{name}:2"), command_id=name)
                return positions[0], positions[-1]
        except DataDamaged:
            raise
        except (PositionMoved, StoreRefusal):
            time.sleep(0.05)


#: What was confirmed: where a command's notes stand, and the key that was made for it.
type Confirmed = dict[str, tuple[tuple[int, int], bytes]]


def write_on(place: str, writer: int, stop: Any, told: Connection) -> None:
    """Saves one command after the other; then tells which were confirmed, and whether the log was refused."""
    store = open_notes(Path(place))
    confirmed: Confirmed = {}
    refused = False
    with contextlib.suppress(EOFError):
        told.send("ready")
        while not (stop.is_set() or refused):
            name = f"{Path(place).name}-{writer}-{len(confirmed)}"
            try:
                confirmed[name] = commit(store, name), store.keyring.live(name) or b""
            except DataDamaged:
                refused = True
        told.send((confirmed, refused))
    store.close()


class Writers:
    """Several processes that write until they are told to stop."""

    def __init__(self, place: Path) -> None:
        self._stop = processes().Event()
        pipes = [processes().Pipe() for _ in range(WRITERS)]
        self._pipes = [here for here, _ in pipes]
        self._processes = [
            processes().Process(target=write_on, args=(str(place), number, self._stop, there))
            for number, (_, there) in enumerate(pipes)
        ]
        for one in self._processes:
            one.start()
        for pipe in self._pipes:
            assert answer(pipe) == "ready"

    def stopped(self) -> tuple[Confirmed, int]:
        """What was confirmed, and how many processes refused to go on."""
        self._stop.set()
        told = [answer(pipe) for pipe in self._pipes]
        for one in self._processes:
            one.join()
        return {name: where for confirmed, _ in told for name, where in confirmed.items()}, sum(r for _, r in told)


def kept(primary: Server) -> dict[str, list[int]]:
    """The positions of each command's events in the log of a server."""
    found: dict[str, list[int]] = {}
    for position, subject in primary.ask(
        "SELECT position, originator_id FROM planner.stored_events ORDER BY position", database="plans"
    ):
        found.setdefault(subject.removeprefix("note/").rpartition(":")[0], []).append(position)
    assert sorted(position for two in found.values() for position in two) == list(
        range(1, 1 + sum(len(two) for two in found.values()))
    )
    return found


def one_fail_over(place: Path, pair: Pair, before: float, after: float) -> int:
    """Kills the primary under writers; how many commands were confirmed, each found once and where it was told."""
    already = set(kept(pair.primary))
    writers = Writers(place)
    time.sleep(before)
    pair.fail_over()
    time.sleep(after)
    confirmed, refused = writers.stopped()
    found = kept(pair.primary)
    assert refused == 0
    keys = dict(pair.primary.ask("SELECT subject, id FROM planner.keys", database="plans"))
    assert {
        name: ((found[name][0], found[name][-1]), keys[name]) for name in confirmed if name in found and name in keys
    } == confirmed
    assert [name for name in found if name not in confirmed and name not in already] == []
    assert {len(positions) for positions in found.values()} == {2}
    return len(confirmed)


@pytest.mark.slow
def test_nothing_confirmed_is_lost_or_doubled_by_a_fail_over(tmp_path: Path, pair: Pair) -> None:
    pair.follow(synchronous=True)

    confirmed = one_fail_over(tmp_path, pair, before=1.0, after=1.0)

    assert confirmed > 20


@pytest.mark.slow
def test_control_a_standby_that_lags_loses_what_was_confirmed_and_nobody_goes_on_with_it(
    tmp_path: Path, pair: Pair
) -> None:
    pair.follow(synchronous=False)
    writers = Writers(tmp_path)
    time.sleep(0.5)

    pair.standby.set(primary_conninfo="")
    time.sleep(1.0)
    pair.fail_over()
    time.sleep(1.0)
    confirmed, refused = writers.stopped()

    lost = [name for name in confirmed if name not in kept(pair.primary)]
    assert len(lost) > 0
    assert refused == WRITERS


@pytest.mark.torture
def test_nothing_confirmed_is_lost_or_doubled_by_six_fail_overs(tmp_path: Path, pair: Pair) -> None:
    confirmed = []
    for turn in range(6):
        pair.follow(synchronous=True)
        place = tmp_path / str(turn)
        place.mkdir()
        (place / "notes.key").write_bytes((tmp_path / "notes.key").read_bytes())
        (place / "notes.key").chmod(0o600)
        bind(place, pair.where)
        confirmed.append(one_fail_over(place, pair, before=2.0 + turn / 3, after=2.0))
        pair.primary.set(synchronous_standby_names="")

    print(f"confirmed before and after each of six fail-overs: {confirmed}")
    assert min(confirmed) > 20
