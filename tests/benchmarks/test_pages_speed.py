"""The targets of what people wait for: with a summit as ``make bench`` checks them, with a small visit in every run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.pages import PAGES, measured, starts
from tests.benchmarks.report import show


@pytest.mark.benchmark
def test_pages_steps_and_memory_keep_their_limits_with_a_summit(tmp_path: Path) -> None:
    figures = measured(tmp_path / "summit", "summit")

    met = show(figures)

    assert pages_of([figure.what for figure in figures]) == set(PAGES)
    assert met


@pytest.mark.benchmark
def test_the_demo_answers_soon_after_its_first_start(tmp_path: Path) -> None:
    assert show(starts(tmp_path))


@pytest.mark.slow
def test_every_page_of_a_small_visit_is_drawn_without_an_error_and_at_once(tmp_path: Path) -> None:
    """Limits that hold on a busy machine, and break where somebody walks the whole plan for each row."""
    figures = measured(tmp_path / "small", "provincial", rounds=2, presses=6, sessions=3)

    found = {figure.what: figure.measured for figure in figures}
    assert pages_of(found) == set(PAGES)
    assert {what: ms for what, ms in found.items() if what.startswith("first run") and ms > 500} == {}
    assert found["a replay step"] < 150
    assert found["memory of the process, all pages looked at"] < 600


def pages_of(named: dict[str, float] | list[str]) -> set[str]:
    return {what.removeprefix("first run of ") for what in named if what.startswith("first run of ")}
