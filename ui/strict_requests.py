"""What is no request of HTTP is answered before the application sees it: with the headers of every other answer."""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

#: Nothing of it is shown, framed, kept or guessed at, whatever it was taken for.
HEADERS: Final = (
    ("content-type", "text/plain; charset=utf-8"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
    ("connection", "close"),
)
_BODY: Final = b"Bad Request"


class StrictRequests(H11Protocol):
    """Reads requests as uvicorn does."""

    def send_400_response(self, msg: str) -> None:
        head = [("content-length", str(len(_BODY))), *HEADERS]
        if self.config.is_ssl:
            head.append(("strict-transport-security", "max-age=31536000; includeSubDomains"))
        lines = "".join(f"{name}: {said}\r\n" for name, said in head)
        self.transport.write(f"HTTP/1.1 400 Bad Request\r\n{lines}\r\n".encode() + _BODY)
        self.transport.close()
