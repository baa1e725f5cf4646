"""Stories about money: a contract that changes, what is kept back, what comes back."""

from datetime import date

from domain.candidates import Candidate
from domain.clearance import HandOverSite
from domain.contract import AmendContract, Guarantee, RecordGuarantee, WaiveAdvanceCeiling
from domain.disbursement import ApproveEstimate, RecordReturn, ReleaseRetention, RequestPayment
from domain.programme_forms import (
    Commune,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
    SelectCommunes,
)
from domain.project import RemindOverdue
from domain.recognition import RecogniseCommune, RecordRecognitionStage, Stage
from domain.streams import programme_stream
from domain.values import SYSTEM, Act, Extent, PaymentKind, Vnd
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CHAIR,
    CHARTER,
    CITY_CHAIR,
    CLEARANCE,
    INVESTOR,
    PROGRAMME,
    PROJECT,
    RELEASE,
    ROAD,
    SCHOOL,
    TO_CONTRACT,
    TO_LAND,
    TO_SUPPORT_PLAN,
    TREASURY,
    UNITS,
    USE,
    Asked,
    act,
    at,
    build,
    pay,
    payment,
    request,
)

BILLION = 1_000_000_000
ROUTE = programme_stream(PROGRAMME)
WATCHED_TO = date(2025, 12, 31)


def amend(day: str, *, worth: int | None = None, completes_on: date | None = None) -> Asked:
    command = AmendContract(
        reason="a longer road", worth=None if worth is None else Vnd(worth),
        completes_on=completes_on,
    )  # fmt: skip
    return PROJECT, command, act(INVESTOR, day)


def guarantee(day: str, amount: int, valid_to: date) -> Asked:
    held = Guarantee(amount=Vnd(amount), valid_to=valid_to)
    return PROJECT, RecordGuarantee(guarantee=held), act(INVESTOR, day)


def waive(day: str, ceiling: int) -> Asked:
    return PROJECT, WaiveAdvanceCeiling(ceiling=Vnd(ceiling)), act(CHAIR, day)


def remind(day: str) -> Asked:
    """The clock asks at midnight, when the day before has ended."""
    return PROJECT, RemindOverdue(), Act(by=SYSTEM, at=at(day, "00:00"))


def estimate(item: str, amount: int, day: str) -> Asked:
    return PROJECT, ApproveEstimate(item=item, amount=Vnd(amount)), act(CHAIR, day)


def other(  # one argument per field of the claim
    number: int, kind: PaymentKind, worth: int, day: str, *, item: str = "QLDA", recovers: int = 0
) -> Asked:
    command = RequestPayment(
        payment=payment(number),
        payment_kind=kind,
        worth=Vnd(worth),
        recovers=Vnd(recovers),
        item=item,
    )
    return PROJECT, command, act(INVESTOR, day)


def of_road(number: int, kind: PaymentKind, worth: int, day: str, *, recovers: int = 0) -> Asked:
    """Money for the households of the road."""
    command = RequestPayment(
        payment=payment(number),
        payment_kind=kind,
        worth=Vnd(worth),
        recovers=Vnd(recovers),
        section=ROAD,
    )
    return PROJECT, command, act(INVESTOR, day)


def returned(number: int, amount: int, day: str) -> Asked:
    command = RecordReturn(payment=payment(number), amount=Vnd(amount), reason="not needed")
    return PROJECT, command, act(TREASURY, day)


FULL: Asked = (CLEARANCE, HandOverSite(extent=Extent.FULL), act(BOARD, "2024-03-05"))
CONTRACTED: tuple[Asked, ...] = (
    *TO_CONTRACT,
    *TO_SUPPORT_PLAN[len(TO_CONTRACT) :],
    amend("2024-03-01", worth=11 * BILLION, completes_on=date(2024, 12, 20)),
    waive("2024-03-01", 4 * BILLION),
    guarantee("2024-03-01", 4 * BILLION, WATCHED_TO),
    request(1, PaymentKind.ADVANCE, 3 * BILLION, "2024-03-04"),
    *pay(1, "2024-03-05"),
    remind("2025-12-02"),
)
TO_USE: tuple[Asked, ...] = (
    *TO_LAND,
    FULL,
    *build(ROAD, 1 * BILLION, "2024-05-02"),
    *build(SCHOOL, 1 * BILLION, "2024-06-03"),
    request(1, PaymentKind.VOLUME, 1_900_000_000, "2024-06-05"),
    *pay(1, "2024-06-06"),
    USE,
)
KEPT_BACK: tuple[Asked, ...] = (
    *TO_USE,
    estimate("QLDA", 500_000_000, "2024-10-01"),
    request(2, PaymentKind.RETENTION, 100_000_000, "2024-10-03"),
    *pay(2, "2024-10-04"),
    (PROJECT, ReleaseRetention(), act(INVESTOR, "2025-10-02")),
)
RETURNED: tuple[Asked, ...] = (returned(1, 1_000_000, "2025-10-03"),)
RECOGNISED: tuple[Asked, ...] = (
    *TO_USE,
    RELEASE,
    (
        ROUTE,
        RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=1),
        act(AGRICULTURE, "2024-01-02"),
    ),
    (
        ROUTE,
        RegisterCohort(
            cohort=CHARTER.cohort,
            year=2024,
            size=1,
            communes=(
                Commune(
                    commune=CHARTER.commune, name="Xã", district=UNITS.district, synthetic=True
                ),
            ),
        ),
        act(AGRICULTURE, "2024-01-02"),
    ),
    (
        ROUTE,
        ProposeCandidates(
            cohort=CHARTER.cohort,
            candidates=(
                Candidate(commune=CHARTER.commune, cost=Vnd(1), measures=(), synthetic=True),
            ),
        ),
        act(AGRICULTURE, "2024-01-02"),
    ),
    (
        ROUTE,
        SelectCommunes(cohort=CHARTER.cohort, ceiling=Vnd(1), chosen=(CHARTER.commune,)),
        act(CITY_CHAIR, "2024-01-03"),
    ),
    *(
        (ROUTE, RecordRecognitionStage(commune=CHARTER.commune, stage=stage), act(AGRICULTURE, day))
        for stage, day in (
            (Stage.SELF_ASSESSED, "2024-10-03"),
            (Stage.VERIFIED, "2024-10-10"),
            (Stage.APPRAISED, "2024-11-01"),
        )
    ),
    (
        ROUTE,
        RecogniseCommune(commune=CHARTER.commune, projects=(CHARTER.project,)),
        act(CITY_CHAIR, "2024-12-02"),
    ),
)
