"""Who may give which command: by policy, and nobody when the policy is silent."""

from dataclasses import fields, replace
from datetime import date
from typing import get_args

import pytest

from domain import authority
from domain.adoption import AdoptPolicy
from domain.approval import ApproveStep, SubmitDossier
from domain.authority import authorise, units_of
from domain.capital import AllocateCapital
from domain.cases import DepositGround, Route, SwitchCause
from domain.ceilings import SetCeilings
from domain.clearance import HandOverSite, NotBegun
from domain.coercion import CarryOutCoercion, DecideCoercion, RecordCompliance
from domain.construction import AcceptWorks, HandOverToUse, ReportProgress, StartWorks
from domain.contract import AmendContract, RecordGuarantee, SignContract, WaiveAdvanceCeiling
from domain.disbursement import (
    ApproveEstimate,
    RecordReturn,
    ReleaseRetention,
    RequestPayment,
)
from domain.disbursement_plan import PlanDisbursement
from domain.escalation import AnswerEscalation, Escalate
from domain.households import (
    ApproveSupportPlan,
    ConfirmOrigin,
    DepositSupport,
    DisputeOrigin,
    PostPlan,
    RecordDonations,
    RecordInventory,
    RecordSupportPaid,
    RecordSupportRepaid,
    RegisterCases,
    SwitchRoute,
    TakeOverLand,
    WithdrawDonation,
)
from domain.obstacles import ReassignObstacle, RecordObstacle, RemoveObstacle
from domain.official_forms import (
    AppointOfficial,
    ConfirmAppointment,
    ConfirmEnrolment,
    DeclineProposal,
    EndAppointment,
    EndDelegation,
    EnrolKey,
    EnrolOfficial,
    RevokeKey,
    RotateKey,
)
from domain.payment import CheckPayment, ConfirmPaid, NotSubmitted, RefusePayment
from domain.plan import PlanClearance
from domain.positions import UNALLOCATED
from domain.programme_forms import (
    PrepareProjects,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
    SelectCommunes,
    Unnamed,
)
from domain.project import (
    CloseAccounts,
    OpenClearance,
    RegisterProject,
    RemindOverdue,
    Unregistered,
)
from domain.question import Unasked
from domain.question_forms import RaiseQuestion, RemindQuestion, ReportQuestion
from domain.recognition import RecogniseCommune, RecordRecognitionStage, Stage
from domain.recovery import (
    BeginPersuasion,
    CompelInventory,
    DecideRecovery,
    HoldDialogue,
    HoldMeeting,
    IssueRecoveryNotice,
    RecordEarlyConsent,
)
from domain.registry import Unfounded
from domain.replanning import AddCapital, AdjustCapital, CarryOverCapital, ExpireCapital
from domain.restore import AcceptRestore, LostVersions, ReportRestore, Trusted
from domain.stall import PauseCause
from domain.standstill import PauseClock, ResumeClock, SnoozeEscalation
from domain.streams import Command, State
from domain.utilities import (
    DecideRelocationFunding,
    RecordRelocation,
    RegisterUtilities,
    ReviseEstimate,
    ScheduleRelocation,
)
from domain.values import (
    SYSTEM,
    CaseCode,
    Cause,
    CohortId,
    DossierKind,
    Extent,
    Level,
    ObstacleId,
    PaymentKind,
    Post,
    QuestionId,
    UnitCode,
    UtilityId,
    Vnd,
)
from tests.domain.enrolling import FOUND, GRANT, LAN, PEOPLE, key, lent, registry
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CHAIR,
    CHARTER,
    CITY_CHAIR,
    CITY_FINANCE,
    CLEARANCE,
    COUNCIL,
    GUARANTEE,
    INVESTOR,
    OFFICER,
    POLICY,
    POSTS,
    POWER_COMPANY,
    PROGRAMME,
    PROJECT,
    REGISTER,
    REGISTRAR,
    ROAD,
    TO_CLEARANCE,
    TREASURY,
    UNITS,
    WORKS,
    act,
    payment,
    refused,
    told,
)

WORLD = told(*TO_CLEARANCE)
REGISTERED, CLEARING = WORLD[PROJECT], WORLD[CLEARANCE]
PAYMENT = RequestPayment(payment=payment(1), payment_kind=PaymentKind.ADVANCE, worth=Vnd(1))
RAISE = RaiseQuestion(
    question=QuestionId("KN01"),
    programme=PROGRAMME,
    cause=Cause.POWER_LINE_MV,
    text="who pays?",
    concerns=(),
)
PROJECT_DOSSIER = DossierKind.PROJECT
CONFIRM = ConfirmEnrolment(official=LAN, fingerprint=key(LAN).fingerprint)
REGISTRY = registry(*PEOPLE)
REPORT = ReportRestore(timeline=1, left=1, evidence=LostVersions(stream=PROJECT, seen=3, held=1))

