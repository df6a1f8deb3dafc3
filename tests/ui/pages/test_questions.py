"""The page «Audit questions»: what auditors ask of a visit, and the way to each event; the file of all cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import Actor, Role
from domain.refusals import NotAllowed
from planner.access.reader import Reader
from planner.history.questions import Question
from tests.demo_pages import said
from tests.examples import VISIT
from tests.planner.acting import HOA, let_in
from tests.planning_pages import opened
from tests.releases import WHOLE
from tests.small_force import empty_site, small_force
from ui.downloads import fetched
from ui.shell import Shell

AUDITOR = Actor("lan", frozenset({Role.AUDITOR}))


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """A visit of the past with two posts; one duty was given, and its reason is hostile."""
    with small_force(tmp_path, Role.AUDITOR) as shell:
        let_in(shell.planner, AUDITOR)
        shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA, reason="<b>x</b>")
        yield shell


def test_a_site_without_visits_says_what_to_do_first(tmp_path: Path) -> None:
    with empty_site(tmp_path, Role.AUDITOR):
        run = opened("questions")

    assert not run.exception
    assert run.info[0].value == "There is no visit yet. A planner registers the first one."


@pytest.mark.parametrize("question", list(Question))
def test_every_question_opens_by_its_address(shell: Shell, question: Question) -> None:
    run = opened("questions", visit=VISIT, question=question.value, late="8000")

    assert not run.exception
    assert run.query_params["question"] == question.value
    assert len(run.subheader) == 1


def test_a_question_without_cases_says_so(shell: Shell) -> None:
    run = opened("questions", visit=VISIT, question="overrides")

    assert [one.value for one in run.success] == ["No rule was overridden in this visit."]


def test_a_case_shows_who_what_and_why_as_typed_and_leads_to_its_event(shell: Shell) -> None:
    run = opened("questions", visit=VISIT, question="late_changes", late="8000")

    assert "&lt;b&gt;x&lt;/b&gt;" in said(run)
    assert HOA.user in said(run)
    assert run.selectbox(key="questions_event_late_changes").options[-1].startswith("9 · Assigned Đại uý")


def test_gaps_are_counted_in_minutes(shell: Shell) -> None:
    run = opened("questions", visit=VISIT, question="uncovered")

    labels = run.get("button_group")[0].proto.options
    assert "Uncovered minutes · 240" in [option.content for option in labels]
    assert ">P-02</span> «Kiểm soát người và phương tiện vào cổng chính» of visit" in said(run)


def test_the_file_holds_every_case_for_who_may_ask_and_nobody_else(shell: Shell) -> None:
    file = fetched("questions.csv", Reader(shell.planner, AUDITOR), {"visit": VISIT, "late": "8000"}, WHOLE)

    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {row["question"] for row in rows} >= {"late_changes", "uncovered"}
    with pytest.raises(NotAllowed):
        fetched("questions.csv", Reader(shell.planner, HOA), {"visit": VISIT})
