"""How a message reaches a post: by which channel, at which hours, and when it is tried again."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from domain.calendar import HANOI, Calendar, local_day
from domain.values import value

_DAY = timedelta(days=1)


class Channel(StrEnum):
    """The ways out of the outbox; each has a sender of its own, and none waits for another."""

    DROP = "drop"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Trouble(StrEnum):
    """Why a message did not go out: a class of errors, never what a server said."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    CREDENTIALS = "credentials"
    SERVER = "server"
    REFUSED = "refused"
    NO_ADDRESS = "no-address"
    DISK = "disk"
    DEFECT = "defect"


OF_THE_SERVER = (
    Trouble.UNREACHABLE, Trouble.TIMEOUT, Trouble.TLS, Trouble.CREDENTIALS, Trouble.SERVER,
)  # fmt: skip
"""Whoever is reached by the same server would fare no better."""


@value
class Sent:
    """The other side has it, and said so."""


@value
class Failed:
    """It may or may not have it. `for_good`: the same message will be refused again.

    `wait` is how long the other side asked to be left alone.
    """

    trouble: Trouble
    for_good: bool = False
    wait: timedelta = timedelta(0)


Outcome = Sent | Failed


@value
class Route:
    """One way for one message. `via` names the server where a channel has several.

    It waits until `not_before` by the programme clock, and for office hours unless it is urgent.
    What shares a `bundle` goes out as one.
    """

    channel: Channel
    via: str = ""
    not_before: datetime
    urgent: bool
    bundle: str = ""


@value
class Retry:
    """How often and how soon a message is tried again, in real time."""

    first_seconds: int = 60
    cap_seconds: int = 6 * 3600
    attempts: int = 16

    def pause(self, key: str, attempt: int) -> timedelta:
        """The pause after an attempt, counted from 1: twice as long each time, up to the cap.

        Spread by a fifth either way, always the same for the same message, so that what failed
        together does not come back together.
        """
        plain = min(self.first_seconds * 2 ** min(attempt - 1, 30), self.cap_seconds)
        drawn = int.from_bytes(sha256(f"{key} {attempt}".encode()).digest()[:4]) / 2**32
        return timedelta(seconds=plain * (0.8 + 0.4 * drawn))

    def is_over(self, attempt: int) -> bool:
        """Whether an attempt was the last one."""
        return attempt >= self.attempts


@value
class Hours:
    """When people may be written to, on working days, by the clock of Vietnam."""

    opens: time = time(7, 30)
    closes: time = time(17, 0)
    digest_at: time = time(8, 0)

    def open(self, moment: datetime, calendar: Calendar) -> bool:
        local = moment.astimezone(HANOI)
        return self.opens <= local.time() < self.closes and _works(local.date(), calendar)

    def next_open(self, moment: datetime, calendar: Calendar) -> datetime:
        """The moment itself, or the first one after it at which people may be written to."""
        return moment if self.open(moment, calendar) else _next(moment, self.opens, calendar)

    def next_digest(self, moment: datetime, calendar: Calendar) -> datetime:
        """When what is gathered at a moment goes out; never at the moment itself."""
        return _next(moment, self.digest_at, calendar)


def _next(moment: datetime, clock: time, calendar: Calendar) -> datetime:
    """The first time after a moment that a working day's clock shows `clock`."""
    at = (
        datetime.combine(day, clock, HANOI)
        for day in _days_from(local_day(moment))
        if _works(day, calendar)
    )
    return next(found for found in at if found > moment)


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _DAY


def _works(day: date, calendar: Calendar) -> bool:
    try:
        return calendar.is_working_day(day)
    except ValueError:
        # Deadlines must not be guessed; a letter past the calendar's last year must still go out.
        return day.weekday() < 5
