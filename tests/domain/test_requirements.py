"""What a post asks for, and who has it."""

from typing import Any

import pytest

from domain.requirements import INCLUDED, Need, NeedKind, drives, meets, needs
from tests.examples import Story, post_details, qualification, window


@pytest.mark.parametrize(
    ("held", "needed", "may"),
    [
        (("D",), "D1", True),
        (("D1",), "D", False),
        (("C",), "B", True),
        (("B2",), "B", True),
        (("B",), "C1", False),
        (("CE",), "C", True),
        (("c 1",), "C1", True),
        (("A2",), "A1", True),
        ((), "B", False),
        (("FD",), "FD", True),
        (("FD",), "D", False),
        (("A1", "D2"), "D1", True),
    ],
)
def test_a_licence_includes_the_classes_that_the_law_says(held: tuple[str, ...], needed: str, may: bool) -> None:
    assert drives(held, needed) is may


@pytest.mark.parametrize("one", INCLUDED)
def test_what_is_included_in_what_is_included_is_included(one: str) -> None:
    nested = {inner for other in INCLUDED[one] for inner in INCLUDED.get(other, ())} - {one}

    assert nested - set(INCLUDED[one]) == set()


def test_each_need_is_named_once() -> None:
    details = post_details(required=("K9", "K9"), languages=("lo", "lo", "en"), licence="D")

    assert needs(details) == (
        Need(NeedKind.QUALIFICATION, "K9"),
        Need(NeedKind.LANGUAGE, "lo"),
        Need(NeedKind.LANGUAGE, "en"),
        Need(NeedKind.LICENCE, "D"),
    )


@pytest.mark.parametrize(
    ("asks", "met"),
    [
        ({"languages": ("lo",)}, True),
        ({"languages": ("lo", "km")}, False),
        ({"licence": "B"}, True),
        ({"licence": "D"}, False),
        ({"required": ("K9",)}, True),
        ({"required": ("K9",), "languages": ("lo",), "licence": "C"}, True),
        ({}, True),
    ],
)
def test_all_that_is_asked_must_be_there(asks: dict[str, Any], met: bool) -> None:
    story = Story()
    officer = story.officer("CA-1", languages=("vi", "lo"), licences=("C",))
    officer = story.qualified("CA-1", qualification("K9"))

    assert meets(officer, post_details(**asks), window("08:00", "12:00")) is met


def test_a_qualification_must_cover_the_whole_time() -> None:
    story = Story()
    story.officer("CA-1")
    officer = story.qualified("CA-1", qualification("K9", "08:00", "11:59"))

    assert not meets(officer, post_details(required=("K9",)), window("08:00", "12:00"))
