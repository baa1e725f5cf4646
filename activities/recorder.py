"""The record, as activities: the only way in which a workflow's commands become events."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.recording import KNOWN_DECISIONS, Batch, Denied, Opened, Recorded
from domain.values import StreamId
from storage import queries
from storage.failpoints import FailPoint, reach
from storage.log import Conflict, Unavailable, Unreadable
from storage.record import Record

_log = structlog.get_logger()


class Recorder:
    """Hands batches to the record of one database."""

    def __init__(self, record: Record) -> None:
        self._record = record

    @activity.defn
    def open_case(self, stream: StreamId) -> Opened:
        """Read a case from the record, so that its workflow can begin, or begin again."""
        with _as_failures():
            fold, timeline = self._record.opened(stream)
            opened = Opened(
                version=fold.version,
                state=fold.state,
                policy=self._record.policy_of(fold.state),
                clock=queries.clock(self._record.engine),
                decided=queries.decided(self._record.engine, stream, KNOWN_DECISIONS),
                timeline=timeline,
                voucher=self._record.guard.voucher(stream, fold.version, timeline),
            )
        reach(FailPoint.CASE_READ)
        return opened

    @activity.defn
    def record(self, batch: Batch) -> Recorded:
        """Decide and record a batch; durable on return, harmless when repeated."""
        reach(FailPoint.ACTIVITY_BEGUN)
        with _as_failures():
            recorded = self._record.decide(batch)
        for outcome in recorded.outcomes:
            _log.info(
                "decision_answered",
                stream=batch.stream,
                decision_id=outcome.decision_id,
                outcome=outcome.kind,
            )
            if isinstance(outcome, Denied) and outcome.rule == "capital_guard":
                _log.error(
                    "capital_guard_refused",
                    stream=batch.stream,
                    decision_id=outcome.decision_id,
                    because=outcome.because,
                )
        reach(FailPoint.ACTIVITY_DONE)
        return recorded


@contextmanager
def _as_failures() -> Iterator[None]:
    """Each failure is retried for as long as it lasts, and shows in the Web UI meanwhile."""
    try:
        yield
    except (Conflict, Unavailable, Unreadable) as error:
        raise ApplicationError(str(error), type=type(error).__name__) from None
