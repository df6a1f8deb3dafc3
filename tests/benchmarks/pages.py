"""What people wait for: a page's first run, a replay step, the memory of the process and of a session, the first start.

``python -m tests.benchmarks.pages [--size summit] [--data DIR]`` makes the plan of that size in a temporary directory,
starts the real server on it and visits it over live connections as browsers hold them, without drawing anything.

What is counted for a run: the CPU seconds of Streamlit's script thread, from the request until the run is over. That
is finding the session, ``ui/app.py``, the page with its queries, and making the messages for the browser. What the
event loop spends on sending them is named as ``server_ms``: the CPU of the whole process for one run, all in all.
Neighbours on the machine make the same work cost up to twice its CPU: the best of several runs is the figure, and
the median and the worst are named beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

import ui
from domain.base import Actor, Role
from domain.membership import Terms
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.demo.load import PLANNER, SIZES, generate
from planner.sign_in import Doorkeeper
from tests.benchmarks.live import Drawn, Visitor, visitor
from tests.benchmarks.report import Figure, show
from tests.serving import free_port

PAGES = tuple(sorted(page.stem for page in (Path(ui.__file__).parent / "pages").glob("*.py")))
LIMIT_MS, STEP_MS, PROCESS_MB, SESSION_MB, START_S = 50, 10, 600, 1, 10
SESSIONS = 20
PASSWORD = "eleven quiet windmills"
USERS = ("planner", "officer", "auditor")
SITE = Actor("benchmark", frozenset({Role.ADMINISTRATOR}))

#: The server as it is, with a stop-watch around each run of Streamlit's script thread.
_PROGRAM = """
import json, sys, time
from pathlib import Path
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from ui.server import serve

run, log = ScriptRunner._run_script, open(sys.argv[4], "a", buffering=1)

def timed(self, asked):
    started = time.thread_time()
    run(self, asked)
    print(json.dumps(time.thread_time() - started), file=log)

