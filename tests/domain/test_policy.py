"""Law as rows: what is in force on a day."""

from dataclasses import replace
from datetime import date

import pytest

from domain.calendar import end_of
from domain.law import Authority, Limit, Ownership, Rung, Step
from domain.policy import Policy, Subject
from domain.values import Cause, DossierKind, Level, Post, Role, UnitCode, Vnd
from tests.domain.story import (
    BOARD,
    CHAIR,
    CITY_CHAIR,
    COUNCIL,
    INVESTOR,
    OFFICER,
    POLICY,
    POWER_COMPANY,
    UNITS,
    at,
    refused,
)

SMALL = Vnd(6_000_000_000)
SUBJECT = Subject(units=UNITS)


@pytest.mark.parametrize(
    ("rule", "since", "last"),
    [
        ("project.appraise", "2024-01-10", date(2024, 2, 15)),
        ("project.appraise", "2026-06-30", date(2026, 7, 30)),
        ("project.appraise", "2026-07-01", date(2026, 7, 17)),
        ("settlement.verify", "2026-06-30", date(2026, 10, 30)),
        ("settlement.verify", "2026-07-01", date(2026, 9, 3)),
        ("settlement.approve", "2026-06-30", date(2026, 7, 15)),
        ("settlement.approve", "2026-07-01", date(2026, 7, 8)),
        ("treasury.advance", "2025-09-25", date(2025, 9, 30)),
        ("treasury.advance", "2025-09-26", date(2025, 9, 29)),
        ("treasury.payment", "2025-09-26", date(2025, 9, 30)),
    ],
)
def test_a_limit_is_the_one_in_force_when_it_starts_to_run(
    rule: str, since: str, last: date
) -> None:
    due = POLICY.due(rule, at(since))

    assert due.at == end_of(last)
    assert (due.rule, due.calendar) == (rule, POLICY.calendar.version)


def test_the_council_decided_investment_policies_until_2024_and_the_chair_since() -> None:
    def deciders(on: date) -> list[tuple[str, str]]:
        chain = POLICY.chain(DossierKind.INVESTMENT_POLICY, on, SMALL, SUBJECT)
        return [(step.key, str(Post(role=step.role, unit=UNITS.at(step.level)))) for step in chain]

    assert deciders(date(2024, 12, 31)) == [
        ("appraise", "planning@hai-phong"),
        ("decide", str(COUNCIL)),
    ]
    assert deciders(date(2025, 1, 1)) == [
        ("appraise", "planning@hai-phong"),
        ("decide", str(CITY_CHAIR)),
    ]


def test_a_body_decides_policies_and_a_person_decides_projects() -> None:
    def mode(dossier: DossierKind) -> str:
        return POLICY.chain(dossier, date(2024, 4, 1), SMALL, SUBJECT)[-1].mode

    assert mode(DossierKind.INVESTMENT_POLICY) == "collective"
    assert mode(DossierKind.PROJECT) == "individual"


@pytest.mark.parametrize(
    ("cause", "owner"),
    [
        (Cause.LAND_VALUE_HIGH, OFFICER),
        (Cause.DONATED_AREA_LARGE, OFFICER),
        (Cause.REMAINDER_TOO_SMALL, CHAIR),
        (Cause.LAND_ORIGIN_UNCLEAR, OFFICER),
        (Cause.STRUCTURE_PLAN_MISSING, BOARD),
        (Cause.POWER_LINE_LV, POWER_COMPANY),
        (Cause.POWER_LINE_MV, POWER_COMPANY),
        (Cause.NO_RELOCATION_FUNDING, CITY_CHAIR),
    ],
)
def test_an_obstacle_is_owned_by(cause: Cause, owner: Post) -> None:
    assert POLICY.owner(cause, UNITS, date(2024, 4, 1)) == owner


def test_the_ladder_rises_from_the_board_to_the_chair_of_the_city() -> None:
    rungs = POLICY.rungs(date(2024, 4, 1), UNITS)

    posts = [Post(role=rung.addressee_role, unit=UNITS.at(rung.addressee_level)) for rung in rungs]
    assert [rung.after_working_days for rung in rungs] == [15, 20, 25, 30, 40]
    assert posts == [BOARD, INVESTOR, CHAIR, CITY_CHAIR, CITY_CHAIR]


