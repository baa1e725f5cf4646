"""Who may give a command on a case: by policy, and closed when the policy is silent."""

from datetime import datetime

from domain import (
    approval,
    clearance,
    contract,
    duties,
    escalation,
    obstacles,
    official_forms,
    opinion_forms,
    payment,
    positions,
    programme_forms,
    project,
    question,
    question_forms,
    restore,
)
from domain.calendar import local_day
from domain.matters import matter
from domain.policy import Policy
from domain.refusal import Refused
from domain.registry import Registry, Standing, Unfounded
from domain.streams import Command, State
from domain.values import SYSTEM, Act, Level, Post, Units

OF_THE_CLOCK = (
    escalation.Escalate,
    project.RemindOverdue,
    question_forms.RemindQuestion,
    restore.ReportRestore,
)

BY_THE_CLOCK = frozenset(
    {
        approval.StepOverdue.__name__,
        contract.GuaranteeExpiring.__name__,
        duties.DutyOverdue.__name__,
        escalation.AnswerOverdue.__name__,
        escalation.EscalationRaised.__name__,
        escalation.StallDetected.__name__,
        question_forms.QuestionOverdue.__name__,
        restore.RestoreFound.__name__,
    }
)
"""What the clock's commands can bring about; no other event is nobody's."""

# The state itself names the one post that holds the step, and the decider checks it.
OF_THE_HOLDER = (
    approval.ApproveStep,
    approval.AbstainFromStep,
    approval.RejectDossier,
    approval.ReturnDossier,
    approval.RecallDecision,
    opinion_forms.AskOpinion,
    opinion_forms.GiveOpinion,
    payment.CheckPayment,
    payment.RefusePayment,
    payment.ConfirmPaid,
    escalation.AnswerEscalation,
    question_forms.ConsolidateQuestions,
    question_forms.ReportQuestion,
    question_forms.ReturnQuestion,
    question_forms.IssueDirective,
    question_forms.WithdrawQuestion,
    official_forms.RotateKey,
    official_forms.RevokeKey,
    official_forms.Delegate,
    official_forms.EndDelegation,
)


def authorise(command: Command, act: Act, state: State, policy: Policy) -> None:
    """Raise `Refused` unless the actor may give this command on this case on this day."""
    if isinstance(command, OF_THE_CLOCK):
        if act.by != SYSTEM:
            raise Refused("authority", f"{command.kind} is given by the clock, not by {act.by}")
        return
    if act.by == SYSTEM:
        raise Refused("authority", f"the clock may not give {command.kind}")
    if isinstance(command, OF_THE_HOLDER):
        return
    rows = policy.authorities_for(command.kind, local_day(act.at))
    if not rows:
        raise Refused("no_authority_rule", f"no rule says who may give {command.kind}")
    if isinstance(command, question_forms.RaiseQuestion):
        # Each section it concerns compares the asker's unit with its own.
        allowed_roles = sorted({str(row.role) for row in rows})
        if act.by.role not in allowed_roles:
            roles = ", ".join(allowed_roles)
            raise Refused("authority", f"{command.kind} is for {roles}; {act.by} asked")
        return
    units = units_of(command, state)
    named = [
        Post(role=row.role, unit=units.at(row.level) if units else policy.seat)
        for row in rows
        if units or row.level is Level.CITY
    ]
    named += _waited_for(command, state)
    # Whoever inherits a unit's duties may do what waits for it.
    heirs = (policy.successor(post, local_day(act.at)) for post in named)
    allowed = list(dict.fromkeys((*named, *heirs)))
    if act.by not in allowed:
        names = ", ".join(str(post) for post in allowed)
        raise Refused("authority", f"{command.kind} here is for {names}; {act.by} asked")


def authorise_person(
    command: Command, act: Act, state: State, people: Standing, policy: Policy, now: datetime
) -> None:
    """Raise `Refused` unless the person who acts holds the post, or stands in for it.

    Before the registry of officials is founded nobody could prove who they are, and posts act.
    """
    if act.by == SYSTEM and act.official is None and act.delegation is None:
        return
    match people:
        case Unfounded():
            if act.official is not None or act.delegation is not None:
                raise Refused("unproved", "official: no registry of officials has been founded")
        case Registry():
            if act.by == SYSTEM:
                raise Refused("authority", "official: nobody acts for the clock")
            people.may_act(act, matter(command, state), policy, now)


def _waited_for(command: Command, state: State) -> tuple[Post, ...]:
    """The owner of an obstacle is waited for by name, and so may always say that it is gone."""
    if not isinstance(command, obstacles.RemoveObstacle) or not isinstance(
        state, clearance.Clearing
    ):
        return ()
    found = state.ground.obstacles.get(command.obstacle)
    return (found.owner,) if found else ()


def units_of(command: Command, state: State) -> Units | None:
    """The case's own units; None for what is the city's: programme, capital, questions, record."""
    match state:
        case project.Unregistered():
            if isinstance(command, project.RegisterProject):
                return command.charter.units
            raise Refused("not_found", "no such project is registered")
        case clearance.NotBegun():
            raise Refused("not_found", "clearance of this section has not been opened")
        case payment.NotSubmitted():
            raise Refused("not_found", "no such payment was requested")
        case project.Registered() | clearance.Clearing() | payment.Submitted():
            return state.charter.units
        case programme_forms.Unnamed() | programme_forms.Running() | positions.Capital():
            return None
        case restore.Trusted() | restore.Restored():
            return None
        case Unfounded() | Registry():
            return None
        case question.Unasked() | question.Asked():
            return None
