"""The database's own count of capital: it agrees with the fold, and stops what must not be."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from chaos import spend
from chaos.cases import YEARS_CAPITAL
from domain.capital import CapitalReserved
from domain.ceilings import SetCeilings
from domain.policy import Policy
from domain.positions import Allocation, Ceiling
from domain.recording import Accepted, Ask, Batch, Denied
from domain.replanning import AddCapital, AdjustCapital, CarryOver, CarryOverCapital, Cut, Ground
from domain.streams import Fact
from domain.values import CommuneId, PaymentId, PaymentKind, ProjectId, Vnd
from storage import log, tables
from storage.rebuild import differences, rebuild
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import (
    ALLOCATE,
    CAPITAL,
    CHARTER,
    CITY_CHAIR,
    COUNCIL,
    PROGRAMME,
    REGISTER,
    TO_SUPPORT_PLAN,
    Asked,
    act,
    pay,
    request,
)
from tests.storage.test_roles import Login, login, refused

__all__ = ["login"]

OTHER = ProjectId("AD02-GT")
FIRST = CommuneId("AD01")


def line(project: ProjectId, amount: int) -> Allocation:
    return Allocation(
        project=project,
        commune=CommuneId(project[:4]),
        cohort=CHARTER.cohort,
        amount=Vnd(amount),
        synthetic=True,
    )


def quiet(_done: int, _of: int) -> None:
    """Nobody watches."""


def counted(engine: Engine) -> dict[str, Any]:
    """The table: allocated, reserved, disbursed, expired, and the ceiling where there is one."""
    table = tables.ceilings.c
    with engine.connect() as connection:
        rows = connection.execute(select(tables.ceilings).order_by(table.tier, table.name))
        return {
            f"{row.tier} {row.name}": (
                (row.allocated, row.reserved, row.disbursed, row.expired), row.ceiling,
            )
            for row in rows
        }  # fmt: skip


def the_year() -> tuple[Asked, ...]:
    """A plan that is bounded, given, added to, moved, paid from, carried over."""
    whole = tuple(
        Ceiling(amount=Vnd(amount), cohort=cohort, commune=commune)
        for amount, cohort, commune in (
            (9_000_000_000, None, None),
            (8_000_000_000, CHARTER.cohort, None),
            (6_000_000_000, CHARTER.cohort, FIRST),
        )
    )
    kept = CarryOver(
        project=CHARTER.project, amount=Vnd(300_000_000), ground=Ground.CLEARANCE_PROJECT
    )
    cut = Cut(project=CHARTER.project, amount=Vnd(500_000_000))
    chair = act(CITY_CHAIR, "2024-06-03")
    return (
        (
            CAPITAL,
            SetCeilings(programme=PROGRAMME, year=2024, ceilings=whole),
            act(COUNCIL, "2024-01-02"),
        ),
        *TO_SUPPORT_PLAN,
        request(1, PaymentKind.ADVANCE, 400_000_000, "2024-03-01"),
        request(2, PaymentKind.ADVANCE, 100_000_000, "2024-03-01"),
        *pay(1, "2024-03-04"),
        pay(2, "2024-03-04")[0],
        (CAPITAL, AddCapital(lines=(line(OTHER, 1_000_000_000),)), chair),
        (CAPITAL, AdjustCapital(cuts=(cut,), raises=(line(OTHER, 500_000_000),)), chair),
        (CAPITAL, CarryOverCapital(lines=(kept,)), act(COUNCIL, "2024-12-30")),
    )


def test_the_count_is_what_the_fold_says_live_and_counted_again(
    record: Record, engine: Engine, policy: Policy
) -> None:
    # when
    tell(record, *the_year())

    # then
    mine = (4_500_000_000, 100_000_000, 400_000_000, 0)
    all_of_it = (6_000_000_000, 100_000_000, 400_000_000, 0)
    live = counted(engine)
    assert live == {
        "cohort 2024": (all_of_it, 8_000_000_000),
        "commune 2024/AD01": (mine, 6_000_000_000),
        "commune 2024/AD02": ((1_500_000_000, 0, 0, 0), None),
        "project AD01-GT": (mine, None),
        "project AD02-GT": ((1_500_000_000, 0, 0, 0), None),
        "year all": (all_of_it, 9_000_000_000),
    }
    assert differences(engine, policy, quiet) == ()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM ceilings"))
    rebuild(engine, policy, quiet)
    assert counted(engine) == live


def test_a_count_that_was_altered_is_named_and_put_right(
    record: Record, engine: Engine, policy: Policy
) -> None:
    tell(record, REGISTER, ALLOCATE)
    with engine.begin() as connection:
        raised = "UPDATE ceilings SET allocated = 9000000000 WHERE tier = 'project'"
        connection.execute(text(raised))

    (found,) = differences(engine, policy, quiet)

    assert (found.table, found.row) == ("ceilings", f"{CAPITAL} project AD01-GT")
    assert found.what == "allocated is 9000000000, should be 5000000000"
    rebuild(engine, policy, quiet)
    assert differences(engine, policy, quiet) == ()


def test_what_is_appended_past_all_rules_is_held_to_the_ceiling(
    record: Record, engine: Engine
) -> None:
    tell(record, REGISTER, ALLOCATE)
    event = CapitalReserved(
        payment=PaymentId("AD01-GT/1"), project=CHARTER.project, amount=Vnd(5_000_000_001)
    )
    rogue = Fact(stream=CAPITAL, version=2, decision_id="r", act=ALLOCATE[2], event=event)

    with (
        pytest.raises(log.Overdrawn, match="never more than allocated"),
        log.turn(engine) as connection,
    ):
        log.append(connection, (rogue,))

    assert record.fold(CAPITAL).version == 1


@pytest.mark.parametrize(
    ("event", "because"),
    [
        ('{"amount": 1, "project": "AD09-GT"}', "AD09-GT has no capital in"),
        ('{"amount": -1, "project": "AD01-GT"}', "never_below_nothing"),
        ('{"amount": 99999999999999999999, "project": "AD01-GT"}', "out of range"),
    ],
    ids=["a project without capital", "less than nothing", "more than can be counted"],
)
def test_no_sql_can_reserve(record: Record, engine: Engine, event: str, because: str) -> None:
    tell(record, REGISTER, ALLOCATE)
    insert = text(
        "INSERT INTO events SELECT position + 1, stream, version + 1, 'x', 'CapitalReserved',"
        " 1, CAST(:event AS jsonb), act, occurred_at, recorded_at, hash FROM events"
        " ORDER BY position DESC LIMIT 1"
    )

    with pytest.raises(Exception, match=because), engine.begin() as connection:
        connection.execute(insert, {"event": event})


@pytest.mark.parametrize(("kind", "form"), [("CapitalBurnt", 1), ("CapitalReserved", 2)])
def test_what_cannot_be_counted_is_not_appended(
    record: Record, engine: Engine, kind: str, form: int
) -> None:
    tell(record, REGISTER, ALLOCATE)
    insert = text(
        "INSERT INTO events SELECT position + 1, stream, version + 1, 'x', :kind, :form, body,"
        " act, occurred_at, recorded_at, hash FROM events ORDER BY position DESC LIMIT 1"
    )

    with pytest.raises(Exception, match="cannot be counted"), engine.begin() as connection:
        connection.execute(insert, {"kind": kind, "form": form})


def test_rules_that_forget_the_ceiling_are_refused_by_the_count_and_the_rest_is_recorded(
    record: Record, engine: Engine, policy: Policy
) -> None:
    # given: payments that ask for three times what there is
    checks = spend.found(record, 6)

    # when: the rules find capital for everything
    with spend.blind():
        answers = [spend.decide(record, check) for check in checks]

    # then
    assert answers == ["Accepted"] * 2 + ["capital_guard"] * 4
    assert spend.count(_url(engine), answers).overspent == ()
    assert differences(engine, policy, quiet) == ()


def test_of_a_batch_only_what_the_count_forbids_is_refused(record: Record) -> None:
    tell(record, REGISTER, ALLOCATE)
    by = act(CITY_CHAIR, "2024-06-03")
    bound = SetCeilings(
        programme=PROGRAMME, year=2024, ceilings=(Ceiling(amount=Vnd(6_000_000_000)),)
    )
    more = AddCapital(lines=(line(OTHER, 2_000_000_000),))
    less = AddCapital(lines=(line(OTHER, 1_000_000_000),))
    asks = tuple(
        Ask(envelope=envelope((CAPITAL, command, by)), keep_refusal=True)
        for command in (bound, more, less)
    )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("domain.ceilings.check", lambda _plan: None)
        done = record.decide(Batch(stream=CAPITAL, after=1, now=by.at, asks=asks))

    first, second, third = done.outcomes
    assert isinstance(first, Accepted)
    assert isinstance(second, Denied)
    assert second.rule == "capital_guard"
    assert "never above the ceiling" in second.because
    assert isinstance(third, Accepted)
    kinds = [fact.event.kind for fact in done.facts]
    assert kinds == ["CeilingsSet", "DecisionRefused", "CapitalAdded"]
    assert [fact.version for fact in done.facts] == [2, 3, 4]
    # Asked again, the refusal stands.
    assert hand_in(record, asks[1].envelope) == second


def test_not_even_the_recorder_may_write_the_count(
    login: Login, record: Record, engine: Engine
) -> None:
    tell(record, REGISTER, ALLOCATE)
    before = counted(engine)

    with login("recorder") as recorder:
        refused(
            recorder,
            "UPDATE ceilings SET allocated = 0",
            "DELETE FROM ceilings",
            "INSERT INTO ceilings SELECT * FROM ceilings",
            "DROP TRIGGER capital_is_counted ON events",
            "ALTER TABLE ceilings DROP CONSTRAINT never_more_than_allocated",
        )
        with recorder.begin() as connection:
            # It is counted from the log, whatever stands in somebody's own table of that name.
            connection.execute(text("CREATE TEMPORARY TABLE events (LIKE public.events)"))
            connection.execute(text("SELECT recount_capital()"))

    with login("reader") as reader:
        refused(reader, "SELECT recount_capital()")
    assert counted(engine) == before


# Everybody at once


def test_of_fifty_payments_checked_at_once_no_more_is_held_than_was_given(
    record: Record, engine: Engine, policy: Policy
) -> None:
    checks = spend.found(record, 50)
    gate = threading.Barrier(10)

    def share(nth: int) -> list[str]:
        gate.wait()
        return [spend.decide(record, check) for check in checks[nth::10]]

    with ThreadPoolExecutor(10) as pool:
        answers = [one for told in pool.map(share, range(10)) for one in told]

    spent = spend.count(_url(engine), answers)
    assert spent.answers == {"Accepted": 16, "capital_ceiling": 34}
    assert (spent.overspent, spent.unlike) == ((), 0)
    assert 0 <= YEARS_CAPITAL - spent.held < YEARS_CAPITAL // 16
    assert differences(engine, policy, quiet) == ()


def test_without_any_guard_the_overspending_is_seen(record: Record, engine: Engine) -> None:
    checks = spend.found(record, 6)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ceilings DROP CONSTRAINT never_more_than_allocated"))

    with spend.blind():
        answers = [spend.decide(record, check) for check in checks]

    assert answers == ["Accepted"] * 6
    (seen,) = spend.count(_url(engine), answers).overspent
    assert seen.endswith(": 1,500,000,000 of 1,000,000,000")


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)
