"""The sender of the outbox: each channel in a thread of its own, none holds up another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

import structlog
from sqlalchemy import Engine

from activities import mail, webhook
from activities.contact_file import load
from activities.contacts import Contact, Contacts, ContactsError
from activities.letters import Letter, letter, told
from domain.calendar import HANOI, Calendar
from domain.delivery import OF_THE_SERVER, Channel, Failed, Outcome, Route, Sent, Trouble
from domain.notices import Notice
from storage import outbox, queries
from storage.outbox import Look, Parcel
from storage.texts import Texts

_log = structlog.get_logger()

_DROPPED_AT_ONCE = 100
_Stop: TypeAlias = Callable[[], bool]


class Notices:
    """Delivers the outbox to whom `contacts.toml` says; without one, into a folder."""

    def __init__(
        self, engine: Engine, folder: Path, contacts: Path, texts: Texts, calendar: Calendar
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._file = contacts
        self._texts = texts
        self._calendar = calendar
        self._read: tuple[object, Contacts | None] = (object(), None)

    def deliver(self, channel: Channel, real: datetime, stop: _Stop = lambda: False) -> int:
        """Send what is due by one channel; return how many messages went out."""
        contacts = self._contacts()
        if contacts is None:
            return 0
        now = queries.clock(self._engine).now(real)

        def routes(notice: Notice) -> tuple[Route, ...]:
            text = self._texts.text(notice.template)
            return contacts.routes(notice, text, now, self._calendar)

        outbox.route(self._engine, real, routes, now)
        look = Look(
            channel=channel,
            now=now,
            real=real,
            only_urgent=not contacts.hours.open(now, self._calendar),
            limit=_DROPPED_AT_ONCE if channel is Channel.DROP else 1,
        )
        return self._work_off(look, contacts, stop)

    def _work_off(self, look: Look, contacts: Contacts, stop: _Stop) -> int:
        sent = 0
        while not stop():
            done = outbox.hand_over(
                self._engine,
                look,
                contacts.retry,
                partial(self._try, look, contacts),
            )
            if not done:
                break
            for parcel, outcome in done:
                if isinstance(outcome, Sent):
                    sent += len(parcel.messages)
                else:
                    look = _past(look, parcel, outcome)
        if sent:
            _log.info("notices_sent", channel=look.channel, count=sent)
        return sent

    def _try(self, look: Look, contacts: Contacts, parcel: Parcel) -> Outcome:
        try:
            outcome = self._send(look, parcel, contacts)
        except Exception as error:  # noqa: BLE001  # the next message must have its turn
            # No traceback: it would quote the message.
            defect = type(error).__name__
            _log.error("notice_defect", id=parcel.id, error=defect)
            return Failed(trouble=Trouble.DEFECT)
        if isinstance(outcome, Failed):
            _log.warning(
                "notice_waits", channel=look.channel, id=parcel.id, because=outcome.trouble
            )
        return outcome

    def _send(self, look: Look, parcel: Parcel, contacts: Contacts) -> Outcome:
        contact = contacts.of(parcel.to)
        match look.channel:
            case Channel.DROP:
                return self._drop(parcel, look.now)
            case Channel.MAIL:
                if contacts.mail is None or contact.mail is None:
                    return Failed(trouble=Trouble.NO_ADDRESS)
                text = self._letter(parcel, contact)
                return mail.send(contacts.mail, contact.mail, text, parcel.id, _real())
            case Channel.WEBHOOK:
                hook = contacts.webhook.get(parcel.via)
                if hook is None:
                    return Failed(trouble=Trouble.NO_ADDRESS)
                content = self._content(parcel, contact)
                return webhook.send(hook, content, parcel.id, _real())

    def _letter(self, parcel: Parcel, contact: Contact) -> Letter:
        return letter(self._texts, parcel.messages, contact.language)

    def _content(self, parcel: Parcel, contact: Contact) -> dict[str, object]:
        """What a receiver reads: the letter as people read it, and the facts for programs."""
        text = self._letter(parcel, contact)
        return {
            "type": "ntm.notice",
            "timestamp": parcel.messages[0].since.astimezone(HANOI).isoformat(),
            "data": {
                "to": str(parcel.to),
                "language": contact.language,
                "subject": text.subject,
                "text": text.text,
                "messages": [
                    {
                        "key": one.notice.key,
                        "template": one.notice.template,
                        "stream": one.notice.stream,
                        "since": one.since.astimezone(HANOI).isoformat(),
                        "facts": told(self._texts, one.notice),
                    }
                    for one in parcel.messages
                ],
            },
        }

    def _drop(self, parcel: Parcel, now: datetime) -> Outcome:
        """One file per recipient, one line per message."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / f"{parcel.to}.txt").open("a", encoding="utf-8") as mailbox:
                mailbox.writelines(_line(one.notice, now) for one in parcel.messages)
        except OSError:
            return Failed(trouble=Trouble.DISK)
        return Sent()

    def _contacts(self) -> Contacts | None:
        """The contacts, read again when their file changes; while it is wrong, those of before."""
        try:
            stamp: object = self._file.stat().st_mtime_ns
        except OSError as error:
            stamp = type(error)
        known, contacts = self._read
        if stamp != known:
            try:
                contacts = load(self._file)
            except ContactsError as wrong:
                _log.error("contacts_wrong", because=str(wrong))  # it says all
            self._read = (stamp, contacts)
        return contacts


def _past(look: Look, parcel: Parcel, failed: Failed) -> Look:
    """The rest of the pass does not wait for the same silence again."""
    if failed.trouble in OF_THE_SERVER:
        return replace(look, past_servers=(*look.past_servers, parcel.via))
    return replace(look, past_posts=(*look.past_posts, str(parcel.to)))


def _real() -> datetime:
    return datetime.now(UTC)


def _line(notice: Notice, now: datetime) -> str:
    facts = " ".join(f"{name}={' '.join(text.split())}" for name, text in notice.facts)
    return f"{now.isoformat()} {notice.template} {notice.stream} {facts} [{notice.key}]\n"
