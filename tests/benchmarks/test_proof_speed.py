"""The targets of the proof: at full size as ``make bench`` checks them, at a small one with every test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.proof import appending, head, verifying
from tests.benchmarks.report import show


@pytest.mark.benchmark
def test_the_head_costs_little_and_nothing_where_events_are_appended(tmp_path: Path) -> None:
    for name in ("head", "appending"):
        (tmp_path / name).mkdir()

    assert show([head(tmp_path / "head"), appending(tmp_path / "appending")])


@pytest.mark.benchmark
def test_a_million_events_are_verified_in_five_minutes(tmp_path: Path) -> None:
    assert show([verifying(tmp_path, 1_000_000)])


@pytest.mark.slow
def test_twenty_thousand_events_are_verified_in_seconds(tmp_path: Path) -> None:
    """A limit that holds on a busy machine, and breaks where somebody walks the log for each checkpoint."""
    assert verifying(tmp_path, 20_000).measured < 60
