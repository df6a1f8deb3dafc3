"""An officer, the qualifications and the absences."""

import pytest

from domain.officer import Officer
from domain.refusals import CodeTaken, NotFound, NotPossible, ReasonRequired
from tests.examples import Story, absence, act, at, officer_details, qualification, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.officer("CA-0113")
    story.qualified("CA-0113", qualification("K9"))
    story.away("CA-0113", absence("08:00", "12:00"))
    return story


def officer(story: Story) -> Officer:
    return story.plan.officer("CA-0113")


def test_amending_changes_the_details(story: Story) -> None:
    details = officer_details("Đặng Thuỳ Dương", callsign="Sao Mai 2")

    story.tell(officer(story).amend(details, act()))

    assert (officer(story).details, str(officer(story).name)) == (details, "Đặng Thuỳ Dương")
    assert officer(story).amend(details, act()) == ()


def test_an_officer_retires_with_a_reason_and_comes_back(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        officer(story).retire(act())
    story.tell(officer(story).retire(act("nghỉ hưu")))
    assert officer(story).retired
    with pytest.raises(NotPossible):
        officer(story).retire(act("nghỉ hưu"))

    story.tell(officer(story).reinstate(act()))

    assert not officer(story).retired


def test_an_officer_on_duty_is_not_reinstated(story: Story) -> None:
    with pytest.raises(NotPossible):
        officer(story).reinstate(act())


def test_granting_again_replaces_the_earlier_qualification(story: Story) -> None:
    renewed = qualification("K9", day=30)

    story.tell(officer(story).grant(renewed, act()))

    assert officer(story).qualifications == (renewed,)
    assert officer(story).grant(renewed, act()) == ()


def test_revoking_needs_a_reason_and_keeps_the_validity(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        officer(story).revoke("K9", at("10:00"), act())

    story.tell(officer(story).revoke("K9", at("10:00"), act("vi phạm")))

    held = officer(story).qualification("K9")
    assert held is not None
    assert (held.revoked_from, held.valid) == (at("10:00"), qualification("K9").valid)


def test_granting_after_a_revocation_makes_it_hold_again(story: Story) -> None:
    story.tell(officer(story).revoke("K9", at("10:00"), act("vi phạm")))
    held = officer(story).qualification("K9")
    assert held is not None
    assert not held.holds(window("09:00", "11:00"))

    story.tell(officer(story).grant(qualification("K9"), act()))

    renewed = officer(story).qualification("K9")
    assert renewed is not None
    assert renewed.holds(window("09:00", "11:00"))


def test_a_qualification_entered_by_mistake_is_removed_with_a_reason(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        officer(story).remove_qualification("K9", act())

    story.tell(officer(story).remove_qualification("K9", act("nhầm")))

    assert officer(story).qualification("K9") is None


def test_a_qualification_that_is_not_held_is_neither_revoked_nor_removed(story: Story) -> None:
    with pytest.raises(NotFound):
        officer(story).revoke("EOD", at("10:00"), act("x"))
    with pytest.raises(NotFound):
        officer(story).remove_qualification("EOD", act("x"))


def test_an_absence_is_recorded_once_and_cancelled(story: Story) -> None:
    with pytest.raises(CodeTaken):
        officer(story).record_absence(absence("14:00", "15:00"), act())
    story.tell(officer(story).record_absence(absence("14:00", "15:00", code="ABS-2"), act()))
    assert [missing.code for missing in officer(story).absences] == ["ABS-1", "ABS-2"]

    story.tell(officer(story).cancel_absence("ABS-1", act()))

    assert [missing.code for missing in officer(story).absences] == ["ABS-2"]


def test_an_absence_is_changed_under_its_code(story: Story) -> None:
    later = absence("14:00", "15:00")

    story.tell(officer(story).amend_absence(later, act()))

    assert officer(story).absences == (later,)
    assert officer(story).amend_absence(later, act()) == ()


def test_an_unknown_absence_is_neither_changed_nor_cancelled(story: Story) -> None:
    with pytest.raises(NotFound):
        officer(story).amend_absence(absence("14:00", "15:00", code="ABS-9"), act())
    with pytest.raises(NotFound):
        officer(story).cancel_absence("ABS-9", act())
