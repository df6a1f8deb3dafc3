"""Where the server for the tests of the team store comes from, and what is said when there is none."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "postgresql"


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., tuple[str, list[str]]]:
    """Run the script with only the named programs on the path: what it said, and how it called apt-get."""
    called = tmp_path / "called"
    (tmp_path / "sh").symlink_to(shutil.which("sh") or "")

    def run(**programs: str) -> tuple[str, list[str]]:
        for name, body in programs.items():
            program = tmp_path / name.replace("_", "-")
            program.write_text(f'#!/bin/sh\necho "{program.name} $*" >>{called}\n{body}\n')
            program.chmod(0o755)
        env = {"PATH": str(tmp_path), "POSTGRESQL_PROGRAMS": str(tmp_path / "versions")}
        done = subprocess.run([SCRIPT], env=env, capture_output=True, text=True, check=True)
        calls = called.read_text().splitlines() if called.exists() else []
        return done.stdout, [call for call in calls if call.startswith("apt-get")]

    return run


def says(version: str) -> str:
    return f'echo "postgres (PostgreSQL) {version}"'


@pytest.mark.parametrize("version", ["15.18 (Debian 15.18-0+deb12u1)", "17.2", "18beta1"])
def test_nothing_is_said_and_installed_where_there_is_a_server(
    machine: Callable[..., tuple[str, list[str]]], version: str
) -> None:
    said = machine(postgres=says(version), apt_get="exit 0", id="echo 0")

    assert said == ("", [])


def test_root_gets_debians_server(machine: Callable[..., tuple[str, list[str]]], tmp_path: Path) -> None:
    folder = tmp_path / "versions" / "15" / "bin"
    folder.mkdir(parents=True)
    program = folder / "postgres"
    line = says("15.18").replace('"', '\\"')
    install = f'case "$*" in *install*) echo "#!/bin/sh\n{line}" >{program}; /bin/chmod 755 {program} ;; esac'

    said, calls = machine(apt_get=install, id="echo 0")

    assert said == ""
    assert calls == ["apt-get -qq update", "apt-get -qq -y --no-install-recommends install postgresql"]


def test_who_is_not_root_is_told_what_would_help(machine: Callable[..., tuple[str, list[str]]]) -> None:
    said = machine(postgres=says("14.9"), apt_get="exit 0", id="echo 1000")

    assert said == ("PostgreSQL 15 or newer is missing and only root may install it: apt-get install postgresql\n", [])


def test_a_system_without_apt_get_is_named(machine: Callable[..., tuple[str, list[str]]]) -> None:
    said = machine(id="echo 0")

    assert said == ("PostgreSQL 15 or newer is missing and this system has no apt-get to install it\n", [])


def test_an_install_that_fails_is_said_and_does_not_end_the_tests(
    machine: Callable[..., tuple[str, list[str]]],
) -> None:
    said, _ = machine(apt_get="exit 100", id="echo 0")

    assert said == "PostgreSQL 15 or newer is missing and apt-get could not install it\n"


def test_a_server_that_is_too_old_is_said(machine: Callable[..., tuple[str, list[str]]]) -> None:
    said, _ = machine(postgres=says("14.9"), apt_get="exit 0", id="echo 0")

    assert said == "PostgreSQL was installed by apt-get but is older than 15 or does not start\n"
