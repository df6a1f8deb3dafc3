"""What is committed: no address of a registry, no path of somebody's machine, nothing that set-up makes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each is written so that it does not match itself.
REGISTRIES = re.compile(
    r"registry\.(?:npmjs|yarnpkg)|pypi\.org|pythonhosted\.org|test\.pypi|conda\.anaconda"
    r"|--(?:extra-)?index-url|--find\-links"
)
MACHINES = re.compile(r"(?<![\w.$}/~])/(?:work|root|Users)/[\w.]")


def tracked() -> list[Path]:
    """The files of the repository that are text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout: git lists no files here")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def findings(pattern: re.Pattern[str], text: str) -> list[str]:
    return [line.strip()[:100] for line in text.splitlines() if pattern.search(line)]


def in_files(pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Lines that match, by file; files that are no text have none."""
    found = {}
    for file in tracked():
        try:
            lines = findings(pattern, file.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if lines:
            found[str(file.relative_to(ROOT))] = lines
    return found


def test_no_file_names_a_package_registry() -> None:
    assert in_files(REGISTRIES) == {}


def test_no_file_names_a_path_of_a_machine() -> None:
    assert in_files(MACHINES) == {}


def test_registries_and_paths_would_be_seen() -> None:
    assert findings(REGISTRIES, 'resolved "https://registry.' + 'npmjs.org/leaflet"') != []
    assert findings(REGISTRIES, "--index" + "-url https://mirror") != []
    assert findings(MACHINES, "open('/ro" + "ot/.ssh/key')") != []
    assert findings(MACHINES, "cd /wo" + "rk/main") != []


def test_nothing_that_set_up_makes_is_committed() -> None:
    made = (".venv/", "ui/static/assets/", "planner/exports/fonts/", "node_modules/")

    names = [str(file.relative_to(ROOT)) for file in tracked()]

    assert [name for name in names if name.startswith(made) or "/node_modules/" in name] == []


def test_continuous_integration_calls_make_test() -> None:
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & 0o111 == 0o111
    assert script.read_text().splitlines()[-1] == "exec make --no-print-directory test"