MATRIX: tuple[tuple[Command, State, tuple[Post, ...]], ...] = (
    (
        RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=1),
        Unnamed(),
        (AGRICULTURE,),
    ),
    (RegisterCohort(cohort=CohortId("2024"), year=2024, size=1), Unnamed(), (AGRICULTURE,)),
    (ProposeCandidates(cohort=CohortId("2024"), candidates=()), Unnamed(), (AGRICULTURE,)),
    (PrepareProjects(cohort=CohortId("2024"), projects=()), Unnamed(), (AGRICULTURE,)),
    (SetCeilings(programme=PROGRAMME, year=2024, ceilings=()), UNALLOCATED, (CITY_CHAIR, COUNCIL)),
    (
        SelectCommunes(cohort=CohortId("2024"), ceiling=Vnd(1), chosen=()),
        Unnamed(),
        (CITY_CHAIR,),
    ),
    (AllocateCapital(programme=PROGRAMME, year=2024, lines=()), UNALLOCATED, (CITY_CHAIR,)),
    (PlanDisbursement(milestones=()), UNALLOCATED, (CITY_CHAIR,)),
    (AddCapital(lines=()), UNALLOCATED, (CITY_CHAIR,)),
    (AdjustCapital(cuts=(), raises=()), UNALLOCATED, (CITY_CHAIR,)),
    (CarryOverCapital(lines=()), UNALLOCATED, (COUNCIL,)),
    (ExpireCapital(), UNALLOCATED, (CITY_FINANCE,)),
    (RegisterProject(charter=CHARTER, works=WORKS), Unregistered(), (INVESTOR,)),
    (SubmitDossier(dossier=PROJECT_DOSSIER, amount=Vnd(1)), REGISTERED, (INVESTOR,)),
    (OpenClearance(section=ROAD), REGISTERED, (INVESTOR,)),
    (SignContract(number="1", contractor="Builder", worth=Vnd(1)), REGISTERED, (INVESTOR,)),
    (StartWorks(section=ROAD), REGISTERED, (INVESTOR,)),
    (ReportProgress(section=ROAD, percent=1), REGISTERED, (INVESTOR,)),
    (AcceptWorks(section=ROAD, volume=Vnd(1), complete=False), REGISTERED, (INVESTOR,)),
    (HandOverToUse(), REGISTERED, (INVESTOR,)),
    (PAYMENT, REGISTERED, (INVESTOR,)),
    (CloseAccounts(), REGISTERED, (INVESTOR,)),
    (RegisterCases(cases=()), CLEARING, (OFFICER,)),
    (RecordDonations(cases=()), CLEARING, (OFFICER,)),
    (WithdrawDonation(case=CaseCode("H1"), reason=""), CLEARING, (OFFICER,)),
    (ConfirmOrigin(cases=()), CLEARING, (OFFICER,)),
    (RecordInventory(cases=()), CLEARING, (BOARD,)),
    (ApproveSupportPlan(cases=(), amount=Vnd(0)), CLEARING, (CHAIR,)),
    (RecordSupportPaid(cases=()), CLEARING, (BOARD,)),
    (TakeOverLand(cases=()), CLEARING, (BOARD,)),
    (
        SwitchRoute(cases=(), to=Route.RECOVERY, cause=SwitchCause.DECLINED, reason=""),
        CLEARING,
        (CHAIR,),
    ),
    (DisputeOrigin(cases=(), reason=""), CLEARING, (OFFICER,)),
    (PostPlan(cases=()), CLEARING, (BOARD, OFFICER)),
    (DepositSupport(cases=(), ground=DepositGround.REFUSED), CLEARING, (BOARD,)),
    (RecordSupportRepaid(cases=()), CLEARING, (BOARD,)),
    (HoldMeeting(cases=()), CLEARING, (OFFICER,)),
    (IssueRecoveryNotice(cases=()), CLEARING, (CHAIR,)),
    (RecordEarlyConsent(cases=()), CLEARING, (OFFICER,)),
    (BeginPersuasion(cases=(), to="inventory"), CLEARING, (OFFICER,)),
    (CompelInventory(cases=()), CLEARING, (CHAIR,)),
    (HoldDialogue(cases=()), CLEARING, (BOARD,)),
    (DecideRecovery(cases=()), CLEARING, (CHAIR,)),
    (DecideCoercion(cases=()), CLEARING, (CHAIR,)),
    (RecordCompliance(cases=()), CLEARING, (BOARD,)),
    (CarryOutCoercion(cases=()), CLEARING, (BOARD,)),
    (HandOverSite(extent=Extent.FULL), CLEARING, (BOARD,)),
    (RegisterUtilities(utilities=()), CLEARING, (INVESTOR,)),
    (DecideRelocationFunding(utilities=(), payer=""), CLEARING, (CITY_CHAIR,)),
    (RecordRelocation(utility=UtilityId("U1")), CLEARING, (POWER_COMPANY,)),
    (
        RecordObstacle(obstacle=ObstacleId("O1"), cause=Cause.LAND_VALUE_HIGH),
        CLEARING,
        (OFFICER, INVESTOR, BOARD),
    ),
    (
        RemoveObstacle(obstacle=ObstacleId("O1"), how=""),
        CLEARING,
        (OFFICER, BOARD, CHAIR, AGRICULTURE, CITY_CHAIR),
    ),
    (
        ReviseEstimate(utility=UtilityId("U1"), estimate=Vnd(1), reason="prices"),
        CLEARING,
        (INVESTOR, POWER_COMPANY),
    ),
    (
        ScheduleRelocation(
            utility=UtilityId("U1"), starts_on=date(2024, 5, 1), ends_on=date(2024, 5, 2)
        ),
        CLEARING,
        (INVESTOR, POWER_COMPANY),
    ),
    (
        ReassignObstacle(obstacle=ObstacleId("O1"), owner=CHAIR, reason="theirs"),
        CLEARING,
        (CHAIR, AGRICULTURE),
    ),
    (RAISE, Unasked(), (OFFICER, BOARD, INVESTOR, AGRICULTURE)),
    (RemindQuestion(), Unasked(), (SYSTEM,)),
    (PlanClearance(targets=()), CLEARING, (BOARD, INVESTOR)),
    (SnoozeEscalation(working_days=1, reason=""), CLEARING, (CHAIR,)),
    (PauseClock(cause=PauseCause.FORCE_MAJEURE, reason=""), CLEARING, (CHAIR, BOARD)),
    (ResumeClock(reason=""), CLEARING, (CHAIR, BOARD)),
    (Escalate(), CLEARING, (SYSTEM,)),
    (RemindOverdue(), REGISTERED, (SYSTEM,)),
    (AmendContract(reason=""), REGISTERED, (INVESTOR,)),
    (RecordGuarantee(guarantee=GUARANTEE), REGISTERED, (INVESTOR,)),
    (WaiveAdvanceCeiling(ceiling=Vnd(1)), REGISTERED, (CHAIR,)),
    (ApproveEstimate(item="", amount=Vnd(1)), REGISTERED, (CHAIR,)),
    (RecordReturn(payment=payment(1), amount=Vnd(1), reason=""), REGISTERED, (TREASURY,)),
    (ReleaseRetention(), REGISTERED, (INVESTOR,)),
    (
        RecordRecognitionStage(commune=CHARTER.commune, stage=Stage.VERIFIED),
        Unnamed(),
        (AGRICULTURE,),
    ),
    (RecogniseCommune(commune=CHARTER.commune, projects=()), Unnamed(), (CITY_CHAIR,)),
    (REPORT, Trusted(), (SYSTEM,)),
    (AcceptRestore(timeline=1, left=1), Trusted(), (CITY_CHAIR, COUNCIL, TREASURY)),
    (FOUND[1], Unfounded(), (CITY_CHAIR,)),
    (EnrolOfficial(official=LAN, name="Lan", key=key(LAN)), REGISTRY, (REGISTRAR,)),
    (EnrolKey(official=LAN, key=key("new")), REGISTRY, (REGISTRAR,)),
    (CONFIRM, REGISTRY, (REGISTRAR,)),
    (
        AppointOfficial(official=LAN, post=CHAIR, first=date(2024, 4, 1)),
        REGISTRY,
        (REGISTRAR,),
    ),
    (ConfirmAppointment(official=LAN, post=CHAIR, first=date(2024, 4, 1)), REGISTRY, (REGISTRAR,)),
    (DeclineProposal(proposal="", reason=""), REGISTRY, (REGISTRAR,)),
    (EndAppointment(official=LAN, post=CHAIR, last=date(2024, 4, 1)), REGISTRY, (REGISTRAR,)),
    (AdoptPolicy(policy="0123456789ab"), CLEARING, (CITY_CHAIR,)),
)
HELD: tuple[tuple[Command, State], ...] = (
    (ApproveStep(dossier=PROJECT_DOSSIER, step="appraise"), REGISTERED),
    (CheckPayment(), REGISTERED),
    (RefusePayment(reason=""), REGISTERED),
    (ConfirmPaid(), REGISTERED),
    (AnswerEscalation(number=1, answer=""), CLEARING),
    (ReportQuestion(text=""), Unasked()),
    (RotateKey(old=CONFIRM.fingerprint, key=key("new"), overlap=date(2024, 4, 1)), REGISTRY),
    (RevokeKey(fingerprint=CONFIRM.fingerprint, reason=""), REGISTRY),
    (lent()[1], REGISTRY),
    (EndDelegation(delegation=GRANT, reason=""), REGISTRY),
)


