"""Nothing that shows something takes the whole plan: pages, files, phones and the command line ask as somebody."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What holds everything, by the names of the attributes of the planner.
WHOLE = frozenset({"plan", "timeline", "checks", "recorder"})
#: What must not leave the package that filters.
FILTERING = frozenset({"behind", "_behind", "_all"})
#: The few places that look at the whole plan and show nothing of it: its position, accounts' officers, load, telling.
ALLOWED = {
    "planner/cli/doing.py": "tells what the own command did, on the plan it was decided on",
    "planner/cli/opening.py": "the position of a moment",
    "planner/cli/proving.py": "events as stored, at the positions that the reader may see",
    "ui/downloads_proof.py": "events as stored, at the positions that the reader may see",
    "planner/cli/reading.py": "rules, whose findings are told as the reader may be told them",
    "planner/cli/upkeep.py": "how many events were generated",
    "planner/cli/users.py": "whether an officer exists whom the key holder links",
    "planner/cli/members.py": "whether an account is a member already, asked by the administrator",
    "ui/follow.py": "the position, to draw pages again",
    "ui/routes.py": "the position, for whoever watches the machine",
    "ui/server.py": "loading before the first reader",
    "ui/session.py": "the position a page was drawn with",
}
SHOWING = sorted(path for folder in ("ui", "planner/cli") for path in (ROOT / folder).rglob("*.py"))


def whole_plan(source: str) -> list[int]:
    """The lines that ask a planner, not a reader, for everything."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute):
            continue
        owner = ast.unparse(node.value)
        if node.attr in WHOLE and owner.removesuffix("()").rpartition(".")[2] == "planner":
            found.append(node.lineno)
        if node.attr in FILTERING:
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", SHOWING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_shows_something_asks_as_somebody(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()

    found = whole_plan(path.read_text())

    assert found == [] or name in ALLOWED


def test_every_exception_is_still_one() -> None:
    assert [name for name in ALLOWED if not whole_plan((ROOT / name).read_text())] == []


@pytest.mark.parametrize(
    "line", ["session.planner().plan", "planner.timeline", "self.shell.planner.checks", "x._behind", "reader._all.plan"]
)
def test_the_whole_plan_is_found_where_it_is_taken(line: str) -> None:
    assert whole_plan(line) == [1]


def test_a_reader_is_not_taken_for_the_whole_plan() -> None:
    assert whole_plan("reader.plan; session.plan(); who.timeline; Reader(planner, actor).plan") == []
