"""Who may import whom: the three rooms, the libraries each may know, and what is declared."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: Every file is parsed, several times; `make check` asks the import linter itself.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "planner", "ui")
PERSISTENCE = (
    "eventsourcing.persistence",
    "eventsourcing.sqlite",
    "eventsourcing.postgres",
    "eventsourcing.popo",
)
LINT = Path(sys.executable).parent / "lint-imports"


def imported(source: str) -> Iterator[str]:
    """The dotted names a module imports, at its top or inside its functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def keeps_events(name: str) -> bool:
    """Whether an imported name is one of the library's persistence parts."""
    return name.startswith(PERSISTENCE)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contracts of pyproject.toml on the packages of a folder."""
    return subprocess.run(
        [LINT, "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_import_contract_holds() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("domain/visit.py", "import planner"),
        ("domain/visit.py", "import streamlit"),
        ("domain/visit.py", "from sqlcipher3 import dbapi2"),
        ("planner/application.py", "import ui"),
        ("planner/application.py", "def draw():\n    import folium"),
    ],
)
def test_a_wrong_import_breaks_a_contract(tmp_path: Path, module: str, line: str) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / module).touch()
    before = lint(tmp_path)
    (tmp_path / module).write_text(line + "\n")

    after = lint(tmp_path)

    assert (before.returncode, after.returncode) == (0, 1)


def test_only_the_store_imports_the_parts_that_keep_events() -> None:
    found = {
        str(file.relative_to(ROOT)): names
        for file in modules()
        if not file.is_relative_to(ROOT / "planner" / "store")
        and (names := [name for name in imported(file.read_text(encoding="utf-8")) if keeps_events(name)])
    }

    assert found == {}


def test_the_parts_that_keep_events_would_be_seen() -> None:
    source = "def later():\n    from eventsourcing import persistence\n"

    assert [name for name in imported(source) if keeps_events(name)] == ["eventsourcing.persistence"]


def test_every_library_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    carriers = packages_distributions()

    undeclared = {
        (str(file.relative_to(ROOT)), top)
        for file in modules()
        for top in {name.partition(".")[0] for name in imported(file.read_text(encoding="utf-8"))}
        if top not in sys.stdlib_module_names
        and top not in ROOMS
        and not declared & {canonicalize_name(name) for name in carriers.get(top, [])}
    }

    assert undeclared == set()
