"""What a decision on a dossier rests on."""

from domain.calendar import local_day
from domain.law import Step
from domain.policy import Policy, Subject
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
