"""The chain: one form of every record, and a hash that everything goes into."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain import chain
from domain.calendar import HANOI

RECORD: dict[str, Any] = {
    "stream": "project/A",
    "version": 1,
    "decision_id": "d-1",
    "kind": "Signed",
    "schema_version": 1,
    "body": {"b": 1, "a": ["đ", None, True]},
    "act": {"by": "x"},
    "occurred_at": "2024-01-02T03:04:05.000000Z",
}


def test_a_record_is_written_in_one_form() -> None:
    assert chain.record(**RECORD).decode() == (
        '{"act":{"by":"x"},"body":{"a":["đ",null,true],"b":1},"decision_id":"d-1","kind":"Signed",'
        '"occurred_at":"2024-01-02T03:04:05.000000Z","schema_version":1,"stream":"project/A",'
        '"version":1}'
    )


def test_the_first_hash_of_a_stream_is_this_one() -> None:
    # A golden value: another form would break every chain that was ever written.
    assert chain.chained(chain.ORIGIN, chain.record(**RECORD)).hex() == (
        "d47b46ffa2ee520630e88dcbcb7b4e66d3fd4a60482cbdb9ffa65f6d53cb05f4"
    )


@pytest.mark.parametrize("column", RECORD)
def test_every_column_goes_into_the_hash(column: str) -> None:
    other = 2 if isinstance(RECORD[column], int) else "other"

    changed = chain.record(**{**RECORD, column: other})

    assert chain.chained(chain.ORIGIN, changed) != chain.chained(
        chain.ORIGIN, chain.record(**RECORD)
    )


def test_a_hash_is_of_what_stands_before_too() -> None:
    written = chain.record(**RECORD)

    assert chain.chained(chain.ORIGIN, written) != chain.chained(bytes([1]) * 32, written)


@pytest.mark.parametrize("strange", [1.0, float("nan"), [1.5], {"a": {"b": [0.1]}}, {1: "a"}])
def test_what_has_more_than_one_form_is_refused(strange: object) -> None:
    with pytest.raises(ValueError, match=r"whole|key"):
        chain.canonical(strange)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        chain.canonical("\ud800")


def test_a_moment_is_the_same_in_every_zone() -> None:
    noon = datetime(2024, 1, 2, 12, tzinfo=HANOI)

    assert chain.moment(noon) == chain.moment(noon.astimezone(UTC)) == "2024-01-02T05:00:00.000000Z"
    assert chain.moment(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00.000000Z"
