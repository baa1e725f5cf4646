"""The programme clock: the one place where a rehearsal's time differs from real time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.values import value


@value
class Clock:
    """Business time as a function of real time; all moments are aware.

    From `started_at` the clock shows `origin` and runs `rate` times as fast, until it shows
    `until`; from there it runs at the speed of a wall clock. A rate of 1 is production.
    """

    origin: datetime
    started_at: datetime
    rate: float
    until: datetime

    def now(self, real: datetime) -> datetime:
        """What the programme's calendar and clock show at a real moment."""
        fast = self._fast_part()
        elapsed = real - self.started_at
        if elapsed <= fast:
            return self.origin + elapsed * self.rate
        return self.until + (elapsed - fast)

    def real(self, business: datetime) -> datetime:
        """The real moment at which the programme clock shows `business`."""
        if business <= self.until:
            return self.started_at + (business - self.origin) / self.rate
        return self.started_at + self._fast_part() + (business - self.until)

    def stopped(self, real: datetime) -> "Clock":
        """The same clock, which goes no further than where it stands at a real moment.

        From there it runs as a wall clock, which beside a year in minutes is to stand.
        """
        return replace(self, until=min(self.until, max(self.origin, self.now(real))))

    def going_on(self, until: datetime, real: datetime) -> "Clock":
        """The same clock again after it was stopped: from where it was stopped to another end."""
        return replace(self, until=until, started_at=real - self._fast_part())

    def slower(self, real: datetime, factor: float) -> "Clock":
        """The same clock at a part of its speed, from a real moment at which it shows the same."""
        rate = self.rate * factor
        return replace(self, rate=rate, started_at=real - (self.now(real) - self.origin) / rate)

    @property
    def is_wall_speed(self) -> bool:
        """Whether it runs as every clock does, whatever day it shows."""
        return self.rate == 1.0

    def _fast_part(self) -> timedelta:
        return (self.until - self.origin) / self.rate


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
WALL_CLOCK = Clock(origin=_EPOCH, started_at=_EPOCH, rate=1.0, until=_EPOCH)
"""Business time is real time."""
