"""What whoever is waited for may do about it: the commands that move a wait on, task by task."""

from collections.abc import Iterator

from domain.approval import (
    AbstainFromStep,
    ApproveStep,
    RejectDossier,
    ReturnDossier,
    SubmitDossier,
)
from domain.cases import Case, CaseEntry, DepositGround, Inventoried
from domain.clearance import Clearing, HandOverSite
from domain.coercion import CarryOutCoercion
from domain.construction import (
    AcceptWorks,
    HandOverToUse,
    ReportProgress,
    StartWorks,
)
from domain.contract import SignContract
from domain.disbursement import RequestPayment
from domain.dossier_waits import step_of
from domain.escalation import AnswerEscalation
from domain.households import (
    ApproveSupportPlan,
    ConfirmOrigin,
    DepositSupport,
    PostPlan,
    RecordDonations,
    RecordInventory,
    RecordSupportPaid,
    RegisterCases,
    TakeOverLand,
)
from domain.obstacles import RemoveObstacle
from domain.opinion_forms import GiveOpinion
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.project import CloseAccounts, OpenClearance, Registered
from domain.question_forms import IssueDirective, ReportQuestion, ReturnQuestion, WithdrawQuestion
from domain.recovery import DecideRecovery, HoldDialogue, HoldMeeting, IssueRecoveryNotice
from domain.standstill import ResumeClock
from domain.streams import Command, State
from domain.utilities import DecideRelocationFunding, RecordRelocation
from domain.values import (
    CaseCode,
    DossierKind,
    Extent,
    ObstacleId,
    Payer,
    PaymentId,
    PaymentKind,
    SectionId,
    UtilityId,
    Vnd,
)
from domain.waits import Task, Wait
from tests.domain.asking import REFUSES, RELEASES, REMOVES
from tests.domain.story import GUARANTEE, PAPER, TOTAL, WORTH

WHY = "as the test has it"


def answers(wait: Wait, state: State) -> tuple[Command, ...]:
    """The commands that its post, or one that it is told of by, may give about a wait."""
    if isinstance(state, Registered):
        return tuple(_of_project(wait, state))
    if isinstance(state, Clearing):
        return tuple(_of_section(wait, state))
    return tuple(_elsewhere(wait))


def _of_project(wait: Wait, state: Registered) -> Iterator[Command]:
    name = SectionId(wait.key.partition("/")[0])
    match wait.task:
        case Task.SUBMIT_DOSSIER:
            kind = DossierKind(wait.key.partition("/")[0])
            settled = kind is DossierKind.SETTLEMENT
            amount = max(state.ledger.disbursed, Vnd(1)) if settled else TOTAL
            yield SubmitDossier(dossier=kind, amount=amount)
        case Task.DECIDE_DOSSIER:
            kind, step = step_of(wait)
            yield ApproveStep(dossier=kind, step=step, minutes=PAPER)
            yield AbstainFromStep(dossier=kind, step=step, reason=WHY, minutes=PAPER)
            yield ReturnDossier(dossier=kind, step=step, reason=WHY)
            if kind is not DossierKind.SETTLEMENT:
                yield RejectDossier(dossier=kind, step=step, reason=WHY, minutes=PAPER)
        case Task.GIVE_OPINION:
            kind, step = step_of(wait)
            number = int(wait.key.rpartition("/")[2])
            yield GiveOpinion(dossier=kind, number=number, opinion=WHY)
        case Task.SIGN_CONTRACT:
            yield SignContract(number="1", contractor="B", worth=WORTH, guarantee=GUARANTEE)
        case Task.OPEN_CLEARANCE:
            yield OpenClearance(section=name)
        case Task.START_WORKS:
            yield StartWorks(section=name)
        case Task.REPORT_PROGRESS:
            yield ReportProgress(section=name, percent=100)
        case Task.ACCEPT_WORKS:
            for complete in (True, False):
                yield AcceptWorks(section=name, volume=Vnd(1_000), complete=complete)
        case Task.HAND_OVER_TO_USE:
            yield HandOverToUse()
        case Task.CLOSE_ACCOUNTS:
            yield CloseAccounts()
            number = len(state.ledger.pending) + len(state.ledger.paid) + len(state.ledger.refused)
            left = (state.settled or Vnd(0)) - state.ledger.committed
            payment = PaymentId(f"{state.charter.project}/{number + 1}")
            yield RequestPayment(
                payment=payment, payment_kind=PaymentKind.FINAL, worth=Vnd(max(left, 1))
            )
        case _:
            raise AssertionError(wait)


