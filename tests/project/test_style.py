"""The tools that read the code find nothing: style, format, types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent


def complaints(*command: str) -> str:
    """What a tool says of the whole repository, empty when it is content."""
    done = subprocess.run([PROGRAMS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_the_style_is_clean() -> None:
    assert complaints("ruff", "check", "--quiet", "--output-format=concise", ".") == ""


def test_the_format_is_clean() -> None:
    assert complaints("ruff", "format", "--quiet", "--check", ".") == ""


@pytest.mark.slow
def test_the_types_are_clean() -> None:
    assert complaints("mypy") == ""


def test_a_wrong_line_would_be_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import os\nx: int = 'a' \n")

    seen = [complaints("ruff", "check", str(wrong)), complaints("ruff", "format", "--check", str(wrong))]

    assert [said != "" for said in seen] == [True, True]