@pytest.mark.parametrize(
    ("command", "state", "allowed"), MATRIX, ids=[command.kind for command, _, _ in MATRIX]
)
def test_only_these_posts_may_ask_for(
    command: Command, state: State, allowed: tuple[Post, ...]
) -> None:
    for post in POSTS:
        by = act(post, "2024-04-01")
        if post in allowed:
            authorise(command, by, state, POLICY)
        else:
            with refused("authority"):
                authorise(command, by, state, POLICY)


def test_the_matrix_knows_every_command_that_is_not_its_holders() -> None:
    kinds = {
        next(field.default for field in fields(command) if field.name == "kind")
        for command in get_args(Command)
        if command not in authority.OF_THE_HOLDER
    }

    assert {command.kind for command, _, _ in MATRIX} == kinds


@pytest.mark.parametrize(("command", "state"), HELD, ids=[command.kind for command, _ in HELD])
def test_the_holder_of_a_step_is_checked_by_the_step_but_never_is_the_clock(
    command: Command, state: State
) -> None:
    authorise(command, act(CHAIR, "2024-04-01"), state, POLICY)
    with refused("authority"):
        authorise(command, act(SYSTEM, "2024-04-01"), state, POLICY)


@pytest.mark.parametrize(
    ("command", "state"),
    [(command, state) for command, state, allowed in MATRIX if allowed != (SYSTEM,)],
    ids=[command.kind for command, _, allowed in MATRIX if allowed != (SYSTEM,)],
)
def test_when_the_law_is_silent_nobody_may_ask_for(command: Command, state: State) -> None:
    silent = replace(
        POLICY,
        authorities=tuple(row for row in POLICY.authorities if row.command != command.kind),
    )

    for post in POSTS:
        if post != SYSTEM:
            with refused("no_authority_rule"):
                authorise(command, act(post, "2024-04-01"), state, silent)


