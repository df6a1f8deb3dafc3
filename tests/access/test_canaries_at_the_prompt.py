"""Nothing of a visit reaches, at the prompt, the account of who is no member of it; a code is answered as none.

Whoever holds data and key reads everything without this program. What is promised is that a command which names an
account reads as that account: scripts that mail what they print stay within what their account may see.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from planner.accounts import Accounts
from planner.application import Planner
from planner.cli.grammar import parser
from planner.cli.opening import NO_PASSWORDS
from tests.access.canaries import CANARIES, KIM, LAN, THEIRS, fill, found_in
from tests.planner.cli.conftest import Terminal
from tests.releases import REASON, RECIPIENT
from tests.serving import PASSWORD

pytestmark = pytest.mark.slow

UNKNOWN = "NONE-2026-07"
_OUT = ("--recipient", RECIPIENT, "--reason", REASON, "--force", "--whole", "--out", "OUT")
#: Every way to ask for something of the plan as an account; VISIT is the code that is asked for.
READING: dict[str, tuple[tuple[str, ...], ...]] = {
    "plan": (("--visit", "VISIT"), ("--visit", "VISIT", "--at", "18"), ("--visit", "VISIT", "--format", "json")),
    "history": (("--visit", "VISIT"), ("--visit", "VISIT", "--format", "csv"), ("--visit", "VISIT", *_OUT)),
    "diff": (("--visit", "VISIT", "--from", "0"), ("--visit", "VISIT", "--from", "12", "--to", "16")),
    "check": (("--visit", "VISIT"), ("--visit", "VISIT", "--format", "json")),
    "questions": (("--visit", "VISIT"), ("--visit", "VISIT", "--format", "json"), ("--visit", "VISIT", *_OUT)),
    "export": (
        *(("--visit", "VISIT", "--format", kind, *_OUT) for kind in ("ics", "xlsx", "json", "pdf")),
        ("--visit", "VISIT", "--format", "pdf", "--post", "ZQP-1", *_OUT),
        ("--visit", "VISIT", "--format", "ics", "--officer", "CA-1", *_OUT),
    ),
    "bundle": (("--visit", "VISIT", *_OUT),),
    "assign": (("--visit", "VISIT", "--seconds", "1"), ("--visit", "VISIT", "--replace", "CA-1", "--seconds", "1")),
    "undo": (("HIDDEN-COMMAND",),),
    "member list": (("--visit", "VISIT"),),
    "emergency list": (("--visit", "VISIT"),),
    "emergency end": (("VISIT",), ("VISIT", "--of", "hoa")),
    "emergency review": (("VISIT", "hoa", "--verdict", "x", "--password-file", "PASSWORD"),),
    "refusals": (("--visit", "VISIT"),),
    "reads": (("--visit", "VISIT"), ("--visit", "VISIT", "--outside-duty")),
}
#: The same without a visit: what an account is shown of everything.
WITHOUT_A_VISIT: dict[str, tuple[tuple[str, ...], ...]] = {
    "history": ((), ("--format", "json"), ("--format", "csv"), _OUT),
    "diff": (("--from", "0"),),
    "check": ((), ("--format", "json")),
    "plan": ((),),
    "questions": ((),),
    "refusals": ((), ("--format", "json", "--verify")),
    "reads": ((), ("--format", "json", "--verify")),
    "sign-ins": ((),),
    "access": ((),),
    "member list": ((),),
    "emergency list": ((),),
    "user list": ((),),
}
#: What reads nothing of a visit in the name of an account: it acts (and is refused as commands are), looks after files,
#: keys and accounts, needs no data, or is for whoever holds data and key alone.
OTHERS = frozenset(
    {
        *("do", "import", "erase", "ways", "run", "demo", "generate", "map build", "route", "doctor", "backup"),
        *("restore", "store init-postgresql", "store use-postgresql", "checkpoint", "witness", "verify"),
        *(
            "verify-bundle",
            "key rotate",
            "member grant",
            "member amend",
            "member end",
            "member adopt",
            "emergency open",
        ),
        *(
            f"user {act}"
            for act in (
                *("add", "rename", "roles", "link", "password", "disable", "enable", "end-sessions"),
                *("reset-second-factor", "demand-second-factor", "link-identity"),
                *("keys", "vouch", "revoke-keys"),
            )
        ),
    }
)


def every_command(grammar: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """The commands of the command line, as they are typed."""
    inside = [action for action in grammar._actions if isinstance(action, argparse._SubParsersAction)]
    if not inside:
        yield before
    for action in inside:
        for name, one in action.choices.items():
            yield from every_command(one, f"{before} {name}".strip())


def test_every_command_is_asked_here_or_said_to_read_nothing() -> None:
    assert sorted(every_command(parser("en"))) == sorted({*READING, *WITHOUT_A_VISIT, *OTHERS})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hoà's hidden visit and Lan's own, which share a venue and an officer."""
    place = tmp_path_factory.mktemp("prompt")
    with (
        closing(Planner(place / "data", place / "site.key")) as planner,
        closing(Accounts(place / "data", planner.store.keys.database, hasher=NO_PASSWORDS)) as accounts,
    ):
        fill(planner, accounts)
    return place


