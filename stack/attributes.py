"""The search attributes that operators filter cases by, and how a server learns them."""

import asyncio
import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from temporalio.api.enums.v1 import IndexedValueType
    from temporalio.client import Client
    from temporalio.envconfig import ClientConnectConfig

ATTRIBUTES: Final = {
    "Programme": "Keyword",
    "Cohort": "Keyword",
    "Commune": "Keyword",
    "Phase": "Keyword",
    "WaitingOn": "KeywordList",
    "Stalled": "Bool",
    "EscalationLevel": "Int",
    "Due": "Datetime",
}


class WrongType(Exception):
    """The namespace knows one of our search attributes by another type."""


def ensure(server: "ClientConnectConfig") -> None:
    """Register what is missing there, and raise `WrongType` for what is there otherwise."""
    try:
        asyncio.run(_ensure(server))
    finally:
        # A client's runtime that lives until the interpreter exits may abort it.
        gc.collect()


async def astray(client: "Client") -> tuple[str, ...]:
    """Our search attributes that a namespace lacks, or knows by another type."""
    wanted, known = _wanted(), await _known(client)
    return tuple(sorted(name for name, kind in wanted.items() if known.get(name) != kind))


async def _ensure(server: "ClientConnectConfig") -> None:
    from temporalio.api.enums.v1 import IndexedValueType
    from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
    from temporalio.client import Client
    from temporalio.runtime import Runtime, TelemetryConfig

    client = await Client.connect(
        **server,
        runtime=Runtime(telemetry=TelemetryConfig(logging=None), worker_heartbeat_interval=None),
    )
    wanted, known = _wanted(), await _known(client)
    for name, kind in wanted.items():
        had = known.get(name, kind)
        if had != kind:
            raise WrongType(
                f"search attribute {name} of namespace {client.namespace} is"
                f" {IndexedValueType.Name(had)}, not {ATTRIBUTES[name]}"
            )
    missing = {name: kind for name, kind in wanted.items() if name not in known}
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )


def _wanted() -> "dict[str, IndexedValueType.ValueType]":
    from temporalio.api.enums.v1 import IndexedValueType

    return {
        name: IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{_constant(kind)}")
        for name, kind in ATTRIBUTES.items()
    }


async def _known(client: "Client") -> "dict[str, IndexedValueType.ValueType]":
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return dict(answer.custom_attributes)


def _constant(kind: str) -> str:
    return "KEYWORD_LIST" if kind == "KeywordList" else kind.upper()
