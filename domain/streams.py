"""All streams together: what may be asked of one, what may happen on one, what it folds to."""

from collections.abc import Iterable
from functools import reduce
from typing import Annotated, Literal, TypeAlias, assert_never

from domain import (
    adoption,
    approval,
    capital,
    clearance,
    construction,
    contract,
    disbursement,
    households,
    official_forms,
    officials,
    payment,
    positions,
    programme,
    programme_forms,
    project,
    question,
    question_forms,
    reach,
    recognition,
    registry,
    restore,
    returns,
    settlement,
)
from domain.cases import planned_support
from domain.policy import Policy
from domain.refusal import Refused, Rule
from domain.values import (
    BY_KIND,
    Act,
    PaymentId,
    ProgrammeId,
    ProjectId,
    QuestionId,
    SectionId,
    StreamId,
    value,
)

Command: TypeAlias = (
    programme_forms.Command
    | project.Command
    | clearance.Command
    | payment.Command
    | capital.Command
    | restore.Command
    | official_forms.Command
    | question_forms.Command
    | adoption.AdoptPolicy
)
"""What people and clocks may ask."""

Entailed: TypeAlias = (
    programme_forms.Entailed
    | project.Entailed
    | clearance.Entailed
    | payment.Entailed
    | capital.Entailed
    | question_forms.Entailed
)
"""What one stream asks of another inside the same decision; nobody can send these."""


GROUNDS_ELSEWHERE = (
    approval.SubmitDossier,
    construction.StartWorks,
    construction.AcceptWorks,
    contract.AmendContract,
    contract.RecordGuarantee,
    disbursement.RequestPayment,
    disbursement.ApproveEstimate,
    disbursement.RecordReturn,
    disbursement.ReleaseRetention,
    project.CloseAccounts,
)
"""Commands on a project whose grounds a clearance or a payment can move at any moment: only the
record, which holds all three streams, may refuse them."""


@value
class DecisionRefused:
    """A command whose sender did not wait was refused; the sender must learn of it."""

    command: str
    rule: Rule
    because: str
    kind: Literal["DecisionRefused"] = "DecisionRefused"


Event: TypeAlias = (
    programme_forms.Event
    | project.Event
    | clearance.Event
    | payment.Event
    | capital.Event
    | restore.Event
    | official_forms.Event
    | question_forms.Event
    | adoption.PolicyAdopted
    | DecisionRefused
)
State: TypeAlias = (
    programme_forms.Programme
    | project.Project
    | clearance.Clearance
    | payment.Payment
    | positions.Capital
    | question.Question
    | restore.Standing
    | registry.Standing
)


@value
class Proof:
    """What an official signed, to the byte, and the signature over it in OpenSSH's armor."""

    signed: str
    signature: str


@value
class Envelope:
    """A command on its way to the record. The decision id makes it count once, for ever.

    The proof is about all the rest; see `signing/payload.py`.
    """

    decision_id: str
    stream: StreamId
    act: Act
    command: Annotated[Command, BY_KIND]
    proof: Proof | None = None


@value
class Fact:
    """An event as recorded, with the version it gave its stream."""

    stream: StreamId
    version: int
    decision_id: str
    act: Act
    event: Annotated[Event, BY_KIND]


def programme_stream(name: ProgrammeId) -> StreamId:
    return StreamId(f"programme/{name}")


def project_stream(name: ProjectId) -> StreamId:
    return StreamId(f"project/{name}")


def clearance_stream(name: ProjectId, section: SectionId) -> StreamId:
    return StreamId(f"clearance/{name}/{section}")


def payment_stream(name: PaymentId) -> StreamId:
    """A payment id starts with its project: `AD01-GT/3`."""
    return StreamId(f"payment/{name}")


def capital_stream(name: ProgrammeId, year: int) -> StreamId:
    return StreamId(f"capital/{name}/{year}")


def question_stream(name: QuestionId) -> StreamId:
    return StreamId(f"question/{name}")


def initial(stream: StreamId) -> State:
    """The state of a stream with no events. Raises `Refused` for a name that is no stream."""
    match stream.split("/", 1)[0]:
        case "programme":
            return programme_forms.Unnamed()
        case "project":
            return project.Unregistered()
        case "clearance":
            return clearance.NotBegun()
        case "payment":
            return payment.NotSubmitted()
        case "capital":
            return positions.UNALLOCATED
        case "question":
            return question.Unasked()
        case "record":
            return restore.Trusted()
        case "officials":
            return registry.Unfounded()
        case other:
            raise Refused(
                "not_found",
                f"stream: {other!r} is not one of programme, project, clearance, payment, capital,"
                " question, record, officials",
            )


