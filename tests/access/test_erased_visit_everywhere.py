"""A visit that was erased is in nothing that the running server sends: page of any moment, file, calendar, search."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.access.canaries import CANARIES, HOA, KIM, THEIRS, Everything, download_addresses, downloads, fill
from tests.benchmarks.live import visitor
from tests.serving import Running, serving
from ui.menu import pages_for

pytestmark = pytest.mark.slow

WHY = "Hết thời hạn lưu giữ"
#: What was said in the visit. Codes stay: they are the names of rows.
SAID = tuple(one for one in CANARIES if one.startswith("zq") or one[0].isdigit())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("erased") / "data", fill) as running:
        yield running


def everything(server: Running, last: int) -> dict[str, bytes]:
    """What a member of the visit, and its officer, are sent: by what was asked for."""
    kim, thao = Everything(server, KIM.user), Everything(server, "thao")
    sent = {page: kim.page(page, visit=THEIRS) for page in pages_for(KIM.roles)}
    sent |= {f"history at {at}": kim.page("history", at=str(at)) for at in (last, last - 2, last - 6)}
    sent |= {f"compared with {at}": kim.page("history", view="compare", a=str(at), b="") for at in (last - 1, last - 6)}
    sent |= {f"search {words}": kim.page("history", q=words) for words in ("zqtitlezq", "zqtaskzq")}
    for path in download_addresses(downloads(), THEIRS):
        sent[path] = kim.taken_out(path)[1]
    sent["own duties"] = thao.page("my_assignments") + thao.asked("/m/")[1] + thao.asked(f"/m/duty/{THEIRS}/ZQN-1")[1]
    sent["calendar"] = thao.asked(f"/calendar/{server.accounts.new_feed('thao')}.ics")[1]
    return sent


def telling(sent: dict[str, bytes]) -> dict[str, list[str]]:
    """What tells which text of the visit, but for the words of a search, which its own page repeats."""
    found = {
        what: [one for one in SAID if one.encode() in content and not (what.startswith("search") and one in what)]
        for what, content in sent.items()
    }
    return {what: told for what, told in found.items() if told}


def test_an_erased_visit_is_in_nothing_that_the_server_sends(server: Running) -> None:
    last = server.planner.plan.position
    before = telling(everything(server, last))
    assert {one for told in before.values() for one in told} >= {"zqtitlezq", "zqtaskzq", "zqguestzq", "63.98765"}
    assert len(before) > 10  # the control
    with visitor(server.address, Everything(server, KIM.user).token) as live:
        live.open("programme", f"visit={THEIRS}")

        server.planner.cancel_visit(THEIRS, by=HOA, reason="Hoãn")
        time.sleep(1)
        server.planner.erase_visit(THEIRS, THEIRS, by=KIM, reason=WHY)
        time.sleep(1)
        frames: list[bytes] = []
        while not frames or frames[-1]:
            try:
                frames.append(live.socket.recv(2, decode=False))
            except TimeoutError:
                frames.append(b"")
    after = everything(server, last)

    assert telling(after) == {}
    assert not any(b"Traceback" in content for content in after.values())
    assert len(b"".join(frames)) > 1_000  # the open page was drawn again by itself
    export = Everything(server, KIM.user).taken_out(download_addresses(("plan.json",), THEIRS)[0])
    stranger = Everything(server, "lan").taken_out(download_addresses(("plan.json",), THEIRS)[0])
    assert (export[0] in (403, 404), b"was erased on" in export[1]) == (True, True)
    assert (stranger[0], b"was erased" in stranger[1], b"There is no visit" in stranger[1]) == (404, False, True)
