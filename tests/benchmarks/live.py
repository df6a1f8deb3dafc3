"""A person at a page, without a browser: one live connection to the running application, as Chromium would hold it."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

SECONDS = 120
#: What the browser tells of itself; pages may ask for it.
ZONE, MINUTES = "Asia/Ho_Chi_Minh", -420


@dataclasses.dataclass(slots=True)
class Drawn:
    """What one run of a page sent: the bytes of its messages, its buttons by key, and whether it broke."""

    sent: int = 0
    #: Id and fragment of each button, by the key that the page gave it.
    buttons: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    texts: list[str] = dataclasses.field(default_factory=list)
    broken: list[str] = dataclasses.field(default_factory=list)
    missing: bool = False

    def take(self, delta: Delta) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        match element.WhichOneof("type"):
            case "button":
                self.buttons[element.button.id.partition("-")[2].partition("-")[2]] = (
                    element.button.id,
                    delta.fragment_id,
                )
            case "exception":
                self.broken.append(f"{element.exception.type}: {element.exception.message}")
            case "heading":
                self.texts.append(element.heading.body)


class Visitor:
    """One live page. Each run waits until the page is drawn."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.query = ""
        self.page = ""

    def open(self, page: str, query: str = "") -> Drawn:
        """The first run of a page in this session, or a change to that page."""
        self.query = query
        asked = BackMsg()
        asked.rerun_script.page_name = page
        return self._run(asked)

    def press(self, button: tuple[str, str]) -> Drawn:
        """Presses a button of the last run; inside a fragment only that is drawn again."""
        asked = BackMsg()
        asked.rerun_script.page_script_hash = self.page
        asked.rerun_script.fragment_id = button[1]
        asked.rerun_script.widget_states.widgets.append(WidgetState(id=button[0], trigger_value=True))
        return self._run(asked)

    def _run(self, asked: BackMsg) -> Drawn:
        asked.rerun_script.query_string = self.query
        context = asked.rerun_script.context_info
        context.timezone, context.timezone_offset, context.locale = ZONE, MINUTES, "vi"
        self.socket.send(asked.SerializeToString())
        drawn = Drawn()
        while True:
            data = self.socket.recv(SECONDS, decode=False)
            drawn.sent += len(data)
            message = ForwardMsg()
            message.ParseFromString(data)
            match message.WhichOneof("type"):
                case "delta":
                    drawn.take(message.delta)
                case "page_info_changed":
                    self.query = message.page_info_changed.query_string
                case "page_not_found":
                    drawn.missing = True
                case "navigation":
                    self.page = message.navigation.page_script_hash
                case "script_finished":
                    return drawn


@contextlib.contextmanager
def visitor(address: str, token: str) -> Iterator[Visitor]:
    """A live connection of a signed-in person."""
    where = f"ws://{urlsplit(address).netloc}/_stcore/stream"
    with connect(
        where,
        origin=Origin(address),
        additional_headers={"cookie": f"planner_session={token}"},
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        compression=None,
    ) as socket:
        yield Visitor(socket)
