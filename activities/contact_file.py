"""`contacts.toml` read and checked: whatever is wrong is said before a message depends on it."""

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from activities.contacts import (
    NOBODY,
    Contact,
    Contacts,
    ContactsError,
    Mail,
    Secret,
    Webhook,
    trusted,
)
from domain.values import Role

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})")
_UNIT = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_VARIABLE = "NTM_CONTACTS"
_FORMS = {"missing": "is missing", "unexpected_keyword_argument": "is no field"}


def place(at: Path) -> Path:
    """`NTM_CONTACTS`, or `contacts.toml` in the home of the servers."""
    return Path(os.environ.get(_VARIABLE) or at / "contacts.toml").expanduser()


def load(path: Path, *, secrets: bool = True) -> Contacts:
    """Read and check the file, or raise `ContactsError`; where none is named it may be missing.

    Without `secrets` they are not looked at: only the worker may be able to read them.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if not os.environ.get(_VARIABLE):
            return NOBODY
        raise ContactsError(f"{path}: is missing, and {_VARIABLE} names it") from None
    except OSError as error:
        raise ContactsError(f"{path}: cannot be read ({type(error).__name__})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ContactsError(f"{path}: is not TOML: {wrong}") from None
    contacts = _parsed(path, {"webhook": {}, **raw})
    try:
        _check(contacts, secrets=secrets)
    except ContactsError as wrong:
        raise ContactsError(f"{path}: {wrong}") from None
    return contacts


def _parsed(path: Path, raw: Mapping[str, Any]) -> Contacts:
    try:
        return TypeAdapter(Contacts).validate_json(json.dumps(raw, default=str))
    except ValidationError as wrong:
        error = wrong.errors(include_input=False)[0]
        field = ".".join(str(part) for part in error["loc"])
        # Not the value: somebody may have written a secret where its place belongs.
        raise ContactsError(f"{path}: {field}: {_FORMS.get(error['type'], error['msg'])}") from None


def _check(contacts: Contacts, *, secrets: bool) -> None:
    _check_numbers(contacts)
    if contacts.mail is not None:
        _check_mail(contacts.mail, secrets=secrets)
    for name, hook in contacts.webhook.items():
        _check_webhook(f"webhook.{name}", hook, secrets=secrets)
    seen: set[str] = set()
    for nth, contact in enumerate(contacts.contact, 1):
        where = f"contact {nth}"
        if contact.post in seen:
            raise ContactsError(f"{where}: post = {contact.post!r} stands above already")
        seen.add(contact.post)
        _check_contact(where, contact, contacts)


def _check_numbers(contacts: Contacts) -> None:
    hours, retry = contacts.hours, contacts.retry
    if not hours.opens < hours.closes:
        raise ContactsError(f"hours: opens = {hours.opens}; before closes = {hours.closes}")
    if not hours.opens <= hours.digest_at < hours.closes:
        raise ContactsError(
            f"hours: digest_at = {hours.digest_at}; from {hours.opens} and before {hours.closes}"
        )
    if not 1 <= retry.first_seconds <= retry.cap_seconds <= 7 * 86_400:
        raise ContactsError(
            f"retry: first_seconds = {retry.first_seconds}, cap_seconds = {retry.cap_seconds};"
            " 1 or more, the first not above the cap, up to a week"
        )
    if not 1 <= retry.attempts <= 1_000:
        raise ContactsError(f"retry: attempts = {retry.attempts}; 1 to 1000")


def _check_mail(mail: Mail, *, secrets: bool) -> None:
    if not _ADDRESS.fullmatch(mail.sender):
        raise ContactsError(f"mail: sender = {mail.sender!r} is no address: ntm@example.gov.vn")
    if not 1 <= mail.port <= 65_535:
        raise ContactsError(f"mail: port = {mail.port}; 1 to 65535")
    _check_timeout("mail", mail.timeout_seconds)
    if (mail.user is None) != (mail.password is None):
        raise ContactsError("mail: user and password go together")
    if mail.security == "none" and mail.password is not None:
        raise ContactsError("mail: security = 'none' would send the password in the clear")
    _check_ca("mail", mail.ca_file)
    if mail.password is not None and secrets:
        _check_secret("mail.password", lambda: _ascii(mail.password))


def _ascii(password: Secret | None) -> None:
    if password is not None and not password.read().isascii():
        raise ContactsError("letters beyond ASCII cannot be sent to a mail server")


def _check_webhook(where: str, hook: Webhook, *, secrets: bool) -> None:
    if not _NAME.fullmatch(where.partition(".")[2]):
        raise ContactsError(f"{where}: a name is lower-case letters, digits and '-'")
    # A URL may hold a token of its own: it is not repeated in any message.
    try:
        url = parse_url(hook.url)
    except LocationParseError:
        raise ContactsError(f"{where}: url cannot be read") from None
    if url.auth is not None or url.host is None:
        raise ContactsError(f"{where}: url needs a host, and no user in it")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in _LOOPBACK):
        raise ContactsError(f"{where}: url must begin with https://")
    if not 1 <= len(hook.secrets) <= 2:
        raise ContactsError(f"{where}: {len(hook.secrets)} secrets; one, or two while they change")
    _check_timeout(where, hook.timeout_seconds)
    _check_ca(where, hook.ca_file)
    for nth, secret in enumerate(hook.secrets if secrets else (), 1):
        _check_secret(f"{where}, secret {nth}", secret.key)


def _check_contact(where: str, contact: Contact, contacts: Contacts) -> None:
    role, at, unit = contact.post.partition("@")
    if not at or role not in ("*", *Role) or not _UNIT.fullmatch(unit):
        roles = ", ".join(Role)
        raise ContactsError(
            f"{where}: post = {contact.post!r}; write ROLE@UNIT, ROLE@*, *@UNIT or *@*;"
            f" roles: {roles}"
        )
    if contact.mail is not None and not _ADDRESS.fullmatch(contact.mail):
        raise ContactsError(f"{where}: mail of {contact.post} is no address")
    if contact.mail is not None and contacts.mail is None:
        raise ContactsError(f"{where}: {contact.post} has mail, but there is no [mail] server")
    for name in contact.webhooks:
        if name not in contacts.webhook:
            raise ContactsError(f"{where}: webhooks = {name!r}; there is no [webhook.{name}]")
    if len(set(contact.webhooks)) < len(contact.webhooks):
        raise ContactsError(f"{where}: webhooks names one twice")
    if not (contact.mail or contact.webhooks or contact.drop):
        raise ContactsError(f"{where}: {contact.post} needs mail, webhooks or drop = true")


def _check_timeout(where: str, seconds: float) -> None:
    if not 0 < seconds <= 60:
        raise ContactsError(f"{where}: timeout_seconds = {seconds}; above 0, up to 60")


def _check_ca(where: str, ca_file: str | None) -> None:
    if ca_file is None:
        return
    try:
        trusted(ca_file)
    except OSError:
        raise ContactsError(f"{where}: ca_file = {ca_file!r} holds no certificate") from None


def _check_secret(where: str, read: Callable[[], object]) -> None:
    try:
        read()
    except ContactsError as wrong:
        raise ContactsError(f"{where}: {wrong}") from None
