"""The targets of the plan in time: at full size as ``make bench`` checks them, at a small one with every test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.large_log import Size
from tests.benchmarks.plan import measured
from tests.benchmarks.report import show


@pytest.mark.benchmark
def test_a_million_events_fold_start_and_replay_in_time(tmp_path: Path) -> None:
    assert show(measured(tmp_path / "years", Size.years(1_002_500)))


@pytest.mark.benchmark
def test_a_summit_steps_in_time_and_fits_into_memory(tmp_path: Path) -> None:
    assert show(measured(tmp_path / "summit", Size.summit(402_500), summit=True))


@pytest.mark.slow
def test_twenty_thousand_events_are_no_trouble(tmp_path: Path) -> None:
    """Limits that hold on a busy machine, and break where somebody walks the log or the plan for each event."""
    figures = measured(tmp_path / "small", Size.summit(20_000), rounds=1, summit=True)

    ratio, start, forth, back, listing, memory = (figure.measured for figure in figures)
    assert ratio > 0.15
    assert start < 3_000
    assert (forth < 20, back < 40, listing < 5) == (True, True, True)
    assert memory < 600
