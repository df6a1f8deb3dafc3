"""What a browser may do with our pages: the Content-Security-Policy and its companions, by path."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from pathlib import Path
from typing import Self

import streamlit

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True)
class PlainHeaders:
    """What is computed once at start: Streamlit's page, and the hashes of the scripts written inside it."""

    page: str
    script_hashes: tuple[str, ...]

    @classmethod
    def of_streamlit(cls) -> Self:
        page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
        return cls(page, tuple(_hash(script) for script in _INLINE_SCRIPT.findall(page)))


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def headers_for(path: str, plain: PlainHeaders, *, secure: bool) -> dict[str, str]:
    """The security headers of a response to that path."""
    headers = {
        "content-security-policy": _content_policy(path, plain),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "x-frame-options": "SAMEORIGIN",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
        "x-robots-tag": "noindex, nofollow",
    }
    if secure:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    if not path.startswith(("/static/", "/component/", "/map/", "/_stcore/bidi-components/")):
        headers["cache-control"] = "no-store"
    return headers


def _content_policy(path: str, plain: PlainHeaders) -> str:
    if path.startswith("/media/"):
        return "default-src 'none'; object-src 'none'; base-uri 'none'; sandbox; frame-ancestors 'self'"
    if path.startswith("/component/"):
        # The map is written into its frame as a script: only there may scripts stand in the page.
        scripts = "'self' 'unsafe-inline' 'unsafe-eval'"
    elif path.startswith(("/login", "/logout", "/password", "/second-factor", "/m/", "/calendar/", "/healthz")):
        return (
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
            "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        )
    else:
        # Vega compiles the expressions of a chart: 'unsafe-eval' is the price of charts.
        scripts = " ".join(("'self'", "'unsafe-eval'", *plain.script_hashes))
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; media-src 'self' blob:; "
        "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )
