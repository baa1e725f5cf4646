"""The codec server: shows Temporal's Web UI and command line what payloads say, if they may know.

Whoever may read the key file may have payloads decoded: processes of the same user on this machine,
and whoever brings the token. A browser must besides come from the Web UI's own page.
"""

import hmac
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from domain.values import value
from office import peers
from stack.payload_keys import NoKeys
from workflows.encryption import Encryption, Unreadable

LOOPBACK = "127.0.0.1"

_LARGEST = 16 * 1024 * 1024
"""Bytes of a request: a page of history, whose payloads Temporal holds to 2 MB each."""


@value
class Access:
    """Who may have payloads decoded: browsers from these origins, and whoever has the token."""

    origins: frozenset[str]
    token: str | None = None


class Codec(ThreadingHTTPServer):
    """Answers `POST /encode` and `POST /decode`; keeps and logs nothing of what it reads."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], encryption: Encryption, access: Access) -> None:
        self.access = access
        self.work: dict[str, Callable[[Payload], Payload]] = {
            "/encode": encryption.seal,
            "/decode": encryption.open,
        }
        super().__init__(address, _Request)


class _Request(BaseHTTPRequestHandler):
    server: Codec
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_OPTIONS(self) -> None:
        """A browser asks whether a page may ask."""
        self._answer(HTTPStatus.NO_CONTENT if self._from_known_page() else HTTPStatus.FORBIDDEN)

    def do_POST(self) -> None:
        # The Web UI adds `?preserveStorageRefs=true`, which asks nothing of us.
        work = self.server.work.get(self.path.partition("?")[0])
        length = self.headers.get("Content-Length", "")
        # What is not read here would be taken for the next request.
        self.close_connection = True
        if not self._from_known_page():
            self._answer(HTTPStatus.FORBIDDEN, "this page may not ask")
        elif not self._may_know():
            self._answer(HTTPStatus.UNAUTHORIZED, "another user's process needs the token")
        elif work is None:
            self._answer(HTTPStatus.NOT_FOUND, "only /encode and /decode")
        elif not (length.isascii() and length.isdecimal()):
            self._answer(HTTPStatus.LENGTH_REQUIRED, "its length must be said")
        elif len(length) > len(str(_LARGEST)) or int(length) > _LARGEST:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {_LARGEST} bytes")
        else:
            self._answer(*_worked(work, self.rfile.read(int(length))))
            self.close_connection = False

    def _from_known_page(self) -> bool:
        """Browsers name the page that asks; programs name none."""
        origin = self.headers.get("Origin")
        if origin is None:
            return self.command != "OPTIONS"
        return origin in self.server.access.origins

    def _may_know(self) -> bool:
        token, brought = self.server.access.token, self.headers.get("Authorization", "")
        if token and hmac.compare_digest(brought.encode(), f"Bearer {token}".encode()):
            return True
        return peers.is_own(self.client_address, self.connection.getsockname())

    def _answer(self, status: HTTPStatus, body: str = "") -> None:
        self.send_response(status)
        if (origin := self.headers.get("Origin")) in self.server.access.origins:
            self.send_header("Access-Control-Allow-Origin", str(origin))
            self.send_header("Access-Control-Allow-Credentials", "true")
            self.send_header("Access-Control-Allow-Methods", "POST, OPTIONS")
            asked = self.headers.get("Access-Control-Request-Headers", "")
            self.send_header("Access-Control-Allow-Headers", asked)
        self.send_header("Vary", "Origin")
        self.send_header("Cache-Control", "no-store")
        said = body.encode()
        if status is not HTTPStatus.NO_CONTENT:
            form = "application/json" if status is HTTPStatus.OK else "text/plain; charset=utf-8"
            self.send_header("Content-Type", form)
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def version_string(self) -> str:
        return "ntm-codec"

    def log_message(self, *_: object) -> None:
        """Nothing: what is asked is nobody's to read."""


def _worked(work: Callable[[Payload], Payload], body: bytes) -> tuple[HTTPStatus, str]:
    try:
        asked = json_format.Parse(body, Payloads(), ignore_unknown_fields=True)
        done = Payloads(payloads=[work(one) for one in asked.payloads])
    except (json_format.ParseError, UnicodeDecodeError):
        return HTTPStatus.BAD_REQUEST, "these are no payloads"
    except (Unreadable, NoKeys) as failure:
        return HTTPStatus.BAD_REQUEST, str(failure)
    return HTTPStatus.OK, json_format.MessageToJson(done, indent=None)
