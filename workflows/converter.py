"""Our values as Temporal payloads."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

from workflows.encryption import LABEL, Encryption, Keyring


class Label(str):
    """Summaries and details: what operators read in the Web UI without a key.

    It stands in Temporal's database as it is, and so never holds what people typed freely, nor a
    household's code.
    """

    __slots__ = ()


@cache
def adapter(hint: type) -> TypeAdapter[Any]:
    """How values of a type are read; built once for the whole process."""
    return TypeAdapter(hint)


class _Json(PydanticJSONPlainPayloadConverter):
    """The SDK's own converter, with adapters shared by the whole process.

    The SDK makes a converter for every workflow instance, and building the adapters of all our
    commands and events takes some 70 ms each time.
    """

    def to_payload(self, value: Any) -> Payload | None:  # noqa: ANN401  # as the SDK declares it
        payload = super().to_payload(value)
        if payload is not None and isinstance(value, Label):
            payload.metadata[LABEL] = b"true"
        return payload

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:  # noqa: ANN401  # as the SDK declares it
        return adapter(type_hint or object).validate_json(payload.data)


class _Payloads(CompositePayloadConverter):
    def __init__(self) -> None:
        rest = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(
            *(_Json() if isinstance(one, JSONPlainPayloadConverter) else one for one in rest)
        )


def data_converter(keyring: Keyring) -> DataConverter:
    """For every client, worker and replayer.

    What failures say is encrypted too: a refusal may name a household's case.
    """
    return DataConverter(
        payload_converter_class=_Payloads,
        payload_codec=Encryption(keyring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
