"""Many decisions tried on one snapshot: what each would do, with what those before it left."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from domain.capital import AllocateCapital
from domain.payment import CheckPayment, RefusePayment
from domain.policy import Policy
from domain.positions import Allocation
from domain.recording import Accepted, Denied
from domain.restore import STREAM, LostVersions, ReportRestore
from domain.streams import Envelope, payment_stream
from domain.values import SYSTEM, PaymentKind, StreamId, Vnd
from storage import queries
from storage.record import Record
from storage.rehearsal import Effect, rehearsal
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import (
    CAPITAL,
    CHARTER,
    CITY_CHAIR,
    FINANCE,
    OFFICER,
    PROGRAMME,
    TO_SUPPORT_PLAN,
    act,
    at,
    payment,
    request,
)

ASKED = Vnd(40_000_000)
ONE = payment_stream(payment(1))
TWO = payment_stream(payment(2))
REQUESTS = tuple(
    request(number, PaymentKind.COMPENSATION, ASKED, "2024-03-05") for number in (1, 2)
)


@pytest.fixture
def record(engine: Engine, policy: Policy) -> Record:
    """A project whose two requests are together more than the year's capital."""
    record = Record(engine, policy)
    line = Allocation(
        project=CHARTER.project, commune=CHARTER.commune, cohort=CHARTER.cohort,
        amount=Vnd(60_000_000), synthetic=True,
    )  # fmt: skip
    command = AllocateCapital(programme=PROGRAMME, year=2024, lines=(line,))
    story = [one for one in TO_SUPPORT_PLAN if one[0] != CAPITAL]
    tell(record, (CAPITAL, command, act(CITY_CHAIR, "2024-01-02")), *story, *REQUESTS)
    return record


def check(stream: StreamId) -> Envelope:
    return envelope((stream, CheckPayment(), act(FINANCE, "2024-03-06")), f"check {stream}")


def tried(record: Record, *wanted: Envelope) -> tuple[Effect, ...]:
    with rehearsal(record.engine, record.policy, at("2024-03-07")) as seen:
        return tuple(seen.play(one) for one in wanted)


def test_a_ceiling_is_used_up_by_what_was_tried_before(record: Record) -> None:
    first, second = tried(record, check(ONE), check(TWO))
    other_way, about = tried(record, check(TWO), check(ONE))

    assert first.left == ((CAPITAL, Vnd(20_000_000)),)
    assert first.events == ("PaymentChecked", "CapitalReserved")
    assert second.rule == "capital_ceiling"
    assert "20,000,000 of the year's capital is left" in second.because
    assert (other_way.rule, about.rule) == (None, "capital_ceiling")


def test_what_is_refused_leaves_nothing_behind(record: Record) -> None:
    refuse = envelope((ONE, RefusePayment(reason="late"), act(FINANCE, "2024-03-06")))

    too_much, freed, fits = tried(record, check(TWO), refuse, check(ONE))

    assert [too_much.rule, freed.rule, fits.rule] == [None, None, "out_of_turn"]


def test_nothing_of_a_rehearsal_is_kept(record: Record) -> None:
    before = queries.last_position(record.engine)
    tried(record, check(ONE), check(TWO))

    assert queries.last_position(record.engine) == before
    assert queries.waits_of(record.engine, ONE) == tried(record, check(ONE))[0].before


def outcomes(record: Record, *wanted: Envelope) -> Iterator[str | None]:
    for one in wanted:
        outcome = hand_in(record, one)
        yield outcome.rule if isinstance(outcome, Denied) else None


def test_what_is_foretold_is_what_the_record_answers(record: Record) -> None:
    ahead = envelope((ONE, CheckPayment(), act(FINANCE, "2025-03-06")))
    stranger = envelope((ONE, CheckPayment(), act(OFFICER, "2024-03-06")))
    wanted = (stranger, check(ONE), check(TWO), check(ONE))

    foretold = [effect.rule for effect in tried(record, *wanted)]
    late = tried(record, ahead)[0].rule

    assert foretold == ["authority", None, "capital_ceiling", "separation_of_duties"]
    assert late == "in_the_future"
    assert list(outcomes(record, *wanted[:3])) == foretold[:3]
    # The very decision that is on record is answered from there.
    assert isinstance(hand_in(record, check(ONE)), Accepted)


def test_of_a_record_that_was_restored_nothing_is_foretold_but_its_refusal(record: Record) -> None:
    report = ReportRestore(timeline=1, left=7, evidence=LostVersions(stream=ONE, seen=9, held=1))
    hand_in(record, envelope((STREAM, report, act(SYSTEM, "2024-03-06"))))

    assert [effect.rule for effect in tried(record, check(ONE))] == ["restored"]


def test_decisions_are_found_under_what_their_ids_begin_with(record: Record) -> None:
    for number, stream in enumerate((ONE, TWO)):
        asked = stream, CheckPayment(), act(FINANCE, "2024-03-06")
        hand_in(record, envelope(asked, f"b_1:{number}"))

    found = queries.decided_under(record.engine, "b_1:")

    assert list(found) == ["b_1:0"], "what was refused to who waited is not on record"
    assert (found["b_1:0"].stream, found["b_1:0"].by) == (ONE, str(FINANCE))
    assert queries.decided_under(record.engine, "bx1:") == {}