def _of_section(wait: Wait, state: Clearing) -> Iterator[Command]:
    name = wait.key.partition("/")[2]
    match wait.task:
        case Task.REGISTER_CASES:
            yield RegisterCases(cases=tuple(map(_listed, ("H1", "H2", "H3"))))
        case Task.ANSWER_ESCALATION:
            yield AnswerEscalation(number=int(name), answer=WHY)
        case Task.REPLY | Task.RESUME_CLOCK:
            yield ResumeClock(reason=WHY)
        case Task.DECIDE_RELOCATION_FUNDING:
            yield DecideRelocationFunding(utilities=(UtilityId(name),), source=Payer.PROGRAMME)
        case Task.RELOCATE_UTILITY:
            yield RecordRelocation(utility=UtilityId(name))
        case Task.REMOVE_OBSTACLE:
            yield RemoveObstacle(obstacle=ObstacleId(name), how=WHY)
        case Task.HAND_OVER_SITE:
            yield HandOverSite(extent=Extent.FULL)
        case _:
            # A group's cases are told apart by the rules alone: one of its cases may go on.
            for code, case in state.cases.items():
                yield from _of_case(wait.task, code, case)


def _listed(code: str) -> CaseEntry:
    return CaseEntry(
        code=CaseCode(code), area_before_m2=100, area_given_m2=20, area_left_m2=80,
        origin_confirmed=code != "H2",
    )  # fmt: skip


def _of_case(task: Task, code: CaseCode, case: Case) -> Iterator[Command]:
    one = (code,)
    match task:
        case Task.AGREE_DONATION | Task.SETTLE_REMAINDER:
            small = one if case.remainder_small else ()
            yield RecordDonations(cases=one, small_accepted=small)
        case Task.CONFIRM_ORIGIN:
            yield ConfirmOrigin(cases=one)
        case Task.TAKE_INVENTORY:
            yield RecordInventory(cases=(Inventoried(code=code, structures=Vnd(50)),))
        case Task.POST_PLAN:
            yield PostPlan(cases=one)
        case Task.APPROVE_SUPPORT_PLAN:
            yield ApproveSupportPlan(cases=one, amount=case.support)
        case Task.PAY_SUPPORT:
            yield RecordSupportPaid(cases=one)
            for ground in DepositGround:
                yield DepositSupport(cases=one, ground=ground)
        case Task.TAKE_OVER_LAND:
            yield TakeOverLand(cases=one)
        case Task.HOLD_MEETING:
            yield HoldMeeting(cases=one)
        case Task.ISSUE_RECOVERY_NOTICE:
            yield IssueRecoveryNotice(cases=one)
        case Task.HOLD_DIALOGUE:
            yield HoldDialogue(cases=one)
        case Task.DECIDE_RECOVERY:
            yield DecideRecovery(cases=one)
            # The notice may have lapsed meanwhile.
            yield IssueRecoveryNotice(cases=one)
        case Task.CARRY_OUT_COERCION:
            yield CarryOutCoercion(cases=one)
        case _:
            raise AssertionError(task)


def _elsewhere(wait: Wait) -> Iterator[Command]:
    match wait.task:
        case Task.CHECK_PAYMENT:
            yield CheckPayment()
            yield RefusePayment(reason=WHY)
        case Task.CONFIRM_TREASURY:
            yield ConfirmPaid()
            yield RefusePayment(reason=WHY)
        case Task.REPORT_QUESTION:
            yield ReportQuestion(text=WHY)
            yield WithdrawQuestion(reason=WHY)
        case Task.DECIDE_QUESTION:
            yield ReturnQuestion(reason=WHY)
            for directive in (REMOVES, RELEASES, REFUSES):
                yield IssueDirective(directive=directive)
        case _:
            raise AssertionError(wait)
