"""Whether somebody is there for every wait: in its post or standing in, and not barred."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from domain import (
    approval,
    clearance,
    coercion,
    construction,
    contract,
    disbursement,
    escalation,
    households,
    obstacles,
    official_forms,
    opinion_forms,
    payment,
    project,
    question_forms,
    recovery,
    restore,
    standstill,
    utilities,
)
from domain.calendar import local_day
from domain.delegations import Matter, Scope
from domain.dossier_waits import step_of
from domain.policy import Policy
from domain.registry import Power, Registry, Stand, Standing
from domain.values import PaymentKind, Post, value
from domain.waits import Task, Wait

ENDS: Mapping[Task, tuple[type, ...]] = {
    Task.SUBMIT_DOSSIER: (approval.SubmitDossier,),
    Task.DECIDE_DOSSIER: (
        approval.ApproveStep,
        approval.AbstainFromStep,
        approval.ReturnDossier,
        approval.RejectDossier,
    ),
    Task.GIVE_OPINION: (opinion_forms.GiveOpinion,),
    Task.SIGN_CONTRACT: (contract.SignContract,),
    Task.OPEN_CLEARANCE: (project.OpenClearance,),
    Task.REGISTER_CASES: (households.RegisterCases,),
    Task.AGREE_DONATION: (households.RecordDonations,),
    Task.CONFIRM_ORIGIN: (households.ConfirmOrigin,),
    Task.TAKE_INVENTORY: (households.RecordInventory,),
    Task.APPROVE_SUPPORT_PLAN: (households.ApproveSupportPlan,),
    Task.PAY_SUPPORT: (households.RecordSupportPaid, households.DepositSupport),
    Task.TAKE_OVER_LAND: (households.TakeOverLand,),
    Task.DECIDE_RELOCATION_FUNDING: (utilities.DecideRelocationFunding,),
    Task.RELOCATE_UTILITY: (utilities.RecordRelocation,),
    Task.REMOVE_OBSTACLE: (obstacles.RemoveObstacle,),
    Task.HAND_OVER_SITE: (clearance.HandOverSite,),
    Task.ANSWER_ESCALATION: (escalation.AnswerEscalation,),
    Task.REPLY: (standstill.ResumeClock,),
    Task.RESUME_CLOCK: (standstill.ResumeClock,),
    Task.START_WORKS: (construction.StartWorks,),
    Task.REPORT_PROGRESS: (construction.ReportProgress,),
    Task.ACCEPT_WORKS: (construction.AcceptWorks,),
    Task.HAND_OVER_TO_USE: (construction.HandOverToUse,),
    Task.CHECK_PAYMENT: (payment.CheckPayment, payment.RefusePayment),
    Task.CONFIRM_TREASURY: (payment.ConfirmPaid, payment.RefusePayment),
    Task.CLOSE_ACCOUNTS: (project.CloseAccounts,),
    Task.EXTEND_GUARANTEE: (contract.RecordGuarantee,),
    Task.RECOVER_ADVANCE: (disbursement.RequestPayment, disbursement.RecordReturn),
    Task.CALL_IN_ADVANCE: (disbursement.RequestPayment, disbursement.RecordReturn),
    Task.SURRENDER_ADVANCE: (disbursement.RecordReturn,),
    Task.RETURN_OVERPAID: (disbursement.RecordReturn,),
    Task.RELEASE_RETENTION: (disbursement.ReleaseRetention,),
    Task.ACCEPT_RESTORE: (restore.AcceptRestore,),
    Task.REPORT_QUESTION: (question_forms.ReportQuestion,),
    Task.DECIDE_QUESTION: (question_forms.IssueDirective, question_forms.ReturnQuestion),
    Task.SETTLE_REMAINDER: (households.RecordDonations, households.SwitchRoute),
    Task.POST_PLAN: (households.PostPlan,),
    Task.HOLD_MEETING: (recovery.HoldMeeting,),
    Task.ISSUE_RECOVERY_NOTICE: (recovery.IssueRecoveryNotice,),
    Task.HOLD_DIALOGUE: (recovery.HoldDialogue,),
    Task.DECIDE_RECOVERY: (recovery.DecideRecovery,),
    Task.CARRY_OUT_COERCION: (coercion.CarryOutCoercion,),
    Task.CONFIRM_ENROLMENT: (official_forms.ConfirmEnrolment, official_forms.DeclineProposal),
    Task.CONFIRM_APPOINTMENT: (official_forms.ConfirmAppointment, official_forms.DeclineProposal),
}
"""The commands that a wait waits for."""


def free(registry: Registry, wait: Wait, at: datetime, policy: Policy) -> tuple[Stand, ...]:
    """Everybody who can end a wait at a moment; a delegate is barred with the giver."""
    return _free(registry.powers(wait.post, at, policy), wait)


@value
class Cover:
    """A wait seen on a day: the post that has to act on it then, and who is there to do it.

    `free` is None where no registry knows anybody.
    """

    wait: Wait
    holder: Post
    free: tuple[Stand, ...] | None

    @property
    def is_vacant(self) -> bool:
        """Whether nobody at all could end it."""
        return self.free == ()


def covers(
    people: Standing, waits: Iterable[Wait], at: datetime, policy: Policy
) -> Iterator[Cover]:
    """Who is there for each of some waits at a moment, by one version of the law."""
    known: dict[Post, tuple[Power, ...]] = {}
    for wait in waits:
        post = wait.post
        if isinstance(people, Registry) and post not in known:
            known[post] = people.powers(post, at, policy)
        yield Cover(
            wait=wait,
            holder=policy.successor(post, local_day(at)),
            free=_free(known[post], wait) if isinstance(people, Registry) else None,
        )


def _free(found: tuple[Power, ...], wait: Wait) -> tuple[Stand, ...]:
    barred = set(wait.barred)
    return tuple(
        one
        for one, grant in found
        if barred.isdisjoint({one.official, one.on_behalf_of})
        and (grant is None or lets(grant.scope, wait))
    )


def lets(scope: Scope, wait: Wait) -> bool:
    """Whether a delegation lets its holder end a wait in at least one way."""
    return any(scope.excludes(matter) is None for matter in matters(wait))


def matters(wait: Wait) -> tuple[Matter, ...]:
    """What a wait is about, by each of the commands that would end it."""
    of_dossier = wait.task in (Task.DECIDE_DOSSIER, Task.SUBMIT_DOSSIER, Task.GIVE_OPINION)
    dossier, step = step_of(wait) if of_dossier else (None, None)
    of_payment = wait.task in (Task.CHECK_PAYMENT, Task.CONFIRM_TREASURY)
    return tuple(
        Matter(
            command=command.__name__,
            dossier=dossier,
            step=step if wait.task is Task.DECIDE_DOSSIER else None,
            payment=PaymentKind(wait.about) if of_payment else None,
            amount=wait.amount,
        )
        for command in ENDS[wait.task]
    )
