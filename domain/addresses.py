"""Whether a command was sent to the stream that it is about."""

from domain import (
    capital,
    ceilings,
    disbursement,
    official_forms,
    officials,
    programme_forms,
    project,
    question_forms,
    restore,
)
from domain.refusal import Refused
from domain.streams import (
    Envelope,
    capital_stream,
    programme_stream,
    project_stream,
    question_stream,
)
from domain.values import ProjectId


def check_address(envelope: Envelope) -> None:
    """Raise `Refused` when a command names another project, plan or programme than its stream."""
    match envelope.command:
        case project.RegisterProject(charter=charter):
            meant = project_stream(charter.project)
        case programme_forms.RegisterProgramme(programme=name):
            meant = programme_stream(name)
        case (
            capital.AllocateCapital(programme=name, year=year)
            | ceilings.SetCeilings(programme=name, year=year)
        ):
            meant = capital_stream(name, year)
        case question_forms.RaiseQuestion(question=name):
            meant = question_stream(name)
        case disbursement.RequestPayment(payment=payment_id):
            meant = project_stream(ProjectId(payment_id.rpartition("/")[0]))
        case restore.ReportRestore() | restore.AcceptRestore():
            meant = restore.STREAM
        case _ if isinstance(envelope.command, official_forms.Command):
            meant = officials.STREAM
        case _:
            return
    if meant != envelope.stream:
        raise Refused("other_body", f"{envelope.command.kind} is about {meant}: {envelope.stream}")
