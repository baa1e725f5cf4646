"""Messages to people: at least once, with a key that tells repeats."""

from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from domain.notices import Notice
from storage import queries

_log = structlog.get_logger()


class Notices:
    """Delivers the outbox into a folder: one file per recipient, one line per message."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder

    def deliver(self, now: datetime) -> int:
        """Send what the outbox owes, of any case; return how many messages went out."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with queries.owed(self._engine, now) as notices:
            for notice in notices:
                with (self._folder / f"{notice.to}.txt").open("a", encoding="utf-8") as mailbox:
                    mailbox.write(_line(notice, now))
        if notices:
            _log.info("notices_sent", count=len(notices))
        return len(notices)


def _line(notice: Notice, now: datetime) -> str:
    facts = " ".join(f"{name}={text}" for name, text in notice.facts)
    return f"{now.isoformat()} {notice.template} {notice.stream} {facts} [{notice.key}]\n"