def test_a_share_is_cut_to_the_whole_dong() -> None:
    assert POLICY.share("retention.min", date(2024, 4, 1), 99) == Vnd(4)


def test_only_what_was_read_in_the_law_is_called_verified() -> None:
    rows: list[Limit | Authority | Ownership | Rung | Step] = []
    rows += POLICY.chains
    rows += POLICY.limits
    rows += POLICY.authorities
    rows += POLICY.owners
    rows += POLICY.ladder
    defaults = [row for row in rows if row.source.startswith("project default")]

    assert defaults
    assert not any(row.verified for row in defaults)


def test_a_limit_nobody_knows_is_refused() -> None:
    with refused("no_authority_rule"):
        POLICY.due("tea.break", at("2024-01-10"))


def test_a_limit_before_its_law_is_refused() -> None:
    with refused("no_authority_rule"):
        POLICY.due("treasury.payment", at("2021-12-31"))


def test_two_rows_in_force_are_refused_rather_than_chosen_from() -> None:
    twice = replace(POLICY, figures=(*POLICY.figures, *POLICY.figures))

    with refused("no_authority_rule"):
        twice.figure("retention.min", date(2024, 4, 1))


def keys(chain: tuple[Step, ...]) -> list[str]:
    return [f"{step.key} {step.role}@{step.level}" for step in chain]


def test_a_commune_decides_what_its_own_budget_pays_for_since_july_2025() -> None:
    commune = replace(SUBJECT, budget=Level.COMMUNE)

    def decided(day: date) -> str:
        return keys(POLICY.chain(DossierKind.PROJECT, day, SMALL, commune))[-1]

    assert decided(date(2025, 6, 30)) == "approve chair@district"
    assert decided(date(2025, 7, 1)) == "approve chair@commune"


def test_a_council_appraises_what_is_larger_than_group_c() -> None:
    def appraised(amount: int, on: date) -> int:
        kind = DossierKind.INVESTMENT_POLICY
        return 1 + len(POLICY.chain(kind, on, Vnd(amount), SUBJECT)[0].members)

    old, new = date(2024, 12, 31), date(2025, 1, 1)
    assert [appraised(119_999_999_999, old), appraised(120_000_000_000, old)] == [1, 4]
    assert [appraised(239_999_999_999, new), appraised(240_000_000_000, new)] == [1, 4]


def test_the_nearest_rows_are_the_chain_and_no_two_are_mixed() -> None:
    general = POLICY.chain(DossierKind.PROJECT, date(2024, 4, 1), SMALL, SUBJECT)
    schools = replace(general[0], key="schools", works=("school",))
    here = replace(general[0], key="here", unit=UNITS.district)
    policy = replace(POLICY, chains=(*general, schools, here))

    def chain(subject: Subject, law: Policy = policy) -> list[str]:
        steps = law.chain(DossierKind.PROJECT, date(2024, 4, 1), SMALL, subject)
        return [step.key for step in steps]

    elsewhere = replace(UNITS, district=UnitCode("kien-thuy"))
    assert chain(Subject(units=UNITS, works=("school",))) == ["here"]
    assert chain(Subject(units=elsewhere, works=("school",))) == ["schools"]
    assert chain(Subject(units=elsewhere, works=("road", "school"))) == ["appraise", "approve"]
    assert chain(Subject(units=elsewhere)) == ["appraise", "approve"]
    commune = replace(here, key="commune", unit=UNITS.commune)
    with refused("no_authority_rule"):
        chain(SUBJECT, replace(policy, chains=(here, commune)))


def test_a_dossier_without_a_chain_is_refused() -> None:
    lawless: Policy = replace(POLICY, chains=())

    with refused("no_authority_rule"):
        lawless.chain(DossierKind.PROJECT, date(2024, 4, 1), SMALL, SUBJECT)


def test_a_command_the_law_is_silent_on_has_no_authority() -> None:
    assert POLICY.authorities_for("StartWar", date(2024, 4, 1)) == ()
    assert [row.role for row in POLICY.authorities_for("RecordObstacle", date(2024, 4, 1))] == [
        Role.OFFICER,
        Role.INVESTOR,
        Role.CLEARANCE_BOARD,
    ]
