"""Why a value cannot be, in words of both languages."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.visit import Activity
from planner.history.facts import FACTS
from planner.text import Speaker
from planner.validation import FIELDS, invalid_input, problems

ACTIVITY = TypeAdapter(Activity)
GOOD = {
    "code": "A-01",
    "type": "talks",
    "title": "Hội đàm",
    "window": {"start": "2026-11-24T08:00+07:00", "end": "2026-11-24T09:00+07:00"},
}


@pytest.mark.parametrize(
    ("changes", "english", "vietnamese"),
    [
        ({"title": ""}, "title: must be one line with at", "tên: phải là một dòng"),
        ({"headcount": -1}, "number of persons: must be at least 0", "số người: phải từ 0 trở lên"),
        ({"type": "picnic"}, "type of activity: must be one of 'arrival'", "loại hoạt động: phải là một trong"),
        ({"joint_with": ["A-02", "A 3"]}, "held together with › #2: must be a short", "tổ chức chung với › số 2: phải"),
        ({"colour": "red"}, "colour: is not known here", "colour: không có ở đây"),
    ],
)
def test_the_place_and_the_reason_are_told(changes: dict[str, object], english: str, vietnamese: str) -> None:
    with pytest.raises(ValidationError) as error:
        ACTIVITY.validate_python({**GOOD, **changes})

    said = problems(error.value)

    assert Speaker("en").say(said).startswith(english)
    assert Speaker("vi").say(said).partition(":")[2].startswith(vietnamese.partition(":")[2])


def test_many_problems_are_counted_after_the_first() -> None:
    with pytest.raises(ValidationError) as error:
        ACTIVITY.validate_python(dict.fromkeys("abcdefgh", 1) | {"window": GOOD["window"]})

    assert str(invalid_input(error.value)).count(";") == 4
    assert str(invalid_input(error.value)).endswith("; and 7 more")


def test_every_field_of_a_value_has_a_name_in_words() -> None:
    named = set(FIELDS) | {name for facts in FACTS.values() for name in facts}

    assert {field for field in ACTIVITY.core_schema and Activity.__dataclass_fields__ if field not in named} == set()