@pytest.fixture
def terminal(filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("PLANNER_DEBUG", "1")
    return Terminal(filled / "data", filled / "site.key", capsys, monkeypatch)


@pytest.fixture(scope="module")
def hidden_command(filled: Path) -> str:
    """The id of a command that was given in the hidden visit."""
    with closing(Planner(filled / "data", filled / "site.key")) as planner:
        return next(event.command_id for _, event in planner.timeline.events() if event.key.startswith(THEIRS))


def asked(terminal: Terminal, user: str, command: str, line: tuple[str, ...], said: dict[str, str]) -> tuple[int, str]:
    """Exit status, and all that was printed and written to the file, for one command line."""
    out = Path(said["OUT"])
    out.unlink(missing_ok=True)
    answer = terminal(*command.split(), *(said.get(word, word) for word in line), "--as", user)
    written = out.read_bytes() if out.exists() else b""
    return answer.status, f"{answer.out}\n{answer.err}\n{written.decode('utf-8', 'replace')}"


LINES = [(command, line) for command, lines in READING.items() for line in lines]


@pytest.mark.parametrize(("command", "line"), LINES, ids=str)
def test_a_command_answers_a_foreign_code_as_one_that_is_not_there(
    terminal: Terminal, hidden_command: str, tmp_path: Path, command: str, line: tuple[str, ...]
) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    files = {"OUT": str(tmp_path / "out"), "PASSWORD": str(tmp_path / "password")}
    foreign = {"VISIT": THEIRS, "HIDDEN-COMMAND": hidden_command, **files}
    unknown = {"VISIT": UNKNOWN, "HIDDEN-COMMAND": "0" * len(hidden_command), **files}

    (status, told), (expected, as_of_none) = (
        asked(terminal, LAN.user, command, line, said) for said in (foreign, unknown)
    )

    for word in ("VISIT", "HIDDEN-COMMAND"):
        told, as_of_none = told.replace(foreign[word], word), as_of_none.replace(unknown[word], word)
    assert (status, told) == (expected, as_of_none)
    assert found_in(told.encode()) == []
    assert status == 1


@pytest.mark.parametrize(
    ("command", "line"), [(command, line) for command, lines in WITHOUT_A_VISIT.items() for line in lines], ids=str
)
def test_a_command_tells_nothing_of_a_hidden_visit_among_others(
    terminal: Terminal, tmp_path: Path, command: str, line: tuple[str, ...]
) -> None:
    _, told = asked(terminal, LAN.user, command, line, {"OUT": str(tmp_path / "out")})

    assert found_in(told.encode()) == []


def test_the_same_commands_tell_a_member(terminal: Terminal, tmp_path: Path) -> None:
    """The control: what is looked for is found where it may be."""
    said = {"VISIT": THEIRS, "HIDDEN-COMMAND": "-", "OUT": str(tmp_path / "out")}
    lines = [(command, line) for command, line in LINES if command in ("plan", "history", "export", "check")]

    told = "".join(asked(terminal, KIM.user, command, line, said)[1] for command, line in lines)

    assert set(CANARIES) - set(found_in(told.encode())) == set()
