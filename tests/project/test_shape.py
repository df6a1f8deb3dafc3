"""A function fits a screen, a file fits a head, and both are named after something of the field."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "planner", "ui")
LONGEST_FILE, LONGEST_PAGE, LONGEST_FUNCTION = 400, 120, 50
NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "service",
    "services",
    "handlers",
    "misc",
}


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def long_functions(source: str) -> list[str]:
    """Functions longer than a screen, docstring included."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]


def longest(file: Path) -> int:
    """How many lines a file may have."""
    return LONGEST_PAGE if file.is_relative_to(ROOT / "ui" / "pages") else LONGEST_FILE


def test_no_file_is_longer_than_a_head_holds() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in modules()}

    assert {str(file.relative_to(ROOT)): n for file, n in lengths.items() if n > longest(file)} == {}
    assert len(lengths) > 20


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        str(file.relative_to(ROOT)): names
        for file in modules()
        if (names := long_functions(file.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_a_function_of_fifty_lines_fits_and_one_more_does_not() -> None:
    fits = "def plan():\n" + "    pass\n" * (LONGEST_FUNCTION - 1)

    assert (long_functions(fits), long_functions(fits + "    pass\n")) == ([], ["plan"])


def test_files_and_folders_are_named_after_something() -> None:
    parts = {part.removesuffix(".py") for file in modules() for part in file.relative_to(ROOT).parts}

    assert parts & NAMELESS == set()
