"""What a decision on a dossier rests on."""

from domain.approval import RecallDecision, ReturnDossier, Returned, UnderReview, Vote
from domain.calendar import local_day
from domain.law import Step
from domain.policy import Policy, Subject
from domain.refusal import Refused
from domain.values import Act, DossierKind, Vnd, value


@value
class Ground:
    """Who acts and when, what the project is to the law, and the law that it pinned."""

    act: Act
    subject: Subject
    policy: Policy

    def chain(self, kind: DossierKind, amount: Vnd) -> tuple[Step, ...]:
        """The chain in force on the day of the act."""
        return self.policy.chain(kind, local_day(self.act.at), amount, self.subject)


def check_seen(
    command: Vote | ReturnDossier | RecallDecision, held: UnderReview | Returned
) -> None:
    """Raise `Refused` when the dossier has moved on since the actor looked at it."""
    if command.round not in (None, held.round):
        raise Refused("out_of_turn", f"round: {command.round} was seen; it is round {held.round}")
    if None not in (command.amount, held.amount) and command.amount != held.amount:
        seen = f"{command.amount:,} đồng was seen"
        raise Refused("out_of_turn", f"amount: {seen}; it is {held.amount:,}")
