"""Who is reached how, and when: what `contacts.toml` of an installation says.

ContactsError   it says something that cannot be used; the message names the place, and never
                what a secret is
"""

import base64
import binascii
import os
import ssl
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from domain.calendar import Calendar
from domain.delivery import Channel, Hours, Retry, Route
from domain.notices import Notice
from domain.values import Post, value
from storage.texts import Language, Text

_HOOK_SECRET = "whsec_"  # noqa: S105  # the prefix that Standard Webhooks gives its secrets
_SHORTEST_SECRET = 24


class ContactsError(ValueError):
    """The contacts cannot be used as they stand; nothing of them was taken over."""


@value
class Secret:
    """Where a secret is kept: a file, or a variable of the environment. Never the secret itself."""

    file: str | None = None
    variable: str | None = None

    def read(self) -> str:
        """The secret, read anew each time, so that it can be replaced while the worker runs."""
        if (self.file is None) == (self.variable is None):
            raise ContactsError("name either a file or a variable of the environment")
        if self.variable is not None:
            found = os.environ.get(self.variable, "")
            if not found:
                raise ContactsError(f"variable {self.variable} is not set")
            return found
        try:
            found = Path(str(self.file)).read_text("utf-8").strip()
        except (OSError, ValueError):
            raise ContactsError(f"file {self.file} cannot be read") from None
        if not found:
            raise ContactsError(f"file {self.file} is empty")
        return found

    def key(self) -> bytes:
        """The secret of a webhook as bytes, from `whsec_` and base64."""
        text = self.read()
        try:
            key = base64.b64decode(text.removeprefix(_HOOK_SECRET), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not text.startswith(_HOOK_SECRET) or len(key) < _SHORTEST_SECRET:
            raise ContactsError(
                f"{self.file or self.variable} holds no {_HOOK_SECRET} and at least"
                f" {_SHORTEST_SECRET} bytes in base64"
            )
        return key


@value
class Mail:
    """The server that takes our mail; its certificate is verified unless it speaks no TLS."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: Secret | None = None
    ca_file: str | None = None
    timeout_seconds: float = 15.0


@value
class Webhook:
    """A receiver of signed messages. Of several secrets the newest comes first; all of them sign,
    so that the receiver may change over when it likes.
    """

    url: str
    secrets: tuple[Secret, ...]
    ca_file: str | None = None
    timeout_seconds: float = 10.0


@value
class Contact:
    """How one post is reached; `*` stands for every role, or every unit."""

    post: str
    language: Language = "vi"
    mail: str | None = None
    webhooks: tuple[str, ...] = ()
    drop: bool = False


@value
class Contacts:
    """`contacts.toml` as written. Whom it does not name is written to the folder."""

    mail: Mail | None = None
    webhook: Mapping[str, Webhook]
    hours: Hours = Hours()
    retry: Retry = Retry()
    contact: tuple[Contact, ...] = ()

    def of(self, post: Post) -> Contact:
        """The contact that speaks of a post most closely."""
        found = {one.post: one for one in self.contact}
        names = (str(post), f"{post.role}@*", f"*@{post.unit}", "*@*")
        return next((found[name] for name in names if name in found), EVERYBODY)

    def routes(
        self, notice: Notice, text: Text, now: datetime, calendar: Calendar
    ) -> tuple[Route, ...]:
        """The ways of one message; people are left in peace, a folder needs none."""
        contact = self.of(notice.to)
        not_before, bundle = now, ""
        if text.digest:
            not_before = self.hours.next_digest(now, calendar)
            bundle = f"{notice.template} {not_before.isoformat()}"
        elif not text.urgent:
            not_before = self.hours.next_open(now, calendar)

        def way(channel: Channel, via: str = "") -> Route:
            return Route(
                channel=channel, via=via, not_before=not_before, urgent=text.urgent, bundle=bundle
            )

        found = [way(Channel.WEBHOOK, name) for name in contact.webhooks]
        if contact.mail:
            found.append(way(Channel.MAIL))
        if contact.drop:
            found.append(Route(channel=Channel.DROP, not_before=now, urgent=True))
        return tuple(found)


EVERYBODY = Contact(post="*@*", drop=True)
NOBODY = Contacts(webhook={})
"""No file: everybody is written to the folder."""


@cache
def trusted(ca_file: str | None) -> ssl.SSLContext:
    """Certificates and names are verified, by the system's authorities or by one's own.

    Reading them costs more than sending: once they are read, they hold until the process ends.
    """
    return ssl.create_default_context(cafile=ca_file)
