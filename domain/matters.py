"""What a command is about, as far as a delegation may be limited by it."""

from domain import approval, capital, clearance, payment, project, replanning, utilities
from domain.construction import AcceptWorks
from domain.contract import AmendContract, SignContract
from domain.delegations import Matter
from domain.disbursement import ApproveEstimate, RecordReturn, RequestPayment
from domain.households import ApproveSupportPlan
from domain.programme_forms import SelectCommunes
from domain.streams import Command, State
from domain.values import DossierKind, PaymentKind, Vnd


def matter(command: Command, state: State) -> Matter:
    """A command on a case, seen by kind of dossier and payment, by step and by amount."""
    dossier: DossierKind | None = getattr(command, "dossier", None)
    step: str | None = getattr(command, "step", None)
    return Matter(
        command=command.kind,
        dossier=dossier,
        step=step,
        payment=_payment(command, state),
        amount=_amount(command, state),
    )


def _payment(command: Command, state: State) -> PaymentKind | None:
    if isinstance(command, RequestPayment):
        return command.payment_kind
    return state.payment_kind if isinstance(state, payment.Submitted) else None


def _amount(command: Command, state: State) -> Vnd | None:
    """The money that a command moves or decides on, đồng; None where it names none."""
    match command, state:
        case ((approval.SubmitDossier(amount=amount) | ApproveSupportPlan(amount=amount)), _):
            return amount
        case ((SignContract(worth=amount) | RequestPayment(worth=amount)), _):
            return amount
        case AcceptWorks(volume=amount), _:
            return amount
        case SelectCommunes(ceiling=amount), _:
            return amount
        case ((ApproveEstimate(amount=amount) | RecordReturn(amount=amount)), _):
            return amount
        case AmendContract(worth=amount), _:
            return amount
        case ((capital.AllocateCapital(lines=lines) | replanning.AddCapital(lines=lines)), _):
            return Vnd(sum(line.amount for line in lines))
        case replanning.CarryOverCapital(lines=carried), _:
            return Vnd(sum(line.amount for line in carried))
        case replanning.AdjustCapital(cuts=cuts), _:
            return Vnd(sum(cut.amount for cut in cuts))
        case utilities.DecideRelocationFunding(utilities=names), clearance.Clearing():
            known = state.ground.utilities
            return Vnd(sum(known[name].entry.estimate for name in names if name in known))
        case _, payment.Submitted(cash=cash):
            return cash
        case _, project.Registered(dossiers=dossiers):
            kind: DossierKind | None = getattr(command, "dossier", None)
            held = dossiers.get(kind) if kind else None
            return held.amount if isinstance(held, approval.UnderReview) else None
        case _:
            return None
