"""Our values as Temporal payloads."""

import zlib
from collections.abc import Sequence
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
    PayloadCodec,
)

_PLAIN_UP_TO = 16_384
"""Bytes: what people look up in the Web UI is shorter, what makes a history heavy is longer."""
_LARGEST = 64 * 1024 * 1024
"""Bytes after unpacking: the server takes 2 MB packed, which could be made to unpack to 2 GB."""
_ZLIB = b"binary/zlib"


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


class Compression(PayloadCodec):
    """Packs large payloads: a section of 2,000 cases fills half of what the server accepts.

    What was written plain, at any size, is read as it is.
    """

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [_packed(one) if one.ByteSize() > _PLAIN_UP_TO else one for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            _unpacked(one) if one.metadata.get("encoding") == _ZLIB else one for one in payloads
        ]


def _packed(payload: Payload) -> Payload:
    # The fastest level: the next ones save a tenth of the bytes for three times the time.
    data = zlib.compress(payload.SerializeToString(), level=1)
    return Payload(metadata={"encoding": _ZLIB}, data=data)


def _unpacked(payload: Payload) -> Payload:
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(payload.data, _LARGEST)
    if not unpacking.eof:
        raise ValueError(f"payload: is cut off, or unpacks to more than {_LARGEST} bytes")
    return Payload.FromString(data)


DATA_CONVERTER = DataConverter(payload_converter_class=_Payloads, payload_codec=Compression())
"""For every client, worker and replayer."""
