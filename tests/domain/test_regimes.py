"""One project across three decrees, and the turn of the year: days and đồng counted by hand."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import domain
from domain.alarms import alarm
from domain.capital import AllocateCapital
from domain.construction import AcceptWorks, StartWorks
from domain.disbursement import RequestPayment
from domain.inbox import waits
from domain.payment import CheckPayment, ConfirmPaid
from domain.positions import Allocation
from domain.project import Registered
from domain.refusal import Rule
from domain.retention import kept_back
from domain.streams import capital_stream, payment_stream
from domain.values import PaymentKind, Vnd
from domain.waits import Task
from tests.domain.money import TO_USE, guarantee, of_road, waive
from tests.domain.story import (
    CHARTER,
    CITY_CHAIR,
    FINANCE,
    INVESTOR,
    POLICY,
    PROGRAMME,
    PROJECT,
    SCHOOL,
    TO_CONTRACT,
    TO_SUPPORT_PLAN,
    TREASURY,
    Asked,
    act,
    payment,
    refused,
    request,
    told,
)

MILLION, BILLION = 1_000_000, 1_000_000_000
ADVANCE, VOLUME = PaymentKind.ADVANCE, PaymentKind.VOLUME
FOR_HOUSEHOLDS = PaymentKind.COMPENSATION_ADVANCE


def of_year(asked: Asked, year: int) -> Asked:
    stream, command, by = asked
    assert isinstance(command, RequestPayment)
    return stream, replace(command, budget_year=year), by


def accept(volume: int, day: str) -> Asked:
    command = AcceptWorks(section=SCHOOL, volume=Vnd(volume), complete=False)
    return PROJECT, command, act(INVESTOR, day)


def check(number: int, day: str) -> Asked:
    return payment_stream(payment(number)), CheckPayment(), act(FINANCE, day)


def confirm(number: int, day: str) -> Asked:
    return payment_stream(payment(number)), ConfirmPaid(), act(TREASURY, day)


def allocate(year: int, amount: int) -> Asked:
    line = Allocation(
        project=CHARTER.project, commune=CHARTER.commune, cohort=CHARTER.cohort,
        amount=Vnd(amount), synthetic=True,
    )  # fmt: skip
    command = AllocateCapital(programme=PROGRAMME, year=year, lines=(line,))
    return capital_stream(PROGRAMME, year), command, act(CITY_CHAIR, f"{year}-01-05")


# The turn of 2024: five billion of the year's plan


STARTED = (*TO_SUPPORT_PLAN, (PROJECT, StartWorks(section=SCHOOL), act(INVESTOR, "2024-03-04")))
ACCEPTED_IN_TIME = (*STARTED, accept(1 * BILLION, "2024-12-31"), accept(1 * BILLION, "2025-01-02"))


@pytest.mark.parametrize(
    ("given", "last", "rule"),
    [
        # An advance asked for, checked and paid on 31 December; and paid on 1 January.
        ((request(1, ADVANCE, BILLION, "2024-12-31"), check(1, "2024-12-31")), "2024-12-31", None),
        (
            (request(1, ADVANCE, BILLION, "2024-12-31"), check(1, "2024-12-31")),
            "2025-01-01",
            "capital_expired",
        ),
        # Compensation may be advanced to 31 January.
        (
            (
                of_year(of_road(1, FOR_HOUSEHOLDS, 50 * MILLION, "2025-01-31"), 2024),
                check(1, "2025-01-31"),
            ),
            "2025-01-31",
            None,
        ),
        (
            (
                of_year(of_road(1, FOR_HOUSEHOLDS, 50 * MILLION, "2025-01-31"), 2024),
                check(1, "2025-01-31"),
            ),
            "2025-02-01",
            "capital_expired",
        ),
    ],
    ids=[
        "an advance on 31 December",
        "an advance on 1 January",
        "a compensation advance on 31 January",
        "a compensation advance on 1 February",
    ],
)
def test_money_is_advanced_until(given: tuple[Asked, ...], last: str, rule: Rule | None) -> None:
    world = told(*given, given=told(*STARTED))

    if rule is None:
        assert told(confirm(1, last), given=world)
    else:
        with refused(rule):
            told(confirm(1, last), given=world)


def test_of_last_years_plan_is_paid_until_31_january_what_was_accepted_by_31_december() -> None:
    """One billion accepted on 31 December, one more on 2 January; five per cent is kept back."""
    world = told(*ACCEPTED_IN_TIME)

    with refused("volume_ceiling"):
        told(of_year(request(1, VOLUME, 950 * MILLION + 1, "2025-01-20"), 2024), given=world)
    asked = of_year(request(1, VOLUME, 950 * MILLION, "2025-01-20"), 2024)
    checked = told(asked, check(1, "2025-01-21"), given=world)

    assert told(confirm(1, "2025-01-31"), given=checked)
    with refused("capital_expired") as refusal:
        told(confirm(1, "2025-02-01"), given=checked)
    assert "2025-01-31" in refusal.value.because
    assert "Luật 58/2024/QH15 Art. 72" in refusal.value.because


def test_what_finance_checks_too_late_is_refused_and_what_was_held_is_free() -> None:
    late = told(
        of_year(request(1, VOLUME, 950 * MILLION, "2025-01-20"), 2024),
        given=told(*ACCEPTED_IN_TIME),
    )

    with refused("capital_ceiling"):
        told(check(1, "2025-02-03"), given=late)


# The same refusal under each decree names the article of its day


DAY = "2024-03-04"
REFUSALS: Mapping[str, tuple[Asked, Rule, Mapping[str, str]]] = {
    "advances beyond thirty per cent": (
        request(1, ADVANCE, 3 * BILLION + 1, DAY),
        "advance_ceiling",
        {
            "2025-09-25": "NĐ 99/2021/NĐ-CP Art. 10",
            "2025-09-26": "NĐ 254/2025/NĐ-CP Art. 9.3",
            "2026-07-01": "NĐ 210/2026/NĐ-CP Art. 12.3g",
        },
    ),
    "volume that was not accepted": (
        request(1, VOLUME, 1, DAY),
        "volume_ceiling",
        {
            "2025-09-25": "NĐ 99/2021/NĐ-CP",
            "2025-09-26": "NĐ 254/2025/NĐ-CP Art. 10.1",
            "2026-07-01": "NĐ 254/2025/NĐ-CP Art. 10.1",
        },
    ),
    "more than the total investment": (
        request(1, VOLUME, 12 * BILLION + 1, DAY),
        "investment_ceiling",
        {"2025-09-25": "NĐ 99/2021/NĐ-CP", "2025-09-26": "NĐ 254/2025/NĐ-CP Art. 6.4"},
    ),
    "compensation beyond the plan": (
        of_road(1, PaymentKind.COMPENSATION, 100 * MILLION + 1, DAY),
        "contract_ceiling",
        {"2025-09-25": "NĐ 99/2021/NĐ-CP", "2025-09-26": "NĐ 254/2025/NĐ-CP Art. 6.6"},
    ),
    "a final payment before the settlement": (
        request(1, PaymentKind.FINAL, 1, DAY),
        "out_of_turn",
        {
            "2025-09-25": "NĐ 99/2021/NĐ-CP",
            "2025-09-26": "NĐ 254/2025/NĐ-CP Art. 30",
            "2026-07-01": "NĐ 193/2026/NĐ-CP Art. 28.1d",
        },
    ),
}
CASES = [(what, day) for what, (_, _, sources) in REFUSALS.items() for day in sources]


@pytest.mark.parametrize(("what", "day"), CASES)
def test_a_refusal_names_the_law_of_its_day(what: str, day: str) -> None:
    (stream, command, _), rule, sources = REFUSALS[what]

    with refused(rule) as refusal:
        told((stream, command, act(INVESTOR, day)), given=told(*STARTED))

    assert f"({sources[day]})" in refusal.value.because


def test_an_advance_without_land_or_plan_names_the_law_of_its_day() -> None:
    for day, source in (
        ("2025-09-25", "NĐ 99/2021/NĐ-CP Art. 10"),
        ("2025-09-26", "NĐ 254/2025/NĐ-CP Art. 9.1a"),
    ):
        with refused("not_cleared") as refusal:
            told(
                (PROJECT, request(1, ADVANCE, 1, day)[1], act(INVESTOR, day)),
                given=told(*TO_CONTRACT),
            )
        assert f"({source})" in refusal.value.because


def test_a_project_runs_across_three_decrees() -> None:
    """The guarantee was waived nowhere, the ceiling once; each year pays out of its own plan."""
    told(
        *STARTED,
        guarantee("2024-03-05", 4 * BILLION, date(2027, 12, 31)),
        request(1, ADVANCE, 3 * BILLION, "2024-03-06"),
        check(1, "2024-03-07"),
        confirm(1, "2024-03-08"),
        # Under the decree of 2025 the treasury has a day for an advance, two for the rest.
        allocate(2025, 3 * BILLION),
        accept(2 * BILLION, "2025-09-25"),
        waive("2025-09-26", 3_500 * MILLION),
        request(2, ADVANCE, 500 * MILLION, "2025-09-26"),
        check(2, "2025-09-29"),
        confirm(2, "2025-09-30"),
        # Under that of 2026 the advance is still recovered by eighty per cent.
        allocate(2026, 5 * BILLION),
        accept(7 * BILLION, "2026-07-01"),
        request(3, VOLUME, 8 * BILLION, "2026-07-02", recovers=3_500 * MILLION),
        check(3, "2026-07-03"),
        confirm(3, "2026-07-06"),
    )


def test_a_case_that_pinned_older_law_is_not_asked_for_what_it_does_not_say() -> None:
    """No warranty, no limits after the settlement: nothing is kept back, and no clock rings."""
    new = ("accounts.", "advance.", "guarantee.", "overpaid.", "retention.w", "settlement.prepare")
    old = replace(
        POLICY,
        limits=tuple(row for row in POLICY.limits if not row.rule.startswith(new)),
        articles=(),
    )
    state = told(*TO_USE)[PROJECT]
    assert isinstance(state, Registered)

    assert alarm(state, old) is None
    assert kept_back(state.ledger, state.building, old, date(2024, 12, 10)) == 0
    assert kept_back(state.ledger, state.building, POLICY, date(2024, 12, 10)) == 100 * MILLION
    (wait,) = waits(state, old)
    assert (wait.task, wait.due) == (Task.SUBMIT_DOSSIER, None)


CITED = sorted(
    {
        rule
        for path in Path(domain.__path__[0]).glob("*.py")
        for rule in re.findall(r"""cite\(\s*["']([a-z.-]+)["']""", path.read_text("utf-8"))
    }
)


@pytest.mark.parametrize("day", [date(2024, 5, 1), date(2025, 9, 26), date(2026, 7, 1)])
@pytest.mark.parametrize("rule", CITED)
def test_whatever_a_refusal_cites_the_law_of_every_decree_has(rule: str, day: date) -> None:
    assert POLICY.source(rule, day)


def test_no_refusal_names_an_article_by_itself() -> None:
    """Docstrings may; what people are told comes from a row of the law."""
    for path in Path(domain.__path__[0]).glob("*.py"):
        code = re.sub(r'""".*?"""', "", path.read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r'"[^"\n]*\(Art\. [^"\n]*"', code) == [], path.name
