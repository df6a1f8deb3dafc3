"""The targets of routing, as ``make bench`` checks them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.routing import run, verdicts


@pytest.mark.benchmark
def test_three_routes_are_quick_and_share_little(tmp_path: Path) -> None:
    rows = run(tmp_path)

    for name, row in rows.items():
        print(json.dumps({"benchmark": "routing", "who": name, **row}))
    assert verdicts(rows) == dict.fromkeys(verdicts(rows), True)
