"""Servers that take our messages, and can be told to misbehave."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Post:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hook:
    """A receiver of webhooks. `answers` are given first; after them 204."""

    port: int = 0
    posts: list[Post] = field(default_factory=list)
    answers: deque[tuple[int, dict[str, str]] | None] = field(default_factory=deque)
    on_post: Callable[[], None] = lambda: None
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Hook]:
    """A web server; an answer of None is never given."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): text for name, text in self.headers.items()}
            hook.posts.append(Post(self.path, headers, body))
            hook.on_post()
            answer = hook.answers.popleft() if hook.answers else (204, {})
            if answer is None:
                hook.released.wait(30)
                return
            self.send_response(answer[0])
            for name, text in answer[1].items():
                self.send_header(name, text)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hook
    finally:
        hook.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """A mail server. `answers` are given first, one to each message; after them it accepts."""

    port: int
    envelopes: list[Envelope] = field(default_factory=list)
    answers: deque[str] = field(default_factory=deque)
    unknown: set[str] = field(default_factory=set)
    logins: list[tuple[str, str]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # as aiosmtpd calls it
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # as aiosmtpd calls it
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        answer = self.answers.popleft() if self.answers else "250 OK"
        if answer.startswith("250"):
            self.envelopes.append(envelope)
        return answer

    @property
    def letters(self) -> list[EmailMessage]:
        return [_read(envelope) for envelope in self.envelopes]

    def authenticate(self, _s: Any, _session: Any, _e: Any, _mechanism: str, data: Any) -> Any:
        login = (data.login.decode(), data.password.decode())
        self.logins.append(login)
        return AuthResult(success=login == ("ntm", "long-password"), handled=False)


@contextmanager
def mailbox(tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """A mail server; with `tls` it takes nothing before STARTTLS and a login."""
    box = Mailbox(port=free_port())
    secure: dict[str, Any] = (
        {
            "tls_context": tls,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": box.authenticate,
        }
        if tls
        else {}
    )
    server = Controller(box, hostname="127.0.0.1", port=box.port, **secure)
    server.start()
    try:
        yield box
    finally:
        server.stop()


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for 127.0.0.1, and the file by which clients trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    trusted, private = folder / "ca.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted


def _read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    read = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read
