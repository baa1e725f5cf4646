"""A policy question: what many places cannot settle, gathered, reported, and decided once."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain.calendar import local_day
from domain.deadlines import Due
from domain.law import QuestionStage
from domain.obstacles import alike
from domain.policy import Policy
from domain.question_forms import (
    Command,
    Concern,
    ConsolidateQuestions,
    DirectiveIssued,
    Entailed,
    Event,
    IssueDirective,
    JoinQuestion,
    MergeQuestion,
    QuestionJoined,
    QuestionMerged,
    QuestionOverdue,
    QuestionRaised,
    QuestionReported,
    QuestionReturned,
    QuestionsConsolidated,
    QuestionWithdrawn,
    RaiseQuestion,
    RemindQuestion,
    ReportQuestion,
    ReturnQuestion,
    Share,
    WithdrawQuestion,
)
from domain.refusal import Refused
from domain.separation import check_apart
from domain.values import (
    Act,
    Cause,
    Directive,
    Hand,
    Level,
    Outcome,
    Post,
    ProgrammeId,
    QuestionId,
    value,
)


@value
class Unasked:
    kind: Literal["Unasked"] = "Unasked"


class Status(StrEnum):
    """Where a question stands. The first three are open."""

    RAISED = "raised"
    RETURNED = "returned"
    REPORTED = "reported"
    ANSWERED = "answered"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


@value
class Asked:
    """A question on its way; `holder` and `due` are those of its last open step.

    `shares` begins with what its own locality asked about. `hands` are whose it has been in:
    whoever asked or reported does not answer.
    """

    question: QuestionId
    programme: ProgrammeId
    cause: Cause
    text: str
    policy: str
    levels: tuple[Level, ...]
    shares: tuple[Share, ...]
    holder: Post
    since: datetime
    due: Due
    status: Status = Status.RAISED
    overdue: bool = False
    merged: tuple[QuestionId, ...] = ()
    merged_into: QuestionId | None = None
    report: str = ""
    directive: Directive | None = None
    document: str = ""
    hands: tuple[Hand, ...] = ()
    kind: Literal["Asked"] = "Asked"

    @property
    def raised_by(self) -> Post:
        return self.shares[0].by

    @property
    def stage(self) -> QuestionStage | None:
        """The step it is at; None once it is closed."""
        match self.status:
            case Status.RAISED | Status.RETURNED:
                return "report"
            case Status.REPORTED:
                return "decide"
            case Status.ANSWERED | Status.MERGED | Status.WITHDRAWN:
                return None
            case _:
                assert_never(self.status)

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """Every obstacle that is asked about, by section."""
        return tuple(concern for share in self.shares for concern in share.concerns)


Question: TypeAlias = Unasked | Asked


def decide(
    question: Question, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command with the events it causes, or raise `Refused`."""
    if isinstance(question, Unasked):
        if not isinstance(command, RaiseQuestion):
            raise Refused("not_found", "question: no such question was raised")
        return (_raised(command, act, policy),)
    if isinstance(command, RaiseQuestion):
        raise Refused("already_exists", f"question: {question.question} was raised already")
    if isinstance(command, RemindQuestion):
        return _overdue(question, act, policy)
    if question.stage is None:
        raise Refused("out_of_turn", f"question {question.question} is {question.status}")
    match command:
        case ConsolidateQuestions(questions=names):
            _held(question, act, "report")
            if not names or len(set(names)) != len(names) or question.question in names:
                raise Refused("input", "questions: one or more others, each once")
            return (QuestionsConsolidated(questions=names),)
        case ReportQuestion(text=text):
            _held(question, act, "report")
            _papered(act, "a report to the city")
            holder, due = _step("decide", act, policy)
            return (QuestionReported(text=_said("text", text), holder=holder, due=due),)
        case ReturnQuestion(reason=reason):
            _held(question, act, "decide")
            holder, due = _step("report", act, policy)
            return (QuestionReturned(reason=_said("reason", reason), holder=holder, due=due),)
        case IssueDirective(directive=directive):
            _held(question, act, "decide")
            check_apart(act.hand, f"question {question.question}", *question.hands)
            _papered(act, "a directive")
            _said("text", directive.text)
            if directive.payer is not None and directive.outcome is Outcome.REFUSES:
                raise Refused("input", "payer: a directive that refuses pays for nothing")
            return (DirectiveIssued(directive=directive),)
        case WithdrawQuestion(reason=reason):
            _may_withdraw(question, act)
            return (QuestionWithdrawn(reason=_said("reason", reason)),)
        case MergeQuestion():
            return (_merged(question, command),)
        case JoinQuestion(question=other, shares=shares, due=due):
            first = min(question.due, due, key=lambda one: one.at)
            return (QuestionJoined(question=other, shares=shares, due=first),)
        case _:
            assert_never(command)


