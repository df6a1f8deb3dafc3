"""A visit that was erased is in nothing that the running server sends: page of any moment, file, calendar, search."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.access.canaries import CANARIES, HOA, KIM, THEIRS, Everything, download_addresses, fill
from tests.access.sent import naming, sent_to_members
from tests.benchmarks.live import visitor
from tests.serving import Running, serving

pytestmark = pytest.mark.slow

WHY = "Hết thời hạn lưu giữ"
#: What was said in the visit. Codes stay: they are the names of rows.
SAID = tuple(one for one in CANARIES if one.startswith("zq") or one[0].isdigit())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("erased") / "data", fill) as running:
        yield running


def everything(server: Running, last: int) -> dict[str, bytes]:
    """The same, and what tells of the visit in particular."""
    kim = Everything(server, KIM.user)
    sent = sent_to_members(server)
    sent |= {f"history at {at}": kim.page("history", at=str(at)) for at in (last, last - 2, last - 6)}
    sent |= {f"compared with {at}": kim.page("history", view="compare", a=str(at), b="") for at in (last - 1, last - 6)}
    sent |= {f"search {words}": kim.page("history", q=words) for words in ("zqtitlezq", "zqtaskzq")}
    return sent


def test_an_erased_visit_is_in_nothing_that_the_server_sends(server: Running) -> None:
    last = server.planner.plan.position
    before = naming(everything(server, last), SAID)
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

    assert naming(after, SAID) == {}
    assert not any(b"Traceback" in content for content in after.values())
    assert len(b"".join(frames)) > 1_000  # the open page was drawn again by itself
    export = Everything(server, KIM.user).taken_out(download_addresses(("plan.json",), THEIRS)[0])
    stranger = Everything(server, "lan").taken_out(download_addresses(("plan.json",), THEIRS)[0])
    assert (export[0] in (403, 404), b"was erased on" in export[1]) == (True, True)
    assert (stranger[0], b"was erased" in stranger[1], b"There is no visit" in stranger[1]) == (404, False, True)
