"""The web application as one process: our gate, our routes, and Streamlit mounted behind them."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import importlib
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import streamlit as st
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from streamlit import config
from streamlit.logger import update_formatter
from streamlit.runtime.pages_manager import PagesManager
from uvicorn.config import LOGGING_CONFIG

from domain.refusals import NotPossible
from planner.accounts import Accounts
from planner.application import Planner
from planner.outward import permit_outward
from planner.routing.map_making import MapMaking
from planner.sign_in import Doorkeeper
from planner.text import Speaker, Tongue
from ui import downloads
from ui.follow import Follower
from ui.gate import Gate
from ui.hosts import address_of, checked_tls, hosts_answered, reached_as
from ui.log_lines import AS_THEY_ARE, keep_lines
from ui.login import Entrance
from ui.policy import PlainHeaders, headers_for
from ui.routes import OwnRoutes
from ui.shell import Shell, open_shell
from ui.strict_requests import StrictRequests

SCRIPT: Final = Path(__file__).parent / "app.py"
DEFAULT_PORT: Final = 8501
#: Bytes of one request: the largest file that may be uploaded, and what stands around it in a form.
LARGEST_UPLOAD: Final = 22_000_000
#: ``M_ARENA_MAX``, ``M_MMAP_THRESHOLD`` and ``M_TRIM_THRESHOLD`` as ``malloc.h`` of glibc has them, with bytes.
_MALLOC: Final = ((-8, 1), (-3, 128 * 1024), (-1, 1024 * 1024))

#: Set here because a server of our own reads neither ``STREAMLIT_*`` nor the command line.
OPTIONS: Final[dict[str, Any]] = {
    # A full garbage collection after every rerun walks the whole plan: 96 instead of 3.5 ms.
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": True,
    "global.developmentMode": False,
    "logger.hideWelcomeMessage": True,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.maxUploadSize": 20,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    # The gate looks at the origin of everything that changes something; Streamlit's cookie for that scripts may read.
    "server.enableXsrfProtection": False,
    "server.enableCORS": True,
    "theme.base": "light",
    "theme.font": '"Noto Sans", "Noto Sans Lao", "Noto Sans Khmer", sans-serif',
    "theme.primaryColor": "#0b4f8a",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#eef3f8",
    "theme.textColor": "#14212e",
    "theme.linkColor": "#0b4f8a",
    "theme.borderColor": "#8793a0",
    "theme.headingFontSizes": ["1.9rem", "1.5rem", "1.25rem"],
    "theme.baseRadius": "small",
}


def set_options(host: str, port: int, *, log_json: bool = False) -> None:
    """Streamlit's options, in code, over whatever a configuration file says."""
    config.get_config_options()
    # Until the first call of st.navigation a folder called pages would be served as it lies, past ui/app.py.
    PagesManager.uses_pages_directory = False
    for name, wanted in {**OPTIONS, "browser.serverAddress": host, "server.port": port}.items():
        config.set_option(name, wanted)
    if log_json:  # nothing before or behind the record, in the loggers too that are there already
        config.set_option("logger.messageFormat", "%(message)s")
        update_formatter()


def application(
    shell: Shell,
    *,
    hosts: frozenset[str],
    secure: bool = False,
    script: Path = SCRIPT,
    provider: Path | None = None,
) -> Starlette:
    """The whole application: nothing in it is reached past the gate.

    ``provider`` holds the settings of the provider at which people sign in too, where there is one.
    """
    plain = PlainHeaders.of_streamlit()
    entrance = Entrance(shell.door, secure=secure, language=shell.language)
    other_ways = _other_ways(entrance, provider, shell.address, shell.data_dir)
    streamlit_app = st.App(script)
    inside = streamlit_app.lifespan()
    routes = [*other_ways, *OwnRoutes(shell, entrance, plain.page).listed(), Mount("/", streamlit_app)]
    held: list[Gate] = []

    def gate(app: Any) -> Gate:
        held.append(Gate(app, door=shell.door, hosts=hosts, secure=secure, plain=plain))
        return held[-1]

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with inside(app), held[-1].watching(), Follower(shell).following():
            yield

    async def broken(request: Request, _error: Exception) -> Response:
        """An error of ours is answered outside the gate: the headers of every answer stand on this one too."""
        headers = headers_for(request.url.path, plain, secure=secure)
        return PlainTextResponse("Internal Server Error", 500, headers=headers)

    middleware = [
        Middleware(gate),
        Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_UPLOAD),
        Middleware(GZipMiddleware, minimum_size=2000),
    ]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers={Exception: broken})


