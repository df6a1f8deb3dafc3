"""What one process of the web application shares: the plan, the accounts, and who is drawn what."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from domain.plan import Plan
from planner.accounts import Accounts
from planner.application import Planner
from planner.routing.map_making import MapMaking
from planner.sign_in import Doorkeeper
from planner.text import Tongue
from ui.proof import Proof
from ui.rosters import Rosters
from ui.routing import Routing

#: How far things are; each number only grows.
type State = tuple[int, int, int]


@dataclasses.dataclass(slots=True)
class Shell:
    """The one shell of a process, opened by the server before its first request.

    ``presumed`` names a session for scripts that run without a request, as page tests do; the server leaves it
    empty, and then nothing is shown without a session.
    """

    planner: Planner
    accounts: Accounts
    door: Doorkeeper
    map_dir: Path | None = None
    language: Tongue = "vi"
    address: str = ""
    presumed: str = ""
    #: The map pack that is being made while the pages answer already.
    making: MapMaking | None = None
    #: What each Streamlit session was last drawn with.
    drawn: dict[str, State] = dataclasses.field(default_factory=dict)
    #: Rosters that are being proposed.
    rosters: Rosters = dataclasses.field(default_factory=Rosters)
    #: The map pack and its router, opened by whoever asks first.
    routing: Routing = dataclasses.field(init=False)
    #: The checkpoints of the log, opened by whoever asks first.
    proof: Proof = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.routing = Routing(self.map_dir, self.making)
        self.map_dir = self.routing.map_dir
        self.proof = Proof(self.planner)

    def close(self) -> None:
        """Ends what works beside the pages."""
        self.rosters.close()
        self.proof.close()
        self.routing.close()

    def state(self, plan: Plan) -> State:
        """What pages are drawn anew for when it moves on: the plan, the map pack, an emergency access that ended."""
        now = self.planner.clock()
        over = sum(opening.until <= now for one in plan.emergencies() for opening in one.openings)
        return plan.position, self.routing.stage, over

    @property
    def data_dir(self) -> Path:
        return self.planner.store.data_dir

    @property
    def key_file(self) -> Path:
        return self.planner.store.keys.path


_open: list[Shell] = []


def open_shell(shell: Shell | None) -> None:
    """Makes a shell the one of this process; ``None`` when it closes."""
    _open[:] = [shell] if shell is not None else []


def shell() -> Shell:
    """The shell of this process."""
    if not _open:
        raise RuntimeError("The web application runs under ui.server, which opens the shell first.")
    return _open[0]
