"""Which finding Home shows of a visit."""

from __future__ import annotations

import pytest

from domain.finding import Finding, Severity
from domain.messages import message
from tests.examples import window
from ui.components.overview import to_mend


def finding(rule: str, severity: Severity, start: str, end: str) -> Finding:
    return Finding(rule, severity, ("post/LA-2026-01/P-01",), window(start, end), message("x"))


MORNING = finding("R05", Severity.BLOCK, "07:00", "12:00")
EVENING = finding("R07", Severity.WARN, "18:00", "22:00")
ALWAYS = Finding("R10", Severity.INFO, (), None, message("x"))


@pytest.mark.parametrize(
    ("clock", "shown"),
    [("06:00", (MORNING,)), ("11:59", (MORNING,)), ("12:00", (EVENING,)), ("22:00", (ALWAYS,))],
)
def test_the_worst_that_is_not_over_is_shown_first(clock: str, shown: tuple[Finding, ...]) -> None:
    now = window(clock, "23:00").start

    assert to_mend((MORNING, EVENING, ALWAYS), now) == shown


OVERRIDDEN = finding("R04", Severity.BLOCK, "13:00", "14:00").accepted("Giám đốc Công an tỉnh")
OPEN = finding("R05", Severity.WARN, "20:00", "21:00")


def test_of_what_is_as_bad_what_is_open_comes_before_what_was_overridden_and_what_is_sooner_first() -> None:
    now = window("12:00", "23:00").start

    assert to_mend((OVERRIDDEN, OPEN), now) == (OPEN,)
    assert to_mend((OPEN, EVENING, OVERRIDDEN), now) == (EVENING,)
    assert to_mend((OVERRIDDEN, ALWAYS), now) == (OVERRIDDEN,)


def test_where_all_is_over_the_worst_is_shown() -> None:
    now = window("22:30", "23:00").start

    assert (to_mend((MORNING, EVENING), now), to_mend((), now)) == ((MORNING,), ())
