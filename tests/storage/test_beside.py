"""Decisions and pinned law stand beside the log; what is altered there is found by an audit too."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from domain.payment import CheckPayment, ConfirmPaid
from domain.streams import payment_stream
from domain.values import PaymentKind
from storage import codec, tables
from storage.record import Record
from tests.conftest import envelope, tell
from tests.domain.story import FINANCE, TO_SUPPORT_PLAN, act, payment, request
from tests.storage.test_audit import alter, verified

ADVANCE = request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-02-27")


@pytest.fixture
def told(record: Record, engine: Engine) -> Engine:
    tell(record, *TO_SUPPORT_PLAN)
    return engine


def wrongs(engine: Engine) -> list[tuple[str, str]]:
    return [(one.wrong, one.detail) for one in verified(engine).breaks]


def test_an_answer_that_was_turned_round_is_found(told: Engine) -> None:
    with told.connect() as connection:
        some = connection.execute(select(tables.decisions.c.decision_id).limit(1)).scalar_one()

    alter(
        told,
        "UPDATE decisions SET refused_as = 'authority', refused_because = 'no'"
        f" WHERE decision_id = '{some}'",
    )

    assert wrongs(told) == [("told", some)]


def test_a_law_rewritten_under_its_name_is_found(told: Engine) -> None:
    with told.begin() as connection:
        (version,) = connection.execute(select(tables.policies.c.version)).scalars()
        body = connection.execute(select(tables.policies.c.body)).scalar_one()
        other = body.replace('"count":20', '"count":90')
        assert other != body
        connection.execute(tables.policies.update().values(body=other))

    assert wrongs(told) == [("law", version)]


def test_a_law_that_a_case_pinned_and_that_is_gone_is_found(told: Engine) -> None:
    with told.begin() as connection:
        (version,) = connection.execute(select(tables.policies.c.version)).scalars()
        connection.execute(tables.policies.delete())

    assert wrongs(told) == [("law", version)]


def test_what_tells_two_decisions_apart_is_what_they_say() -> None:
    by = act(FINANCE, "2024-03-01")
    stream = payment_stream(payment(1))
    check = envelope((stream, CheckPayment(), by), "one")
    paid = envelope((stream, ConfirmPaid(), by), "one")

    assert codec.envelope_hash(check) != codec.envelope_hash(paid)
    assert codec.envelope_hash(check) == codec.envelope_hash(replace(check))


def test_a_command_that_learns_to_say_more_is_still_known_when_it_is_repeated() -> None:
    """Its hash stands in databases: whoever changes this loses the answer to old decisions."""
    found = codec.envelope_hash(envelope(ADVANCE, "advance"))

    assert found.hex() == "50dc54cad7fa9b8dc6a1131a26670c0630a1356836ddac9213693c574afed2a7"
