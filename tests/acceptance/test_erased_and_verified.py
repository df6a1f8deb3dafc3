"""A person is erased for good, and the log still proves that nobody rewrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import VISIT
from tests.acceptance.prompt import Prompt, order

pytestmark = pytest.mark.slow

NAME = "Nguyễn Thị Thảo"


def told(site: Prompt) -> str:
    """Everything that the command line tells of the visit, as it is and as it was."""
    asked = [("plan", "--visit", VISIT), ("plan", "--visit", VISIT, "--at", "14"), ("history", "--visit", VISIT)]
    return "".join(site(*one, "--format", "json", "--as", "kiem").out for one in asked)


def test_what_was_signed_before_a_person_was_erased_still_holds(copy: Prompt, tmp_path: Path) -> None:
    signed = tmp_path / "checkpoint"
    copy("checkpoint", "--out", signed)
    before = told(copy)

    copy("erase", "--person", "CA-1", "--as", "nam", "--reason", "Theo yêu cầu của người đó")

    assert before.count(NAME) >= 3
    assert told(copy).count(NAME) == 0
    verified = copy("verify", "--checkpoint", signed, "--level", "5").out
    assert [line for line in verified.splitlines() if not line.startswith("✓")] == []


def test_a_log_that_was_put_back_to_an_earlier_day_is_told_by_a_checkpoint_kept_elsewhere(
    copy: Prompt, tmp_path: Path
) -> None:
    earlier = copy.copied(tmp_path / "earlier")
    copy.do("hoa", order("assign_officer", visit=VISIT, post="P-2", officer="CA-2"))
    copy("checkpoint", "--out", tmp_path / "checkpoint")

    alone = earlier("verify", status=0)
    compared = earlier("verify", "--checkpoint", tmp_path / "checkpoint", status=1)

    assert "✗" not in alone.out
    assert "✗" in compared.out
