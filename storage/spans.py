"""Spans around what a program does, while somebody traces it; nothing at all otherwise."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

WANTED_BY = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "NTM_TRACE",
)
"""Variables that say where traces go: to a collector, or into a file."""

_OFF: AbstractContextManager[object] = nullcontext()
_tracers: list["Tracer"] = []


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether somebody wants traces."""
    return any(environment.get(name) for name in WANTED_BY)


def follow(tracer: "Tracer") -> None:
    """From now on every span goes to this tracer."""
    _tracers[:] = [tracer]


def leave() -> None:
    """Nobody traces any more."""
    _tracers.clear()


def tracer() -> "Tracer":
    """Where they go. Only for who has asked whether anybody traces."""
    return _tracers[0]


def is_on() -> bool:
    """Whether anybody traces."""
    return bool(_tracers)


def span(name: str, **about: str | int) -> AbstractContextManager[object]:
    """What happens within it, with ids and counts; never what a command says."""
    if not _tracers:
        return _OFF
    return _tracers[0].start_as_current_span(
        name, attributes=about, record_exception=False, set_status_on_exception=False
    )
