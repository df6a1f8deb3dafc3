"""Two visits full of texts that stand nowhere else, and everything that the real server sends to somebody."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosedError

from domain.base import Actor, Role
from domain.membership import Terms
from domain.values import Coordinates
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.text import now
from tests.benchmarks.live import SECONDS, Visitor, visitor
from tests.examples import (
    activity,
    delegation_details,
    member,
    officer_details,
    post_details,
    route_details,
    venue_details,
    visit_details,
)
from tests.releases import REASON, RECIPIENT
from tests.serving import ADMINISTRATOR, PASSWORD, Running
from ui.downloads import DOWNLOADS, load

OURS, THEIRS = "MINE-2026-01", "KZQX-2026-07"
#: Each stands in one field of the hidden visit alone; the last is the visit's own code.
CANARIES = (
    *("zqtitlezq", "zqnoteszq", "zqguestzq", "zqactivityzq", "zqtaskzq", "zqorderzq", "zqreasonzq", "zqstreetzq"),
    *("zqdelegationzq", "ZQP-1", "ZQA-1", "ZQD-1", "ZQN-1", "63.98765", THEIRS),
)

HOA = Actor("hoa", frozenset({Role.PLANNER, Role.COMMANDER}))
LAN = Actor("lan", frozenset({Role.PLANNER, Role.COMMANDER, Role.PROTOCOL, Role.AUDITOR}))
#: Reads everything that may be read of the hidden visit: the control.
KIM = Actor("kim", frozenset({Role.PLANNER, Role.COMMANDER}))


def fill(planner: Planner, accounts: Accounts) -> None:
    """Hoà's hidden visit and Lan's own, which share a venue and an officer."""
    for who in (HOA, LAN, KIM):
        accounts.create(who.user, by=ADMINISTRATOR, roles=who.roles, look=Look(language="en"), password=PASSWORD)
    thao = Actor("thao", frozenset({Role.OFFICER}), "CA-1")
    accounts.create(
        thao.user, by=ADMINISTRATOR, roles=thao.roles, officer="CA-1", look=Look(language="en"), password=PASSWORD
    )
    for venue in ("SHARED", "SHARED-2"):
        planner.register_venue(venue, venue_details(), by=HOA)
    planner.register_officer("CA-1", officer_details("Nguyễn Văn An"), by=HOA)
    _visit(planner, LAN, OURS, "")
    _visit(planner, HOA, THEIRS, "zq")
    planner.grant_membership(THEIRS, KIM.user, Terms(roles=KIM.roles), by=HOA, reason="Phối hợp")


def _visit(planner: Planner, by: Actor, code: str, mark: str) -> None:
    day = now().date()
    said = {name: f"{mark}{name}{mark}" for name in ("title", "notes", "guest", "activity", "task", "order")}
    prefix = mark.upper()
    details = visit_details(title=said["title"], notes=said["notes"], first_day=day, last_day=day)
    planner.register_visit(code, details, by=by, reason=f"{mark}reason{mark}")
    planner.register_delegation(code, f"{prefix}D-1", delegation_details(name=f"{mark}delegation{mark}"), by=by)
    planner.add_member(code, f"{prefix}D-1", member("M-1", rank=said["guest"]), by=by)
    planner.schedule_activity(code, activity(f"{prefix}A-1", title=said["activity"], venue="SHARED"), by=by)
    route = route_details("SHARED", "SHARED-2", streets=(f"{mark}street{mark}",))
    planner.plan_routes(code, (route,), by=by)
    place = Coordinates(lat=63.987654 if mark else 21.0, lon=105.8)
    details_of = post_details(
        task=said["task"], venue="SHARED", instructions=said["order"], coordinates=place, critical=True
    )
    planner.create_post(code, f"{prefix}P-1", details_of, by=by)
    if mark:
        planner.assign_officer(code, f"{prefix}P-1", "CA-1", code=f"{prefix}N-1", by=by)


class Everything:
    """All bytes that somebody who is signed in is sent."""

    def __init__(self, server: Running, user: str) -> None:
        self.server = server
        self.token = server.door.sign_in(user, PASSWORD, client="test")

    def asked(self, path: str) -> tuple[int, bytes]:
        """Status and body of one request."""
        return self._answered("GET", path, "")

    def taken_out(self, path: str, *, whole: bool = True) -> tuple[int, bytes]:
        """Status and body of a file that is asked for with recipient and reason."""
        form = {"recipient": RECIPIENT, "reason": REASON} | ({"whole": "yes"} if whole else {})
        return self._answered("POST", path, urlencode(form))

    def _answered(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(self.server.address).port or 80, timeout=60)
        headers = {"cookie": f"planner_session={self.token}", "origin": self.server.address}
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def page(self, name: str, **query: str) -> bytes:
        """Every frame of one first run of a page."""
        with visitor(self.server.address, self.token) as live:
            return frames(live, name, urlencode(query))


def frames(live: Visitor, page: str, query: str) -> bytes:
    """The frames that a run of a page sends, up to its end."""
    asked = BackMsg()
    asked.rerun_script.page_name = "" if page == "home" else page
    asked.rerun_script.query_string = query
    return answered(live, asked)


def answered(live: Visitor, asked: BackMsg) -> bytes:
    """The frames that a message is answered with."""
    return b"".join(data for data, _ in heard(live, asked))


def heard(live: Visitor, asked: BackMsg) -> Iterator[tuple[bytes, ForwardMsg]]:
    """The frames that a message is answered with, and what each says."""
    live.socket.send(asked.SerializeToString())
    while True:
        data = live.socket.recv(SECONDS, decode=False)
        message = ForwardMsg()
        message.ParseFromString(data)
        yield data, message
        if message.WhichOneof("type") == "script_finished":
            return


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """What of a page can be fired: the page, its address, its buttons and its fields, by the ids that the page gave."""

    page: str
    query: str
    buttons: tuple[str, ...]
    fields: tuple[str, ...]


def shown_to(server: Running, user: str, page: str, **query: str) -> Shown:
    """The buttons and text fields that somebody is shown."""
    found: dict[str, list[str]] = {"button": [], "text_input": [], "text_area": []}
    with visitor(server.address, Everything(server, user).token) as live:
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = urlencode(query)
        hash_of_page = ""
        for _, message in heard(live, asked):
            if message.WhichOneof("type") == "navigation":
                hash_of_page = message.navigation.page_script_hash
            element = message.delta.new_element
            if (kind := element.WhichOneof("type")) in found:
                found[kind].append(getattr(element, kind).id)
    fields = (*found["text_input"], *found["text_area"])
    return Shown(hash_of_page, urlencode(query), tuple(found["button"]), fields)


def fired(server: Running, user: str, shown: Shown) -> bytes:
    """All that somebody is sent who fires every button of what was shown, with every field filled in."""
    sent = b""
    for button in shown.buttons:
        # A session for each: one of the buttons signs out.
        with (
            contextlib.suppress(ConnectionClosedError),
            visitor(server.address, Everything(server, user).token) as live,
        ):
            asked = BackMsg()
            asked.rerun_script.page_script_hash = shown.page
            asked.rerun_script.query_string = shown.query
            widgets = asked.rerun_script.widget_states.widgets
            widgets.extend(WidgetState(id=field, string_value="fired") for field in shown.fields)
            widgets.append(WidgetState(id=button, trigger_value=True))
            sent += answered(live, asked)
    return sent


def found_in(sent: bytes) -> list[str]:
    """The canaries in what was sent, in any case."""
    lowered = sent.lower()
    return [canary for canary in CANARIES if canary.lower().encode() in lowered]


def downloads() -> tuple[str, ...]:
    """The names of all files that can be fetched."""
    load()
    return tuple(sorted(DOWNLOADS))


def download_addresses(names: tuple[str, ...], visit: str) -> list[str]:
    """Every download of a visit."""
    asked = {"visit": visit, "post": "ZQP-1", "officer": "CA-1", "from": "0", "language": "en", "zone": "UTC"}
    return [f"/download/{quote(name)}?{urlencode(asked)}" for name in names]
