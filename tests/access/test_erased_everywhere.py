"""Who was erased is in nothing that the running server sends: page of any moment, file, calendar, search."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from planner.accounts import Accounts
from planner.application import Planner
from tests.access.canaries import KIM, THEIRS, Everything, download_addresses, downloads, fill
from tests.benchmarks.live import visitor
from tests.examples import member, officer_details
from tests.serving import Running, serving
from ui.menu import pages_for

pytestmark = pytest.mark.slow

OFFICER, GUEST = "Zqđặngzq Văn Ẩn", "zqguestzq"
PHONE = "0912 345 999"
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
    """What a member of the visit, and the officer, are sent: by what was asked for."""
    kim, thao = Everything(server, KIM.user), Everything(server, "thao")
    sent = {page: kim.page(page, visit=THEIRS) for page in pages_for(KIM.roles)}
    sent |= {f"history at {at}": kim.page("history", at=str(at)) for at in (last, last - 1, last - 4)}
    for words in (OFFICER, "zqdangzq", GUEST):
        sent[f"search {words}"] = kim.page("history", q=words)
    sent["officer"] = kim.page("officers", officer="CA-1", view="officer")
    sent["duties of the post"] = kim.page("duty_board", visit=THEIRS, post="ZQP-1", view="post")
    for path in download_addresses(downloads(), THEIRS):
        sent[path] = kim.taken_out(path)[1]
    sent["own duties"] = thao.page("my_assignments") + thao.asked("/m/")[1] + thao.asked(f"/m/duty/{THEIRS}/ZQN-1")[1]
    sent["calendar"] = thao.asked(f"/calendar/{server.accounts.new_feed('thao')}.ics")[1]
    return sent


def naming(sent: dict[str, bytes], asked: tuple[str, ...] = (OFFICER, PHONE, GUEST)) -> dict[str, list[str]]:
    """Where which name stands, but for the words of a search, which its own page repeats."""
    found = {
        what: [name for name in asked if name.encode() in content and not (what.startswith("search") and name in what)]
        for what, content in sent.items()
    }
    return {what: names for what, names in found.items() if names}


def test_who_was_erased_is_in_nothing_that_the_server_sends(server: Running) -> None:
    last = server.planner.plan.position
    before = naming(everything(server, last))
    assert {name for names in before.values() for name in names} == {OFFICER, PHONE, GUEST}  # the control
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
    assert naming(after) == {}
    assert naming({"drawn again": drawn_again}) == {}
    assert len(drawn_again) > 1_000  # the open page was drawn again by itself
    walks = {what: content for what, content in after.items() if what.startswith("search")}
    assert len(walks) == 3
