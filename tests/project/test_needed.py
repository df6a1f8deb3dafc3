"""Where browser, database server and reader of PDFs for the tests come from, and what is said when there is none."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

NEEDED = Path(__file__).parents[2] / ".ci" / "needed"
#: Each program and how it is named where it is missing.
NAMED = {"chromium": "Chromium", "postgresql": "PostgreSQL 15 or newer", "poppler-utils": "pdftotext (poppler-utils)"}

type Machine = Callable[..., tuple[str, list[str]]]

both = pytest.mark.parametrize("what", NAMED)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Run the script with only the named programs on the path: what it said, and how it called apt-get."""
    called = tmp_path / "called"
    (tmp_path / "sh").symlink_to(shutil.which("sh") or "")

    def run(what: str, **programs: str) -> tuple[str, list[str]]:
        for name, body in programs.items():
            program = tmp_path / name.replace("_", "-")
            program.write_text(f'#!/bin/sh\necho "{program.name} $*" >>{called}\n{body}\n')
            program.chmod(0o755)
        env = {"PATH": str(tmp_path), "POSTGRESQL_PROGRAMS": str(tmp_path / "versions")}
        done = subprocess.run([NEEDED, what], env=env, capture_output=True, text=True, check=True)
        calls = called.read_text().splitlines() if called.exists() else []
        return done.stdout, [call for call in calls if call.startswith("apt-get")]

    return run


def says(version: str) -> str:
    return f'echo "postgres (PostgreSQL) {version}"'


@pytest.mark.parametrize(
    ("what", "there"),
    [
        ("chromium", {"chromium": "exit 0"}),
        ("chromium", {"google_chrome": "exit 0"}),
        ("postgresql", {"postgres": says("15.18 (Debian 15.18-0+deb12u1)")}),
        ("postgresql", {"postgres": says("17.2")}),
        ("postgresql", {"postgres": says("18beta1")}),
        ("poppler-utils", {"pdftotext": "exit 0"}),
    ],
)
def test_nothing_is_said_and_installed_where_it_is_there(machine: Machine, what: str, there: dict[str, str]) -> None:
    assert machine(what, **there, apt_get="exit 0", id="echo 0") == ("", [])


@both
def test_root_gets_what_debian_has(machine: Machine, tmp_path: Path, what: str) -> None:
    (tmp_path / "versions" / "15" / "bin").mkdir(parents=True)
    server = tmp_path / "versions" / "15" / "bin" / "postgres"
    program = {"postgresql": server, "poppler-utils": tmp_path / "pdftotext"}.get(what, tmp_path / what)
    line = says("15.18").replace('"', '\\"')
    install = f'case "$*" in *install*) echo "#!/bin/sh\n{line}" >{program}; /bin/chmod 755 {program} ;; esac'

    said, calls = machine(what, apt_get=install, id="echo 0")

    assert said == ""
    assert calls == ["apt-get -qq update", f"apt-get -qq -y --no-install-recommends install {what}"]


@both
def test_who_is_not_root_is_told_what_would_help(machine: Machine, what: str) -> None:
    said = machine(what, postgres=says("14.9"), apt_get="exit 0", id="echo 1000")

    assert said == (f"{NAMED[what]} is missing and only root may install it: apt-get install {what}\n", [])


@both
def test_a_system_without_apt_get_is_named(machine: Machine, what: str) -> None:
    said = machine(what, id="echo 0")

    assert said == (f"{NAMED[what]} is missing and this system has no apt-get to install it\n", [])


@both
def test_an_install_that_fails_is_said_and_does_not_end_the_tests(machine: Machine, what: str) -> None:
    said, _ = machine(what, apt_get="exit 100", id="echo 0")

    assert said == f"{NAMED[what]} is missing and apt-get could not install it\n"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("chromium", "Chromium was installed by apt-get but does not start\n"),
        ("postgresql", "PostgreSQL was installed by apt-get but is older than 15 or does not start\n"),
        ("poppler-utils", "poppler-utils was installed by apt-get but does not start\n"),
    ],
)
def test_what_was_installed_and_does_not_serve_is_said(machine: Machine, what: str, said: str) -> None:
    assert machine(what, postgres=says("14.9"), apt_get="exit 0", id="echo 0")[0] == said


def test_another_program_is_not_seen_to() -> None:
    done = subprocess.run([NEEDED, "netscape"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "usage: .ci/needed chromium|postgresql|poppler-utils\n",
    )