async def _nothing(_request: Request) -> Response:
    """What is open to anybody is answered by ourselves, also where there is nothing."""
    return PlainTextResponse("Not Found", 404)


def _other_ways(entrance: Entrance, provider: Path | None, address: str, data_dir: Path) -> list[BaseRoute]:
    """The routes of the provider; without one, nothing that could ask another host is loaded."""
    if provider is None:
        return [Route(path, _nothing) for path in ("/login/oidc", "/login/oidc/back")]
    from planner.oidc import settings_in  # noqa: PLC0415 - loaded only where a provider is set up
    from ui.oidc import OidcRoutes  # noqa: PLC0415 - loaded only where a provider is set up

    settings = settings_in(provider)
    # What the provider says of itself leads to no other host than these.
    permit_outward(data_dir, settings.issuer, *settings.hosts)
    entrance.provider = settings.name
    return OidcRoutes(settings, entrance, address).listed()


def serve(
    data_dir: Path,
    key: Path | None = None,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    map_dir: Path | None = None,
    language: Tongue = "vi",
    *,
    host_names: tuple[str, ...] = (),
    script: Path = SCRIPT,
    say: Callable[[str], None] | None = None,
    data_ready: Callable[[], None] | None = None,
    making: MapMaking | None = None,
    oidc: Path | None = None,
    log_json: bool = False,
) -> None:
    """Serves until it is told to stop (Ctrl-C or SIGTERM).

    ``data_ready`` is waited for before the data are opened; a map pack in ``making`` is begun once pages are answered.
    Raises ``NotPossible`` where the port is taken, where it would serve plain HTTP beyond this machine, and where
    certificate or key cannot be used; what the store refuses comes out as it is. ``oidc``: see ``_provider``.
    """
    speaker, say = Speaker(language), say or _printed
    secure = checked_tls(host, tls_cert, tls_key)
    with contextlib.ExitStack() as closing:
        port = (listening := closing.enter_context(_bound(host, port))).getsockname()[1]
        _prepare_process(log_json=log_json)
        if data_ready is not None:
            data_ready()
        address = address_of(reached_as(host, tls_cert, host_names), port, secure=secure)
        shell, password = closing.enter_context(_opened_shell(data_dir, key, map_dir, language, address, making))
        set_options(reached_as(host, tls_cert, host_names), port, log_json=log_json)
        hosts, provider = hosts_answered(host, tls_cert, host_names), _provider(oidc, data_dir)
        app = application(shell, hosts=hosts, secure=secure, script=script, provider=provider)
        loading = threading.Thread(target=_load_libraries, args=(making,), name="loading")

        def ready() -> None:
            if password is not None:
                _say_first(say, speaker, password, shell)
            say(speaker("The planner runs at {address}", address=address))
            say(speaker("Stop it with Ctrl-C."))
            loading.start()
            # What it begins is closed after it.
            closing.callback(loading.join)

        server = _Server(_uvicorn_config(app, tls_cert, tls_key, log_json=log_json), ready)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _provider(named: Path | None, data_dir: Path) -> Path | None:
    """The settings of the provider: the file that was named, else the one in the data directory, if it is there."""
    usual = data_dir / "oidc.json"
    return named if named is not None else usual if usual.exists() else None


