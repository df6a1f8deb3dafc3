"""Which Python the set-up takes: a newer one that lies beside an older `python3`, or a refusal in words."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FIND_PYTHON = Path(__file__).parents[2] / ".ci" / "find-python"

Answer = subprocess.CompletedProcess[str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A machine of its own: a home, system folders and a search path, with nothing but a shell in them."""
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "sh").symlink_to(shutil.which("sh") or "")
    return home


@pytest.fixture
def find(home: Path) -> Callable[..., Answer]:
    """Run the finder on that machine."""

    def run(**variables: str) -> Answer:
        machine = {"HOME": str(home), "PATH": str(home / "bin"), "SYSTEM_ROOT": str(home / "system")}
        return subprocess.run([FIND_PYTHON], env=machine | variables, capture_output=True, text=True, check=False)

    return run


def lay(path: Path, version: str, has: str = "pip") -> Path:
    """Lay a Python there that answers as one of this version would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'#!/bin/sh\ncase "$3" in *base_prefix*) echo "{path.parent.parent.parent}" ;; '
        f'*) echo "{version} {has} {path}" ;; esac\n'
    )
    path.chmod(0o755)
    return path


def test_a_python_on_the_path_is_taken(home: Path, find: Callable[..., Answer]) -> None:
    python = lay(home / "bin" / "python3.12", "3.12")

    answer = find()

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, f"{python}\n", "")


def test_a_plain_python3_is_taken_when_it_is_new_enough(home: Path, find: Callable[..., Answer]) -> None:
    python = lay(home / "bin" / "python3", "3.13")

    assert find().stdout == f"{python}\n"


@pytest.mark.parametrize(
    "place",
    [
        ".pyenv/versions/3.13.0/bin/python3.13",
        ".asdf/installs/python/3.13.0/bin/python3.13",
        ".local/share/mise/installs/python/3.13.0/bin/python3.13",
        ".local/share/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin/python3.13",
        ".local/bin/python3.13",
        "system/opt/python-3.13/bin/python3.13",
        "system/usr/local/bin/python3.13",
        "system/usr/bin/python3.13",
        "system/opt/hostedtoolcache/Python/3.13.0/x64/bin/python3.13",
    ],
)
def test_a_newer_python_is_found_where_version_managers_and_systems_lay_it(
    home: Path, find: Callable[..., Answer], place: str
) -> None:
    lay(home / "bin" / "python3", "3.11")
    newer = lay(home / place, "3.13")

    assert find().stdout == f"{newer}\n"


def test_a_newer_python_is_found_beside_the_older_one_wherever_that_lies(
    home: Path, find: Callable[..., Answer]
) -> None:
    older = lay(home / "anywhere" / "3.11.7" / "bin" / "python3", "3.11")
    newer = lay(home / "anywhere" / "3.12.1" / "bin" / "python3.12", "3.12")

    assert find(PATH=f"{older.parent}:{home / 'bin'}").stdout == f"{newer}\n"


def test_3_13_comes_before_3_12_and_3_12_before_3_14(home: Path, find: Callable[..., Answer]) -> None:
    versions = home / ".pyenv" / "versions"
    lay(versions / "3.14.2" / "bin" / "python3.14", "3.14")
    first = find().stdout
    lay(versions / "3.12.1" / "bin" / "python3.12", "3.12")
    second = find().stdout
    lay(versions / "3.13.0" / "bin" / "python3.13", "3.13")

    third = find().stdout

    assert [Path(found.strip()).name for found in (first, second, third)] == [
        "python3.14",
        "python3.12",
        "python3.13",
    ]


def test_a_shim_that_leads_nowhere_is_passed_over(home: Path, find: Callable[..., Answer]) -> None:
    shim = lay(home / "bin" / "python3.13", "3.13")
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    python = lay(home / ".pyenv" / "versions" / "3.12.1" / "bin" / "python3.12", "3.12")

    answer = find()

    assert (answer.stdout, answer.stderr) == (f"{python}\n", "")


def test_the_named_python_is_taken_before_a_newer_one(home: Path, find: Callable[..., Answer]) -> None:
    lay(home / "bin" / "python3.13", "3.13")
    named = lay(home / "mine" / "python", "3.12")

    assert find(PYTHON=str(named)).stdout == f"{named}\n"


def test_a_machine_with_old_pythons_only_is_refused_in_one_line(home: Path, find: Callable[..., Answer]) -> None:
    lay(home / "bin" / "python3", "3.11")

    answer = find()

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        "The planner needs Python 3.12, 3.13 or 3.14, and none was found. "
        "Install one, or say where it is: make setup PYTHON=/path/to/python3.13\n"
    )


def test_a_machine_without_any_python_is_refused_in_one_line(find: Callable[..., Answer]) -> None:
    answer = find()

    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)


def test_a_python_that_cannot_make_environments_is_refused_with_the_package_to_install(
    home: Path, find: Callable[..., Answer]
) -> None:
    python = lay(home / "system" / "usr" / "bin" / "python3.13", "3.13", has="bare")

    answer = find()

    assert answer.returncode == 1
    assert answer.stderr == (
        f"{python} could run the planner but has no venv or pip module; on Debian: apt-get install python3-venv\n"
    )


@pytest.mark.parametrize("named", ["python-of-nobody", "3.11"])
def test_a_named_python_that_will_not_do_is_refused_rather_than_replaced(
    home: Path, find: Callable[..., Answer], named: str
) -> None:
    lay(home / "bin" / "python3.13", "3.13")
    old = lay(home / "old" / "python3.11", "3.11")

    answer = find(PYTHON=str(old) if named == "3.11" else named)

    assert (answer.returncode, answer.stdout) == (1, "")


def test_the_real_machine_has_a_python(find: Callable[..., Answer]) -> None:
    answer = find(**{name: os.environ[name] for name in ("HOME", "PATH")}, SYSTEM_ROOT="")

    assert (answer.returncode, Path(answer.stdout.strip()).is_file()) == (0, True)
