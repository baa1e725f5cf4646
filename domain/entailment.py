"""What one stream asks of another inside the same decision."""

from typing import assert_never

from domain import (
    capital,
    clearance,
    disbursement,
    households,
    payment,
    programme_forms,
    project,
    question,
    question_forms,
    reach,
    recognition,
    returns,
    settlement,
)
from domain.cases import planned_support
from domain.streams import (
    Entailed,
    Event,
    State,
    capital_stream,
    clearance_stream,
    payment_stream,
    programme_stream,
    project_stream,
    question_stream,
)
from domain.values import StreamId


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
