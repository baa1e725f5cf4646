"""What an operator is alerted by: for how long people and machines have been waited for.

The gauges go out by the SDK's own Prometheus endpoint, beside its metrics of workflows and
activities. People's waits are measured by the programme clock, machines' in real time.
"""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from temporalio.client import Client
from temporalio.common import MetricGauge, MetricGaugeFloat, MetricMeter

from activities import contact_file
from activities.contacts import NOBODY, ContactsError
from domain.restore import Restored
from domain.values import Role
from domain.waits import Task, Wait
from office import reconcile
from storage import deliveries, queries
from storage.record import Record

_NOTHING = timedelta(0)


class Gauges:
    """Looks at the record, and compares it with Temporal, as often as it is told to."""

    def __init__(self, meter: MetricMeter, record: Record, at: Path) -> None:
        self._meter = meter
        self._record = record
        self._at = at
        self._ages = {
            name: meter.create_gauge_float(name, about, "s")
            for name, about in (
                ("ntm_inbox_overdue_age_seconds", "how long ago the oldest overdue wait was due"),
                ("ntm_outbox_age_seconds", "how long the oldest message could have gone out"),
                ("ntm_checkpoint_age_seconds", "since the record was signed"),
                ("ntm_unsigned_age_seconds", "since the oldest event that is not signed"),
                ("ntm_looked_at_seconds", "when these figures were read, Unix time"),
            )
        }
        self._counts = {
            name: meter.create_gauge(name, about)
            for name, about in (
                ("ntm_inbox_waits", "what waits for a role"),
                ("ntm_inbox_overdue", "what is overdue at a role"),
                ("ntm_escalations_open", "escalations that nobody has answered, by rung"),
                ("ntm_outbox_given_up", "messages that found no taker"),
                ("ntm_record_events", "facts on record"),
                ("ntm_record_restored", "1 while a restored record is not accepted"),
                ("ntm_reconcile_differences", "cases about which record and Temporal disagree"),
            )
        }

    def look(self, real: datetime) -> None:
        """Read everything that the record knows. Raises `log.Unavailable`."""
        engine = self._record.engine
        now = queries.clock(engine).now(real)
        self._people(queries.inbox(engine), now)
        self._letters(now, real)
        signed = queries.signed(engine)
        self._age("ntm_checkpoint_age_seconds", signed.taken_at, real)
        self._age("ntm_unsigned_age_seconds", signed.unsigned_since, real)
        self._count("ntm_record_events", signed.events)
        restored = isinstance(signed.standing, Restored)
        self._count("ntm_record_restored", int(restored))
        self._ages["ntm_looked_at_seconds"].set(real.timestamp())

    async def compare(self, client: Client) -> None:
        """Ask Temporal about every case, and count those that differ, kind by kind."""
        found = await reconcile.reconcile(client, self._record.engine, repair=False)
        kinds = Counter(one.kind for one in found.differences)
        for kind in get_args(reconcile.Kind):
            self._count("ntm_reconcile_differences", kinds[kind], kind=kind)

    def _people(self, waits: tuple[Wait, ...], now: datetime) -> None:
        """Every role and rung is told, also of nothing: a gauge keeps what it was told last."""
        for role in Role:
            own = [wait for wait in waits if wait.post.role is role]
            late = [wait.due for wait in own if wait.due is not None and wait.due <= now]
            self._count("ntm_inbox_waits", len(own), role=role)
            self._count("ntm_inbox_overdue", len(late), role=role)
            oldest = min(late, default=None)
            self._age("ntm_inbox_overdue_age_seconds", oldest, now, role=role)
        asked = Counter(
            wait.key.rpartition("/")[2] for wait in waits if wait.task is Task.ANSWER_ESCALATION
        )
        for level in sorted({rung.level for rung in self._record.policy.ladder}):
            self._count("ntm_escalations_open", asked[str(level)], rung=str(level))

    def _letters(self, now: datetime, real: datetime) -> None:
        try:
            contacts = contact_file.load(contact_file.place(self._at), secrets=False)
        except ContactsError:
            # The worker goes on with the contacts it had, and the doctor says so.
            contacts = NOBODY
        rests = not contacts.hours.open(now, self._record.policy.calendar)
        owed = deliveries.backlog(self._record.engine, now, real, only_urgent=rests)
        self._age("ntm_outbox_age_seconds", owed.since, real)
        self._count("ntm_outbox_given_up", owed.given_up)

    def _age(self, name: str, since: datetime | None, now: datetime, **labels: str) -> None:
        gauge: MetricGaugeFloat = self._ages[name]
        age = max(now - since, _NOTHING) if since else _NOTHING
        gauge.set(age.total_seconds(), labels or None)

    def _count(self, name: str, count: int, **labels: str) -> None:
        gauge: MetricGauge = self._counts[name]
        gauge.set(count, labels or None)