def evolve(question: Question, event: Event, act: Act) -> Question:
    """Apply one event."""
    if isinstance(event, QuestionRaised):
        return Asked(
            question=event.question,
            programme=event.programme,
            cause=event.cause,
            text=event.text,
            policy=event.policy,
            levels=event.levels,
            shares=(Share(by=act.by, concerns=event.concerns),),
            holder=event.holder,
            since=act.at,
            due=event.due,
            hands=(act.hand,),
        )
    assert isinstance(question, Asked)
    match event:
        case QuestionsConsolidated():
            return question
        case QuestionMerged(into=into):
            return replace(question, status=Status.MERGED, merged_into=into, since=act.at)
        case QuestionJoined(question=other, shares=shares, due=due):
            return replace(
                question,
                merged=(*question.merged, other),
                shares=(*question.shares, *shares),
                due=due,
            )
        case QuestionReported(text=text):
            reported = replace(_passed(question, event, act), hands=(*question.hands, act.hand))
            return replace(reported, status=Status.REPORTED, report=text)
        case QuestionReturned():
            return replace(_passed(question, event, act), status=Status.RETURNED)
        case DirectiveIssued(directive=directive):
            document = act.document.symbol if act.document else ""
            return replace(
                question,
                status=Status.ANSWERED,
                since=act.at,
                directive=directive,
                document=document,
            )
        case QuestionWithdrawn():
            return replace(question, status=Status.WITHDRAWN, since=act.at)
        case QuestionOverdue():
            return replace(question, overdue=True)
        case _:
            assert_never(event)


def _raised(command: RaiseQuestion, act: Act, policy: Policy) -> QuestionRaised:
    _said("text", command.text)
    sections = [(one.project, one.section) for one in command.concerns]
    named = [one.obstacles for one in command.concerns]
    twice = len(set(sections)) != len(sections) or any(len(set(o)) != len(o) for o in named)
    if twice or not named or not all(named):
        raise Refused("input", "concerns: one section or more, each once, with its obstacles")
    rows = policy.authorities_for(command.kind, local_day(act.at))
    holder, due = _step("report", act, policy)
    return QuestionRaised(
        question=command.question,
        programme=command.programme,
        cause=command.cause,
        text=command.text,
        concerns=command.concerns,
        levels=tuple(row.level for row in rows if row.role is act.by.role),
        holder=holder,
        due=due,
        policy=policy.version,
    )


def _step(stage: QuestionStage, act: Act, policy: Policy) -> tuple[Post, Due]:
    """Who holds a step that begins with this act, and until when."""
    step = policy.question_step(stage, local_day(act.at))
    return Post(role=step.role, unit=policy.seat), policy.due(step.limit, act.at)


def _overdue(question: Asked, act: Act, policy: Policy) -> tuple[Event, ...]:
    stage = question.stage
    if stage is None or question.overdue or act.at < question.due.at:
        return ()
    step = policy.question_step(stage, local_day(question.since))
    return (
        QuestionOverdue(
            stage=stage,
            holder=question.holder,
            above=Post(role=step.above, unit=policy.seat),
            due=question.due,
        ),
    )


def _passed(question: Asked, event: QuestionReported | QuestionReturned, act: Act) -> Asked:
    """To its next holder, with a limit of its own."""
    return replace(question, holder=event.holder, due=event.due, since=act.at, overdue=False)


def _merged(question: Asked, command: MergeQuestion) -> QuestionMerged:
    if question.stage != "report":
        raise Refused("out_of_turn", f"question {question.question} is {question.status} already")
    if question.programme != command.programme or not alike(question.cause, command.cause):
        about = f"{question.programme}, {question.cause}"
        raise Refused("input", f"questions: {question.question} is about another thing: {about}")
    return QuestionMerged(into=command.into, told=question.raised_by)


def _may_withdraw(question: Asked, act: Act) -> None:
    if question.stage != "report":
        raise Refused("out_of_turn", f"question {question.question} lies with the city")
    if act.by == question.holder:
        return
    if act.by != question.raised_by:
        raise Refused("authority", f"question {question.question} is {question.raised_by}'s")
    if question.merged:
        others = ", ".join(question.merged)
        raise Refused("out_of_turn", f"others' questions have become part of it: {others}")


def _held(question: Asked, act: Act, stage: QuestionStage) -> None:
    if question.stage != stage:
        raise Refused("out_of_turn", f"question {question.question} is {question.status}")
    if act.by != question.holder:
        raise Refused("authority", f"question {question.question} lies with {question.holder}")


def _papered(act: Act, what: str) -> None:
    if act.document is None:
        raise Refused("input", f"document: {what} needs its document")


def _said(field: str, text: str) -> str:
    if not text.strip():
        raise Refused("input", f"{field}: is empty")
    return text
