"""Who was erased is in nothing that the running server sends: page of any moment, file, calendar, search."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from planner.accounts import Accounts
from planner.application import Planner
from tests.access.canaries import KIM, THEIRS, Everything, fill
from tests.access.sent import naming, sent_to_members
from tests.benchmarks.live import visitor
from tests.examples import member, officer_details
from tests.serving import Running, serving

pytestmark = pytest.mark.slow

OFFICER, GUEST = "Zqđặngzq Văn Ẩn", "zqguestzq"
PHONE = "0912 345 999"
NAMES = (OFFICER, PHONE, GUEST)
WHY = "Theo yêu cầu của đương sự, văn thư số 12"


def told(planner: Planner, accounts: Accounts) -> None:
    """The two visits, with an officer and a guest whose names stand nowhere else."""
    fill(planner, accounts)
    planner.amend_officer("CA-1", officer_details(OFFICER, phone=PHONE), by=KIM, reason=f"{OFFICER} đổi số điện thoại")
    planner.amend_member(THEIRS, "ZQD-1", member("M-1", rank=GUEST), by=KIM)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("erased") / "data", told) as running:
        yield running


def everything(server: Running, last: int) -> dict[str, bytes]:
    """The same, and what tells of the persons in particular."""
    kim = Everything(server, KIM.user)
    sent = sent_to_members(server)
    sent |= {f"history at {at}": kim.page("history", at=str(at)) for at in (last, last - 1, last - 4)}
    sent |= {f"search {words}": kim.page("history", q=words) for words in (OFFICER, "zqdangzq", GUEST)}
    sent["officer"] = kim.page("officers", officer="CA-1", view="officer")
    sent["duties of the post"] = kim.page("duty_board", visit=THEIRS, post="ZQP-1", view="post")
    return sent


def test_who_was_erased_is_in_nothing_that_the_server_sends(server: Running) -> None:
    last = server.planner.plan.position
    before = naming(everything(server, last), NAMES)
    assert {name for names in before.values() for name in names} == {*NAMES}  # the control
    assert len(before) > 10
    with visitor(server.address, Everything(server, KIM.user).token) as live:
        live.open("officers", "officer=CA-1&view=officer")

        for person in ("CA-1", f"{THEIRS}/ZQD-1/M-1"):
            server.planner.erase_person(person, by=KIM, reason=WHY)
        time.sleep(1)

        drawn_again = b""
        while not drawn_again.endswith(b"end"):
            try:
                drawn_again += live.socket.recv(2, decode=False)
            except TimeoutError:
                drawn_again += b"end"
    after = everything(server, last)
    assert naming(after, NAMES) == {}
    assert naming({"drawn again": drawn_again}, NAMES) == {}
    assert len(drawn_again) > 1_000  # the open page was drawn again by itself
    walks = {what: content for what, content in after.items() if what.startswith("search")}
    assert len(walks) == 3
