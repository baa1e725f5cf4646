"""A project's life, from registration to closed accounts."""

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

from domain.project import Registered
from domain.refusal import Refused
from domain.streams import clearance_stream, payment_stream
from domain.values import Extent, StreamId
from domain.wording import PAYMENT_KINDS, dong, said
from workflows.case import Case, Life
from workflows.clearance import SiteClearance
from workflows.converter import Label
from workflows.payment import Payment


@workflow.defn(failure_exception_types=[Refused])
class ProjectLifecycle:
    """Takes decisions on a project, and starts a child for each clearance and payment."""

    @workflow.init
    def __init__(self, life: Life) -> None:
        self._case = Case(life)
        self._started: set[StreamId] = set()

    @workflow.run
    async def run(self, _life: Life) -> str:
        """Live until the accounts are closed or the project is rejected."""
        return await self._case.live(self._start_children)

    async def _start_children(self) -> None:
        project = self._case.state
        if not isinstance(project, Registered):
            return
        name = project.charter.project
        for section, site in project.building.sections.items():
            if site.stage == "clearing" and site.released is not Extent.FULL:
                stream = clearance_stream(name, section)
                await self._start(
                    SiteClearance, stream, f"GPMB · clearance {section}, {site.plan.name}"
                )
        for payment, claim in project.ledger.pending.items():
            stream = payment_stream(payment)
            await self._start(
                Payment, stream, f"{said(PAYMENT_KINDS, claim.payment_kind)}, {dong(claim.cash)}"
            )

    async def _start(
        self, child: type[SiteClearance] | type[Payment], stream: StreamId, summary: str
    ) -> None:
        if stream in self._started:
            return
        self._started.add(stream)
        try:
            await workflow.start_child_workflow(
                child.run,
                Life(stream=stream),
                id=stream,
                # A child outlives a run of its parent that continues as new.
                parent_close_policy=ParentClosePolicy.ABANDON,
                static_summary=Label(summary),
                static_details=Label(f"Sổ sự kiện · record of this case: `ntm events {stream}`"),
            )
        except WorkflowAlreadyStartedError:
            # An earlier run of this project, or a resume, started it.
            return
