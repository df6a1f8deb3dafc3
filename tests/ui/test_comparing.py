"""Every kind of thing in which two plans differ has its heading."""

from __future__ import annotations

from planner.history.differences import ORDER
from planner.text import Speaker
from ui.components.comparing import nouns


def test_every_kind_of_difference_has_a_heading_in_both_languages() -> None:
    english, vietnamese = nouns(Speaker("en")), nouns(Speaker("vi"))

    assert (set(english), set(vietnamese)) == (set(ORDER), set(ORDER))
    assert [kind for kind in ORDER if english[kind] == vietnamese[kind]] == []