@contextlib.contextmanager
def _opened_shell(
    data_dir: Path, key: Path | None, map_dir: Path | None, language: Tongue, address: str, making: MapMaking | None
) -> Iterator[tuple[Shell, str | None]]:
    """The shell over the data while it is served, and the password of the first administrator at a first start."""
    with contextlib.ExitStack() as closing:
        planner = Planner(data_dir, key)
        closing.callback(planner.close)
        accounts = Accounts(data_dir, planner.store.keys.database)
        closing.callback(accounts.close)
        password = accounts.ensure_first()
        shell = Shell(planner, accounts, Doorkeeper(accounts), map_dir, language, address, making=making)
        open_shell(shell)
        closing.callback(open_shell, None)
        closing.callback(shell.close)
        shell.proof.start()
        _ = planner.plan
        yield shell, password


def _printed(line: str) -> None:
    print(line, flush=True)


class _Server(uvicorn.Server):
    """Says when it is ready; stops in the same way for SIGINT and SIGTERM."""

    def __init__(self, settings: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(settings)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """As uvicorn's, without raising the signal again when all is closed."""
        handled = (signal.SIGINT, signal.SIGTERM)
        try:
            former = {number: signal.signal(number, self.handle_exit) for number in handled}
        except ValueError:  # not the main thread: whoever started it stops it
            yield
            return
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def _uvicorn_config(
    app: Starlette, tls_cert: Path | None, tls_key: Path | None, *, log_json: bool = False
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=64 * 1024 * 1024,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        # Of TLS 1.2 only what keeps secrets forward and authenticates; TLS 1.3 has its own.
        ssl_ciphers="ECDHE+AESGCM:ECDHE+CHACHA20",
        # Addresses hold the secret of a calendar: they are not logged.
        access_log=False,
        log_level="warning",
        log_config=AS_THEY_ARE if log_json else LOGGING_CONFIG,
        http=StrictRequests,
        server_header=False,
        # What a client says of its own address must not decide how long it waits after wrong passwords.
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )


def _load_libraries(making: MapMaking | None) -> None:
    """What pages draw with comes while the first reader signs in, and out of the collector's way; then the map."""
    # streamlit_folium not: a component that no page imports is never registered.
    for name in ("ui.maps.folium_alone", "planner.duty_list", "planner.routing.legs", "ui.maps.base_map"):
        importlib.import_module(name)
    importlib.import_module("ui.charts.duty").drawing()
    downloads.load()
    gc.collect()
    gc.freeze()
    if making is not None:
        making.begin()


def _prepare_process(*, log_json: bool) -> None:
    """How the whole process writes its log, as JSON or not, and holds its memory."""
    keep_lines(as_json=log_json)
    _keep_little_memory()


def _keep_little_memory() -> None:
    """Threads that come and go share one heap, and large pieces return to the system as soon as they are free.

    glibc would keep a heap for each thread and ever larger pieces: 150 MB more with the plan of a summit.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library does not know of this
        mallopt = ctypes.CDLL(None).mallopt
        for setting, wanted in _MALLOC:
            mallopt(setting, wanted)


def _say_first(say: Callable[[str], None], speaker: Speaker, password: str, shell: Shell) -> None:
    say(
        speaker(
            "First start: an administrator was made. User name: {user}, one-time password: {password}",
            user="admin",
            password=password,
        )
    )
    say(speaker("The data lie in {data}.", data=shell.data_dir))
    say(
        speaker(
            "The key lies in {key}. Keep a copy of it apart from the data: without it nobody can open them.",
            key=shell.key_file,
        )
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
        listening.set_inheritable(True)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise NotPossible.because(
                "Port {port} is in use by another program, perhaps by a planner that runs already. "
                "Stop that one, or choose another port with --port.",
                port=str(port),
            ) from error
        raise NotPossible.because(
            "The address {host}, port {port} cannot be served: {why}.",
            host=host,
            port=str(port),
            why=error.strerror or "",
        ) from error
    return listening