def decide(
    state: State, command: Command | Entailed, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command on any stream with its events, or raise `Refused`."""
    if isinstance(command, adoption.AdoptPolicy):
        return adoption.decide(state, command, act, policy)
    match state:
        case programme_forms.Unnamed() | programme_forms.Running():
            if isinstance(command, programme_forms.Command | programme_forms.Entailed):
                return programme.decide(state, command, act, policy)
        case project.Unregistered() | project.Registered():
            if isinstance(command, project.Command | project.Entailed):
                return project.decide(state, command, act, policy)
        case clearance.NotBegun() | clearance.Clearing():
            if isinstance(command, clearance.Command | clearance.Entailed):
                return clearance.decide(state, command, act, policy)
        case payment.NotSubmitted() | payment.Submitted():
            if isinstance(command, payment.Command | payment.Entailed):
                return payment.decide(state, command, act, policy)
        case positions.Capital():
            if isinstance(command, capital.Command | capital.Entailed):
                return capital.decide(state, command, act, policy)
        case question.Unasked() | question.Asked():
            if isinstance(command, question_forms.Command | question_forms.Entailed):
                return question.decide(state, command, act, policy)
        case restore.Trusted() | restore.Restored():
            if isinstance(command, restore.Command):
                return restore.decide(state, command, act)
        case registry.Unfounded() | registry.Registry():
            if isinstance(command, official_forms.Command):
                return officials.decide(state, command, act, policy)
        case _:
            assert_never(state)
    raise Refused("other_body", f"{command.kind} is not for a stream that is {state.kind}")


def evolve(state: State, event: Event, act: Act) -> State:
    """Apply one event of any stream. A refusal changes nothing."""
    if isinstance(event, DecisionRefused):
        return state
    if isinstance(event, adoption.PolicyAdopted):
        assert isinstance(state, adoption.Pinning)
        return adoption.evolve(state, event)
    match state:
        case programme_forms.Unnamed() | programme_forms.Running():
            assert isinstance(event, programme_forms.Event)
            return programme.evolve(state, event, act)
        case project.Unregistered() | project.Registered():
            assert isinstance(event, project.Event)
            return project.evolve(state, event, act)
        case clearance.NotBegun() | clearance.Clearing():
            assert isinstance(event, clearance.Event)
            return clearance.evolve(state, event, act)
        case payment.NotSubmitted() | payment.Submitted():
            assert isinstance(event, payment.Event)
            return payment.evolve(state, event, act)
        case positions.Capital():
            assert isinstance(event, capital.Event)
            return capital.evolve(state, event)
        case restore.Trusted() | restore.Restored():
            assert isinstance(event, restore.Event)
            return restore.evolve(state, event, act)
        case registry.Unfounded() | registry.Registry():
            assert isinstance(event, official_forms.Event)
            return registry.evolve(state, event, act)
        case question.Unasked() | question.Asked():
            assert isinstance(event, question_forms.Event)
            return question.evolve(state, event, act)
        case _:
            assert_never(state)


def replay(facts: Iterable[Fact], start: State) -> State:
    """Fold recorded facts into the state they describe."""
    return reduce(lambda state, fact: evolve(state, fact.event, fact.act), facts, start)


def entails(state: State, event: Event) -> tuple[tuple[StreamId, Entailed], ...]:
    """What an event asks of other streams in the same decision; `state` already includes it.

    If one of them refuses, the whole decision is refused.
    """
    match state, event:
        case project.Registered(), project.ProjectRegistered(charter=charter):
            admit = programme_forms.AdmitProject(cohort=charter.cohort, commune=charter.commune)
            return ((programme_stream(charter.programme), admit),)
        case project.Registered(), project.ClearanceOpened(section=section):
            begin = clearance.BeginClearance(
                charter=state.charter, section=section, policy=state.policy
            )
            return ((clearance_stream(state.charter.project, section), begin),)
        case project.Registered(), disbursement.PaymentRequested():
            submit = payment.SubmitPayment(
                charter=state.charter,
                payment=event.payment,
                payment_kind=event.payment_kind,
                cash=state.ledger.pending[event.payment].cash,
                budget_year=event.budget_year,
                policy=state.policy,
                corrects=event.corrects,
            )
            return ((payment_stream(event.payment), submit),)
        case project.Registered(), disbursement.MoneyReturned(budget_year=year):
            back = returns.ReturnCapital(
                payment=event.payment, project=state.charter.project, amount=event.amount
            )
            return ((capital_stream(state.charter.programme, year), back),)
        case programme_forms.Running(), recognition.CommuneRecognised(
            commune=commune, projects=names
        ):
            attest = settlement.AttestRecognisable(programme=state.programme, commune=commune)
            return tuple((project_stream(name), attest) for name in sorted(names))
        case clearance.Clearing(), households.SupportPlanApproved():
            return _note_plan(state)
        case clearance.Clearing(), (
            households.DonationWithdrawn(voided=voided) | households.RouteSwitched(voided=voided)
        ) if voided:
            return _note_plan(state)
        case clearance.Clearing(), clearance.SiteHandedOver(extent=extent):
            release = project.ReleaseSection(section=state.section, extent=extent)
            return ((project_stream(state.charter.project), release),)
        case payment.Submitted(), (
            payment.PaymentChecked() | payment.PaymentPaid() | payment.PaymentRefused()
        ):
            return _entailed_by_payment(state, event)
        case question.Asked(), _ if isinstance(event, question_forms.Event):
            return (
                *((question_stream(name), one) for name, one in reach.questions(state, event)),
                *((clearance_stream(*at), one) for at, one in reach.sections(state, event)),
            )
        case _:
            return ()


def _note_plan(state: clearance.Clearing) -> tuple[tuple[StreamId, Entailed], ...]:
    plan = project.NoteClearancePlan(section=state.section, amount=planned_support(state.cases))
    return ((project_stream(state.charter.project), plan),)


def _entailed_by_payment(
    state: payment.Submitted,
    event: payment.PaymentChecked | payment.PaymentPaid | payment.PaymentRefused,
) -> tuple[tuple[StreamId, Entailed], ...]:
    books = project_stream(state.charter.project)
    plan = capital_stream(state.charter.programme, state.budget_year)
    name = state.payment
    match event:
        case payment.PaymentChecked():
            reserve = capital.ReserveCapital(
                payment=name, project=state.charter.project, amount=state.cash
            )
            return ((plan, reserve),)
        case payment.PaymentPaid():
            return (
                (books, disbursement.BookPayment(payment=name)),
                (plan, capital.DisburseCapital(payment=name)),
            )
        case payment.PaymentRefused(reserved=reserved):
            drop = ((books, disbursement.DropPayment(payment=name)),)
            release = ((plan, capital.ReleaseCapital(payment=name)),)
            return (*drop, *release) if reserved else drop
        case _:
            assert_never(event)