def test_before_its_rule_is_in_force_nobody_may_ask() -> None:
    with refused("no_authority_rule"):
        authorise(CloseAccounts(), act(INVESTOR, "2019-12-31"), REGISTERED, POLICY)


@pytest.mark.parametrize(
    "stranger",
    [
        replace(INVESTOR, unit=UnitCode("thuy-nguyen")),
        replace(INVESTOR, unit=UNITS.commune),
        replace(INVESTOR, unit=UNITS.city),
    ],
    ids=["of another district", "of the commune", "of the city"],
)
def test_the_right_role_is_not_enough_in_the_unit(stranger: Post) -> None:
    with refused("authority"):
        authorise(CloseAccounts(), act(stranger, "2024-04-01"), REGISTERED, POLICY)


def test_a_rule_below_the_city_gives_nobody_the_programme() -> None:
    of_districts = replace(
        POLICY,
        authorities=tuple(
            replace(row, level=Level.DISTRICT) if row.command == "AllocateCapital" else row
            for row in POLICY.authorities
        ),
    )
    command = AllocateCapital(programme=PROGRAMME, year=2024, lines=())

    with refused("authority"):
        authorise(command, act(CITY_CHAIR, "2024-04-01"), UNALLOCATED, of_districts)


@pytest.mark.parametrize(
    ("command", "state"),
    [
        (CloseAccounts(), Unregistered()),
        (TakeOverLand(cases=()), NotBegun()),
        (
            RequestPayment(payment=payment(1), payment_kind=PaymentKind.ADVANCE, worth=Vnd(1)),
            NotSubmitted(),
        ),
    ],
    ids=["project", "clearance", "payment"],
)
def test_what_does_not_exist_belongs_to_nobody(command: Command, state: State) -> None:
    with refused("not_found"):
        authorise(command, act(BOARD, "2024-04-01"), state, POLICY)


def test_a_new_project_belongs_to_the_units_of_its_charter() -> None:
    assert isinstance(REGISTER[1], RegisterProject)
    assert units_of(REGISTER[1], Unregistered()) == UNITS
    assert units_of(CloseAccounts(), Unnamed()) is None
