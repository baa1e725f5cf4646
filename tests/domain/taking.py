"""Land the State has to take: three households that do not give theirs, told step by step."""

from domain.cases import CaseEntry, DepositGround, Inventoried, Route, SwitchCause
from domain.coercion import CarryOutCoercion, DecideCoercion, RecordCompliance
from domain.households import (
    ApproveSupportPlan,
    ConfirmOrigin,
    DepositSupport,
    DisputeOrigin,
    PostPlan,
    RecordInventory,
    RecordSupportPaid,
    RecordSupportRepaid,
    RegisterCases,
    SwitchRoute,
    TakeOverLand,
)
from domain.recovery import (
    BeginPersuasion,
    CompelInventory,
    DecideRecovery,
    HoldDialogue,
    HoldMeeting,
    IssueRecoveryNotice,
    RecordEarlyConsent,
)
from domain.streams import Command
from domain.values import CaseCode, Land, Post, Vnd
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    OFFICER,
    TO_CLEARANCE,
    Asked,
    act,
    codes,
)

ALL = codes("R1", "R2", "R3")


def held(code: str, land: Land, left: int) -> CaseEntry:
    return CaseEntry(
        code=CaseCode(code),
        area_before_m2=left + 50,
        area_given_m2=50,
        area_left_m2=left,
        origin_confirmed=True,
        land=land,
    )


def step(command: Command, by: Post, day: str) -> Asked:
    return CLEARANCE, command, act(by, day)


LISTED: tuple[Asked, ...] = (
    *TO_CLEARANCE[:-1],
    step(
        RegisterCases(
            cases=(
                held("R1", Land.RESIDENTIAL, 40),
                held("R2", Land.RESIDENTIAL, 200),
                held("R3", Land.AGRICULTURAL, 900),
            )
        ),
        OFFICER,
        "2024-08-02",
    ),
)
SWITCHED: tuple[Asked, ...] = (
    *LISTED,
    step(
        SwitchRoute(
            cases=ALL,
            to=Route.RECOVERY,
            cause=SwitchCause.REMAINDER_TOO_SMALL,
            reason="Còn lại 40 m²",
        ),
        CHAIR,
        "2024-08-05",
    ),
)
NOTIFIED: tuple[Asked, ...] = (
    *SWITCHED,
    step(HoldMeeting(cases=ALL), OFFICER, "2024-08-06"),
    step(IssueRecoveryNotice(cases=ALL), CHAIR, "2024-08-12"),
)
COUNTED: tuple[Asked, ...] = (
    *NOTIFIED,
    step(RecordEarlyConsent(cases=codes("R3")), OFFICER, "2024-08-20"),
    step(BeginPersuasion(cases=codes("R1"), to="inventory"), OFFICER, "2024-08-20"),
    step(CompelInventory(cases=codes("R1")), CHAIR, "2024-09-17"),
    step(
        RecordInventory(
            cases=tuple(
                Inventoried(code=code, structures=Vnd(10), compensation=Vnd(90)) for code in ALL
            )
        ),
        BOARD,
        "2024-09-18",
    ),
)
PLANNED: tuple[Asked, ...] = (
    *COUNTED,
    step(PostPlan(cases=ALL), BOARD, "2024-09-20"),
    step(HoldDialogue(cases=ALL), BOARD, "2024-10-22"),
    step(ApproveSupportPlan(cases=ALL, amount=Vnd(300)), CHAIR, "2024-10-28"),
)
DECIDED: tuple[Asked, ...] = (
    *PLANNED,
    step(DisputeOrigin(cases=codes("R1"), reason="Tranh chấp thừa kế"), OFFICER, "2024-10-29"),
    step(DepositSupport(cases=codes("R1"), ground=DepositGround.DISPUTED), BOARD, "2024-11-04"),
    step(RecordSupportPaid(cases=codes("R2", "R3")), BOARD, "2024-11-04"),
    step(RecordSupportRepaid(cases=codes("R2")), BOARD, "2024-11-05"),
    step(RecordSupportPaid(cases=codes("R2")), BOARD, "2024-11-06"),
    step(ConfirmOrigin(cases=codes("R1")), OFFICER, "2024-12-02"),
    step(DecideRecovery(cases=ALL), CHAIR, "2025-02-11"),
    step(TakeOverLand(cases=codes("R2", "R3")), BOARD, "2025-02-20"),
)
COERCED: tuple[Asked, ...] = (
    *DECIDED,
    step(BeginPersuasion(cases=codes("R1"), to="hand-over"), OFFICER, "2025-02-12"),
    step(DecideCoercion(cases=codes("R1")), CHAIR, "2025-02-25"),
    step(RecordCompliance(cases=codes("R1")), BOARD, "2025-02-26"),
    step(CarryOutCoercion(cases=codes("R1")), BOARD, "2025-03-31"),
)