ScriptRunner._run_script = timed
serve(Path(sys.argv[1]), Path(sys.argv[2]), port=int(sys.argv[3]), map_dir=Path(sys.argv[5]) if sys.argv[5] else None)
"""


@dataclasses.dataclass(slots=True)
class Served:
    """The running server: its process, where it answers, and the seconds of each run so far."""

    process: psutil.Process
    address: str
    times: Path
    tokens: dict[str, str]

    def runs(self, after: int = -1) -> list[float]:
        """The seconds of the runs past the first ``after``, at least one: it is written a moment after it was seen."""
        until = time.monotonic() + 10
        while True:
            found = [float(line) for line in self.times.read_text().splitlines()]
            if len(found) > after or time.monotonic() > until:
                return found[max(0, after) :]
            time.sleep(0.005)

    def cpu(self) -> float:
        used = self.process.cpu_times()
        return float(used.user + used.system)

    def memory(self) -> float:
        """Megabytes in RAM that are this process's own or shared with others."""
        return float(self.process.memory_info().rss) / 2**20

    def most(self) -> float:
        """The most memory it ever held, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def filled(place: Path, size: str) -> None:
    """The plan of a size, with an account for each kind of reader, where it is not there yet."""
    place.mkdir(exist_ok=True)
    planner = Planner(place / "data", place / "key")
    if not planner.plan.position:
        generate(planner, size, 1)
        terms = Terms(roles=frozenset({Role.PLANNER}))
        planner.grant_membership(SIZES[size].visit, "planner", terms, by=PLANNER, reason="Benchmark")
    accounts = Accounts(place / "data", planner.store.keys.database)
    officer = f"{SIZES[size].visit[0]}-00001"
    for user, role, linked in (
        ("planner", Role.PLANNER, None),
        ("officer", Role.OFFICER, officer),
        ("auditor", Role.AUDITOR, None),
    ):
        if accounts.find(user) is None:
            accounts.create(user, by=SITE, roles={role}, officer=linked, look=Look(language="vi"), password=PASSWORD)
    accounts.close()
    planner.close()


@contextlib.contextmanager
def served(place: Path, map_dir: Path | None = None) -> Iterator[Served]:
    """The server on the data of a place, with one signed-in session for each account."""
    port, times, log = free_port(), place / "times.txt", place / "server.log"
    times.write_text("")
    asked = [place / "data", place / "key", str(port), times, map_dir or ""]
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", _PROGRAM, *map(str, asked)], stdout=out, stderr=out)
    planner = Planner(place / "data", place / "key")
    accounts = Accounts(place / "data", planner.store.keys.database)
    try:
        answers(f"http://127.0.0.1:{port}/login", process, seconds=120)
        door = Doorkeeper(accounts)
        tokens = {user: door.sign_in(user, PASSWORD, client="benchmark") for user in USERS}
        yield Served(psutil.Process(process.pid), f"http://127.0.0.1:{port}", times, tokens)
    finally:
        process.terminate()
        process.wait(30)
        accounts.close()
        planner.close()


def answers(address: str, process: subprocess.Popen[bytes], seconds: float) -> float:
    """Seconds until a page answers."""
    started = time.monotonic()
    while time.monotonic() - started < seconds and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10) as answer:
            if answer.status == 200:
                return time.monotonic() - started
        time.sleep(0.02)
    raise RuntimeError(f"{address} did not answer: {process.poll()}")


def first_runs(running: Served, rounds: int) -> list[Figure]:
    """Each page as the first one of a new session: its first run in the process, then the best of more sessions."""
    found = []
    for page in PAGES:
        user = {"my_assignments": "officer", "integrity": "auditor", "questions": "auditor"}.get(page, "planner")
        times, whole, drawn = [], [], Drawn()
        for _ in range(rounds + 1):
            before, cpu = len(running.runs()), running.cpu()
            with visitor(running.address, running.tokens[user]) as one:
                drawn = one.open("" if page == "home" else page)
            whole.append(running.cpu() - cpu)
            times.append(sum(running.runs(before)))
        if drawn.missing or drawn.broken:
            print(f"The page {page} {'is missing' if drawn.missing else 'is broken'}: see {running.times.parent}")
            continue
        more = {
            "first_in_process_ms": round(times[0] * 1000, 1),
            "median_ms": round(statistics.median(times[1:]) * 1000, 1),
            "most_ms": round(max(times[1:]) * 1000, 1),
            "server_ms": round(statistics.mean(whole[1:]) * 1000),
            "kB": round(drawn.sent / 1000, 1),
        }
        found.append(Figure(f"first run of {page}", min(times[1:]) * 1000, LIMIT_MS, "ms", more))
    return found


def steps(running: Served, count: int) -> list[Figure]:
    """Forward and back in the history, from the middle of the log: the run of the page's replaying part."""
    times = []
    with visitor(running.address, running.tokens["planner"]) as one:
        one.open("history")
        middle = max(1, position(running) // 2)
        drawn = one.open("history", f"at={middle}")
        if "replay_right" not in drawn.buttons:
            print(f"The history cannot be stepped along: see {running.times.parent}")
            return []
        for number in range(count):
            before = len(running.runs())
            drawn = _pressed(one, drawn, "replay_right" if number < count // 2 else "replay_left")
            times.append(sum(running.runs(before)))
    more = {
        "median_ms": round(statistics.median(times) * 1000, 1),
        "most_ms": round(max(times) * 1000, 1),
        "kB": round(drawn.sent / 1000, 1),
    }
    return [Figure("a replay step", best_tenth(times) * 1000, STEP_MS, "ms", more)]


def best_tenth(times: list[float]) -> float:
    """The time that one in ten keeps: steps differ in what they draw, so the best alone would flatter."""
    return sorted(times)[len(times) // 10]


def _pressed(one: Visitor, drawn: Drawn, button: str) -> Drawn:
    """The page after a button was pressed; what was not drawn again keeps its buttons."""
    after = one.press(drawn.buttons[button])
    after.buttons = drawn.buttons | after.buttons
    return after


def position(running: Served) -> int:
    """How many events the log holds."""
    return int(json.loads(fetched(f"{running.address}/healthz", running.tokens["planner"]))["position"])


def fetched(address: str, token: str = "") -> bytes:
    asked = urllib.request.Request(address, headers={"cookie": f"planner_session={token}"} if token else {})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return bytes(answer.read())


def memory(running: Served, sessions: int) -> list[Figure]:
    """The process after every page was looked at, and what each further open session adds to it."""
    settled(running)
    whole = running.memory()
    with contextlib.ExitStack() as open_pages:

        def opened(count: int) -> None:
            for _ in range(count):
                open_pages.enter_context(visitor(running.address, running.tokens["planner"])).open("")

        opened(min(5, sessions))
        settled(running)
        before = running.memory()
        opened(sessions)
        settled(running)
        after = running.memory()
    looked_back(running)
    return [
        Figure("memory, distant past plans read one after another", running.memory(), PROCESS_MB, "MB"),
        Figure("the most memory it ever held", running.most(), PROCESS_MB, "MB"),
        Figure("memory of the process, all pages looked at", whole, PROCESS_MB, "MB", {"most_mb": round(after)}),
        Figure(
            f"one more session, of {sessions}", (after - before) / sessions, SESSION_MB, "MB", {"from": round(before)}
        ),
    ]


def looked_back(running: Served) -> None:
    """Plans far apart are read, with a snapshot of each written beside it, as somebody does who replays a year."""
    last = position(running)
    with visitor(running.address, running.tokens["planner"]) as one:
        for share in (0.97, 0.85, 0.6, 0.35, 0.94, 0.15):
            one.open("history", f"at={max(1, int(last * share))}")
            settled(running)


def settled(running: Served) -> None:
    """Waits until work beside the pages, such as checking a large visit, is over."""
    used = running.cpu()
    for _ in range(120):
        time.sleep(1)
        used, before = running.cpu(), used
        if used - before < 0.1:
            return


def first_start(place: Path, *, cold: bool) -> Figure:
    """``planner demo --run`` in a set-up checkout until a page answers; cold where no map pack was made before."""
    port = free_port()
    environment = {**os.environ, "XDG_CACHE_HOME": str(place / "cache"), "XDG_CONFIG_HOME": str(place / "config")}
    name = "cold" if cold else "warm"
    program = Path(sys.executable).with_name("planner")
    command = [program, "demo", "--run", "--port", str(port), "--data", str(place / name)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (place / f"{name}.log").open("wb") as out:
        process = subprocess.Popen([*map(str, command)], stdout=out, stderr=out, env=environment)
    try:
        took = answers(f"http://127.0.0.1:{port}/login", process, seconds=120)
    finally:
        process.terminate()
        process.wait(30)
    what = "planner demo --run until a page answers, " + ("first time" if cold else "map pack there")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    bare = time.monotonic()
    subprocess.run([sys.executable, "-c", "import streamlit"], check=True)
    bare = time.monotonic() - bare
    return Figure(what, took, START_S, "s", {"cpu_s": round(cpu, 1), "importing_streamlit_s": round(bare, 2)})


def measured(place: Path, size: str, *, rounds: int = 5, presses: int = 40, sessions: int = SESSIONS) -> list[Figure]:
    """Everything about one plan."""
    filled(place, size)
    with served(place) as running:
        with visitor(running.address, running.tokens["planner"]) as one:
            one.open("")
        settled(running)
        return [*first_runs(running, rounds), *steps(running, presses), *memory(running, sessions)]


def starts(place: Path) -> list[Figure]:
    """The demo twice: with nothing made before, then with a map pack in the cache."""
    return [first_start(place, cold=True), first_start(place, cold=False)]


def main() -> None:
    """Measures and prints; exit status 1 where a target is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=tuple(SIZES), default="summit")
    asked.add_argument("--data", type=Path, help="a directory to make the plan in, or with one made before")
    asked.add_argument("--no-start", action="store_true", help="leave out the start of the demo")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="pages-bench-") as folder:
        met = show(measured(given.data or Path(folder) / given.size, given.size))
        if not given.no_start:
            met &= show(starts(Path(folder)))
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
