"""What may be asked of a policy question, and what may happen to one."""

from typing import Literal, TypeAlias

from domain.deadlines import Due
from domain.law import QuestionStage
from domain.values import (
    Cause,
    Directive,
    Level,
    ObstacleId,
    Post,
    ProgrammeId,
    ProjectId,
    QuestionId,
    SectionId,
    value,
)


@value
class Concern:
    """Obstacles of one section."""

    project: ProjectId
    section: SectionId
    obstacles: tuple[ObstacleId, ...]


@value
class Share:
    """What one locality asks about. Its question may have become part of another."""

    by: Post
    concerns: tuple[Concern, ...]


# Commands


@value
class RaiseQuestion:
    """A locality cannot settle these obstacles by itself, and asks the city how to."""

    question: QuestionId
    programme: ProgrammeId
    cause: Cause
    text: str
    concerns: tuple[Concern, ...]
    kind: Literal["RaiseQuestion"] = "RaiseQuestion"


@value
class ConsolidateQuestions:
    """The department makes like questions part of this one."""

    questions: tuple[QuestionId, ...]
    kind: Literal["ConsolidateQuestions"] = "ConsolidateQuestions"


@value
class ReportQuestion:
    """The department reports the question to the city, by its document."""

    text: str
    kind: Literal["ReportQuestion"] = "ReportQuestion"


@value
class ReturnQuestion:
    """The city wants to know more."""

    reason: str
    kind: Literal["ReturnQuestion"] = "ReturnQuestion"


@value
class IssueDirective:
    """The city decides, by its document."""

    directive: Directive
    kind: Literal["IssueDirective"] = "IssueDirective"


@value
class WithdrawQuestion:
    """There is nothing left to ask."""

    reason: str
    kind: Literal["WithdrawQuestion"] = "WithdrawQuestion"


@value
class RemindQuestion:
    """The clock asks: has the limit of the present step run out?"""

    kind: Literal["RemindQuestion"] = "RemindQuestion"


@value
class MergeQuestion:
    """From the question that this one is to become part of."""

    into: QuestionId
    programme: ProgrammeId
    cause: Cause
    kind: Literal["MergeQuestion"] = "MergeQuestion"


@value
class JoinQuestion:
    """From a question that has become part of this one, with what was asked and its deadline."""

    question: QuestionId
    shares: tuple[Share, ...]
    due: Due
    kind: Literal["JoinQuestion"] = "JoinQuestion"


# Events


@value
class QuestionRaised:
    """`levels` are the tiers at which the law lets the asker's role ask."""

    question: QuestionId
    programme: ProgrammeId
    cause: Cause
    text: str
    concerns: tuple[Concern, ...]
    levels: tuple[Level, ...]
    holder: Post
    due: Due
    policy: str
    kind: Literal["QuestionRaised"] = "QuestionRaised"


@value
class QuestionsConsolidated:
    questions: tuple[QuestionId, ...]
    kind: Literal["QuestionsConsolidated"] = "QuestionsConsolidated"


@value
class QuestionMerged:
    """`told` is the locality that asked it."""

    into: QuestionId
    told: Post
    kind: Literal["QuestionMerged"] = "QuestionMerged"


@value
class QuestionJoined:
    """The older of the two deadlines goes on."""

    question: QuestionId
    shares: tuple[Share, ...]
    due: Due
    kind: Literal["QuestionJoined"] = "QuestionJoined"


@value
class QuestionReported:
    text: str
    holder: Post
    due: Due
    kind: Literal["QuestionReported"] = "QuestionReported"


@value
class QuestionReturned:
    reason: str
    holder: Post
    due: Due
    kind: Literal["QuestionReturned"] = "QuestionReturned"


@value
class DirectiveIssued:
    directive: Directive
    kind: Literal["DirectiveIssued"] = "DirectiveIssued"


@value
class QuestionWithdrawn:
    reason: str
    kind: Literal["QuestionWithdrawn"] = "QuestionWithdrawn"


@value
class QuestionOverdue:
    """The limit of a step has run out; `above` hears of it beside its holder."""

    stage: QuestionStage
    holder: Post
    above: Post
    due: Due
    kind: Literal["QuestionOverdue"] = "QuestionOverdue"


Command: TypeAlias = (
    RaiseQuestion
    | ConsolidateQuestions
    | ReportQuestion
    | ReturnQuestion
    | IssueDirective
    | WithdrawQuestion
    | RemindQuestion
)
Entailed: TypeAlias = MergeQuestion | JoinQuestion
Event: TypeAlias = (
    QuestionRaised
    | QuestionsConsolidated
    | QuestionMerged
    | QuestionJoined
    | QuestionReported
    | QuestionReturned
    | DirectiveIssued
    | QuestionWithdrawn
    | QuestionOverdue
)
