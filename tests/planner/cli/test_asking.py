"""``planner questions``: what auditors ask, at a terminal and for scripts."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Terminal, order


@pytest.fixture
def planned(terminal: Terminal) -> Terminal:
    """A visit with one officer at one post, and a second post where nobody stands."""
    terminal.do(VISIT, OFFICER, POST, ASSIGNED)
    details = {"task": "=cổng", "window": {"start": "2026-11-24T10:00+07:00", "end": "2026-11-24T11:30+07:00"}}
    terminal.do(order("create_post", visit="LA-2026-01", code="P-09", post=details))
    return terminal


def test_every_question_is_answered_in_words_with_its_number_of_cases(planned: Terminal) -> None:
    answer = planned("questions")

    heads = [line for line in answer.out.splitlines() if not line.startswith(" ")]
    assert answer.status == 0
    assert heads[0] == "Which rules were overridden? 0"
    assert heads[2].startswith("Which orders did nobody acknowledge? 1")
    assert re.search("Post P-09 «[^»]+» of visit LA-2026-01 lacks 1 of 1 officers", answer.out)


def test_scripts_get_one_question_with_sentences_in_both_languages(planned: Terminal) -> None:
    found = planned("questions", "--question", "uncovered", "--format", "json").json

    assert [one["subject"] for one in found] == ["post/LA-2026-01/P-09"]
    assert set(found[0]) == {
        *("question", "subject", "window", "position", "recorded_at", "by", "reason", "notice_minutes", "message"),
        "mark",
    }
    assert (found[0]["question"], set(found[0]["message"])) == ("uncovered", {"en", "vi"})


def test_the_table_has_a_row_for_each_case_and_no_formula(planned: Terminal) -> None:
    planned.do(order("withdraw_assignment", "=1+1", visit="LA-2026-01", code="A-0001"))

    rows = list(csv.DictReader(io.StringIO(planned("questions", "--late-hours", "8000", "--format", "csv").out)))

    assert {row["reason"] for row in rows} == {"", "'=1+1"}
    assert {row["question"] for row in rows} == {"late_changes", "unacknowledged", "uncovered", "read_outside_duty"}


@pytest.mark.parametrize(
    ("user", "said"), [("hoa", "it needs one of these roles: auditor, commander"), ("thao", "it needs one of")]
)
def test_who_may_not_ask_is_refused(planned: Terminal, user: str, said: str) -> None:
    answer = planned("questions", "--as", user)

    assert (answer.status, answer.out, said in answer.err) == (1, "", True)


def test_whoever_asks_with_the_key_alone_is_named_to_the_auditor(planned: Terminal) -> None:
    planned.adopt()
    planned("plan", "--visit", "LA-2026-01")

    told = planned("questions", "--question", "read_outside_duty", "--as", "kiem", "--format", "json").json
    commander = planned("questions", "--question", "read_outside_duty", "--as", "nam")

    assert [(one["question"], one["subject"], one["by"][:1]) for one in told] == [
        ("read_outside_duty", "visit/LA-2026-01", "@")
    ]
    assert told[0]["message"]["en"].startswith("shown: plan at ")
    assert (commander.status, commander.out) == (1, "")


def test_an_auditor_without_a_part_in_the_visit_is_told_there_is_none(planned: Terminal) -> None:
    answers = [planned("questions", "--as", "kiem", "--visit", code).err for code in ("LA-2026-01", "LA-2026-99")]

    assert [answer.replace("LA-2026-99", "LA-2026-01") for answer in answers] == [answers[0]] * 2
    assert answers[0].startswith("There is no visit LA-2026-01.")


@pytest.mark.parametrize("hours", ["nan", "inf", "-1", "8761", "1e300"])
def test_hours_that_cannot_be_are_refused(planned: Terminal, hours: str) -> None:
    answer = planned("questions", f"--late-hours={hours}")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("--late-hours needs a number from 0 to 8")
