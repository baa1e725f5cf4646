"""The log of a program: a line a fact, JSON for machines, and only what may stand there.

An allow-list, because a list of what must not would miss what is added next. A command's own words
are in no line: who wants to know what was decided follows the decision id to the record.
"""

import logging
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from domain.streams import Fact
from storage import spans

ALLOWED = frozenset(
    {
        # What every line has.
        "event", "level", "timestamp",
        # What it is about: ids, places, counts, names of kinds.
        "at", "attempt", "because", "by", "channel", "count", "decision_id", "error", "events",
        "failed", "id", "kind", "outcome", "policy", "position", "rule", "size", "stream",
        "trace_id", "version",
        # What libraries say: from where, and the words that they say every time.
        "logger", "said", "raised",
        # What was left out, by its name.
        "dropped",
    }
)  # fmt: skip
_NAME = re.compile(r"[a-z_]+")
_FILLED_IN = re.compile(r"[{(=:%\"'`].*", re.DOTALL)
Form = Literal["json", "text"]


def configure(form: Form | None = None) -> None:
    """Everything that this program or a library says, on stderr.

    As text on a terminal and as JSON elsewhere, unless `NTM_LOG` says json or text.
    """
    wanted = form or os.environ.get("NTM_LOG") or ("text" if sys.stderr.isatty() else "json")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace,
        only_allowed,
    ]
    writer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if wanted == "text"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, writer],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _of_library, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, writer],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def only_allowed(_logger: WrappedLogger, _method: str, told: EventDict) -> EventDict:
    """What may stand in a line; of the rest its name alone. An event has a name, no sentence."""
    kept = {key: value for key, value in told.items() if key in ALLOWED or key.startswith("_")}
    dropped = sorted(told.keys() - kept.keys())
    if not _NAME.fullmatch(str(told.get("event", ""))):
        kept["event"] = "unnamed"
        dropped = sorted({*dropped, "event"})
    return {**kept, "dropped": dropped} if dropped else kept


def facts(recorded: Sequence[Fact]) -> None:
    """A line for each fact once it is on the disk."""
    log = structlog.get_logger()
    for fact in recorded:
        log.info(
            "fact_recorded",
            stream=fact.stream,
            version=fact.version,
            kind=fact.event.kind,
            decision_id=fact.decision_id,
            by=str(fact.act.by),
            at=fact.act.at.isoformat(),
        )


def _trace(_logger: WrappedLogger, _method: str, told: EventDict) -> EventDict:
    """The trace that a line belongs to, if anybody traces."""
    if spans.is_on():
        from opentelemetry.trace import format_trace_id, get_current_span

        context = get_current_span().get_span_context()
        if context.is_valid:
            told["trace_id"] = format_trace_id(context.trace_id)
    return told


def _of_library(_logger: WrappedLogger, _method: str, told: EventDict) -> EventDict:
    """A library's message without what it fills in, and an error without its words.

    Both may quote what was sent.
    """
    record: Any = told["_record"]
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    told["said"] = _FILLED_IN.sub("", template).strip()
    told["event"] = "library"
    raised = record.exc_info[1] if record.exc_info else None
    chain: list[str] = []
    while raised is not None and len(chain) < 5:
        chain.append(type(raised).__name__)
        raised = raised.__cause__
    if chain:
        told["raised"] = " < ".join(chain)
    told.pop("exc_info", None)
    told.pop("exception", None)
    record.exc_info = record.exc_text = None
    return told
