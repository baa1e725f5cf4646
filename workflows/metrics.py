"""What a case's workflow measures of itself."""

from temporalio import workflow
from temporalio.common import MetricHistogram

HISTORY = "ntm_case_history_events"


def length_of_history() -> MetricHistogram:
    """How long the histories are with which cases take their turns; nothing while they replay."""
    return workflow.metric_meter().create_histogram(HISTORY, "events of a case's own run")
