"""A dossier on its way through a chain of approval, in rounds: what is asked, happens, stands.

`review` decides, `rounds` folds.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from domain.deadlines import Due
from domain.opinion_forms import AskOpinion, GiveOpinion, Opinion, OpinionAsked, OpinionGiven
from domain.panel import Panel, alone
from domain.quorum import Ballot, Say
from domain.values import Document, DossierKind, Hand, Post, Vnd, value

# Commands. `round` and `amount` (đồng) are what the actor saw; what has moved on is refused.


@value
class SubmitDossier:
    """Put a dossier before its chain; `amount`, đồng: total investment or settled value."""

    dossier: DossierKind
    amount: Vnd
    kind: Literal["SubmitDossier"] = "SubmitDossier"


@value
class ApproveStep:
    """Say yes at the open step; a body's decision names its `minutes`."""

    dossier: DossierKind
    step: str
    round: int | None = None
    amount: Vnd | None = None
    minutes: Document | None = None
    kind: Literal["ApproveStep"] = "ApproveStep"


@value
class AbstainFromStep:
    """Take part without saying yes or no, where the law lets a lane do so."""

    dossier: DossierKind
    step: str
    reason: str
    round: int | None = None
    amount: Vnd | None = None
    minutes: Document | None = None
    kind: Literal["AbstainFromStep"] = "AbstainFromStep"


@value
class RejectDossier:
    """Say no for good; of several lanes it is a vote."""

    dossier: DossierKind
    step: str
    reason: str
    round: int | None = None
    amount: Vnd | None = None
    minutes: Document | None = None
    kind: Literal["RejectDossier"] = "RejectDossier"


@value
class ReturnDossier:
    """Send the dossier back for revision: to its submitter, or to the earlier step `to`.

    A new round begins: at once at that step, or when the submitter puts it up again.
    """

    dossier: DossierKind
    step: str
    reason: str
    round: int | None = None
    amount: Vnd | None = None
    to: str | None = None
    kind: Literal["ReturnDossier"] = "ReturnDossier"


@value
class RecallDecision:
    """Take back one's own last decision or submission, as long as nobody has acted on it."""

    dossier: DossierKind
    reason: str
    round: int | None = None
    amount: Vnd | None = None
    kind: Literal["RecallDecision"] = "RecallDecision"


# Events


@value
class DossierSubmitted:
    """`kept` are the steps whose approval of an earlier round still stands."""

    dossier: DossierKind
    round: int
    amount: Vnd
    kept: tuple[str, ...] = ()
    kind: Literal["DossierSubmitted"] = "DossierSubmitted"


@value
class StepOpened:
    """A step now holds the dossier, until `due`; `post` leads it.

    `panel` is None in steps of before there were lanes: `post` decides alone.
    """

    dossier: DossierKind
    round: int
    step: str
    post: Post
    due: Due
    panel: Panel | None = None
    kind: Literal["StepOpened"] = "StepOpened"


@value
class VoteCast:
    """One lane of several has voted; `by` is whose hand counts, at the heir of an abolished unit.

    `turn_of` may vote now, where lanes vote in turn; the step is due at `due`, as before.
    """

    dossier: DossierKind
    round: int
    step: str
    lane: str
    by: Hand
    say: Say
    reason: str
    minutes: Document | None
    turn_of: Post | None
    due: Due
    kind: Literal["VoteCast"] = "VoteCast"


@value
class StepApproved:
    """The step has its yes: of the one post that acts, or of the votes before it."""

    dossier: DossierKind
    round: int
    step: str
    minutes: Document | None = None
    kind: Literal["StepApproved"] = "StepApproved"


@value
class DossierApproved:
    dossier: DossierKind
    round: int
    amount: Vnd
    kind: Literal["DossierApproved"] = "DossierApproved"


@value
class DossierReturned:
    """Sent back to its submitter, or to the earlier step `to`; `voided` approvals are void."""

    dossier: DossierKind
    round: int
    step: str
    reason: str
    to: str | None = None
    voided: tuple[str, ...] = ()
    kind: Literal["DossierReturned"] = "DossierReturned"


@value
class DossierRejected:
    dossier: DossierKind
    round: int
    step: str
    reason: str
    minutes: Document | None = None
    kind: Literal["DossierRejected"] = "DossierRejected"


@value
class DecisionRecalled:
    """The last decision is taken back: the dossier stands as it did before it.

    `told` are those who had begun to be waited for.
    """

    dossier: DossierKind
    round: int
    reason: str
    told: tuple[Post, ...]
    kind: Literal["DecisionRecalled"] = "DecisionRecalled"


@value
class StepOverdue:
    """The open step passed its deadline: never an approval, always a notice.

    `waited_for` have not voted; `escalated_to` hears of it where the law names somebody.
    """

    dossier: DossierKind
    round: int
    step: str
    post: Post
    due: Due
    waited_for: tuple[Post, ...] = ()
    escalated_to: Post | None = None
    kind: Literal["StepOverdue"] = "StepOverdue"


# State


@value
class Approval:
    """A step that was approved, and still is."""

    step: str
    round: int
    by: tuple[Hand, ...]
    at: datetime


@value
class Recallable:
    """The last decision, which whoever made it may take back until somebody else acts.

    `before` is how the dossier stood; None: it had just been put up.
    """

    by: Hand
    at: datetime
    before: "UnderReview | None"


@value
class UnderReview:
    """Somebody holds the dossier; `post` leads the step, `panel` says who decides it."""

    round: int
    amount: Vnd
    submitted_by: Hand
    approved_by: tuple[Hand, ...]
    step: str
    post: Post
    since: datetime
    due: Due
    overdue: bool = False
    submitted_at: datetime | None = None
    panel: Panel | None = None
    ballots: tuple[Ballot, ...] = ()
    minutes: Document | None = None
    approvals: tuple[Approval, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    last: Recallable | None = None
    kind: Literal["UnderReview"] = "UnderReview"

    @property
    def deciding(self) -> Panel:
        """Who decides the open step."""
        return self.panel or alone(self.post)

    def awaited_opinions(self) -> tuple[Opinion, ...]:
        """What was asked at the open step and not answered yet."""
        here = (self.round, self.step)
        return tuple(
            one for one in self.opinions if one.given is None and (one.round, one.step) == here
        )


@value
class Returned:
    """The submitter revises it; `approvals` still stand if it comes back with the same amount."""

    round: int
    since: datetime
    submitted_by: Hand
    reason: str
    amount: Vnd | None = None
    approvals: tuple[Approval, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    last: Recallable | None = None
    kind: Literal["Returned"] = "Returned"


@value
class Approved:
    round: int
    amount: Vnd
    at: datetime
    submitted_at: datetime | None = None
    kind: Literal["Approved"] = "Approved"


@value
class Rejected:
    at: datetime
    reason: str
    kind: Literal["Rejected"] = "Rejected"


Vote: TypeAlias = ApproveStep | AbstainFromStep | RejectDossier
Command: TypeAlias = (
    SubmitDossier
    | ApproveStep
    | AbstainFromStep
    | RejectDossier
    | ReturnDossier
    | RecallDecision
    | AskOpinion
    | GiveOpinion
)
Event: TypeAlias = (
    DossierSubmitted
    | StepOpened
    | VoteCast
    | StepApproved
    | DossierApproved
    | DossierReturned
    | DossierRejected
    | DecisionRecalled
    | StepOverdue
    | OpinionAsked
    | OpinionGiven
)
Dossier: TypeAlias = UnderReview | Returned | Approved | Rejected
Dossiers: TypeAlias = Mapping[DossierKind, Dossier]
