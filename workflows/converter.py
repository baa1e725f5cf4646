"""Our values as Temporal payloads."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)


@cache
def adapter(hint: type) -> TypeAdapter[Any]:
    """How values of a type are read; built once for the whole process."""
    return TypeAdapter(hint)


class _Json(PydanticJSONPlainPayloadConverter):
    """The SDK's own converter, with adapters shared by the whole process.

    The SDK makes a converter for every workflow instance, and building the adapters of all our
    commands and events takes some 70 ms each time.
    """

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:  # noqa: ANN401  # as the SDK declares it
        return adapter(type_hint or object).validate_json(payload.data)


class _Payloads(CompositePayloadConverter):
    def __init__(self) -> None:
        rest = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(
            *(_Json() if isinstance(one, JSONPlainPayloadConverter) else one for one in rest)
        )


DATA_CONVERTER = DataConverter(payload_converter_class=_Payloads)
"""For every client, worker and replayer."""
