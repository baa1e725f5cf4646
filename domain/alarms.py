"""The next moment at which the clock of a case has something to say."""

from collections.abc import Iterator
from datetime import datetime

from domain import approval, clearance, duties, escalation, project, question, stall
from domain.policy import Policy
from domain.question_forms import RemindQuestion
from domain.streams import Command, Envelope, State
from domain.values import SYSTEM, Act, Extent, StreamId, value


@value
class Alarm:
    """The next deadline of a case, what it is called, and the command it gives when it ends."""

    at: datetime
    label: str
    command: Command

    def rings(self, stream: StreamId, version: int, now: datetime) -> Envelope:
        """What the clock asks of a case at a version: rung twice, it is the same decision."""
        return Envelope(
            decision_id=f"{self.command.kind}:{stream}:{version}",
            stream=stream,
            act=Act(by=SYSTEM, at=max(now, self.at)),
            command=self.command,
        )


def alarm(state: State, policy: Policy) -> Alarm | None:
    """The earliest deadline the case's workflow has to wake up for; None when there is none."""
    match state:
        case project.Registered() if state.closed_at is None or state.ledger.held:
            return min(_steps_and_duties(state, policy), key=lambda bell: bell.at, default=None)
        case clearance.Clearing(released=released) if released is not Extent.FULL:
            return min(_bells(state, policy), key=lambda bell: bell.at, default=None)
        case question.Asked(stage=stage, overdue=False) if stage is not None:
            return Alarm(
                at=state.due.at, label=f"{stage} by {state.holder}", command=RemindQuestion()
            )
        case _:
            return None


def _steps_and_duties(state: project.Registered, policy: Policy) -> Iterator[Alarm]:
    """The limits of open steps, and the days of a project's duties."""
    for dossier in state.dossiers.values():
        if isinstance(dossier, approval.UnderReview) and not dossier.overdue:
            label = f"{dossier.step} by {dossier.post}"
            yield Alarm(at=dossier.due.at, label=label, command=project.RemindOverdue())
    for at, label in duties.bells(state.duties, policy):
        yield Alarm(at=at, label=label, command=project.RemindOverdue())


def _bells(state: clearance.Clearing, policy: Policy) -> Iterator[Alarm]:
    """The next rung of a section's ladder, and the next answer that would be missed."""
    found = stall.next_rung(state.stall, clearance.watch(state, policy), policy)
    if found is not None:
        label = f"escalation {found.rung.level}: {found.rung.name}"
        yield Alarm(at=found.at, label=label, command=escalation.Escalate())
    asked = escalation.next_reminder(state.stall)
    if asked is not None:
        label = f"answer to {asked.document} by {asked.addressee}"
        yield Alarm(at=asked.answer_due.at, label=label, command=escalation.Escalate())
