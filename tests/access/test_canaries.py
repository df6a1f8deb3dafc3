"""Nothing of a visit reaches who is no member of it: no page, frame, file, error, layer or count says it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.access.canaries import (
    CANARIES,
    KIM,
    LAN,
    OURS,
    THEIRS,
    Everything,
    answered,
    download_addresses,
    downloads,
    fill,
    fired,
    found_in,
    frames,
    shown_to,
)
from tests.benchmarks.live import visitor
from tests.serving import Running, serving
from ui.menu import PAGES, pages_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("canaries") / "data", fill) as running:
        yield running


@pytest.fixture(scope="module")
def outsider(server: Running) -> Everything:
    """Lan, who plans another visit with the same venue and the same officer."""
    return Everything(server, LAN.user)


@pytest.fixture(scope="module")
def insider(server: Running) -> Everything:
    """Kim, a member of the hidden visit."""
    return Everything(server, "kim")


#: Every page that the outsider can open: all but those of officers.
SEEN = pages_for(LAN.roles)
VIEWS = (
    *((page, {}) for page in SEEN),
    *((page, {"visit": THEIRS}) for page in SEEN),
    ("programme", {"visit": THEIRS, "activity": "ZQA-1"}),
    ("duty_board", {"visit": THEIRS, "post": "ZQP-1", "view": "post"}),
    ("duty_board", {"visit": THEIRS, "view": "findings"}),
    ("duty_board", {"visit": THEIRS, "assignment": "ZQN-1", "view": "post"}),
    ("officers", {"officer": "CA-1", "view": "officer"}),
    ("questions", {"visit": THEIRS, "question": "overrides"}),
    ("history", {"q": "zqtitlezq"}),
    ("history", {"by": "hoa"}),
    ("history", {"view": "compare", "from": "0"}),
    *(("history", {"at": str(position)}) for position in (5, 12, 14, 16, 18, 20, 22)),
)


def said_by_the_asker(query: dict[str, str]) -> set[str]:
    """What an answer may repeat, because it was asked with it."""
    return {canary for canary in CANARIES if canary in query.values()}


@pytest.mark.parametrize(("page", "query"), VIEWS, ids=str)
def test_no_page_sends_anything_of_a_hidden_visit(outsider: Everything, page: str, query: dict[str, str]) -> None:
    sent = outsider.page(page, **query)

    assert set(found_in(sent)) <= said_by_the_asker(query)
    assert b"Traceback" not in sent


def test_the_pages_send_it_to_a_member(insider: Everything) -> None:
    """The control: the same search finds what it looks for where it may be."""
    sent = b"".join(insider.page(page, **query) for page, query in VIEWS[len(SEEN) :] if page in pages_for(KIM.roles))

    assert set(CANARIES) - set(found_in(sent)) == set()


def test_every_page_is_looked_at() -> None:
    assert {*SEEN, "my_assignments"} == set(PAGES)


@pytest.mark.parametrize("page", SEEN)
def test_a_page_answers_a_foreign_code_as_one_that_is_not_there(outsider: Everything, page: str) -> None:
    foreign = outsider.page(page, visit=THEIRS)
    unknown = outsider.page(page, visit="NONE-2026-07")

    assert (b"There is no" in foreign) == (b"There is no" in unknown)
    assert abs(len(foreign) - len(unknown)) < 200


@pytest.mark.parametrize("way", ["asked", "taken_out"])
def test_every_file_answers_a_foreign_code_as_one_that_is_not_there(outsider: Everything, way: str) -> None:
    names = downloads()
    ask: Callable[[str], tuple[int, bytes]] = getattr(outsider, way)

    foreign = [ask(path) for path in download_addresses(names, THEIRS)]
    unknown = [ask(path) for path in download_addresses(names, "NONE-2026-07")]

    told = [(status, body.replace(THEIRS.encode(), b"CODE")) for status, body in foreign if status != 200]
    expected = [(status, body.replace(b"NONE-2026-07", b"CODE")) for status, body in unknown if status != 200]
    assert told == expected
    assert [found_in(body.replace(THEIRS.encode(), b"")) for _, body in foreign] == [[]] * len(names)
    of_the_site = {name for name, (status, _) in zip(names, foreign, strict=True) if status == 200}
    assert of_the_site <= {
        "checkpoint.txt",
        "officers.xlsx",
        "officers_template.xlsx",
        "venues.xlsx",
        "venues_template.xlsx",
    }


def test_every_file_without_a_visit_holds_nothing_of_a_hidden_one(outsider: Everything, insider: Everything) -> None:
    paths = [f"/download/{name}?officer=CA-1&from=0" for name in downloads()]

    sent = [outsider.taken_out(path) for path in paths]
    forms = [outsider.asked(path) for path in paths]
    member = [insider.taken_out(path) for path in paths]

    assert [found_in(body) for _, body in (*sent, *forms)] == [[]] * len(paths) * 2
    assert {canary for _, body in member for canary in found_in(body)} >= {"zqtitlezq", "zqtaskzq", THEIRS}
    assert {status for status, _ in sent} <= {200, 403, 404}


@pytest.mark.parametrize("code", ["ZQN-1", "A-0001"])
def test_the_light_pages_answer_a_foreign_duty_as_one_that_is_not_there(outsider: Everything, code: str) -> None:
    foreign = outsider.asked(f"/m/duty/{THEIRS}/{code}")
    unknown = outsider.asked(f"/m/duty/NONE-2026-07/{code}")

    assert foreign[0] == unknown[0] == 404
    assert found_in(foreign[1]) == []


def test_an_officer_sees_the_own_duty_and_not_the_programme(server: Running) -> None:
    thao = Everything(server, "thao")

    duty = thao.asked(f"/m/duty/{THEIRS}/ZQN-1")
    pages = b"".join(thao.page(page, visit=THEIRS) for page in ("home", "my_assignments"))

    assert (duty[0], b"zqtaskzq" in duty[1]) == (200, True)
    assert {"zqactivityzq", "zqguestzq", "zqnoteszq", "zqstreetzq"} & set(found_in(duty[1] + pages)) == set()


def test_widgets_that_were_never_shown_do_nothing_when_they_are_fired(server: Running, outsider: Everything) -> None:
    position = server.planner.plan.position
    with visitor(server.address, outsider.token) as live:
        sent = frames(live, "visits", f"visit={OURS}")
        for key in (
            "undo",
            "cancel_visit",
            "save_visit",
            "import_rows",
            "activity_save",
            "reinstate_post",
            "save_account",
        ):
            asked = BackMsg()
            asked.rerun_script.query_string = f"visit={THEIRS}&post=ZQP-1&view=post"
            asked.rerun_script.widget_states.widgets.append(
                WidgetState(id=f"$$ID-00000000000000000000000000000000-{key}", trigger_value=True)
            )
            asked.rerun_script.widget_states.widgets.append(
                WidgetState(id="$$ID-00000000000000000000000000000000-chosen_visit", string_value=THEIRS)
            )
            sent += answered(live, asked)

    assert server.planner.plan.position == position
    assert set(found_in(sent)) <= {THEIRS, "ZQP-1"}


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("visits", {"visit": THEIRS}),
        ("programme", {"visit": THEIRS, "activity": "ZQA-1"}),
        ("map", {"visit": THEIRS}),
        ("duty_board", {"visit": THEIRS, "post": "ZQP-1", "view": "post"}),
        ("duty_board", {"visit": THEIRS, "assignment": "ZQN-1", "view": "post"}),
    ],
    ids=str,
)
def test_the_very_buttons_of_a_member_do_nothing_for_an_outsider_who_fires_them(
    server: Running, page: str, query: dict[str, str]
) -> None:
    """The ids are those that a member was shown, on the same page at the same address, with every field filled in."""
    shown = shown_to(server, KIM.user, page, **query)
    position = server.planner.plan.position

    sent = fired(server, LAN.user, shown)

    assert len(shown.buttons) > 0
    assert server.planner.plan.position == position
    assert set(found_in(sent)) <= said_by_the_asker(query)


def test_the_same_buttons_act_for_the_member(server: Running) -> None:
    """The control: what was fired is what acts where it may. It comes last, since it changes the plan."""
    shown = shown_to(server, KIM.user, "duty_board", visit=THEIRS, post="ZQP-1", view="post")
    position = server.planner.plan.position

    fired(server, KIM.user, shown)

    assert server.planner.plan.position > position


ANYBODY = ("/healthz", "/login", "/login?next=/programme?visit=" + THEIRS, "/calendar/x.ics", "/static/shell/shell.js")


@pytest.mark.parametrize("path", [*ANYBODY, "/", "/m/", "/session/", "/map/pack.json", "/_stcore/host-config", "/nope"])
def test_no_other_address_tells_anything(server: Running, outsider: Everything, path: str) -> None:
    stranger = Everything(server, LAN.user)
    stranger.token = ""

    for asker in (outsider, stranger):
        _, body = asker.asked(path)
        assert set(found_in(body)) <= ({THEIRS} if THEIRS in path else set())
    assert stranger.asked("/healthz") == (200, b'{"status":"ok"}')
