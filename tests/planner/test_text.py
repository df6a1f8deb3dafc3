"""Times, numbers and words as Vietnamese and English readers write them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.messages import LanguageCode, Message, counted, message
from domain.post import PostKind
from domain.values import Coordinates, PersonName, SecrecyLevel, TimeWindow
from domain.visit import ActivityType, Layout
from planner.text import (
    Change,
    CountryCode,
    Sentence,
    Speaker,
    ZoneCode,
    _translations,
    both,
)

EN = Speaker("en")
VI = Speaker("vi")


def utc(day: int, clock: str, month: int = 11) -> datetime:
    hours, minutes = clock.split(":")
    return datetime(2026, month, day, int(hours), int(minutes), tzinfo=UTC)


def lasting(start: datetime, hours: float) -> TimeWindow:
    return TimeWindow(start=start, end=start + timedelta(hours=hours))


# Times


@pytest.mark.parametrize(
    ("start", "hours", "english", "vietnamese"),
    [
        (
            utc(24, "02:00"),
            1,
            "Tue 24/11/2026 09:00–10:00 (UTC+7)",
            "Th 3, 24/11/2026 09:00–10:00 (UTC+7)",
        ),
        (
            utc(24, "15:00"),
            8,
            "Tue 24/11/2026 22:00–Wed 25/11/2026 06:00 (UTC+7)",
            "Th 3, 24/11/2026 22:00–Th 4, 25/11/2026 06:00 (UTC+7)",
        ),
        (
            utc(24, "15:00"),
            2,
            "Tue 24/11/2026 22:00–Wed 25/11/2026 00:00 (UTC+7)",
            "Th 3, 24/11/2026 22:00–Th 4, 25/11/2026 00:00 (UTC+7)",
        ),
        (
            utc(31, "16:30", month=12),
            1,
            "Thu 31/12/2026 23:30–Fri 01/01/2027 00:30 (UTC+7)",
            "Th 5, 31/12/2026 23:30–Th 6, 01/01/2027 00:30 (UTC+7)",
        ),
        (
            utc(21, "17:00"),
            1,
            "Sun 22/11/2026 00:00–01:00 (UTC+7)",
            "CN, 22/11/2026 00:00–01:00 (UTC+7)",
        ),
    ],
    ids=["one day", "over midnight", "until midnight", "over the year's end", "from midnight on a Sunday"],
)
def test_a_window_says_its_day_and_zone_and_both_days_over_midnight(
    start: datetime, hours: float, english: str, vietnamese: str
) -> None:
    window = lasting(start, hours)

    shown = EN.window(window), VI.window(window)

    assert shown == (english, vietnamese)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Kathmandu", "Tue 24/11/2026 07:45–08:45 (UTC+5:45)"),
        ("America/St_Johns", "Mon 23/11/2026 22:30–23:30 (UTC-3:30)"),
        ("UTC", "Tue 24/11/2026 02:00–03:00 (UTC+0)"),
        ("Pacific/Kiritimati", "Tue 24/11/2026 16:00–17:00 (UTC+14)"),
    ],
)
def test_a_window_is_shown_in_the_readers_zone(zone: str, shown: str) -> None:
    window = lasting(utc(24, "02:00"), 1)

    said = Speaker("en", zone).window(window)

    assert said == shown


def test_a_window_in_which_the_clock_changes_says_both_zones() -> None:
    window = lasting(datetime(2026, 4, 5, 2, 30, tzinfo=UTC), 2)

    said = Speaker("en", "America/Santiago").window(window)

    assert said == "Sat 04/04/2026 23:30 (UTC-3) – Sun 05/04/2026 00:30 (UTC-4)"


@pytest.mark.parametrize(
    ("hours", "shown"), [(1, "22:00–23:00"), (2, "22:00–00:00 +1"), (8, "22:00–06:00 +1"), (50, "22:00–00:00 +3")]
)
def test_times_alone_say_on_which_later_day_they_end(hours: float, shown: str) -> None:
    window = lasting(utc(24, "15:00"), hours)

    assert VI.times(window) == shown


@pytest.mark.parametrize(
    ("later", "shown"),
    [
        (1, "Tue 24/11/2026 22:00–23:00 → 23:00–Wed 25/11/2026 00:00 (UTC+7)"),
        (2, "Tue 24/11/2026 22:00–23:00 → Wed 25/11/2026 00:00–01:00 (UTC+7)"),
    ],
)
def test_a_changed_window_says_the_day_again_only_where_it_is_another(later: float, shown: str) -> None:
    old = lasting(utc(24, "15:00"), 1)

    said = EN.show(Change(old, old.shifted(timedelta(hours=later))))

    assert said == shown


def test_a_window_changed_over_a_change_of_the_clock_says_all_zones() -> None:
    old = lasting(utc(4, "12:00", month=4), 1)
    new = lasting(utc(5, "12:00", month=4), 1)

    said = Speaker("en", "America/Santiago").show(Change(old, new))

    assert said == "Sat 04/04/2026 09:00–10:00 (UTC-3) → Sun 05/04/2026 08:00–09:00 (UTC-4)"


@pytest.mark.parametrize(
    ("old", "new", "spoken", "english", "vietnamese"),
    [
        (2, 3, False, "2 → 3", "2 → 3"),
        (None, "x", False, "– → x", "– → x"),
        ("x", "", False, "x → –", "x → –"),
        ((), ("a", "b"), False, "– → a, b", "– → a, b"),
        (False, True, True, "from no to yes", "từ không sang có"),
    ],
)
def test_a_change_says_old_and_new(old: object, new: object, spoken: bool, english: str, vietnamese: str) -> None:
    change = Change(old, new, spoken)

    shown = EN.show(change), VI.show(change)

    assert shown == (english, vietnamese)


def test_moments_are_shown_to_the_minute_and_in_the_history_to_the_second() -> None:
    moment = datetime(2026, 11, 24, 7, 5, 9, tzinfo=UTC)

    shown = EN.moment(moment), VI.moment(moment), VI.second(moment), VI.clock(moment)

    assert shown == (
        "Tue 24/11/2026 14:05 (UTC+7)",
        "Th 3, 24/11/2026 14:05 (UTC+7)",
        "24/11/2026 14:05:09 (UTC+7)",
        "14:05",
    )


@pytest.mark.parametrize(
    ("length", "english", "vietnamese"),
    [
        (timedelta(0), "0 min", "0 phút"),
        (timedelta(minutes=59, seconds=29), "59 min", "59 phút"),
        (timedelta(minutes=59, seconds=31), "1 h", "1 giờ"),
        (timedelta(minutes=90), "1 h 30 min", "1 giờ 30 phút"),
        (timedelta(days=2), "48 h", "48 giờ"),
        (-timedelta(minutes=75), "-1 h 15 min", "-1 giờ 15 phút"),
    ],
)
def test_durations_are_said_in_hours_and_minutes(length: timedelta, english: str, vietnamese: str) -> None:
    assert (EN.show(length), VI.show(length)) == (english, vietnamese)


# Numbers and words


@pytest.mark.parametrize(
    ("value", "english", "vietnamese"),
    [
        (0, "0", "0"),
        (12345, "12,345", "12.345"),
        (1234.56, "1,234.6", "1.234,6"),
        (2.0, "2", "2"),
        (Decimal("1.42"), "1.42", "1,42"),
        (True, "yes", "có"),
        (None, "–", "–"),
        ((), "–", "–"),
        (("a", 2, None), "a, 2, –", "a, 2, –"),
        (date(2026, 11, 24), "Tue 24/11/2026", "Th 3, 24/11/2026"),
        (Coordinates(lat=-29.9045, lon=-71.2489), "-29.90450, -71.24890", "-29.90450, -71.24890"),
        (PersonName(romanised="{name}", original="ບຸນທະວີ"), "{name}", "{name}"),
        (CountryCode("LA"), "Laos", "Lào"),
        (CountryCode("XX"), "XX", "XX"),
        (LanguageCode("km"), "Khmer", "Tiếng Khmer"),
        (LanguageCode("xxx"), "xxx", "xxx"),
        (ZoneCode("Asia/Ho_Chi_Minh"), "Vietnam Time", "Giờ Việt Nam"),
        (ZoneCode("UTC"), "UTC", "UTC"),
        (PostKind.PATROL, "foot patrol", "tuần tra"),
    ],
    ids=str,
)
def test_every_value_is_shown_as_its_readers_write_it(value: object, english: str, vietnamese: str) -> None:
    assert (EN.show(value), VI.show(value)) == (english, vietnamese)


def test_the_same_english_word_may_differ_in_vietnamese_by_what_it_is_said_of() -> None:
    banquet, tables, secret = ActivityType.BANQUET, Layout.BANQUET, SecrecyLevel.NONE

    labels = [(EN.label(word), VI.label(word)) for word in (banquet, tables, secret)]

    assert labels == [("banquet", "chiêu đãi"), ("banquet tables", "bàn tiệc"), ("not secret", "Không mật")]


@pytest.mark.parametrize(("n", "english"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1000, "1,000 days")])
def test_english_counts_one_and_many_and_vietnamese_does_not(n: int, english: str) -> None:
    days = counted("{n} day", "{n} days", n)

    said = EN.say(days), VI.say(days), EN.counted("{n} day", "{n} days", n)

    assert said == (english, f"{VI.show(n)} ngày", english)


@pytest.mark.parametrize("typed", ["{n}", "{0.__class__}", "%(n)s", "${1}", "{", "}}", "<b>x</b>", "=Hùng"])
def test_values_are_never_read_as_places_for_other_values(typed: str) -> None:
    told = message("visit {visit}", visit=typed)

    said = EN.say(told), VI.say(message("cancelled {thing}", thing=told)), EN("visit {visit}", visit=typed), str(told)

    assert said == (f"visit {typed}", f"hủy chuyến thăm {typed}", f"visit {typed}", f"visit {typed}")


def test_a_sentence_begins_with_a_capital_in_both_languages_and_the_values_keep_theirs() -> None:
    told = Sentence("cancelled {thing}", {"thing": message("visit {visit}", visit="lao")})

    said = EN.say(told), VI.say(told)

    assert said == ("Cancelled visit lao", "Hủy chuyến thăm lao")


def test_a_text_without_translation_is_said_in_english_and_scripts_get_both() -> None:
    told = Message("Nobody has translated {this}.", {"this": 1})

    assert both(told) == {"en": "Nobody has translated 1.", "vi": "Nobody has translated 1."}
    assert both(message("no venue")) == {"en": "no venue", "vi": "chưa có địa điểm"}


def test_all_catalogs_are_read_quickly() -> None:
    def seconds() -> float:
        _translations.cache_clear()
        # Of this thread alone: what other tests left running is not the catalogs' doing.
        started = time.thread_time()
        Speaker("vi")
        return time.thread_time() - started

    assert min(seconds() for _ in range(3)) < 0.15
