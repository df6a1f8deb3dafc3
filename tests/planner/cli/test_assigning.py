"""``planner assign``: a proposal as JSON with its reasons, and accepting it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.routing.map_pack import MapPack
from planner.routing.pack_building import demo_pack
from tests.examples import VISIT
from tests.planner.cli.conftest import Terminal

LEFT = (
    "2 places stay open, 0 at critical posts. A repair moves no other duty for them; a roster proposed anew may move "
    "others, as few as it can."
)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    """La Serena and Coquimbo, the extract the package carries."""
    return demo_pack(tmp_path_factory.mktemp("packs"))


@pytest.fixture
def manned(terminal: Terminal) -> Terminal:
    """Two posts at one time, one of which asks for K9, and three officers without it."""
    start, end = "2027-11-24T08:00+07:00", "2027-11-24T12:00+07:00"
    window = {"start": start, "end": end}
    visit = {"title": "Đoàn tỉnh Luông Pha Băng", "first_day": "2027-11-24", "last_day": "2027-11-24"}
    orders: list[dict[str, Any]] = [{"command": "register_visit", "arguments": {"code": VISIT, "visit": visit}}]
    for number in (1, 2, 3):
        officer = {"name": {"romanised": f"Trần Đức Nghĩa {number}"}, "rank": "Đại úy", "unit": "Đội 1"}
        orders.append({"command": "register_officer", "arguments": {"code": f"CA-{number}", "officer": officer}})
    for code, required in (("P-01", []), ("P-02", ["K9"])):
        post = {"task": "Gác cổng", "window": window, "required": required}
        orders.append({"command": "create_post", "arguments": {"visit": VISIT, "code": code, "post": post}})
    answer = terminal.do(*orders)
    assert [line["ok"] for line in answer.lines] == [True] * len(orders), answer.out
    return terminal


def test_a_proposal_is_json_and_records_nothing(manned: Terminal) -> None:
    told = manned("assign", "--visit", VISIT, "--format", "json").json

    assert [(one["post"], one["officer"]) for one in told["assignments"]] == [("P-01", "CA-2")]
    assert (told["gap"], told["ended"], told["accepted"], told["cost"]) == (0.0, "proved", None, 1000.0)
    assert told["changes"][0]["given"][0]["why"][0]["message"]["en"] == "chosen: nothing speaks against it"
    assert manned("plan", "--visit", VISIT, "--format", "json").json["assignments"] == []


def test_what_stays_open_says_why_in_both_languages(manned: Terminal) -> None:
    (told,) = manned("assign", "--visit", VISIT, "--format", "json").json["uncovered"]

    assert (told["post"], told["missing"], told["counters"]) == ("P-02", 1, {"qualification": 3})
    assert told["reasons"][0] == {"en": "3 officers lack a qualification.", "vi": "3 cán bộ thiếu chứng chỉ."}
    assert [said["en"] for said in told["reasons"][-2:]] == [
        "Nobody can take this place, whatever else is changed.",
        "It could be held if one of these rules were relaxed: requirements of the post.",
    ]
    assert told["known"] == {
        "kind": "hall",
        "places": ["P-02/ALL"],
        "officers": 0,
        "relax": ["qualification"],
        "all_rules_tried": True,
    }


def test_the_text_says_what_the_json_says(manned: Terminal) -> None:
    (told,) = manned("assign", "--visit", VISIT, "--format", "json").json["uncovered"]

    said = manned("assign", "--visit", VISIT, "--format", "text").out

    assert [one["en"] for one in told["reasons"] if f"  {one['en']}" not in said.splitlines()] == []


def test_of_how_many_open_shifts_it_is_proven_why_can_be_said(manned: Terminal) -> None:
    (told,) = manned("assign", "--visit", VISIT, "--prove", "0", "--format", "json").json["uncovered"]
    text = manned("assign", "--visit", VISIT, "--prove", "0", "--format", "text")
    refused = manned("assign", "--visit", VISIT, "--prove", "-1")

    assert (told["known"], len(told["reasons"])) == (None, 1)
    assert "Of 0 of 1 open shifts it was proven why: --prove 1 does it for all." in text.err.splitlines()
    assert (refused.status, refused.err) == (1, "--prove needs a number of open shifts, 0 for none.\n")


def test_an_accepted_proposal_stands_and_can_be_taken_back(manned: Terminal) -> None:
    told = manned("assign", "--visit", VISIT, "--accept", "--as", "hoa", "--format", "json").json

    duties = manned("plan", "--visit", VISIT, "--format", "json").json["assignments"]
    assert [(one["post"], one["officer"]) for one in duties] == [("P-01", "CA-2")]
    assert told["accepted"]["changes"] == ["P-01/ALL"]
    assert manned("undo", told["accepted"]["command_id"], "--as", "hoa").status == 0


def test_an_officer_is_replaced(manned: Terminal) -> None:
    manned("assign", "--visit", VISIT, "--accept", "--as", "hoa")

    told = manned("assign", "--visit", VISIT, "--replace", "CA-2", "--format", "json").json

    (change,) = told["changes"]
    assert ([one["officer"] for one in change["withdrawn"]], change["given"][0]["officer"]) == (["CA-2"], "CA-1")


def test_two_officers_are_replaced_at_once(manned: Terminal) -> None:
    manned.do(
        *(
            {"command": "assign_officer", "arguments": {"visit": VISIT, "post": "P-01", "officer": f"CA-{n}"}}
            for n in (1, 2)
        )
    )

    told = manned("assign", "--visit", VISIT, "--replace", "CA-1", "--replace", "CA-2", "--format", "json").json

    (change,) = told["changes"]
    assert [one["officer"] for one in change["withdrawn"]] == ["CA-1", "CA-2"]
    assert [one["officer"] for one in change["given"]] == ["CA-3"]


def test_what_is_mended_says_the_move_and_what_it_breaks_and_claims_no_bound(manned: Terminal) -> None:
    manned("assign", "--visit", VISIT, "--accept", "--as", "hoa")
    window = {"start": "2027-11-24T12:00+07:00", "end": "2027-11-24T13:00+07:00"}
    for number in (1, 2, 3):
        absence = {"code": "ABS-1", "window": window, "kind": "leave"}
        manned.do({"command": "record_absence", "arguments": {"officer": f"CA-{number}", "absence": absence}})

    told = manned("assign", "--visit", VISIT, "--shift", "1h", "--format", "json").json
    answer = manned("assign", "--visit", VISIT, "--shift", "1h")
    text = answer.out.splitlines()

    assert (told["bound"], told["gap"], told["shift_minutes"]) == (None, None, 60)
    assert [one["post"] for one in told["uncovered"]] == ["P-01"]
    assert [one["rule"] for one in told["findings"]] == ["R05"]
    then, now = "Wed 24/11/2027 08:00–12:00 (UTC+7)", "Wed 24/11/2027 09:00–13:00 (UTC+7)"
    assert text[0] == f"The whole visit is to be 1 h later: from {then} to {now}."
    assert [line[:11] for line in text if line.startswith("R05")] == ["R05 (warnin"]
    assert answer.err.splitlines() == [
        "New duties: 0. Changed hands: 0. Withdrawn without another: 1. Places open: 2.",
        "Cost 1,030 (now 1,030).",
        LEFT,
        "Give --anew for that.",
    ]


def test_a_repair_that_leaves_a_critical_post_empty_says_how_to_fill_it(manned: Terminal) -> None:
    """The one officer who could take the critical post is needed at another, which a repair leaves alone."""
    manned.do({"command": "retire_officer", "arguments": {"code": "CA-3"}, "reason": "Nghỉ hưu"})
    post = manned("plan", "--visit", VISIT, "--format", "json").json["posts"][1]
    details = {name: value for name, value in post.items() if name not in ("code", "cancelled", "shifts")}
    critical = {"visit": VISIT, "code": "P-02", "post": details | {"required": [], "critical": True}}
    duties = [{"visit": VISIT, "post": f"P-0{n}", "officer": f"CA-{n}"} for n in (1, 2)]
    given = [{"command": "assign_officer", "arguments": duty} for duty in duties]
    manned.do({"command": "amend_post", "arguments": critical}, *given)

    repaired = manned("assign", "--visit", VISIT, "--replace", "CA-2", "--format", "json").json
    said = manned("assign", "--visit", VISIT, "--replace", "CA-2").err.splitlines()
    anew = manned("assign", "--visit", VISIT, "--replace", "CA-2", "--anew", "--accept", "--as", "hoa")

    assert [one["post"] for one in repaired["uncovered"]] == ["P-02"]
    assert (repaired["compared"]["critical"], repaired["compared"]["leaves"]) == (1, True)
    assert said[-1] == "Give --anew for that."
    assert anew.status == 0
    duties = manned("plan", "--visit", VISIT, "--format", "json").json["assignments"]
    assert [(one["post"], one["officer"]) for one in duties if one["status"] != "withdrawn"] == [("P-02", "CA-1")]


def test_a_visit_without_a_post_to_fill_says_so(manned: Terminal) -> None:
    for code in ("P-01", "P-02"):
        manned.do({"command": "cancel_post", "arguments": {"visit": VISIT, "code": code}, "reason": "Bỏ"})

    answer = manned("assign", "--visit", VISIT)

    said = "There is no place to fill: no post of this visit is still to begin. What has begun stays as it is."
    assert (answer.status, answer.out, answer.err.splitlines()) == (0, "", [said])


def test_a_cancelled_visit_says_that_it_is(manned: Terminal) -> None:
    manned.do({"command": "cancel_visit", "arguments": {"code": VISIT}, "reason": "Hoãn"})

    answer = manned("assign", "--visit", VISIT)

    assert answer.err.splitlines() == [f"Visit {VISIT} is cancelled; reinstate it first."]


def test_a_pinned_duty_of_somebody_who_is_away_is_told(manned: Terminal) -> None:
    manned.do({"command": "cancel_post", "arguments": {"visit": VISIT, "code": "P-02"}, "reason": "Bỏ"})
    manned("assign", "--visit", VISIT, "--accept", "--as", "hoa")
    (duty,) = manned("plan", "--visit", VISIT, "--format", "json").json["assignments"]
    code = duty["officer"]
    pins = {"visit": VISIT, "pinned": ["A-0001"], "released": []}
    manned.do({"command": "pin_assignments", "arguments": pins, "reason": "Quen địa bàn"})
    before = manned("assign", "--visit", VISIT)
    window = {"start": "2027-11-24T09:00+07:00", "end": "2027-11-24T10:00+07:00"}
    absence = {"code": "ABS-1", "window": window, "kind": "sick"}
    manned.do({"command": "record_absence", "arguments": {"officer": code, "absence": absence}})

    answer = manned("assign", "--visit", VISIT)
    replaced = manned("assign", "--visit", VISIT, "--replace", code)

    stay = "There is no place to fill: all that is still to begin is held by duties that stay, such as pinned ones."
    who = f"Đại úy Trần Đức Nghĩa {code[-1]} ({code})"
    told = f"Pinned duties stay though these officers are away or retired: {who}. Replace them, or take the pins off."
    assert (before.out, before.err.splitlines()) == ("", [stay])
    assert (answer.out.splitlines(), answer.err.splitlines()) == ([told], [stay])
    assert told not in replaced.out.splitlines()


def test_a_refusal_tells_times_by_the_clock_of_the_visit(manned: Terminal) -> None:
    abroad = {"title": "Đoàn", "first_day": "2027-11-24", "last_day": "2027-11-24", "zone": "America/Santiago"}
    manned.do({"command": "amend_visit", "arguments": {"code": VISIT, "visit": abroad}})

    answer = manned("assign", "--visit", VISIT, "--shift=-366d")

    assert answer.err.splitlines() == [
        "What begins Tue 23/11/2027 22:00–Wed 24/11/2027 02:00 (UTC-3) would begin before now; move the visit by less."
    ]


def test_hints_are_counted_and_told_as_json(manned: Terminal) -> None:
    window = {"start": "2027-11-24T13:00+07:00", "end": "2027-11-24T14:00+07:00"}
    post = {"task": "Gác cổng", "window": window, "headcount": 3}
    manned.do({"command": "create_post", "arguments": {"visit": VISIT, "code": "P-03", "post": post}})

    answer = manned("assign", "--visit", VISIT)

    # Nobody knows how far it is from a post without a place to another.
    assert [line for line in answer.out.splitlines() if line.startswith("R02")] == []
    assert "1 hint of the rules is left out here; --format json tells it." in answer.err.splitlines()


@pytest.mark.parametrize(
    ("by", "minutes", "start"), [("1h", 60, "09:00"), ("-30m", -30, "07:30"), ("1d", 1440, "08:00")]
)
def test_a_visit_is_moved_and_accepted(manned: Terminal, by: str, minutes: int, start: str) -> None:
    manned("assign", "--visit", VISIT, "--accept", "--as", "hoa")

    told = manned("assign", "--visit", VISIT, "--shift", by, "--accept", "--as", "hoa", "--format", "json").json

    (duty,) = manned("plan", "--visit", VISIT, "--format", "json").json["assignments"]
    assert (told["shift_minutes"], told["changes"]) == (minutes, [])
    assert datetime.fromisoformat(duty["window"]["start"]).astimezone(HANOI).strftime("%H:%M") == start


@pytest.mark.parametrize("wrong", ["1", "1w", "h", "1.5h", "1000d", "0h", "-0d", "99999999999d", "١h", "--1h", ""])
def test_a_time_that_is_none_is_explained(manned: Terminal, wrong: str) -> None:
    answer = manned("assign", "--visit", VISIT, f"--shift={wrong}")

    said = "--shift needs a time such as 90m, 1h or -1d, not nought and at most 366 days."
    assert (answer.status, answer.err.splitlines()) == (1, [said])


def test_the_same_seed_proposes_the_same(manned: Terminal) -> None:
    first, second = (manned("assign", "--visit", VISIT, "--seed", "7", "--format", "json").json for _ in range(2))

    assert first | {"seconds": 0} == second | {"seconds": 0}


def test_text_names_officers_and_posts_as_people_do_in_both_languages(manned: Terminal) -> None:
    english, vietnamese = (manned("assign", "--visit", VISIT, lang=lang).out.splitlines() for lang in ("en", "vi"))

    assert english[:2] == [
        "P-01/ALL «Gác cổng», Wed 24/11/2027 08:00–12:00 (UTC+7)\t–\t→\tĐại úy Trần Đức Nghĩa 2 (CA-2)",
        "Post P-02 «Gác cổng», Wed 24/11/2027 08:00–12:00 (UTC+7): 1 officer is missing.",
    ]
    assert vietnamese[:2] == [
        "P-01/ALL «Gác cổng», Th 4, 24/11/2027 08:00–12:00 (UTC+7)\t–\t→\tĐại úy Trần Đức Nghĩa 2 (CA-2)",
        "Chốt P-02 «Gác cổng», Th 4, 24/11/2027 08:00–12:00 (UTC+7): thiếu 1 cán bộ.",
    ]


def test_text_says_who_else_could_come_for_an_officer_who_is_replaced(manned: Terminal) -> None:
    manned("assign", "--visit", VISIT, "--accept", "--as", "hoa")

    said = manned("assign", "--visit", VISIT, "--replace", "CA-2").out.splitlines()

    place = "P-01/ALL «Gác cổng», Wed 24/11/2027 08:00–12:00 (UTC+7)"
    assert said[:4] == [
        "Without Đại úy Trần Đức Nghĩa 2 (CA-2).",
        f"{place}\tĐại úy Trần Đức Nghĩa 2 (CA-2)\t→\tĐại úy Trần Đức Nghĩa 1 (CA-1)",
        "  Đại úy Trần Đức Nghĩa 1 (CA-1): chosen, at a cost of 30: another officer than now",
        "  Đại úy Trần Đức Nghĩa 3 (CA-3): as good",
    ]


def test_json_has_the_name_beside_each_code(manned: Terminal) -> None:
    manned("assign", "--visit", VISIT, "--accept", "--as", "hoa")

    (change,) = manned("assign", "--visit", VISIT, "--replace", "CA-2", "--format", "json").json["changes"]

    told = [change["withdrawn"][0], change["given"][0], *change["given"][0]["why"]]
    assert [(one["officer"], one["name"]) for one in told] == [
        (f"CA-{n}", f"Đại úy Trần Đức Nghĩa {n}") for n in (2, 1, 1, 3)
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--visit", "NONE"),
        ("--seconds", "0"),
        ("--seconds", "0.5"),
        ("--seconds", "nan"),
        ("--seed=-1",),
        ("--replace", "CA-9"),
        ("--pin", "A-9999"),
        ("--only", "P-01/ALL"),
        ("--anew",),
        ("--accept",),
        ("--accept", "--as", "kiem"),
        ("--accept", "--as", "hoa", "--only", "P-77/ALL"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(manned: Terminal, arguments: tuple[str, ...]) -> None:
    answer = manned("assign", *arguments)

    assert (answer.status, len(answer.err.splitlines())) == (1, 1)
    assert "mistake of its own" not in answer.err


def test_ways_between_posts_are_measured_on_a_map_and_recorded(manned: Terminal, demo: MapPack) -> None:
    for code, place in (("P-01", {"lat": -29.9027, "lon": -71.2519}), ("P-02", {"lat": -29.9495, "lon": -71.3363})):
        post = manned("plan", "--visit", VISIT, "--format", "json").json["posts"][int(code[-1]) - 1]
        details = {name: value for name, value in post.items() if name not in ("code", "cancelled", "shifts")}
        amended = {"visit": VISIT, "code": code, "post": details | {"coordinates": place}}
        manned.do({"command": "amend_post", "arguments": amended})

    told = manned("ways", "--visit", VISIT, "--map", demo.folder, "--as", "hoa").json
    again = manned("ways", "--visit", VISIT, "--map", demo.folder, "--as", "hoa").json

    assert (told["places"], told["missing"], told["pairs_without_a_way"], told["map"]) == (2, 2, 0, demo.hash)
    assert (told["left_out"], told["pairs"], told["estimates"]) == (0, told["places"] * (told["places"] - 1), 0)
    assert (again["missing"], again["position"]) == (0, told["position"])
    assert "2" in manned("history", "--visit", VISIT, "--format", "text").out.splitlines()[-1]


def test_ways_without_two_places_are_refused_in_one_line(manned: Terminal, demo: MapPack) -> None:
    answer = manned("ways", "--visit", VISIT, "--map", demo.folder, "--as", "hoa")

    assert (answer.status, len(answer.err.splitlines())) == (1, 1)
