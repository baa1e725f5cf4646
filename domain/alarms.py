"""The next moment at which the clock of a case has something to say."""

from collections.abc import Iterator
from datetime import datetime

from domain import approval, clearance, escalation, project, question, stall
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
        case project.Registered():
            held = [
                dossier
                for dossier in state.dossiers.values()
                if isinstance(dossier, approval.UnderReview) and not dossier.overdue
            ]
            if not held:
                return None
            first = min(held, key=lambda dossier: dossier.due.at)
            lanes = first.deciding.open_lanes(first.ballots)
            posts = ", ".join(dict.fromkeys(str(lane.post) for lane in lanes))
            return Alarm(
                at=first.due.at,
                label=f"{first.step} by {posts}",
                command=project.RemindOverdue(),
            )
        case clearance.Clearing(released=released) if released is not Extent.FULL:
            return min(_bells(state, policy), key=lambda bell: bell.at, default=None)
        case question.Asked(stage=stage, overdue=False) if stage is not None:
            return Alarm(
                at=state.due.at, label=f"{stage} by {state.holder}", command=RemindQuestion()
            )
        case _:
            return None


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
