"""Names are found without diacritics and sorted by given name, in four scripts."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from planner.search import by_given_name, folded, found, vietnamese

PEOPLE = (
    "Đặng Thuỳ Dương",
    "Đăng Văn Khoa",
    "Trần Đức Nghĩa",
    "Nguyễn Hải Đăng",
    "Lê Dang",
    "ບຸນທະວີ ສີສະຫວ່າງວົງ",
    "ຫຼວງພະບາງ",
    "សុខាវត្តី ច័ន្ទវិមាន",
    "O'Brien",
)


def test_a_query_without_diacritics_finds_names_with_them() -> None:
    query = "dang"

    people = found(query, PEOPLE)

    assert people == ["Lê Dang", "Đặng Thuỳ Dương", "Đăng Văn Khoa", "Nguyễn Hải Đăng"]


def test_a_query_with_diacritics_ranks_exact_names_first() -> None:
    query = "đăng"

    people = found(query, PEOPLE)

    assert people == ["Đăng Văn Khoa", "Nguyễn Hải Đăng", "Đặng Thuỳ Dương", "Lê Dang"]


def test_an_equal_text_comes_before_one_that_begins_so_and_that_before_one_that_holds_it() -> None:
    posts = ["XP-1", "P-10", "P-1"]

    result = found("p-1", posts)

    assert result == ["P-1", "P-10", "XP-1"]


def test_every_word_of_the_query_must_be_there_in_any_order() -> None:
    query = "duong dang"

    people = found(query, PEOPLE)

    assert people == ["Đặng Thuỳ Dương"]
    assert found("duong dang nobody", PEOPLE) == []


def test_an_empty_query_finds_all_in_the_given_order() -> None:
    query = "  "

    people = found(query, PEOPLE)

    assert people == list(PEOPLE)


def test_items_are_found_by_the_text_that_is_asked_for() -> None:
    posts = {"P-1": "Cổng chính", "P-2": "Cổng phụ"}

    result = found("cong phu", posts, text=posts.__getitem__)

    assert result == ["P-2"]


@pytest.mark.parametrize("word", ["ບຸນທະວີ", "ຫຼວງພະບາງ", "សុខាវត្តី"])
def test_signs_of_lao_and_khmer_are_not_ignored(word: str) -> None:
    without = "".join(c for c in word if not unicodedata.category(c).startswith("M"))

    result = found(word, PEOPLE)

    assert [word in name for name in result] == [True]
    assert folded(word) == word
    assert found(without, PEOPLE) == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_both_ways_to_write_a_letter_find_the_same(form: Literal["NFC", "NFD"]) -> None:
    query = unicodedata.normalize(form, "Đặng")

    people = found(query, PEOPLE)

    assert people[0] == "Đặng Thuỳ Dương"


@pytest.mark.parametrize("query", ["o'brien", "%", "*", "(", "\\", "{0}"])
def test_signs_in_a_query_mean_themselves(query: str) -> None:
    names = ["O'Brien", "100%"]

    people = found(query, names)

    assert people == [name for name in names if query in name.lower()]


def test_people_are_sorted_by_given_name_in_vietnamese_order() -> None:
    people = ["Trần Văn Ánh", "Lê Thị Ân", "Phạm An", "Đỗ Đức", "Vũ Dũng", "Ngô Ăn", "Bùi Văn Ảnh", "Lý Ảnh"]

    ordered = sorted(people, key=by_given_name)

    assert ordered == [
        "Phạm An",
        "Bùi Văn Ảnh",
        "Lý Ảnh",
        "Trần Văn Ánh",
        "Ngô Ăn",
        "Lê Thị Ân",
        "Vũ Dũng",
        "Đỗ Đức",
    ]


def test_tones_come_in_dictionary_order_level_falling_asking_broken_rising_heavy() -> None:
    words = ["mạ", "má", "mã", "mả", "mà", "ma"]

    ordered = sorted(words, key=vietnamese)

    assert ordered == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_namesakes_are_sorted_by_the_words_before_the_given_name() -> None:
    people = ["Trần Thị Hoa", "Lê Văn Hoa", "Đặng Hoa", "Doãn Hoa"]

    ordered = sorted(people, key=by_given_name)

    assert ordered == ["Doãn Hoa", "Đặng Hoa", "Lê Văn Hoa", "Trần Thị Hoa"]


def test_names_of_other_scripts_come_after_latin_ones_and_an_empty_name_first() -> None:
    people = ["ບຸນທະວີ", "Zara", "", "Phạm An"]

    ordered = sorted(people, key=by_given_name)

    assert ordered == ["", "Phạm An", "Zara", "ບຸນທະວີ"]
