"""The targets of the rules on a summit of a hundred thousand assignments, as ``make bench`` checks them."""

import json

import pytest

from tests.benchmarks.rules import run

TARGETS = {
    "whole_check_s": 30,
    "r01_of_one_change_us": 15,
    "why_not_of_one_officer_us": 250,
    "findings_of_one_command_ms": 200,
}


@pytest.mark.benchmark
def test_the_rules_are_quick_on_a_summit() -> None:
    measured = run()

    for name, value in measured.items():
        print(f"{name:<40}{value:>14.1f}{TARGETS.get(name, ''):>8}")
    print(json.dumps({"benchmark": "rules", **{name: round(value, 2) for name, value in measured.items()}}))
    assert {name: measured[name] <= target for name, target in TARGETS.items()} == dict.fromkeys(TARGETS, True)
    assert measured["r01_times_faster_than_a_scan"] >= 300
    assert measured["r01_same_as_the_scan"] == 1
