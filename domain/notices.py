"""Messages that events owe to people; the outbox sends each at least once, by its key."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from domain import (
    approval,
    contract,
    duties,
    escalation,
    opinion_forms,
    payment,
    project,
    question,
    question_forms,
    referrals,
)
from domain.panel import alone
from domain.streams import DecisionRefused, Fact, State
from domain.values import Level, Post, Role, StreamId, value
from domain.waits import Task


class Template(StrEnum):
    """Which text to send; the texts themselves are written at the edge, in two languages."""

    STEP_OPENED = "step-opened"
    STEP_OVERDUE = "step-overdue"
    STEP_ESCALATED = "step-escalated"
    DECISION_RECALLED = "decision-recalled"
    OPINION_ASKED = "opinion-asked"
    OPINION_GIVEN = "opinion-given"
    ESCALATION = "escalation"
    ESCALATION_COPY = "escalation-copy"
    ANSWER_OVERDUE = "answer-overdue"
    PAYMENT_PAID = "payment-paid"
    PAYMENT_REFUSED = "payment-refused"
    DECISION_REFUSED = "decision-refused"
    QUESTION_OPENED = "question-opened"
    QUESTION_OVERDUE = "question-overdue"
    QUESTION_MERGED = "question-merged"
    DIRECTIVE = "directive"
    DUTY_OVERDUE = "duty-overdue"
    GUARANTEE_EXPIRING = "guarantee-expiring"
    DONE_FOR_YOU = "done-for-you"


_LETTER = (
    "number", "level", "name", "document", "working_days", "reasons", "text_vi", "text_en",
    "answer_due",
)  # fmt: skip

FACTS: Mapping[Template, tuple[str, ...]] = {
    Template.STEP_OPENED: ("dossier", "step", "due"),
    Template.STEP_OVERDUE: ("dossier", "step", "due"),
    Template.STEP_ESCALATED: ("dossier", "step", "due", "late"),
    Template.DECISION_RECALLED: ("dossier", "by"),
    Template.OPINION_ASKED: ("dossier", "step", "asked_by", "due"),
    Template.OPINION_GIVEN: ("dossier", "step", "of"),
    Template.ESCALATION: _LETTER,
    Template.ESCALATION_COPY: (*_LETTER, "addressee"),
    Template.ANSWER_OVERDUE: ("number", "document", "due"),
    Template.PAYMENT_PAID: ("cash",),
    Template.PAYMENT_REFUSED: ("reason",),
    Template.DECISION_REFUSED: ("command", "rule", "because"),
    Template.QUESTION_OPENED: ("question", "cause", "stage", "due"),
    Template.QUESTION_OVERDUE: ("question", "cause", "stage", "due", "holder"),
    Template.QUESTION_MERGED: ("question", "cause", "into"),
    Template.DIRECTIVE: (
        "question", "outcome", "effective_from", "document", "obstacles", "gone",
    ),
    Template.DUTY_OVERDUE: ("task", "post", "due", "amount"),
    Template.GUARANTEE_EXPIRING: ("valid_to", "amount"),
    Template.DONE_FOR_YOU: ("event", "official", "giver", "delegation"),
}  # fmt: skip
"""What each message says beside its stream: the only facts that a text may name."""


_NONE = "–"

_TOLD_TO_GIVERS = (
    approval.StepApproved,
    approval.DossierReturned,
    approval.DossierRejected,
    payment.PaymentChecked,
    payment.PaymentRefused,
    payment.PaymentPaid,
    question_forms.DirectiveIssued,
)
"""What nobody should find decided in their name without having heard of it."""


@value
class Notice:
    """One message. Its key is the same however often it is sent; it never names a household."""

    key: str
    to: Post
    template: Template
    stream: StreamId
    facts: tuple[tuple[str, str], ...]


def notices(fact: Fact, state: State) -> tuple[Notice, ...]:
    """The messages an event owes; `state` already includes it."""
    return (*_of_the_case(fact, state), *_to_the_giver(fact))


def _to_the_giver(fact: Fact) -> Iterator[Notice]:
    """To a post that somebody stood in for: what was decided in its name."""
    act = fact.act
    if act.delegation is not None and isinstance(fact.event, _TOLD_TO_GIVERS):
        yield Notice(
            key=f"{fact.stream}#{fact.version}/done-for",
            to=act.by,
            template=Template.DONE_FOR_YOU,
            stream=fact.stream,
            facts=(
                ("event", fact.event.kind),
                ("official", str(act.official)),
                ("giver", str(act.on_behalf_of)),
                ("delegation", act.delegation),
            ),
        )


def _of_the_case(fact: Fact, state: State) -> tuple[Notice, ...]:

    def one(to: Post, template: Template, **facts: str) -> tuple[Notice, ...]:
        return (
            Notice(
                key=f"{fact.stream}#{fact.version}",
                to=to,
                template=template,
                stream=fact.stream,
                facts=tuple(facts.items()),
            ),
        )

    match fact.event:
        case _ if isinstance(fact.event, approval.Event):
            return _of_a_dossier(fact, fact.event)
        case escalation.EscalationRaised():
            return tuple(_letters(fact, fact.event))
        case escalation.AnswerOverdue(addressee=addressee) as late:
            return one(
                addressee,
                Template.ANSWER_OVERDUE,
                number=str(late.number),
                document=late.document,
                due=late.due.at.isoformat(),
            )
        case payment.PaymentPaid():
            assert isinstance(state, payment.Submitted)
            return one(state.requested_by.post, Template.PAYMENT_PAID, cash=str(state.cash))
        case payment.PaymentRefused(reason=reason):
            assert isinstance(state, payment.Submitted)
            return one(state.requested_by.post, Template.PAYMENT_REFUSED, reason=reason)
        case DecisionRefused(command=command, rule=rule, because=because):
            return one(
                fact.act.by,
                Template.DECISION_REFUSED,
                command=command,
                rule=rule,
                because=because,
            )
        case contract.GuaranteeExpiring(valid_to=valid_to, balance=balance):
            assert isinstance(state, project.Registered)
            return one(
                state.duties.investor,
                Template.GUARANTEE_EXPIRING,
                valid_to=valid_to.isoformat(),
                amount=str(balance),
            )
        case duties.DutyOverdue():
            assert isinstance(state, project.Registered)
            return _of_duty(fact, fact.event, state)
        case _ if isinstance(state, question.Asked):
            return _of_a_question(fact, state)
        case referrals.DirectiveReceived() as received:
            return _each(
                fact,
                received.asked_by,
                Template.DIRECTIVE,
                question=received.question,
                outcome=received.directive.outcome,
                effective_from=received.directive.effective_from.isoformat(),
                document=fact.act.document.symbol if fact.act.document else _NONE,
                obstacles=", ".join(received.obstacles) or _NONE,
                gone=", ".join(received.gone) or _NONE,
            )
        case _:
            return ()


def _of_duty(fact: Fact, late: duties.DutyOverdue, state: project.Registered) -> tuple[Notice, ...]:
    """To whoever owes it; of an advance that is not given back finance hears as well."""
    posts = [late.post]
    if late.task in (Task.CALL_IN_ADVANCE, Task.SURRENDER_ADVANCE, Task.RETURN_OVERPAID):
        posts.append(Post(role=Role.FINANCE, unit=state.charter.units.at(Level.DISTRICT)))
    return _each(
        fact,
        tuple(posts),
        Template.DUTY_OVERDUE,
        task=late.task,
        post=str(late.post),
        due=late.due.at.isoformat(),
        amount=str(late.amount or 0),
    )


def _of_a_dossier(fact: Fact, event: approval.Event) -> tuple[Notice, ...]:
    escalated: tuple[Notice, ...] = ()
    match event:
        case approval.StepOpened(step=step, post=post, due=due):
            lanes = (event.panel or alone(post)).open_lanes(())
            posts, template = tuple(lane.post for lane in lanes), Template.STEP_OPENED
            told = {"step": step, "due": due.at.isoformat()}
        case approval.VoteCast(step=step, turn_of=following, due=due) if following:
            posts, template = (following,), Template.STEP_OPENED
            told = {"step": step, "due": due.at.isoformat()}
        case approval.StepOverdue(step=step, post=post, due=due):
            posts, template = event.waited_for or (post,), Template.STEP_OVERDUE
            told = {"step": step, "due": due.at.isoformat()}
            if event.escalated_to is not None:
                late = ", ".join(str(one) for one in posts)
                above = {"dossier": str(event.dossier), "late": late, **told}
                escalated = _each(fact, (event.escalated_to,), Template.STEP_ESCALATED, **above)
        case approval.DecisionRecalled(told=heard):
            posts, template = heard, Template.DECISION_RECALLED
            told = {"by": str(fact.act.by)}
        case opinion_forms.OpinionAsked(step=step, of=of, due=due):
            posts, template = (of,), Template.OPINION_ASKED
            told = {"step": step, "asked_by": str(fact.act.by), "due": due.at.isoformat()}
        case opinion_forms.OpinionGiven(step=step, of=of, asked_by=asked_by):
            posts, template = (asked_by,), Template.OPINION_GIVEN
            told = {"step": step, "of": str(of)}
        case _:
            return ()
    every = _each(fact, posts, template, dossier=event.dossier, **told)
    # The first has the key that a step's only message has had since before there were lanes.
    if not every:
        return ()
    first, *others = every
    return (replace(first, key=f"{fact.stream}#{fact.version}"), *others, *escalated)


def _of_a_question(fact: Fact, state: question.Asked) -> tuple[Notice, ...]:
    about = {"question": state.question, "cause": str(state.cause)}
    match fact.event:
        case (
            question_forms.QuestionRaised(holder=holder, due=due)
            | question_forms.QuestionReported(holder=holder, due=due)
            | question_forms.QuestionReturned(holder=holder, due=due)
        ):
            opened = {"stage": str(state.stage), "due": due.at.isoformat()}
            return _each(fact, (holder,), Template.QUESTION_OPENED, **opened, **about)
        case question_forms.QuestionOverdue(stage=stage, holder=holder, above=above, due=due):
            late = {"stage": stage, "holder": str(holder), "due": due.at.isoformat()}
            return _each(fact, (holder, above), Template.QUESTION_OVERDUE, **late, **about)
        case question_forms.QuestionMerged(into=into, told=told):
            return _each(fact, (told,), Template.QUESTION_MERGED, into=into, **about)
        case _:
            return ()


def _each(
    fact: Fact, posts: tuple[Post, ...], template: Template, **facts: str
) -> tuple[Notice, ...]:
    """The same message to several posts, each under a key of its own."""
    return tuple(
        Notice(
            key=f"{fact.stream}#{fact.version}/{to}",
            to=to,
            template=template,
            stream=fact.stream,
            facts=tuple(facts.items()),
        )
        for to in dict.fromkeys(posts)
    )


def _letters(fact: Fact, raised: escalation.EscalationRaised) -> Iterator[Notice]:
    """A letter to its addressee, and a copy to each who is to know."""
    facts = {
        "number": str(raised.number),
        "level": str(raised.level),
        "name": raised.name,
        "document": raised.document,
        "working_days": str(abs(raised.working_days)),
        "reasons": ", ".join(dict.fromkeys(why.trigger for why in raised.reasons)) or _NONE,
        "text_vi": raised.text_vi,
        "text_en": raised.text_en,
        "answer_due": raised.answer_due.at.isoformat(),
    }
    key = f"{fact.stream}#{fact.version}"
    copied = {**facts, "addressee": str(raised.addressee)}
    letters = [(key, raised.addressee, Template.ESCALATION, facts)]
    for nth, post in enumerate(raised.copies, 1):
        letters.append((f"{key}/copy/{nth}", post, Template.ESCALATION_COPY, copied))
    for name, post, template, told in letters:
        yield Notice(
            key=name, to=post, template=template, stream=fact.stream, facts=tuple(told.items())
        )
